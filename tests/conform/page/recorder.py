"""Stands in for the reader's recorder in spec/conform.md: that of strict_python, behind other names and with errors."""

import runpy
from pathlib import Path

STRICT = runpy.run_path(str(Path(__file__).resolve().parent.parent / "strict_python" / "recorder.py"))
REASONS = {"already_enabled": "started", "not_enabled": "stopped", "tracer_refused": "refused", "bad_header": "header",
           "short_header": "short header", "bad_version": "version", "bad_type": "type", "truncated": "cut",
           "bad_size": "size", "bad_end_mark": "end mark", "bad_frequency": "frequency",
           "no_frequency": "no frequency", "bad_generation": "number"}


class Error(Exception):
    def __init__(self, reason, n):
        super().__init__(reason)
        self.reason, self.n = reason, n


class Generation:
    def __init__(self, number, size, min_time):
        self.number, self.size, self.min_time = number, size, min_time


def raising(status, n=None):
    if status != "ok":
        raise Error(REASONS.get(status, status), n)
    return n


def shown(generation):
    return Generation(generation.number, len(generation.data), generation.min_time)


class Recorder:
    def __init__(self, starts, now, flush):
        self.starts = starts
        self.strict = STRICT["Recorder"](clock=now, flush=flush)

    def set_limits(self, max_bytes, min_age):
        given = {"max_bytes": max_bytes, "min_age_ns": min_age}
        self.strict.limits.update({key: value for key, value in given.items() if value is not None})

    def start(self):
        raising(self.strict.start(self.starts))

    def stop(self):
        raising(self.strict.stop())

    def close(self):
        raising(self.strict.close())

    def end_generation(self):
        raising(self.strict.end_generation())

    def write(self, data):
        return raising(*self.strict.write(data))

    def snapshot(self, sink):
        return raising(*self.strict.snapshot(sink))

    @property
    def enabled(self):
        return self.strict.enabled

    @property
    def active(self):
        return shown(self.strict.active)

    @property
    def complete(self):
        return [shown(generation) for generation in self.strict.ring]
