package trace

import (
	"runtime"
	"time"
)

// Subscriber is what the tracer writes to: a new one a start.
type Subscriber = recorder

// SubscribedRecorder returns the flight recorder's subscriber, or nil.
func SubscribedRecorder() *Subscriber { return tracing.flightRecorder }

// EndGeneration is what the multiplexer calls behind an end mark.
func (w *recorder) EndGeneration() { w.endGeneration() }

// SetLimits changes the limits as a new configuration gives them; a nil pointer leaves one as it is.
func (fr *FlightRecorder) SetLimits(maxBytes *uint64, minAge *int64) {
	var c FlightRecorderConfig
	if maxBytes != nil {
		c.MaxBytes = *maxBytes
		fr.targetSize = NewFlightRecorder(c).targetSize
	}
	if minAge != nil {
		c.MinAge = time.Duration(*minAge)
		fr.targetPeriod = NewFlightRecorder(c).targetPeriod
	}
}

// Generation is what the recorder accounts for one.
type Generation struct {
	Gen     uint64
	Size    int
	MinTime int64
}

func account(g rawGeneration) Generation { return Generation{g.gen, g.size, int64(g.minTime)} }

// State returns the active generation and the ring, oldest first.
func (fr *FlightRecorder) State() (active Generation, ring []Generation) {
	for _, g := range fr.ring {
		ring = append(ring, account(g))
	}
	return account(fr.active), ring
}

// Hooks gives access to the faked tracer.
var Hooks = &runtime.Hooks
