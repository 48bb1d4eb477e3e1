// Command testee-runtime runs cases, one JSON object a line, through the unmodified flight recorder of package
// runtime/trace, and prints an outcome for each. It is built with an overlay, by ./build, and with nothing else.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/trace"
	"strconv"
	"strings"
)

type testCase struct {
	ID             json.RawMessage `json:"id"`
	System         string          `json:"system"`
	MaxBytes       *uint64         `json:"max_bytes,string"`
	MinAge         *int64          `json:"min_age_ns,string"`
	TicksPerSecond *uint64         `json:"ticks_per_second,string"`
	Ops            []operation     `json:"ops"`
}

type operation struct {
	Op             string     `json:"op"`
	Tracer         string     `json:"tracer"`
	MaxBytes       *uint64    `json:"max_bytes,string"`
	MinAge         *int64     `json:"min_age_ns,string"`
	Ticks          uint64     `json:"ticks,string"`
	Hex            string     `json:"hex"`
	Only           bool       `json:"only"`
	Flushes        [][]string `json:"flushes"`
	SinkFailsAfter *number    `json:"sink_fails_after"`
	During         string     `json:"during"`
}

// number is written with or without quotes.
type number int64

func (n *number) UnmarshalJSON(text []byte) error {
	v, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	*n = number(v)
	return err
}

type outcome struct {
	Status  string        `json:"status,omitempty"`
	N       string        `json:"n,omitempty"`
	Hex     *string       `json:"hex,omitempty"`
	Enabled *bool         `json:"enabled,omitempty"`
	Active  *generation   `json:"active,omitempty"`
	Ring    *[]generation `json:"ring,omitempty"`
	During  *outcome      `json:"during,omitempty"`
}

type generation struct {
	Gen     string `json:"gen"`
	Size    string `json:"size"`
	MinTime string `json:"min_time"`
}

var (
	errTracer = errors.New("the tracer refuses")
	errSink   = errors.New("the sink fails")
)

// classes are the errors of the original by what their texts say. A truncated uvarint is reported as overflow.
var classes = []struct{ text, status string }{
	{"in the first write", "short_header"},
	{"unexpected end of generation", "bad_end_mark"},
	{"expected batch event", "bad_type"},
	{"varint overflows", "overflow"},
	{"invalid batch size", "bad_size"},
	{"expected complete batch", "not_one_batch"},
	{"cannot enable", "already_enabled"},
	{"cannot snapshot", "not_enabled"},
	{"already in progress", "busy"},
}

func status(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errTracer):
		return "tracer_refused"
	case errors.Is(err, errSink):
		return "sink"
	}
	for _, c := range classes {
		if strings.Contains(err.Error(), c.text) {
			return c.status
		}
	}
	fail(fmt.Errorf("an error of no class: %w", err))
	return ""
}

// A run is one case under way.
type run struct {
	fr *trace.FlightRecorder
	to *trace.Subscriber // what the tracer writes to; still there after a stop
}

func newRun(c *testCase) *run {
	r := &run{fr: trace.NewFlightRecorder(trace.FlightRecorderConfig{})}
	r.fr.SetLimits(c.MaxBytes, c.MinAge)
	trace.Hooks.Now = 0
	trace.Hooks.UnitsPerSecond = 1000000000
	if c.TicksPerSecond != nil {
		trace.Hooks.UnitsPerSecond = *c.TicksPerSecond
	}
	trace.Hooks.Advance = func() {}
	return r
}

func (r *run) do(op *operation) (outcome, error) {
	switch op.Op {
	case "start":
		return r.start(op.Tracer == "refuses"), nil
	case "stop":
		r.fr.Stop()
		return outcome{Status: "ok"}, nil
	case "enabled":
		enabled := r.fr.Enabled()
		return outcome{Status: "ok", Enabled: &enabled}, nil
	case "set":
		r.fr.SetLimits(op.MaxBytes, op.MinAge)
		return outcome{Status: "ok"}, nil
	case "clock":
		trace.Hooks.Now = op.Ticks
		return outcome{Status: "ok"}, nil
	case "write":
		b, err := hex.DecodeString(op.Hex)
		return r.write(b, op.Only), err
	case "end_generation", "close":
		if r.to == nil {
			return outcome{Status: "not_enabled"}, nil
		}
		if op.Op == "end_generation" { // of a stream this recorder knows no end
			r.to.EndGeneration()
		}
		return outcome{Status: "ok"}, nil
	case "snapshot":
		return r.snapshot(op)
	case "state":
		return r.state(), nil
	}
	return outcome{}, fmt.Errorf("unknown operation %q", op.Op)
}

