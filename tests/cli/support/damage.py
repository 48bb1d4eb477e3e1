"""Damages a trace in many ways, and checks that the program says of each what the model says: the same snapshot, or
the same fault at the same offset by the same rule, exit status 2, and no file; and from dump, the same lines before it.

  damage.py FLIGHTSPEC TRACE COUNT    COUNT cuts, then COUNT changed bytes, spread over the trace by a fixed seed
"""
import json
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model

LIMITS = ["--max-bytes", "64k", "--min-age", "2s"]


def expected(data):
    """What must come out: the snapshot, or the fault."""
    try:
        return model.replay(data, 65536, 2000000000)[0], None
    except model.Fault as fault:
        return None, fault


def compare(flightspec, what, data):
    """None, or what is wrong."""
    snapshot, fault = expected(data)
    with open("damaged", "wb") as f:
        f.write(data)
    done = subprocess.run([flightspec, "replay", *LIMITS, "damaged", "-o", "snapshot"], capture_output=True, text=True)
    written = None
    if os.path.exists("snapshot"):
        with open("snapshot", "rb") as f:
            written = f.read()
        os.unlink("snapshot")
    left = sorted(os.listdir("."))
    if left != ["damaged"]:
        return f"{what}: left behind: {left}"
    if done.returncode != (2 if fault else 0):
        return f"{what}: exit status {done.returncode}; the model says {fault or 'nothing is wrong'}: {done.stderr}"
    if written != snapshot:
        return f"{what}: another snapshot than the model's"
    return fault and wrong_message(what, done, fault) or compare_dump(flightspec, what, data)


def wrong_message(what, done, fault):
    """None, or what is wrong with the message on standard error."""
    begin, end = f"flightspec: damaged:{fault.offset}: ", f" ({fault.rule})\n"
    if done.stderr.startswith(begin) and done.stderr.endswith(end) and done.stderr.count("\n") == 1:
        return None
    return f"{what}: not `{begin}...{end.strip()}' but {done.stderr}"


def compare_dump(flightspec, what, data):
    """None, or what is wrong with the dump of the file `damaged`."""
    lines, fault = [], None
    try:
        for line in model.dump(data):
            lines.append(line)
    except model.Fault as f:
        fault = f
    done = subprocess.run([flightspec, "dump", "--json", "damaged"], capture_output=True, text=True)
    if done.returncode != (2 if fault else 0):
        return f"{what}: dump: exit status {done.returncode}; the model says {fault or 'nothing is wrong'}"
    if [json.loads(line) for line in done.stdout.splitlines()] != lines:
        return f"{what}: dump: other lines than the model's"
    return fault and wrong_message(f"{what}: dump", done, fault)


def damages(data, count, rng):
    """Damaged copies, each with its name."""
    whole = len(data)
    boundaries = [b.offset for b in model.batches(data)]
    near = [max(0, b + d) for b in boundaries for d in range(-1, 46)]
    cuts = {0, 1, 15, 16, 17, whole - 1, *boundaries}
    while len(cuts) < min(count + len(boundaries), whole):
        cuts.add(rng.randrange(whole) if rng.random() < 0.3 else min(whole, rng.choice(near)))
    for cut in sorted(cuts):
        yield f"cut at {cut}", data[:cut]
    for _ in range(count):
        at = rng.randrange(20) if rng.random() < 0.05 else min(whole - 1, rng.choice(near))
        to = rng.choice([0, 1, 49, 52, 255, data[at] ^ (1 << rng.randrange(8)), data[at] + 1 & 255])
        yield f"byte {at} set to {to}", data[:at] + bytes([to]) + data[at + 1 :]
    for _ in range(count // 4):
        drop = rng.randrange(len(boundaries) - 1)
        yield f"without the batch at {boundaries[drop]}", data[: boundaries[drop]] + data[boundaries[drop + 1] :]


def main():
    flightspec, path, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(path, "rb") as f:
        data = f.read()
    rng = random.Random(int.from_bytes(data[:16], "big") + count)
    wrong, tried, rules = 0, 0, {}
    for what, damaged in damages(data, count, rng):
        tried += 1
        _, fault = expected(damaged)
        rule = fault.rule if fault else "none"
        rules[rule] = rules.get(rule, 0) + 1
        message = compare(flightspec, what, damaged)
        if message:
            print(message)
            wrong += 1
    print(f"{tried} damages; faults by rule: " + ", ".join(f"{r} {n}" for r, n in sorted(rules.items())))
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
