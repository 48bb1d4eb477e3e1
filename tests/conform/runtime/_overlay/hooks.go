package runtime

// Hooks stands for the tracer, which never runs: the functions of this package that package runtime/trace calls
// return what is set here.
var Hooks struct {
	Now            uint64       // the trace clock, in ticks
	UnitsPerSecond uint64       // its rate
	Start          func() error // StartTrace
	Advance        func()       // traceAdvance, the flush
}
