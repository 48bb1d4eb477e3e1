package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	runtimetrace "runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/exp/trace"
)

// A run is one case under way.
type run struct {
	fr     *trace.FlightRecorder
	fields reflect.Value // of *fr
	ringMu *sync.Mutex   // of *fr
	to     io.Writer     // what the tracer writes to; still there after a stop
	taken  int           // bytes that were written to it
}

// A hang is thrown out of a flush that does not come back, or after which the recorder would not.
type hang struct{ status string }

func newRun(maxBytes, minAge *number) *run {
	r := &run{fr: trace.NewFlightRecorder()}
	r.fields = reflect.ValueOf(r.fr).Elem()
	r.ringMu = (*sync.Mutex)(unsafe.Pointer(r.fields.FieldByName("ringMu").UnsafeAddr()))
	r.set(maxBytes, minAge)
	runtime.Hooks.Now = 0
	runtime.Hooks.Flush = func() {}
	return r
}

func (r *run) do(op *operation) (outcome, error) {
	switch op.Op {
	case "start":
		return r.start(op.Tracer == "refuses"), nil
	case "stop":
		return r.stop(), nil
	case "enabled":
		enabled := r.fr.Enabled()
		return outcome{Status: "ok", Enabled: &enabled}, nil
	case "set":
		r.set(op.MaxBytes, op.MinAge)
		return outcome{Status: "ok"}, nil
	case "clock":
		runtime.Hooks.Now = uint64(op.Ticks)
		return outcome{Status: "ok"}, nil
	case "write":
		b, err := hex.DecodeString(op.Hex)
		if err != nil {
			return outcome{}, err
		}
		return r.write(b), nil
	case "close":
		return r.close(), nil
	case "end_generation": // nobody can tell these recorders so
		if r.to == nil {
			return outcome{Status: "not_enabled"}, nil
		}
		return outcome{Status: "ok"}, nil
	case "snapshot":
		return r.snapshot(op)
	case "state":
		return r.state(), nil
	}
	return outcome{}, fmt.Errorf("unknown operation %q", op.Op)
}

func (r *run) set(maxBytes, minAge *number) {
	if maxBytes != nil {
		r.fr.SetSize(int(*maxBytes))
	}
	if minAge != nil {
		r.fr.SetPeriod(time.Duration(*minAge))
	}
}

func (r *run) start(refuses bool) outcome {
	runtimetrace.Tracer = func(w io.Writer) error {
		if refuses {
			return errTracer
		}
		r.to, r.taken = w, 0
		return nil
	}
	err := r.fr.Start()
	settle()
	return outcome{Status: status(err)}
}

// stop gives the recorder's error. In exp-pipe it ends the stream: an error that is new is the end's.
func (r *run) stop() outcome {
	failed := !r.fields.FieldByName("err").IsNil()
	enabled := r.fr.Enabled()
	var err error
	switch {
	case !finishes(func() { err = r.fr.Stop() }):
		return outcome{Status: "deadlock"}
	case enabled && !failed && err != nil:
		return outcome{Status: "closed"}
	case r.pipe() && r.taken < 16 && (err == io.EOF || err == io.ErrUnexpectedEOF):
		return outcome{Status: "short_header"}
	}
	return outcome{Status: status(err)}
}

func (r *run) pipe() bool { return system == "exp-pipe" }

func (r *run) write(b []byte) outcome {
	if r.to == nil {
		return outcome{Status: "not_enabled", N: "0"}
	}
	to, n, err := r.to, 0, error(nil)
	if finishes(func() { n, err = to.Write(b) }) {
		r.taken += n
		return outcome{Status: status(err), N: strconv.Itoa(n)}
	}
	if r.pipe() {
		return outcome{Status: "blocked"}
	}
	return outcome{Status: "deadlock"}
}

// close ends the stream as the tracer would.
func (r *run) close() outcome {
	if r.to == nil {
		return outcome{Status: "not_enabled"}
	}
	if c, ok := r.to.(io.Closer); ok {
		c.Close()
		settle()
	}
	return outcome{Status: "ok"}
}

