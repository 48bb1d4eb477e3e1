"""Damages a trace, and checks what `check` says of it.

  check_damage.py FLIGHTSPEC TRACE COUNT

COUNT cuts and COUNT changed bytes, by a fixed seed: the first violation is the fault that the model finds, and there is
one only if the model finds one. COUNT times several batches far apart at once get an unknown type, a payload size above
the limit, an overflow, or are taken out of their generation: each of these is found, and nothing else.
"""
import json
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model

MANY = 10**12


def checked(flightspec, data):
    """Exit status, violations, summary."""
    with open("damaged", "wb") as f:
        f.write(data)
    r = subprocess.run([flightspec, "check", "--json", "damaged"], capture_output=True, check=False)
    assert r.returncode in (0, 1) and not r.stderr, (r.returncode, r.stderr)
    lines = [json.loads(line) for line in r.stdout.splitlines()]
    assert [x["kind"] for x in lines] == ["violation"] * (len(lines) - 1) + ["summary"]
    assert r.returncode == (len(lines) > 1) and lines[-1]["conforms"] == (len(lines) == 1), lines
    assert lines[-1]["violations"] == str(len(lines) - 1)
    return lines[:-1], lines[-1]


def first_fault(data):
    """What the model says first: offset and rule."""
    try:
        model.replay(data, MANY, MANY)
    except model.Fault as f:
        return f.offset, f.rule
    return None


def compare_first(flightspec, data):
    found, _ = checked(flightspec, data)
    want = first_fault(data)
    got = (int(found[0]["offset"]), found[0]["rule"]) if found else None
    if want != got and want and got and got[1] == "G-3":
        # A number out of sequence: the model takes that for the end of the generation, which has no end mark then, or
        # no frequency yet.
        if want == (got[0], "G-2") or (want[1] == "G-4" and want[0] < got[0]):
            return
    assert want == got, (want, found)


def plant(rng, data, batches):
    """The trace with several faults; what must be found: offset, rule, next offset."""
    out, want = bytearray(data), []
    for i in range(rng.randrange(3, 6), len(batches) - 4, rng.randrange(5, 9)):
        b, after = batches[i], batches[i + 1]
        if b.type != 1 or after.type != 1 or after.gen != b.gen:
            continue
        if data[after.offset - 1] == 49:  # together with the event batch behind it this reads as an experimental one
            continue
        head = b.offset + 1 + len_of_uvarints(data, b.offset + 1, 3)
        kind = rng.choice(["type", "size", "overflow", "number"])
        if kind == "type":
            out[b.offset] = rng.choice([0, 2, 3, 48, 53, 255])
            want.append((b.offset, "B-2", after.offset))
        elif kind == "size" and data[head] >= 128 and data[head + 1] >= 128 and data[head + 2] >= 128:
            out[head + 2] |= 0x7F  # 2^14 times 127 and more
            want.append((b.offset, "B-4", after.offset))
        elif kind == "overflow" and len(data) > head + 9 and all(x >= 128 for x in data[head : head + 9]):
            out[head + 9] = 2
            want.append((b.offset, "V-5", after.offset))
        elif kind == "number" and b.gen < 100:
            out[b.offset + 1] = b.gen + 20
            want.append((b.offset, "G-3", None))
    return bytes(out), want


def len_of_uvarints(data, at, count):
    begin = at
    for _ in range(count):
        while data[at] >= 128:
            at += 1
        at += 1
    return at - begin


def main():
    flightspec, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as f:
        data = f.read()
    rng = random.Random(path.rsplit("/", maxsplit=1)[-1])
    batches = list(model.batches(data))
    found, summary = checked(flightspec, data)
    assert not found and summary["bytes"] == str(len(data)) and summary["batches"] == str(len(batches))
    cuts = [rng.randrange(len(data)) for _ in range(count)]
    for cut in cuts:
        compare_first(flightspec, data[:cut])
    for _ in range(count):
        changed = bytearray(data)
        at = rng.choice([rng.randrange(len(data)), rng.choice(batches).offset + rng.randrange(12)])
        changed[min(at, len(data) - 1)] ^= 1 << rng.randrange(8)
        compare_first(flightspec, bytes(changed))
    planted = 0
    for _ in range(count):
        damaged, want = plant(rng, data, batches)
        found, _ = checked(flightspec, damaged)
        got = [(int(v["offset"]), v["rule"], v["next"] and int(v["next"])) for v in found]
        assert got == want, (want, got)
        planted += len(want)
    assert planted > count, planted
    print(f"{count} cuts, {count} changed bytes, {planted} planted faults")


main()
