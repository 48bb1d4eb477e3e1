#!/usr/bin/env python3
"""The system `strict` as a program that can be run: reads cases, one JSON object a line, and prints what comes of each.

Written from the prose alone: it shares no code with the recorder that the vectors test, and takes the straightforward
way, with the whole stream of a generation in memory. Where a fault has a rule, the rule stands beside it."""

import json
import re
import sys

VERSIONS = (11, 19, 21, 22, 23, 25, 26)
FIRST_WITH_GENERATIONS, FIRST_WITH_SYNC, FIRST_WITH_MARKS = 22, 25, 26
DEFAULT_BYTES, DEFAULT_AGE = 10 << 20, 10**10
GREATEST_TIME = 2**63 - 1


class Fault(Exception):
    """A status that is not ok."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class More(Exception):
    """The bytes end within what is being read."""


class Bytes:
    """Reads from the front of some bytes; what cannot be read is reported as `cut` or as `overflow`."""

    def __init__(self, data, cut, overflow):
        self.data, self.at, self.cut, self.overflow = data, 0, cut, overflow

    def byte(self):
        if self.at == len(self.data):
            raise self.cut
        self.at += 1
        return self.data[self.at - 1]

    def uvarint(self):
        """Rules V-1, V-2, V-4, V-5."""
        digits = []
        while len(digits) < 10:
            digits.append(self.byte())
            if digits[-1] < 128:
                break
        if digits[-1] > 127 or len(digits) == 10 and digits[-1] > 1:
            raise self.overflow
        return sum((digit & 127) * 128**i for i, digit in enumerate(digits))

    def take(self, n):
        if len(self.data) - self.at < n:
            raise self.cut
        self.at += n
        return self.data[self.at - n : self.at]


class Batch:
    """What stands at the front of a stream: rules B-1 to B-6. `raw` is all of it."""

    def __init__(self, stream, version):
        read = Bytes(stream, More(), Fault("overflow"))
        self.type = read.byte()
        self.mark = self.type == 52 and version >= FIRST_WITH_MARKS
        self.payload = b""
        if not self.mark:
            if self.type not in (1, 49):
                raise Fault("bad_type")
            if self.type == 49:
                read.byte()
            self.gen, self.thread, self.time, size = (read.uvarint() for _ in range(4))
            if size > 65536:
                raise Fault("bad_size")
            self.payload = read.take(size)
        self.raw = stream[: read.at]

    def frequency(self, version):
        """Ticks per second, or None if this batch does not say them: rules B-9 and B-10."""
        sync = version >= FIRST_WITH_SYNC
        if self.mark or self.type != 1 or self.payload[:1] != (b"\x32" if sync else b"\x08"):
            return None
        bad = Fault("bad_frequency")
        read = Bytes(self.payload, bad, bad)
        if sync:
            read.byte()
            if read.byte() != 8:
                raise bad
        else:
            read.byte()
        ticks = read.uvarint()
        if ticks == 0:
            raise bad
        if sync:
            if read.byte() != 51:
                raise bad
            for _ in range(4):
                read.uvarint()
        if read.at < len(self.payload):
            raise Fault("trailing")
        return ticks


class Generation:
    def __init__(self):
        self.number, self.raw, self.times, self.frequency = 0, b"", [], None

    @property
    def min_time(self):
        """In ticks; 0: no batch has a time (G-9)."""
        return min(self.times, default=0)

    def nanoseconds(self, ticks):
        """Rules C-1 and C-3."""
        ns = float(ticks) * (1.0 / (float(self.frequency) / 1e9))
        return int(ns) if ns < 2.0**63 else GREATEST_TIME

    def shown(self):
        return {"gen": str(self.number), "size": str(len(self.raw)), "min_time": str(self.min_time)}


class Stream:
    """What the tracer writes in one run. Rule L-4: it begins with a header."""

    def __init__(self):
        self.open, self.header, self.version, self.pending = True, b"", None, b""


class Recorder:
    def __init__(self):
        self.enabled, self.error, self.stream, self.clock = False, None, None, 0
        self.limits, self.wanted = None, [DEFAULT_BYTES, DEFAULT_AGE]
        self.header = bytes(16)  # the last good one that has come
        self.forget()

    def forget(self):
        self.ring, self.active = [], Generation()

    # Lifecycle: rules L-1 to L-3, L-7 and L-8.

    def start(self, refused):
        if self.enabled:
            return "already_enabled"
        self.limits, self.error = list(self.wanted), None
        if refused:
            return "tracer_refused"
        self.enabled, self.stream = True, Stream()
        return "ok"

    def stop(self):
        if not self.enabled:
            return "not_enabled"
        self.end_stream("truncated")
        self.enabled = False
        self.forget()
        return self.error or "ok"

    def close(self):
        if self.stream is None:
            return "not_enabled"
        self.end_stream("short_header")
        return "ok"

    def end_stream(self, in_header):
        stream = self.stream
        if stream.open:
            if 0 < len(stream.header) < 16:
                self.error = self.error or in_header
            elif stream.pending:
                self.error = self.error or "truncated"
        stream.open = False

    # Writing: rules L-4, L-5 and L-9.

    def write(self, data):
        """Status, and how many bytes were taken: those before the batch that is at fault."""
        stream = self.stream
        if stream is None or not stream.open:
            return "not_enabled", 0
        if self.error:
            return self.error, 0
        missing = 16 - len(stream.header)
        stream.header += data[:missing]
        taken = min(missing, len(data))
        try:
            if taken > 0 and taken == missing:
                stream.version = self.check_header(stream.header)
                self.header = stream.header
            stream.pending += data[taken:]
            while stream.pending:
                taken = max(0, len(data) - len(stream.pending))
                batch = Batch(stream.pending, stream.version)
                self.take(batch)
                stream.pending = stream.pending[len(batch.raw) :]
        except More:
            pass
        except Fault as fault:
            self.error = fault.status
            return fault.status, taken
        return "ok", len(data)

    def check_header(self, header):
        """Rules B-7 and B-8; what has no generations cannot be recorded."""
        match = re.fullmatch(rb"go 1\.([0-9][0-9]) trace\0\0\0", header)
        if not match:
            raise Fault("bad_header")
        version = int(match[1])
        if version not in VERSIONS or version < FIRST_WITH_GENERATIONS:
            raise Fault("bad_version")
        return version

    def take(self, batch):
        """Rules G-2 to G-4, and L-9: a fault leaves the generations as they are."""
        version = self.stream.version
        if batch.mark:
            if self.active.number == 0:
                raise Fault("bad_end_mark")
            self.check_complete()
            self.active.raw += batch.raw
            self.rotate()
            return
        self.check_number(batch.gen, version)
        if self.active.number not in (0, batch.gen):
            self.check_complete()
            self.rotate()
        frequency = batch.frequency(version)
        if frequency is not None and self.active.frequency is not None:
            raise Fault("bad_frequency")
        self.active.number = batch.gen
        self.active.frequency = frequency or self.active.frequency
        self.active.raw += batch.raw
        if batch.time > 0:
            self.active.times.append(batch.time)

    def check_number(self, number, version):
        """Rule G-3, and G-2: where generations have end marks, nothing else ends them."""
        good = number > 0
        if self.active.number > 0:
            next_one = self.active.number + 1 if version < FIRST_WITH_MARKS else self.active.number
            good = good and number in (self.active.number, next_one)
        elif self.ring:
            good = good and number == self.ring[-1].number + 1
        if not good:
            raise Fault("bad_generation")

    def check_complete(self):
        if self.active.frequency is None:
            raise Fault("no_frequency")

    def end_generation(self):
        if not self.enabled:
            return "not_enabled"
        if self.error:
            return self.error
        if self.stream.pending:
            return "truncated"
        if self.active.number == 0:
            return "bad_end_mark"
        if self.active.frequency is None:
            return "no_frequency"
        self.rotate()
        return "ok"

    def rotate(self):
        """Rules P-1 to P-5, all with the frequency of the generation that each time is of."""
        max_bytes, min_age = self.limits
        now = self.active.nanoseconds(self.clock)
        kept, size = [self.active], len(self.active.raw)
        for older in reversed(self.ring):
            age = now - kept[0].nanoseconds(kept[0].min_time)
            if size > max_bytes or age > min_age:
                break
            kept.insert(0, older)
            size += len(older.raw)
        self.ring, self.active = kept, Generation()

    # Showing: rules S-1, S-2, S-4 and L-6.

    def snapshot(self, op):
        if not self.enabled:
            return {"status": "not_enabled", "n": "0"}
        for data in op.get("flushes", [[]])[0]:
            self.write(bytes.fromhex(data))
        whole = self.header + b"".join(g.raw for g in self.ring)
        shown = whole[: int(op.get("sink_fails_after", len(whole)))]
        out = {"status": "ok" if len(shown) == len(whole) else "sink", "n": str(len(shown))}
        if shown:
            out["hex"] = shown.hex()
        if "during" in op:
            out["during"] = {"status": "busy", "n": "0"}
        return out

    def state(self):
        return {"enabled": self.enabled, "active": self.active.shown(), "ring": [g.shown() for g in self.ring]}

    def do(self, op):
        name = op["op"]
        if name == "set" or name == "limits":
            self.wanted[0] = int(op.get("max_bytes", self.wanted[0]))
            self.wanted[1] = int(op.get("min_age_ns", self.wanted[1]))
        elif name == "clock":
            self.clock = int(op["ticks"])
        elif name == "enabled":
            return {"status": "ok", "enabled": self.enabled}
        elif name == "state":
            return self.state()
        elif name == "snapshot":
            return self.snapshot(op)
        elif name == "write":
            status, n = self.write(bytes.fromhex(op["hex"]))
            return {"status": status, "n": str(n)}
        elif name == "start":
            return {"status": self.start(op.get("tracer") == "refuses")}
        else:
            call = {"stop": self.stop, "close": self.close, "end_generation": self.end_generation}[name]
            return {"status": call()}
        return {"status": "ok"}


def outcome(case):
    recorder = Recorder()
    recorder.do({**case, "op": "limits"})
    return {"id": case["id"], "out": [recorder.do(op) for op in case["ops"]]}


if __name__ == "__main__":
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(outcome(json.loads(line))))
