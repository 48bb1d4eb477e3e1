package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

var (
	errTracer = errors.New("the tracer refuses")
	errSink   = errors.New("the sink fails")
)

// classes are the errors of the originals by what their texts say. The first text that is found counts.
var classes = []struct{ text, status string }{
	{"cannot enable", "already_enabled"},
	{"cannot disable", "not_enabled"},
	{"cannot snapshot", "not_enabled"},
	{"already in progress", "busy"},
	{"in the first write", "short_header"},
	{"bad file format", "bad_header"},
	{"unsupported trace version", "bad_version"},
	{"expected batch event", "bad_type"},
	{"invalid batch size", "bad_size"},
	{"failed to read full batch", "truncated"},
	{"error reading batch", "truncated"}, // overflow and closed come first, see status
	{"broken trace", "no_frequency"},
}

// status gives the class of an error. A frequency that cannot be read gives the bare error of reading a uvarint.
func status(err error) string {
	field := err != nil && strings.Contains(err.Error(), "error reading batch")
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errTracer):
		return "tracer_refused"
	case errors.Is(err, errSink):
		return "sink"
	case errors.Is(err, io.ErrClosedPipe):
		return "closed"
	case field && strings.Contains(err.Error(), "varint overflows"):
		return "overflow"
	case !field && (err == io.EOF || err == io.ErrUnexpectedEOF || strings.Contains(err.Error(), "varint overflows")):
		return "bad_frequency"
	}
	for _, c := range classes {
		if strings.Contains(err.Error(), c.text) {
			return c.status
		}
	}
	fail(fmt.Errorf("an error of no class: %w", err))
	return ""
}
