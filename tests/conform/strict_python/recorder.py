"""A flight recorder that keeps the rules of spec/rules.md, the system `strict`. It was written from spec/*.md alone:
a second opinion, not a fast one. What tests/conform/wrong breaks stands in a place of its own."""

import re


class Fault(Exception):
    """What is wrong: a status of spec/cases.md."""


class Generation:
    def __init__(self):
        self.number = self.frequency = self.min_time = 0
        self.data = bytearray()

    def shown(self):
        return {"gen": str(self.number), "size": str(len(self.data)), "min_time": str(self.min_time)}


class Recorder:
    """Calls `flush()` before a snapshot, and asks `clock()` for the ticks when a generation is completed."""

    END_MARKS_SINCE, LARGEST_PAYLOAD, FLUSHES = 26, 65536, 1

    def __init__(self, clock, flush):
        self.clock, self.flush = clock, flush
        self.limits = {"max_bytes": 10 << 20, "min_age_ns": 10 * 10**9}
        self.header = bytes(16)
        self.enabled = self.was_started = self.in_snapshot = False
        self.begin_run()

    def begin_run(self):
        self.version, self.error, self.closed = None, None, False  # a version there is when the header has come
        self.unread = b""  # the begin of the header or of a batch, until the rest comes
        self.ring, self.active, self.last_number = [], Generation(), 0

    def start(self, tracer=lambda: True):
        if self.enabled:
            return "already_enabled"
        self.limits_in_force = dict(self.limits)
        self.begin_run()
        self.enabled = tracer()
        self.was_started = self.was_started or self.enabled
        return "ok" if self.enabled else "tracer_refused"

    def stop(self):
        if not self.enabled:
            return "not_enabled"
        status = self.error or ("truncated" if self.unread else "ok")
        self.enabled = False
        self.begin_run()
        return status

    def write(self, data):
        """Status and n."""
        if not self.enabled or self.closed:
            return "not_enabled", 0
        if self.error:
            return self.error, 0
        before = len(self.unread)
        data = self.unread + data
        at = self.take(data)
        self.unread = b"" if self.error else data[at:]
        return self.error or "ok", max(0, at - before) if self.error else len(data) - before

    def close(self):
        if not self.was_started:
            return "not_enabled"
        if self.enabled and self.unread:
            self.error = "short_header" if self.version is None else "truncated"
        self.closed = True
        return "ok"

    def end_generation(self):
        """The caller says that the trace is over. Its errors change nothing, and are not kept."""
        if not self.enabled:
            return "not_enabled"
        if self.error:
            return self.error
        if self.unread and self.version is not None:
            return "truncated"
        try:
            self.complete()
        except Fault as fault:
            return str(fault)
        return "ok"

    def snapshot(self, sink):
        """Status and n; `sink(data)` says how much it took."""
        if not self.enabled:
            return "not_enabled", 0
        if self.in_snapshot:
            return "busy", 0
        self.in_snapshot = True
        for _ in range(self.FLUSHES):
            self.flush()
        data = self.snapshot_bytes()
        n = sink(data)
        self.in_snapshot = False
        return ("ok" if n == len(data) else "sink"), n

    def snapshot_bytes(self):
        return self.header + b"".join(generation.data for generation in self.ring)

    def take(self, data):
        """Takes what is whole of the stream and in order; where it stopped. A fault is kept as the error."""
        at = 0
        try:
            if self.version is None:
                if len(data) < 16:
                    return 0
                at = 16
                self.version = self.header_version(data[:16])
                self.header = data[:16]
            while at < len(data):
                at = self.take_batch(data, at)
        except Fault as fault:
            if str(fault) != "truncated":  # the rest of a batch may come yet
                self.error = str(fault)
        return at

    def header_version(self, header):
        form = re.fullmatch(rb"go 1\.([0-9]{2}) trace\0\0\0", header)
        if not form:
            raise Fault("bad_header")
        if int(form[1]) not in (22, 23, 25, 26):
            raise Fault("bad_version")
        return int(form[1])

    def uvarint(self, data, at):
        """The number that begins there, and what is behind it."""
        value = 0
        for i in range(10):
            if at + i >= len(data):
                raise Fault("truncated")
            if i == 9 and data[at + i] > 1:
                raise Fault("overflow")
            value |= (data[at + i] & 127) << 7 * i
            if data[at + i] < 128:
                break
        return value, at + i + 1

    def has_end_marks(self):
        return self.version >= self.END_MARKS_SINCE

    def take_batch(self, data, begin):
        """Takes the batch or end mark that begins there; where it ends."""
        kind = data[begin]
        if kind == 52 and self.has_end_marks():
            self.complete(end_mark=True)
            return begin + 1
        if kind not in (1, 49):
            raise Fault("bad_type")
        at = begin + (1 if kind == 1 else 2)  # 49 has its experiment there
        number, at = self.uvarint(data, at)
        _thread, at = self.uvarint(data, at)
        time, at = self.uvarint(data, at)
        size, at = self.uvarint(data, at)
        if size > self.LARGEST_PAYLOAD:
            raise Fault("bad_size")
        if at + size > len(data):
            raise Fault("truncated")
        self.begin_batch(number)
        if kind == 1:
            self.note_frequency(data[at : at + size])
        self.active.number = number
        self.active.data += data[begin : at + size]
        self.note_time(time)
        return at + size

    def begin_batch(self, number):
        if self.active.number and number == self.active.number + 1 and not self.has_end_marks():
            self.complete()
        if number == 0 or number != (self.active.number or (self.last_number + 1 if self.last_number else number)):
            raise Fault("bad_generation")

    def note_frequency(self, payload):
        """Notes the ticks per second, if this is a frequency batch."""
        form = [50, 8, None, 51, None, None, None, None] if self.version >= 25 else [8, None]  # None: any uvarint
        if payload[:1] != bytes(form[:1]):
            return
        at, numbers = 0, []
        for wanted in form:
            begin = at
            try:
                number, at = self.uvarint(payload, at)
                if wanted is not None and payload[begin:at] != bytes([wanted]):
                    raise Fault("another event")
            except Fault:
                raise Fault("bad_frequency") from None
            numbers.append(number)
        frequency = numbers[form.index(None)]
        if frequency == 0:
            raise Fault("bad_frequency")
        if at < len(payload):
            raise Fault("trailing")
        if self.active.frequency:
            raise Fault("bad_frequency")
        self.active.frequency = frequency

    def note_time(self, time):
        if time != 0:
            self.active.min_time = min(time, self.active.min_time or time)

    def complete(self, end_mark=False):
        generation = self.active
        if not generation.number:
            raise Fault("bad_end_mark")
        if not generation.frequency:
            raise Fault("no_frequency")
        if end_mark:
            generation.data.append(52)
        now = self.nanoseconds(self.clock(), generation.frequency)
        self.ring = self.prune([*self.ring, generation], now)
        self.active, self.last_number = Generation(), generation.number

    def nanoseconds(self, ticks, frequency):
        ns = float(ticks) * (1.0 / (float(frequency) / 1e9))
        return int(ns) if ns < 2.0**63 else 2**63 - 1

    def prune(self, ring, now):
        max_bytes, min_age = self.limits_in_force["max_bytes"], self.limits_in_force["min_age_ns"]
        first, size = len(ring) - 1, len(ring[-1].data)
        while first > 0 and size <= max_bytes:
            if now - self.nanoseconds(ring[first].min_time, ring[first].frequency) > min_age:
                break
            first -= 1
            size += len(ring[first].data)
        return ring[first:]
