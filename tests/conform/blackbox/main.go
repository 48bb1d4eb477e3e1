// Command blackbox traces itself at work twice at once, with trace.Start and with a flight recorder, and leaves in a
// folder what each gave: trace.out and snapshot.out. Nothing in it is replaced.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

const (
	before = 1200 * time.Millisecond // the trace alone
	during = 3500 * time.Millisecond // both
	after  = 500 * time.Millisecond  // both, behind the snapshot
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: blackbox FOLDER")
		os.Exit(2)
	}
	if err := record(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "blackbox:", err)
		os.Exit(2)
	}
}

func record(folder string) error {
	file, err := os.Create(filepath.Join(folder, "trace.out"))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := trace.Start(file); err != nil {
		return err
	}
	stop := work()
	time.Sleep(before)
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MaxBytes: 1 << 30, MinAge: time.Hour})
	if err := recorder.Start(); err != nil {
		return err
	}
	time.Sleep(during)
	var snapshot bytes.Buffer
	if _, err := recorder.WriteTo(&snapshot); err != nil {
		return err
	}
	time.Sleep(after)
	recorder.Stop()
	stop()
	trace.Stop()
	if err := os.WriteFile(filepath.Join(folder, "snapshot.out"), snapshot.Bytes(), 0o666); err != nil {
		return err
	}
	return file.Close()
}

// work keeps pairs of goroutines talking and the collector collecting, until the returned function is called.
func work() (stop func()) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		blocks := make(chan []byte)
		all.Go(func() {
			defer close(blocks)
			for {
				select {
				case blocks <- make([]byte, 10000):
					time.Sleep(time.Millisecond)
				case <-done:
					return
				}
			}
		})
		all.Go(func() {
			for block := range blocks {
				clear(block)
			}
		})
	}
	all.Go(func() {
		for {
			select {
			case <-time.After(100 * time.Millisecond):
				runtime.GC()
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		all.Wait()
	}
}
