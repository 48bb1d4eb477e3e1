// Package recorder stands in for the reader's recorder in spec/conform.md: a small one that keeps the rules.
package recorder

import (
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
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

var statuses = map[error]string{nil: "ok", ErrStarted: "already_enabled", ErrStopped: "not_enabled",
	ErrTracer: "tracer_refused", ErrBusy: "busy", io.ErrShortWrite: "sink", ErrShortHeader: "short_header",
	ErrHeader: "bad_header", ErrVersion: "bad_version", ErrType: "bad_type", ErrCut: "truncated",
	ErrOverflow: "overflow", ErrSize: "bad_size", ErrEndMark: "bad_end_mark", ErrFrequency: "bad_frequency",
	ErrTrailing: "trailing", ErrNoFrequency: "no_frequency", ErrNumber: "bad_generation"}

// Status sorts an error into the statuses of cases; "", which nobody wants, is that of one from elsewhere.
func Status(err error) string { return statuses[err] }

type generation struct {
	number, frequency, minTime uint64
	data                       []byte
}

func (g generation) state() map[string]string {
	text := func(n uint64) string { return strconv.FormatUint(n, 10) }
	return map[string]string{"gen": text(g.number), "size": text(uint64(len(g.data))), "min_time": text(g.minTime)}
}

type Recorder struct {
	Starts           func() bool   // the tracer starts, or refuses to,
	Now              func() uint64 // says the time,
	Flush            func()        // and can be flushed
	MaxBytes, MinAge int64         // the limits, for the next start

	maxBytes, minAge           int64 // those of this run
	header                     [16]byte
	version                    int    // 0: the header has not come yet
	unread                     []byte // the begin of the header or of a batch, until the rest comes
	ring                       []generation
	active                     generation
	last                       uint64 // the number of the newest complete one
	started, was, closed, busy bool
	err                        error
}

func New() *Recorder { return &Recorder{MaxBytes: 10 << 20, MinAge: 10e9} }

func (r *Recorder) Enabled() bool { return r.started }

// State shows what cases show of a recorder.
func (r *Recorder) State() map[string]any {
	ring := []any{}
	for _, g := range r.ring {
		ring = append(ring, g.state())
	}
	return map[string]any{"enabled": r.started, "active": r.active.state(), "ring": ring}
}

func (r *Recorder) begin() {
	r.version, r.unread, r.ring, r.active, r.last, r.closed, r.err = 0, nil, nil, generation{}, 0, false, nil
}

func (r *Recorder) Start() error {
	if r.started {
		return ErrStarted
	}
	r.begin()
	r.maxBytes, r.minAge = r.MaxBytes, r.MinAge
	if !r.Starts() {
		return ErrTracer
	}
	r.started, r.was = true, true
	return nil
}

func (r *Recorder) Stop() error {
	if !r.started {
		return ErrStopped
	}
	err := r.err
	if err == nil && len(r.unread) > 0 {
		err = ErrCut
	}
	r.started = false
	r.begin()
	return err
}

func (r *Recorder) Close() error {
	if !r.was {
		return ErrStopped
	}
	if r.started && len(r.unread) > 0 {
		if r.err = ErrCut; r.version == 0 {
			r.err = ErrShortHeader
		}
	}
	r.closed = true
	return nil
}

// EndGeneration says that the trace is over; its errors change nothing, and are not kept.
func (r *Recorder) EndGeneration() error {
	switch {
	case !r.started:
		return ErrStopped
	case r.err != nil:
		return r.err
	case len(r.unread) > 0 && r.version != 0:
		return ErrCut
	}
	return r.complete(nil)
}

func (r *Recorder) Write(data []byte) (int, error) {
	switch {
	case !r.started || r.closed:
		return 0, ErrStopped
	case r.err != nil:
		return 0, r.err
	}
	before := len(r.unread)
	r.unread = append(r.unread, data...)
	at, err := r.take(r.unread)
	r.unread = append([]byte(nil), r.unread[at:]...)
	if err == nil || err == ErrCut { // the rest may come yet
		return len(data), nil
	}
	r.err, r.unread = err, nil
	return max(0, at-before), err
}

// WriteTo writes a snapshot.
func (r *Recorder) WriteTo(w io.Writer) (n int64, err error) {
	switch {
	case !r.started:
		return 0, ErrStopped
	case r.busy:
		return 0, ErrBusy
	}
	r.busy = true
	defer func() { r.busy = false }()
	r.Flush()
	pieces := [][]byte{r.header[:]}
	for _, g := range r.ring {
		pieces = append(pieces, g.data)
	}
	for _, piece := range pieces {
		k, err := w.Write(piece)
		if n += int64(k); err != nil {
			return n, io.ErrShortWrite
		}
	}
	return n, nil
}

func (r *Recorder) hasEndMarks() bool { return r.version >= 26 }

var headerForm = regexp.MustCompile(`^go 1\.([0-9][0-9]) trace\x00\x00\x00$`)

// take takes what is whole, and says where it stopped.
func (r *Recorder) take(data []byte) (at int, err error) {
	if r.version == 0 {
		if len(data) < len(r.header) {
			return 0, nil
		}
		at = len(r.header)
		form := headerForm.FindSubmatch(data[:at])
		if form == nil {
			return at, ErrHeader
		}
		version, _ := strconv.Atoi(string(form[1]))
		if version != 22 && version != 23 && version != 25 && version != 26 {
			return at, ErrVersion
		}
		r.version = version
		copy(r.header[:], data)
	}
	for n := 0; at < len(data); at += n {
		if n, err = r.takeBatch(data[at:]); err != nil {
			return at, err
		}
	}
	return at, nil
}

// uvarint reads the number at *at, and moves that behind it.
func uvarint(data []byte, at *int) (value uint64, err error) {
	for i := 0; ; i++ {
		switch {
		case *at >= len(data):
			return 0, ErrCut
		case i == 9 && data[*at] > 1:
			return 0, ErrOverflow
		}
		b := data[*at]
		*at++
		if value |= uint64(b&127) << (7 * i); b < 128 {
			return value, nil
		}
	}
}

func (r *Recorder) takeBatch(data []byte) (at int, err error) {
	switch at = 1; {
	case data[0] == 52 && r.hasEndMarks():
		return 1, r.complete(data[:1])
	case data[0] == 49:
		at = 2
	case data[0] != 1:
		return 0, ErrType
	}
	var field [4]uint64 // generation, thread, time, size
	for i := range field {
		if field[i], err = uvarint(data, &at); err != nil {
			return 0, err
		}
	}
	number, time, size := field[0], field[2], field[3]
	switch {
	case size > 65536:
		return 0, ErrSize
	case uint64(len(data)-at) < size:
		return 0, ErrCut
	}
	end := at + int(size)
	if err = r.enter(number); err == nil && data[0] == 1 {
		err = r.noteFrequency(data[at:end])
	}
	if err != nil {
		return 0, err
	}
	r.active.number = number
	r.active.data = append(r.active.data, data[:end]...)
	if time != 0 && (r.active.minTime == 0 || time < r.active.minTime) {
		r.active.minTime = time
	}
	return end, nil
}

// enter begins a batch of a generation: maybe the next one, maybe one that cannot be.
func (r *Recorder) enter(number uint64) error {
	if number != 0 && r.active.number != 0 && number == r.active.number+1 && !r.hasEndMarks() {
		if err := r.complete(nil); err != nil {
			return err
		}
	}
	wanted := r.active.number
	if wanted == 0 && r.last != 0 {
		wanted = r.last + 1
	}
	if number == 0 || (wanted != 0 || r.last != 0) && number != wanted { // nothing comes after the greatest
		return ErrNumber
	}
	return nil
}

const anyNumber = -1

// noteFrequency notes the ticks per second, if this is the payload of a frequency batch.
func (r *Recorder) noteFrequency(payload []byte) error {
	form := []int{8, anyNumber}
	if r.version >= 25 {
		form = []int{50, 8, anyNumber, 51, anyNumber, anyNumber, anyNumber, anyNumber}
	}
	if len(payload) == 0 || int(payload[0]) != form[0] {
		return nil
	}
	at, frequency, found := 0, uint64(0), false
	for _, wanted := range form {
		if wanted != anyNumber {
			if at >= len(payload) || int(payload[at]) != wanted {
				return ErrFrequency
			}
			at++
			continue
		}
		number, err := uvarint(payload, &at)
		if err != nil {
			return ErrFrequency
		}
		if !found {
			frequency, found = number, true
		}
	}
	switch {
	case frequency == 0:
		return ErrFrequency
	case at < len(payload):
		return ErrTrailing
	case r.active.frequency != 0:
		return ErrFrequency
	}
	r.active.frequency = frequency
	return nil
}

func nanoseconds(ticks, frequency uint64) int64 {
	if ns := float64(ticks) * (1 / (float64(frequency) / 1e9)); ns < 1<<63 {
		return int64(ns)
	}
	return math.MaxInt64
}

// complete ends the active generation, and drops what is beyond the limits.
func (r *Recorder) complete(mark []byte) error {
	switch {
	case r.active.number == 0:
		return ErrEndMark
	case r.active.frequency == 0:
		return ErrNoFrequency
	}
	r.active.data = append(r.active.data, mark...)
	now := nanoseconds(r.Now(), r.active.frequency)
	r.ring = append(r.ring, r.active)
	r.active, r.last = generation{}, r.active.number
	first := len(r.ring) - 1
	for size := int64(len(r.ring[first].data)); first > 0 && size <= r.maxBytes; {
		if now-nanoseconds(r.ring[first].minTime, r.ring[first].frequency) > r.minAge {
			break
		}
		first--
		size += int64(len(r.ring[first].data))
	}
	r.ring = r.ring[first:]
	return nil
}
