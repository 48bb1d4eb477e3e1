// Command parse reads execution traces with the reader of golang.org/x/exp/trace, to the last event, and prints for
// each how many generations and events it has. It fails at the first trace that the reader refuses.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/exp/trace"
)

func main() {
	for _, path := range os.Args[1:] {
		generations, events, err := parse(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "parse: %s: %v\n", path, err)
			os.Exit(1)
		}
		fmt.Printf("%s: %d generations, %d events\n", path, generations, events)
	}
}

// parse reads one trace. Each generation begins with a sync event, and one more ends the trace.
func parse(path string) (generations, events int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	reader, err := trace.NewReader(file)
	if err != nil {
		return 0, 0, err
	}
	for {
		event, err := reader.ReadEvent()
		if errors.Is(err, io.EOF) {
			return generations - 1, events, nil
		}
		if err != nil {
			return 0, 0, err
		}
		if event.Kind() == trace.EventSync {
			generations++
		} else {
			events++
		}
	}
}
