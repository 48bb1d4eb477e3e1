// Command errata shows two errata of runtime/trace that no case can show, with nothing replaced: errata E20 | E21
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime/trace"
	"time"
)

func main() {
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: time.Hour, MaxBytes: 1 << 30})
	if len(os.Args) != 2 {
		os.Exit(2)
	}
	switch os.Args[1] {
	case "E20":
		race(recorder)
	case "E21":
		freeze(recorder)
	default:
		os.Exit(2)
	}
}

// race asks whether the recorder is enabled while it is started; the race detector has something to say.
func race(recorder *trace.FlightRecorder) {
	done := make(chan error)
	go func() { done <- recorder.Start() }()
	recorder.Enabled()
	if err := <-done; err != nil {
		panic(err)
	}
	recorder.Stop()
}

// freeze stops a trace writer that is not there.
func freeze(recorder *trace.FlightRecorder) {
	if err := recorder.Start(); err != nil {
		panic(err)
	}
	fmt.Println("before, snapshots differ:", differ(recorder))
	trace.Stop()
	fmt.Println("after, snapshots differ:", differ(recorder))
	fmt.Println("enabled:", recorder.Enabled())
}

func differ(recorder *trace.FlightRecorder) bool {
	var a, b bytes.Buffer
	for _, to := range []*bytes.Buffer{&a, &b} {
		if _, err := recorder.WriteTo(to); err != nil {
			panic(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return !bytes.Equal(a.Bytes(), b.Bytes())
}