// snapshot leaves a call that would hang by a panic, which releases the recorder for the next one.
func (r *run) snapshot(op *operation) (o outcome, err error) {
	s := &sink{room: -1}
	if op.SinkFailsAfter != nil {
		s.room = int(*op.SinkFailsAfter)
	}
	switch op.During {
	case "":
	case "snapshot":
		s.first = func() {
			n, err := r.fr.WriteTo(io.Discard)
			o.During = &outcome{Status: status(err), N: strconv.Itoa(int(n))}
		}
	default:
		return o, fmt.Errorf("unknown operation %q during a snapshot", op.During)
	}
	flushes, err := decode(op.Flushes)
	if err != nil {
		return o, err
	}
	flushed := 0
	runtime.Hooks.Flush = func() {
		if flushed < len(flushes) {
			r.flush(flushes[flushed])
		}
		if flushed++; flushed == 2 {
			r.lock()
		}
	}
	defer func() {
		runtime.Hooks.Flush = func() {}
		if thrown := recover(); thrown != nil {
			o = outcome{Status: thrown.(hang).status}
		}
	}()
	n, failure := r.fr.WriteTo(s)
	o.Status, o.N = status(failure), strconv.Itoa(int(n))
	if len(s.got) > 0 {
		text := hex.EncodeToString(s.got)
		o.Hex = &text
	}
	return o, nil
}

func (r *run) flush(writes [][]byte) {
	for _, b := range writes {
		if o := r.write(b); o.Status == "blocked" || o.Status == "deadlock" {
			panic(hang{o.Status})
		}
	}
}

// lock sees that the recorder, which now takes the ring's lock, gets it.
func (r *run) lock() {
	if !r.ringMu.TryLock() {
		panic(hang{"deadlock"})
	}
	r.ringMu.Unlock()
}

func decode(flushes [][]string) ([][][]byte, error) {
	all := make([][][]byte, len(flushes))
	for i, writes := range flushes {
		for _, text := range writes {
			b, err := hex.DecodeString(text)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], b)
		}
	}
	return all, nil
}

func (r *run) state() outcome {
	enabled := r.fr.Enabled()
	active := show(r.fields.FieldByName("active"))
	kept := r.fields.FieldByName("ring")
	ring := make([]generation, kept.Len())
	for i := range ring {
		ring[i] = show(kept.Index(i))
	}
	return outcome{Enabled: &enabled, Active: &active, Ring: &ring}
}

func show(g reflect.Value) generation {
	return generation{
		strconv.FormatUint(g.FieldByName("gen").Uint(), 10),
		strconv.FormatInt(g.FieldByName("size").Int(), 10),
		strconv.FormatUint(g.FieldByName("minTime").Uint(), 10),
	}
}

// end lets every goroutine of the case go. Those that wait for the ring's lock get it in turn; with no frequency in
// sight each of them gives up at once, and never unlocks.
func (r *run) end() {
	r.close()
	active := r.fields.FieldByName("active")
	for _, parked := runtime.Others(); parked > 0; _, parked = runtime.Others() {
		reflect.NewAt(active.Type(), active.Addr().UnsafePointer()).Elem().SetZero()
		if r.ringMu.TryLock() {
			fail(errors.New("a goroutine is left that waits for no lock"))
		}
		r.ringMu.Unlock()
		settle()
	}
}

// finishes runs f in a goroutine of its own until nothing can go on, and tells whether f came back.
func finishes(f func()) bool {
	var done atomic.Bool
	go func() {
		f()
		done.Store(true)
	}()
	settle()
	return done.Load()
}

// settle waits until every other goroutine has ended or waits for another one: what hangs then, hangs for good.
func settle() {
	for running, _ := runtime.Others(); running > 0; running, _ = runtime.Others() {
		runtime.Gosched()
	}
}

// A sink takes room bytes, or all if that is negative, and then fails: of the write that does not fit it takes what
// does.
type sink struct {
	room  int
	got   []byte
	first func() // called once, in the first write
}

func (s *sink) Write(b []byte) (int, error) {
	if f := s.first; f != nil {
		s.first = nil
		f()
	}
	if s.room < 0 || len(b) <= s.room-len(s.got) {
		s.got = append(s.got, b...)
		return len(b), nil
	}
	n := s.room - len(s.got)
	s.got = append(s.got, b[:n]...)
	return n, errSink
}
