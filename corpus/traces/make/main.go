// Command make writes an execution trace of itself at work: goroutines that talk over channels, garbage
// collections, echoes over loopback TCP, system calls on a file, timers, user tasks, regions and logs, CPU samples.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"time"
)

func main() {
	out := flag.String("o", "", "`file` to write the trace to")
	duration := flag.Duration("duration", 4500*time.Millisecond, "how long to trace; a generation takes about a second")
	workers := flag.Int("workers", 1, "how many workers of each kind")
	pause := flag.Duration("pause", 300*time.Millisecond, "pause between two pieces of work; 0 for full load")
	flag.Parse()
	if *out == "" || flag.NArg() != 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*out, *duration, *workers, *pause); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "make: traced by", runtime.Version())
}

// run traces the work of all kinds until the time is up.
func run(path string, duration time.Duration, workers int, pause time.Duration) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	go serve(listener)

	if err := trace.Start(file); err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), duration)
	defer cancel()
	kinds := []func(context.Context) error{talk, allocate, write, wait, echo(listener.Addr().String())}
	var group sync.WaitGroup
	errs := make(chan error, workers*len(kinds))
	for i := 0; i < workers; i++ {
		for _, kind := range kinds {
			group.Add(1)
			go func() {
				defer group.Done()
				errs <- repeat(ctx, pause, kind)
			}()
		}
	}
	group.Wait()
	pprof.StopCPUProfile()
	trace.Stop()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return file.Close()
}

// repeat does one piece of work after the other, with a pause in between, until the context ends.
func repeat(ctx context.Context, pause time.Duration, work func(context.Context) error) error {
	for ctx.Err() == nil {
		if err := work(ctx); err != nil {
			return err
		}
		if pause > 0 {
			time.Sleep(pause)
		}
	}
	return nil
}

// talk sends a few numbers through a chain of goroutines.
func talk(ctx context.Context) error {
	ctx, task := trace.NewTask(ctx, "talk")
	defer task.End()
	first := make(chan int)
	last := first
	for i := 0; i < 4; i++ {
		in, out := last, make(chan int)
		go func() {
			defer close(out)
			for n := range in {
				out <- n + 1
			}
		}()
		last = out
	}
	go func() {
		defer close(first)
		for n := 0; n < 8; n++ {
			first <- n
		}
	}()
	sum := 0
	for n := range last {
		sum += n
	}
	trace.Logf(ctx, "talk", "sum %d", sum)
	return nil
}

var kept [][]byte // keeps the garbage collector at work
var keptLock sync.Mutex

// allocate makes garbage, and now and then asks for a collection.
func allocate(ctx context.Context) error {
	defer trace.StartRegion(ctx, "allocate").End()
	keptLock.Lock()
	defer keptLock.Unlock()
	for i := 0; i < 16; i++ {
		kept = append(kept, make([]byte, 16<<10))
	}
	if len(kept) > 256 {
		kept = nil
		runtime.GC()
	}
	return nil
}

// write does system calls: a temporary file comes, is written to, and goes.
func write(ctx context.Context) error {
	defer trace.StartRegion(ctx, "write").End()
	file, err := os.CreateTemp("", "make-trace-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	_, err = file.Write(make([]byte, 4096))
	return err
}

// wait sets timers, of which one is stopped before its time.
func wait(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	select {
	case <-timer.C:
	case <-time.After(time.Millisecond):
	case <-ctx.Done():
	}
	timer.Stop()
	return nil
}

// echo returns the work of sending a few bytes to address and waiting until they are back.
func echo(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		defer trace.StartRegion(ctx, "echo").End()
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		defer conn.Close()
		conn.(*net.TCPConn).SetLinger(0)
		if _, err := conn.Write([]byte("there and back")); err != nil {
			return err
		}
		_, err = io.ReadFull(conn, make([]byte, len("there and back")))
		return err
	}
}

// serve sends back what each connection brings.
func serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			io.Copy(conn, conn)
		}()
	}
}
