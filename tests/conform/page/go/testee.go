package main

import ("encoding/hex"; "encoding/json"; "fmt"; "io"; "os"; "example.com/yours/recorder")

type (object = map[string]any; sink func(data []byte) (int, error))
func (s sink) Write(data []byte) (int, error) { return s(data) }
func told(n any, err error) object { return object{"status": recorder.Status(err), "n": fmt.Sprint(n)} }

func main() {
	in, to := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for c := (object{}); in.Decode(&c) == nil; clear(c) {
		r, op, now, outs, lists := recorder.New(), c, uint64(0), []any{}, []any{}
		number := func(name string, to any) { fmt.Sscan(fmt.Sprint(op[name]), to) } // one that is left out stays
		write := func(text any) object { data, _ := hex.DecodeString(text.(string)); return told(r.Write(data)) }
		r.Starts, r.Now = func() bool { return op["tracer"] == nil }, func() uint64 { return now }
		r.Flush = func() { if len(lists) > 0 { for _, x := range lists[0].([]any) { write(x) }; lists = lists[1:] } }
		calls := map[any]func() error{"start": r.Start, "stop": r.Stop, "close": r.Close, "end_generation": r.EndGeneration}
		for _, one := range append([]any{c}, c["ops"].([]any)...) { // the case itself sets limits
			op = one.(object); number("max_bytes", &r.MaxBytes); number("min_age_ns", &r.MinAge); number("ticks", &now)
			lists, _ = op["flushes"].([]any) // a flush takes the next of them
			out, taken, room := object{"status": "ok"}, []byte{}, 1<<62
			switch op["op"] {
			case "start", "stop", "close", "end_generation": out["status"] = recorder.Status(calls[op["op"]]())
			case "enabled": out["enabled"] = r.Enabled()
			case "state": out = r.State()
			case "write": out = write(op["hex"])
			case "snapshot": number("sink_fails_after", &room)
				n, err := r.WriteTo(sink(func(data []byte) (n int, err error) {
					if op["during"] != nil { out["during"] = told(r.WriteTo(io.Discard)) }
					if n = len(data); n > room-len(taken) { n, err = room-len(taken), io.ErrShortWrite }
					taken = append(taken, data[:n]...); return n, err
				}))
				out["status"], out["n"] = recorder.Status(err), fmt.Sprint(n)
				if n > 0 { out["hex"] = hex.EncodeToString(taken) }
			}
			outs = append(outs, out)
		}
		to.Encode(object{"id": c["id"], "out": outs[1:]})
	}
}
