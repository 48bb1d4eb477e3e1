// Command go-exp-write measures the flight recorder of golang.org/x/exp with synchronous receiving, its code
// unmodified. Built with the overlay of the testee: tests/conform/exp/build tests/bench/go-exp-write bench-exp-write
package main

import (
	"io"
	"runtime"
	runtimetrace "runtime/trace"

	"flightspec/tests/bench/feed"
	"golang.org/x/exp/trace"
)

type original struct{ *trace.FlightRecorder }

func (o original) Start() (to io.Writer, err error) {
	runtimetrace.Tracer = func(w io.Writer) error {
		to = w
		return nil
	}
	err = o.FlightRecorder.Start()
	return to, err
}

// EndGeneration does nothing: a generation ends with the first batch of the next one.
func (o original) EndGeneration() {}

func (o original) Snapshot(w io.Writer) error {
	_, err := o.FlightRecorder.WriteTo(w)
	return err
}

func (o original) Stop() { o.FlightRecorder.Stop() }

func main() {
	runtime.Hooks.Flush = func() {}
	feed.Main(original{trace.NewFlightRecorder()}, &runtime.Hooks.Now)
}
