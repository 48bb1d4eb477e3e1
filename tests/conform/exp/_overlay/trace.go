package trace

import "io"

// Tracer is called by Start, in place of the tracer.
var Tracer func(w io.Writer) error