func (r *run) start(refuses bool) outcome {
	trace.Hooks.Start = func() error {
		if refuses {
			return errTracer
		}
		return nil
	}
	err := r.fr.Start()
	if err == nil {
		r.to = trace.SubscribedRecorder()
	}
	return outcome{Status: status(err)}
}

// write does what the multiplexer does with a write of the tracer, but keeps what the recorder returns. Go 1.25 can
// panic, which is no status of the case format.
func (r *run) write(b []byte, only bool) (o outcome) {
	if r.to == nil {
		return outcome{Status: "not_enabled", N: "0"}
	}
	defer func() {
		if recover() != nil {
			o = outcome{Status: "panic"}
		}
	}()
	n, err := r.to.Write(b)
	if len(b) == 1 && b[0] == 0x34 && !only {
		r.to.EndGeneration()
	}
	return outcome{Status: status(err), N: strconv.Itoa(n)}
}

func (r *run) snapshot(op *operation) (outcome, error) {
	var o outcome
	s := &sink{room: -1}
	if op.SinkFailsAfter != nil {
		s.room = int(*op.SinkFailsAfter)
	}
	switch op.During {
	case "":
	case "snapshot":
		s.first = func() {
			n, err := r.fr.WriteTo(io.Discard)
			o.During = &outcome{Status: status(err), N: strconv.FormatInt(n, 10)}
		}
	default:
		return o, fmt.Errorf("unknown operation %q during a snapshot", op.During)
	}
	flushes, err := decode(op.Flushes)
	if err != nil {
		return o, err
	}
	trace.Hooks.Advance = func() {
		if len(flushes) > 0 {
			for _, b := range flushes[0] {
				r.write(b, false)
			}
			flushes = flushes[1:]
		}
	}
	n, err := r.fr.WriteTo(s)
	trace.Hooks.Advance = func() {}
	o.Status, o.N = status(err), strconv.FormatInt(n, 10)
	if err == nil || len(s.got) > 0 {
		text := hex.EncodeToString(s.got)
		o.Hex = &text
	}
	return o, nil
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
	active, ring := r.fr.State()
	a, all := show(active), make([]generation, len(ring))
	for i, g := range ring {
		all[i] = show(g)
	}
	return outcome{Enabled: &enabled, Active: &a, Ring: &all}
}

func show(g trace.Generation) generation {
	return generation{strconv.FormatUint(g.Gen, 10), strconv.Itoa(g.Size), strconv.FormatInt(g.MinTime, 10)}
}

// A sink takes room bytes, or all if that is negative, and then fails: of the write that does not fit, it takes what
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

func runCase(c *testCase) ([]outcome, error) {
	if c.System != "runtime" {
		return nil, fmt.Errorf("system %q, not runtime", c.System)
	}
	r := newRun(c)
	defer r.fr.Stop()
	out := make([]outcome, 0, len(c.Ops))
	for i := range c.Ops {
		o, err := r.do(&c.Ops[i])
		if err != nil {
			return nil, fmt.Errorf("operation %d: %w", i, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func runAll(in io.Reader, w io.Writer) error {
	cases := json.NewDecoder(in)
	for {
		var c testCase
		if err := cases.Decode(&c); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		out, err := runCase(&c)
		if err != nil {
			return fmt.Errorf("case %s: %w", c.ID, err)
		}
		line, err := json.Marshal(struct {
			ID  json.RawMessage `json:"id"`
			Out []outcome       `json:"out"`
		}{c.ID, out})
		if err != nil {
			return err
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return err
		}
	}
}

func main() {
	if err := runAll(bufio.NewReaderSize(os.Stdin, 1<<16), os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "testee-runtime:", err)
	os.Exit(2)
}
