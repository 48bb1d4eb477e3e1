"""What `explain --json` must print.

  explain.py trace TRACE MAX_BYTES MIN_AGE_NS    the lines for a trace, by the rules P-1 to P-4 and the model's parser
  explain.py vectors FLIGHTSPEC FILE STEP        takes every STEP-th vector of the file that ends with generations in the
                                                 ring, and compares them with those that explain says were kept last
"""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model


def rotation(number, offset, ring, newest, frequency, max_bytes, min_age):
    """The line, and those that stay; the ring is newest first."""
    now = model.nanoseconds(newest, frequency)
    out, stays = [], True
    for i, g in enumerate(ring):
        newer = sum(x["size"] for x in ring[:i])
        ages = [model.wrapped(now - x["min"]) for x in ring[: i + 1]]
        if i == 0:
            rule, beyond = "P-1", False
        elif not stays:
            beyond = True
        elif newer > max_bytes:
            stays, rule, beyond = False, "P-2", False
        elif ages[-2] > min_age:
            stays, rule, beyond = False, "P-3", False
        else:
            rule, beyond = "P-4", False
        out.append({"gen": str(g["gen"]), "size": str(g["size"]), "min_time_ns": str(g["min"]), "age_ns": str(ages[-1]),
                    "newer_bytes": str(newer), "newer_age_ns": str(ages[-2]) if i else None, "kept": stays, "rule": rule,
                    "beyond": beyond})
    line = {"kind": "rotation", "rotation": str(number), "offset": str(offset), "clock": str(newest), "now_ns": str(now),
            "max_bytes": str(max_bytes), "min_age_ns": str(min_age), "generations": out}
    return line, [g for g, o in zip(ring, out) if o["kept"]]


def trace(data, max_bytes, min_age):
    version = model.header(data)
    ring, active, newest, lines = [], [], 0, []

    def complete(offset):
        nonlocal ring, active
        frequency = next(f for f in (model.frequency(b, version) for b in active if b.type != 52) if f)
        times = [b.time for b in active if b.time]
        ring = [{"gen": active[0].gen, "size": sum(len(b.raw) for b in active),
                 "min": model.nanoseconds(min(times), frequency) if times else 0}] + ring
        line, ring = rotation(len(lines) + 1, offset, ring, newest, frequency, max_bytes, min_age)
        lines.append(line)
        active = []

    for b in model.batches(data):
        newest = max(newest, b.time)
        if active and b.type != 52 and b.gen != active[0].gen:
            complete(b.offset)
        active.append(b)
        if b.type == 52:
            complete(b.offset)
    if active:
        complete(len(data))
    for line in lines:
        print(json.dumps(line, separators=(",", ":")))


def vectors(flightspec, path, step):
    with open(path, encoding="utf-8") as f:
        cases = json.load(f)
    compared = 0
    for case in cases:
        last = max((i for i, op in enumerate(case["ops"]) if op["op"] == "state"), default=None)
        if last is None or not case["want"][last]["ring"]:
            continue
        compared += 1
        if compared % step:
            continue
        case = {k: v for k, v in case.items() if k != "ops"} | {"ops": case["ops"][: last + 1], "want": case["want"]}
        with open("case", "w", encoding="utf-8") as f:
            json.dump(case, f, indent=1)
        r = subprocess.run([flightspec, "explain", "--json", "case"], capture_output=True, check=False)
        assert r.returncode == 0 and not r.stderr, (case["id"], r.stderr)
        kept = json.loads(r.stdout.splitlines()[-1])["generations"]
        got = [(g["gen"], g["size"]) for g in reversed(kept) if g["kept"]]
        want = [(g["gen"], g["size"]) for g in case["want"][last]["ring"]]
        assert got == want, (case["id"], got, want)
    assert compared >= step
    print(f"{compared // step} vectors")


if sys.argv[1] == "trace":
    with open(sys.argv[2], "rb") as trace_file:
        trace(trace_file.read(), int(sys.argv[3]), int(sys.argv[4]))
else:
    vectors(sys.argv[2], sys.argv[3], int(sys.argv[4]))
