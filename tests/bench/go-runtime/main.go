// Command go-runtime measures the flight recorder of package runtime/trace, its code unmodified: it feeds a trace to
// it, one batch a write, again and again, and prints what that took as one line of JSON. Built with the overlay of the
// testee: tests/conform/runtime/build tests/bench/go-runtime bench-runtime
package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/trace"
	"syscall"
	"time"
)

const headerSize = 16

// An item is one write of the tracer.
type item struct {
	bytes []byte
	time  uint64 // in ticks; 0 for an end mark
	gen   uint64
	ends  bool // the last one of its generation
}

type result struct {
	Go         string  `json:"go"`
	Bytes      uint64  `json:"bytes"`
	Writes     int     `json:"writes"`
	Rotations  int     `json:"rotations"`
	Seconds    float64 `json:"seconds"`
	CPUSeconds float64 `json:"cpu_seconds"` // of all threads, so with the garbage collector's
	AllocBytes uint64  `json:"alloc_bytes"`
	Allocs     uint64  `json:"allocs"`
}

func main() {
	passes := flag.Int("n", 100, "how often to feed the trace")
	flag.Uint64Var(&trace.Hooks.UnitsPerSecond, "ticks", 15625000, "ticks per second")
	flag.Parse()
	if flag.NArg() != 1 || *passes < 1 {
		fmt.Fprintln(os.Stderr, "usage: bench-runtime [-n PASSES] [-ticks RATE] TRACE")
		os.Exit(2)
	}
	if err := bench(flag.Arg(0), *passes); err != nil {
		fmt.Fprintln(os.Stderr, "bench-runtime:", err)
		os.Exit(2)
	}
}

func bench(path string, passes int) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	items, err := split(data)
	if err != nil {
		return err
	}
	trace.Hooks.Start = func() error { return nil }
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{})
	if err := recorder.Start(); err != nil {
		return err
	}
	to := trace.SubscribedRecorder()
	if _, err := to.Write(data[:headerSize]); err != nil {
		return err
	}
	var r result
	if err := feed(to, items, 1, &r); err != nil { // to warm up
		return err
	}
	r = result{Go: runtime.Version()}
	if err := feed(to, items, passes, &r); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// split cuts a trace into writes. A generation ends with its end mark; before Go 1.26, with its last batch.
func split(data []byte) ([]item, error) {
	if len(data) < headerSize {
		return nil, errors.New("no header")
	}
	var items []item
	for at := headerSize; at < len(data); {
		it, err := next(data[at:])
		if err != nil {
			return nil, fmt.Errorf("offset %d: %w", at, err)
		}
		if n := len(items); n > 0 && !items[n-1].ends && it.gen != 0 && it.gen != items[n-1].gen {
			items[n-1].ends = true
		}
		items = append(items, it)
		at += len(it.bytes)
	}
	if len(items) == 0 {
		return nil, errors.New("no batches")
	}
	items[len(items)-1].ends = true
	return items, nil
}

func next(data []byte) (item, error) {
	if data[0] == 52 {
		return item{bytes: data[:1], ends: true}, nil
	}
	at := 1
	if data[0] == 49 {
		at++
	} else if data[0] != 1 {
		return item{}, fmt.Errorf("no batch: type %d", data[0])
	}
	var fields [4]uint64 // generation, M, time, size
	for i := range fields {
		if at > len(data) {
			return item{}, errors.New("cut short")
		}
		value, n := binary.Uvarint(data[at:])
		if n <= 0 {
			return item{}, errors.New("no number")
		}
		fields[i] = value
		at += n
	}
	if fields[3] > uint64(len(data)-at) {
		return item{}, errors.New("cut short")
	}
	return item{bytes: data[:at+int(fields[3])], gen: fields[0], time: fields[2]}, nil
}

// feed writes all items some times over, with the trace clock at the latest batch of the pass. Times repeat with each
// pass, so that old passes go by size. What the recorder refuses (E16) is neither counted nor an error.
func feed(to *trace.Subscriber, items []item, passes int, r *result) error {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	cpu, start := cpuSeconds(), time.Now()
	for range passes {
		trace.Hooks.Now = 0
		for i := range items {
			it := &items[i]
			trace.Hooks.Now = max(trace.Hooks.Now, it.time)
			if _, err := to.Write(it.bytes); err == nil {
				r.Bytes += uint64(len(it.bytes))
				r.Writes++
			} else if it.bytes[0] != 49 {
				return err
			}
			if it.ends {
				to.EndGeneration()
				r.Rotations++
			}
		}
	}
	r.Seconds, r.CPUSeconds = time.Since(start).Seconds(), cpuSeconds()-cpu
	runtime.ReadMemStats(&after)
	r.AllocBytes, r.Allocs = after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs
	return nil
}

// cpuSeconds returns what all threads have used so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
