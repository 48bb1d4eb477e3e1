"""Stands in for the reader's recorder in spec/conform.md: that of strict_python, behind other names and with errors."""

import runpy
from pathlib import Path

STRICT = runpy.run_path(str(Path(__file__).resolve().parents[2] / "strict_python" / "recorder.py"))


class Error(Exception):
    """What went wrong; `n` is how many bytes were taken all the same."""

    def __init__(self, reason, n):
        super().__init__(reason)
        self.n = n


def status(error):
    """Sorts an error into the statuses of cases."""
    return str(error)


def raising(reason, n=None):
    if reason != "ok":
        raise Error(reason, n)
    return n


class Recorder:
    """`starts`, `now` and `flush` are the tracer: it starts or refuses to, says the time, and can be flushed."""

    starts = now = flush = None

    def __init__(self):
        self.strict = STRICT["Recorder"](clock=lambda: self.now(), flush=lambda: self.flush())
        self.max_bytes, self.min_age_ns = self.strict.limits["max_bytes"], self.strict.limits["min_age_ns"]

    def start(self):
        self.strict.limits = {"max_bytes": self.max_bytes, "min_age_ns": self.min_age_ns}
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

    def state(self):
        """What cases show of a recorder."""
        ring = [generation.shown() for generation in self.strict.ring]
        return {"enabled": self.enabled, "active": self.strict.active.shown(), "ring": ring}
