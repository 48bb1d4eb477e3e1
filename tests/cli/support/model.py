"""The rules of the trace format and of the flight recorder, a second time: straightforward, on the whole file in
memory, and sharing nothing with the program that the tests compare with it.

  model.py replay TRACE MAX_BYTES MIN_AGE_NS SNAPSHOT   writes the snapshot; prints the numbers of the generations kept
  model.py dump TRACE                                   prints what `flightspec dump --json` must print

A fault is printed as `OFFSET RULE`, exit status 2.
"""
import json
import re
import sys

VERSIONS = (11, 19, 21, 22, 23, 25, 26)
INT64_MIN = -(1 << 63)


class Fault(Exception):
    def __init__(self, offset, rule):
        super().__init__(f"{offset} {rule}")
        self.offset, self.rule = offset, rule


class Batch:
    """Type, experiment, gen, m, time, payload; the offset, and the raw bytes."""


def uvarint(data, at, truncated, overflow):
    """Value and end of the uvarint that begins at `at`."""
    value = 0
    for i in range(10):
        if at + i >= len(data):
            raise truncated
        byte = data[at + i]
        if i == 9 and byte > 1:
            raise overflow
        value |= (byte & 0x7F) << (7 * i)
        if byte < 0x80:
            return value, at + i + 1


def header(data):
    """The version."""
    if len(data) < 16:
        raise Fault(0, "B-7")
    match = re.fullmatch(rb"go 1\.([0-9]{2}) trace\0\0\0", data[:16])
    if not match:
        raise Fault(0, "B-7")
    version = int(match[1])
    if version not in VERSIONS or version < 22:
        raise Fault(0, "B-8")
    return version


def batches(data):
    """The batches behind the header, one by one."""
    at = 16
    while at < len(data):
        b = Batch()
        b.offset, b.type, b.experiment = at, data[at], None
        b.gen = b.m = b.time = 0
        b.payload = b""
        truncated, overflow = Fault(at, "B-5"), Fault(at, "V-5")
        if b.type not in (1, 49, 52):
            raise Fault(at, "B-2")
        at += 1
        if b.type == 49:
            if at >= len(data):
                raise truncated
            b.experiment = data[at]
            at += 1
        if b.type != 52:
            b.gen, at = uvarint(data, at, truncated, overflow)
            b.m, at = uvarint(data, at, truncated, overflow)
            b.time, at = uvarint(data, at, truncated, overflow)
            size, at = uvarint(data, at, truncated, overflow)
            if size > 65536:
                raise Fault(b.offset, "B-4")
            if size > len(data) - at:
                raise truncated
            b.payload = data[at : at + size]
            at += size
        b.raw = data[b.offset : at]
        yield b


def frequency(b, version):
    """Ticks per second, or None if this is not the batch that tells it."""
    p = b.payload
    where = b.offset + len(b.raw) - len(p)
    bad = Fault(where, "B-10")
    if b.type != 1 or not p or p[0] != (50 if version >= 25 else 8):
        return None
    at = 0
    if version >= 25:
        at = 1
        if at >= len(p) or p[at] != 8:
            raise bad
    value, at = uvarint(p, at + 1, bad, bad)
    if value == 0:
        raise bad
    if version >= 25:
        if at >= len(p) or p[at] != 51:
            raise bad
        at += 1
        for _ in range(4):
            _, at = uvarint(p, at, bad, bad)
    if at != len(p):
        raise Fault(where + at, "B-10")
    return value


class Generation:
    def __init__(self):
        self.number, self.offset, self.frequency, self.ended = None, None, None, False
        self.raw, self.times, self.batches = b"", [], []

    def add(self, b, version):
        if b.type == 52:
            if version < 26:
                raise Fault(b.offset, "B-2")
            if self.number is None:
                raise Fault(b.offset, "G-2")
            self.ended = True
        else:
            f = frequency(b, version)
            if f is not None and self.frequency is not None:
                raise Fault(b.offset + len(b.raw) - len(b.payload), "G-4")
            self.frequency = f if f is not None else self.frequency
            if self.number is None:
                self.number, self.offset = b.gen, b.offset
            if b.time:
                self.times.append(b.time)
        self.batches.append(b)
        self.raw += b.raw


