// Command go-runtime measures the flight recorder of package runtime/trace, its code unmodified. Built with the overlay
// of the testee: tests/conform/runtime/build tests/bench/go-runtime bench-runtime
package main

import (
	"io"
	"runtime/trace"

	"flightspec/tests/bench/feed"
)

type original struct{ *trace.FlightRecorder }

func (o original) Start() (io.Writer, error) {
	if err := o.FlightRecorder.Start(); err != nil {
		return nil, err
	}
	return trace.SubscribedRecorder(), nil
}

func (o original) EndGeneration() { trace.SubscribedRecorder().EndGeneration() }

func (o original) Snapshot(w io.Writer) error {
	_, err := o.FlightRecorder.WriteTo(w)
	return err
}

func main() {
	trace.Hooks.UnitsPerSecond = 15625000
	trace.Hooks.Start = func() error { return nil }
	trace.Hooks.Advance = func() {}
	feed.Main(original{trace.NewFlightRecorder(trace.FlightRecorderConfig{})}, &trace.Hooks.Now)
}
