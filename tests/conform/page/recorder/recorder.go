// Package recorder stands in for the reader's recorder in spec/conform.md: it knows a header when it sees one, and
// nothing of batches.
package recorder

import (
	"errors"
	"io"
	"regexp"
	"slices"
)

var (
	ErrStarted     = errors.New("recorder: already started")
	ErrStopped     = errors.New("recorder: not started")
	ErrTracer      = errors.New("recorder: the tracer does not start")
	ErrBusy        = errors.New("recorder: a snapshot is under way")
	ErrShortHeader = errors.New("recorder: the stream ends within the header")
	ErrHeader      = errors.New("recorder: no header of a trace")
	ErrVersion     = errors.New("recorder: unknown version")
	ErrType        = errors.New("recorder: unknown type of batch")
	ErrCut         = errors.New("recorder: the stream ends within a batch")
	ErrOverflow    = errors.New("recorder: number too large")
	ErrSize        = errors.New("recorder: payload too large")
	ErrEndMark     = errors.New("recorder: end mark without a generation")
	ErrFrequency   = errors.New("recorder: bad frequency")
	ErrTrailing    = errors.New("recorder: bytes behind the frequency")
	ErrNoFrequency = errors.New("recorder: no frequency")
	ErrNumber      = errors.New("recorder: generation out of sequence")
)

// A Generation is what tests may see of one.
type Generation struct {
	Number  uint64 `json:"gen,string"`
	Size    uint64 `json:"size,string"`
	MinTime uint64 `json:"min_time,string"`
}

// A Recorder keeps a header.
type Recorder struct {
	startTracer                       func() bool
	now                               func() uint64
	flush                             func()
	header                            [16]byte
	unread                            []byte
	known, started, was, closed, busy bool
	err                               error
}

// New makes a recorder of a tracer that starts or refuses to, says the time, and can be flushed.
func New(start func() bool, now func() uint64, flush func()) *Recorder {
	return &Recorder{startTracer: start, now: now, flush: flush}
}

// SetLimits changes the limits for the next start; nil leaves one as it is.
func (r *Recorder) SetLimits(maxBytes, minAge *int64) {}

func (r *Recorder) Enabled() bool { return r.started }

func (r *Recorder) Start() error {
	if r.started {
		return ErrStarted
	}
	r.unread, r.known, r.closed, r.err = nil, false, false, nil
	if !r.startTracer() {
		return ErrTracer
	}
	r.started, r.was = true, true
	return nil
}

func (r *Recorder) Stop() error {
	if !r.started {
		return ErrStopped
	}
	r.started = false
	if r.err == nil && len(r.unread) > 0 {
		r.err = ErrCut
	}
	return r.err
}

func (r *Recorder) Close() error {
	if !r.was {
		return ErrStopped
	}
	if r.started && !r.closed && r.err == nil && len(r.unread) > 0 {
		r.err = ErrShortHeader
	}
	r.closed = true
	return nil
}

func (r *Recorder) EndGeneration() error {
	switch {
	case !r.started:
		return ErrStopped
	case r.err != nil:
		return r.err
	}
	return ErrEndMark
}

var form = regexp.MustCompile(`^go 1\.([0-9][0-9]) trace\x00\x00\x00$`)

func (r *Recorder) Write(data []byte) (int, error) {
	switch {
	case !r.started || r.closed:
		return 0, ErrStopped
	case r.err != nil:
		return 0, r.err
	case r.known && len(data) > 0:
		panic("recorder: this one knows nothing of batches")
	case r.known:
		return 0, nil
	}
	r.unread = append(r.unread, data...)
	if len(r.unread) < len(r.header) {
		return len(data), nil
	}
	header := r.unread[:len(r.header)]
	n := len(data) - (len(r.unread) - len(r.header))
	r.unread = nil
	if match := form.FindSubmatch(header); match == nil {
		r.err = ErrHeader
	} else if !slices.Contains([]string{"22", "23", "25", "26"}, string(match[1])) {
		r.err = ErrVersion
	} else {
		r.known = true
		copy(r.header[:], header)
	}
	if r.known && n < len(data) {
		panic("recorder: this one knows nothing of batches")
	}
	return n, r.err
}

func (r *Recorder) WriteTo(w io.Writer) (int64, error) {
	switch {
	case !r.started:
		return 0, ErrStopped
	case r.busy:
		return 0, ErrBusy
	}
	r.busy = true
	defer func() { r.busy = false }()
	r.flush()
	n, err := w.Write(r.header[:])
	return int64(n), err
}

// Active shows the active generation.
func (r *Recorder) Active() Generation { return Generation{} }

// Complete shows the complete ones.
func (r *Recorder) Complete() []Generation { return []Generation{} }
