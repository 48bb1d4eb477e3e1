package runtime

// Hooks stands for the tracer, which never runs.
var Hooks struct {
	Now   uint64 // the trace clock, in ticks
	Flush func() // traceAdvance
}

// Others counts the goroutines of the program besides the caller: those that run or may run, and those that wait for
// another goroutine. While none runs, none of them can go on unless the caller does something.
func Others() (running, parked int) {
	forEachGRace(func(gp *g) {
		status := readgstatus(gp) &^ _Gscan
		switch {
		case status == _Gidle || status == _Gdead || gp == getg() || isSystemGoroutine(gp, false):
		case status == _Gwaiting && waitsForGoroutine(gp.waitreason.String()):
			parked++
		default:
			running++
		}
	})
	return running, parked
}

func waitsForGoroutine(reason string) bool {
	switch reason {
	case "chan receive", "chan send", "select", "sync.Mutex.Lock", "sync.WaitGroup.Wait":
		return true
	case "semacquire": // a WaitGroup before Go 1.25, or the garbage collection
		return gcphase == _GCoff
	}
	return false
}
