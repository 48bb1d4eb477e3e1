// Command testee-exp runs cases, one JSON object a line, through the unmodified flight recorder of golang.org/x/exp,
// and prints an outcome for each. It is built by ./build, with an overlay, once for each version of the recorder.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// system is set by the build.
var system string

type testCase struct {
	ID       json.RawMessage `json:"id"`
	System   string          `json:"system"`
	MaxBytes *number         `json:"max_bytes"`
	MinAge   *number         `json:"min_age_ns"`
	Ops      []operation     `json:"ops"`
}

type operation struct {
	Op             string     `json:"op"`
	Tracer         string     `json:"tracer"`
	MaxBytes       *number    `json:"max_bytes"`
	MinAge         *number    `json:"min_age_ns"`
	Ticks          number     `json:"ticks"`
	Hex            string     `json:"hex"`
	Flushes        [][]string `json:"flushes"`
	SinkFailsAfter *number    `json:"sink_fails_after"`
	During         string     `json:"during"`
}

// A number of 64 bits, signed or not, with quotes or without.
type number int64

func (n *number) UnmarshalJSON(text []byte) error {
	digits := strings.Trim(string(text), `"`)
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		var u uint64
		u, err = strconv.ParseUint(digits, 10, 64)
		v = int64(u)
	}
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

func runCase(c *testCase) ([]outcome, error) {
	if c.System != system {
		return nil, fmt.Errorf("system %q, not %s", c.System, system)
	}
	r := newRun(c.MaxBytes, c.MinAge)
	defer r.end()
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
	runtime.GOMAXPROCS(1) // a goroutine that yields lets the others run first
	if err := runAll(bufio.NewReaderSize(os.Stdin, 1<<16), os.Stdout); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "testee-%s: %v\n", system, err)
	os.Exit(2)
}
