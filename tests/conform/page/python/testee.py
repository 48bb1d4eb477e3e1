import json
import sys

import recorder  # yours


def told(call, *args):
    try:
        n = call(*args)
        return {"status": "ok"} if n is None else {"status": "ok", "n": str(n)}
    except recorder.Error as error:
        return {"status": recorder.status(error)} | ({} if error.n is None else {"n": str(error.n)})


def run(op, *ops):  # the case itself sets limits
    r, ticks, out, taken = recorder.Recorder(), 0, {}, b""

    def sink(data):
        nonlocal taken
        if "during" in op:
            out["during"] = told(r.snapshot, len)
        took = data[: int(op.get("sink_fails_after", len(taken + data))) - len(taken)]
        taken += took
        return len(took)

    r.starts, r.now = lambda: "tracer" not in op, lambda: ticks
    r.flush = lambda: [told(r.write, bytes.fromhex(data)) for data in (op.get("flushes") or [[]]).pop(0)]
    does = {"start": r.start, "stop": r.stop, "close": r.close, "end_generation": r.end_generation,
            "write": lambda: r.write(bytes.fromhex(op["hex"])), "snapshot": lambda: r.snapshot(sink)}
    for op in ({**op, "op": "set"}, *ops):
        r.max_bytes, r.min_age_ns = (int(op.get(key, getattr(r, key))) for key in ("max_bytes", "min_age_ns"))
        ticks, taken, out = int(op.get("ticks", ticks)), b"", {}
        out |= {"state": r.state, "enabled": lambda: {"enabled": r.enabled}}.get(op["op"], dict)()
        out |= {} if op["op"] == "state" else told(does.get(op["op"], lambda: None))
        yield out | ({"hex": taken.hex()} if taken else {})


for case in map(json.loads, sys.stdin):
    print(json.dumps({"id": case["id"], "out": [*run(case, *case["ops"])][1:]}), flush=True)
