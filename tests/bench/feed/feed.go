// Package feed feeds a trace to a flight recorder, a batch a write as the Go runtime does it, and measures that.
// tests/bench/record.c does the same for the recorder in C.
package feed

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"unsafe"
)

const (
	headerSize = 16
	endMark    = 52
)

// A Recorder is an original with what the benchmark needs of it.
type Recorder interface {
	Start() (io.Writer, error) // begins a run, and gives what its tracer writes to
	EndGeneration()            // called behind each end mark
	Snapshot(io.Writer) error
	Stop()
}

// An item is one write of the tracer.
type item struct {
	begin, end uint32
	clock      uint64 // what the trace clock shows then: the latest time so far, in ticks
}

type trace struct {
	bytes []byte
	items []item
}

// result is one line for tests/bench/originals.
type result struct {
	Writes     int     `json:"writes"` // of a pass
	Bytes      int     `json:"bytes"`
	CPUSeconds float64 `json:"cpu_seconds"` // of all threads, so with the garbage collector's; without the first pass
	Allocs     uint64  `json:"allocs"`      // of all passes
	AllocBytes uint64  `json:"alloc_bytes"`
	PeakBytes  int     `json:"peak_bytes"` // how far the resident memory grew beyond trace and program
}

// Main is the main program around a recorder whose trace clock is *clock: PROGRAM [-n PASSES] TRACE SNAPSHOT. It feeds
// the trace once to warm up and then so many times, each time as a new run, and writes the last run's snapshot.
func Main(r Recorder, clock *uint64) {
	passes := flag.Int("n", 1, "how often to feed the trace")
	flag.Parse()
	if flag.NArg() != 2 || *passes < 1 {
		fmt.Fprintln(os.Stderr, "usage: [-n PASSES] TRACE SNAPSHOT")
		os.Exit(2)
	}
	if err := bench(r, clock, *passes, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
}

func bench(r Recorder, clock *uint64, passes int, path, snapshot string) error {
	t, err := load(path)
	if err != nil {
		return err
	}
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	resident := peak()
	if err := t.feed(r, clock); err != nil {
		return err
	}
	begin := cpuSeconds()
	for range passes {
		r.Stop()
		if err := t.feed(r, clock); err != nil {
			return err
		}
	}
	spent := cpuSeconds() - begin
	runtime.ReadMemStats(&after)
	line, err := json.Marshal(result{
		Writes: len(t.items), Bytes: len(t.bytes), CPUSeconds: spent,
		Allocs: after.Mallocs - before.Mallocs, AllocBytes: after.TotalAlloc - before.TotalAlloc,
		PeakBytes: peak() - resident,
	})
	if err != nil {
		return err
	}
	file, err := os.Create(snapshot)
	if err != nil {
		return err
	}
	if err := r.Snapshot(file); err != nil {
		return err
	}
	fmt.Println(string(line))
	return file.Close()
}

// feed is one pass: a run of the recorder, which is left on.
func (t *trace) feed(r Recorder, clock *uint64) error {
	to, err := r.Start()
	if err != nil {
		return err
	}
	for i := range t.items {
		it := &t.items[i]
		*clock = it.clock
		b := t.bytes[it.begin:it.end]
		if n, err := to.Write(b); err != nil || n != len(b) {
			return fmt.Errorf("offset %d: %d of %d bytes written: %w", it.begin, n, len(b), err)
		}
		if b[0] == endMark {
			r.EndGeneration()
		}
	}
	return nil
}

// load cuts a trace into writes: the header, then each batch. All of it lies outside Go's heap, so that the garbage
// collector only deals with what the recorder makes.
func load(path string) (*trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < headerSize || info.Size() >= 1<<32 {
		return nil, errors.New("no trace, or too large")
	}
	t := &trace{bytes: outside(int(info.Size()))}
	if _, err := io.ReadFull(file, t.bytes); err != nil {
		return nil, err
	}
	count := 0
	if err := t.split(func(item) { count++ }); err != nil {
		return nil, err
	}
	memory := outside(count * int(unsafe.Sizeof(item{})))
	t.items = unsafe.Slice((*item)(unsafe.Pointer(&memory[0])), count)[:0]
	return t, t.split(func(it item) { t.items = append(t.items, it) })
}

func (t *trace) split(f func(item)) error {
	f(item{begin: 0, end: headerSize})
	var clock uint64
	for at := headerSize; at < len(t.bytes); {
		size, time, err := next(t.bytes[at:])
		if err != nil {
			return fmt.Errorf("offset %d: %w", at, err)
		}
		clock = max(clock, time)
		f(item{begin: uint32(at), end: uint32(at + size), clock: clock})
		at += size
	}
	return nil
}

// next gives size and time of the batch at the front.
func next(data []byte) (size int, time uint64, err error) {
	if data[0] == endMark {
		return 1, 0, nil
	}
	if data[0] != 1 {
		return 0, 0, fmt.Errorf("no batch: type %d", data[0])
	}
	at := 1
	var fields [4]uint64 // generation, M, time, size
	for i := range fields {
		value, n := binary.Uvarint(data[at:])
		if n <= 0 {
			return 0, 0, errors.New("no number")
		}
		fields[i] = value
		at += n
	}
	if fields[3] > uint64(len(data)-at) {
		return 0, 0, errors.New("cut short")
	}
	return at + int(fields[3]), fields[2], nil
}

// outside returns n bytes outside Go's heap.
func outside(n int) []byte {
	b, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	return b
}

// cpuSeconds returns what all threads have used so far.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// peak returns the most bytes that were resident at once so far.
func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		panic(err)
	}
	return kilobytes << 10
}