def nanoseconds(ticks, per_second):
    value = float(ticks) * (1.0 / (float(per_second) / 1e9))
    return int(value) if value < 2.0**63 else INT64_MIN


def wrapped(n):
    """The 64-bit signed number that n wraps to."""
    return (n + (1 << 63)) % (1 << 64) - (1 << 63)


def replay(data, max_bytes, min_age):
    """The snapshot, and the numbers of the generations in it."""
    version = header(data)
    ring, active, newest, last = [], Generation(), 0, None

    def complete():
        nonlocal ring, active, last
        if active.frequency is None:
            raise Fault(active.offset, "G-4")
        now = nanoseconds(newest, active.frequency)
        minimum = nanoseconds(min(active.times), active.frequency) if active.times else 0
        taken = [(active.number, active.raw, minimum)]
        for old in reversed(ring):
            if sum(len(t[1]) for t in taken) > max_bytes or wrapped(now - taken[-1][2]) > min_age:
                break
            taken.append(old)
        ring, last, active = taken[::-1], active.number, Generation()

    for b in batches(data):
        newest = max(newest, b.time)
        if active.number is not None and b.type != 52 and b.gen != active.number:
            if version >= 26:
                raise Fault(b.offset, "G-2")
            complete()
        if active.number is None and b.type != 52 and (b.gen == 0 or last is not None and b.gen != last + 1):
            raise Fault(b.offset, "G-3")
        active.add(b, version)
        if active.ended:
            complete()
    if active.number is not None:
        if version >= 26:
            raise Fault(len(data), "G-2")
        complete()
    return data[:16] + b"".join(g[1] for g in ring), [g[0] for g in ring]


def dump_generation(g, first):
    """The lines of one generation; `first` has the time of each batch's zero."""
    text = lambda n: None if n is None else str(n)
    yield {"kind": "generation", "offset": str(g.offset), "gen": str(g.number),
           "batches": str(sum(b.type != 52 for b in g.batches)), "bytes": str(len(g.raw)),
           "min_time": text(min(g.times, default=None)), "max_time": text(max(g.times, default=None)),
           "ticks_per_second": text(g.frequency)}
    for b in g.batches:
        line = {"kind": "batch", "offset": str(b.offset), "type": b.type, "gen": str(g.number)}
        if b.type == 49:
            line["experiment"] = b.experiment
        if b.type != 52:
            ns = None
            if g.frequency is not None:
                ns = str(wrapped(nanoseconds(b.time, g.frequency) - nanoseconds(first[b.offset], g.frequency)))
            line.update(m=str(b.m), time=str(b.time), size=len(b.payload), ns=ns)
        yield line


def dump(data):
    """All lines; a fault comes behind those before it."""
    version = header(data)
    yield {"kind": "header", "offset": "0", "version": version}
    active, first, fault = Generation(), {}, None
    zero, whole = 0, []
    try:
        for b in batches(data):
            if active.ended or active.number is not None and b.type != 52 and b.gen != active.number:
                whole.append(active)
                active = Generation()
            active.add(b, version)
            zero = first[b.offset] = zero or b.time
    except Fault as f:
        fault = f
    if active.number is not None:
        whole.append(active)
    for g in whole:
        yield from dump_generation(g, first)
    if fault:
        raise fault


def main():
    with open(sys.argv[2], "rb") as f:
        data = f.read()
    try:
        if sys.argv[1] == "replay":
            snapshot, numbers = replay(data, int(sys.argv[3]), int(sys.argv[4]))
            with open(sys.argv[5], "wb") as f:
                f.write(snapshot)
            print(*numbers)
        else:
            for line in dump(data):
                print(json.dumps(line, separators=(",", ":")))
    except Fault as f:
        print(f)
        sys.exit(2)


if __name__ == "__main__":
    main()
