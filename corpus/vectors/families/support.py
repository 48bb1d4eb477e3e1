"""What the families are made of: bytes, operations, cases, and what the systems have in common.

A case's operations are written as a list in which bytes stand for a write of them, and lists may be nested."""

import re
from pathlib import Path

ERRATA_TEXT = (Path(__file__).resolve().parents[3] / "spec/errata.md").read_text(encoding="utf-8")
ERRATA = {number: systems.split(", ") for number, systems in  # which systems have which
          re.findall(r"^## (E[0-9]+):.*\n\nSystems: (.*)\.$", ERRATA_TEXT, re.M)}
MARK = b"\x34"
SECOND = 10**9  # ticks: with this frequency a tick is a nanosecond
NONE = 2**64 - 1  # the thread of a batch that has none


def uvarint(x, pad=1):
    """The number in at least `pad` bytes."""
    out = b""
    while x > 127 or len(out) + 1 < pad:
        out += bytes([x & 127 | 128])
        x >>= 7
    return out + bytes([x])


def header(version):
    return b"go 1.%02d trace\0\0\0" % version


def batch(gen, time=1, payload=b"", m=0, kind=b"\x01", pad=1, size_pad=1):
    """An event batch; `kind` is the type byte, and of an experimental one the experiment."""
    fields = b"".join(uvarint(x, pad) for x in (gen, m, time))
    return kind + fields + uvarint(len(payload), max(pad, size_pad)) + payload


def ticks(frequency=SECOND):
    return b"\x08" + uvarint(frequency)


def clocks(*readings):
    return b"\x33" + b"".join(uvarint(x) for x in readings or (1, 2, 3, 4))


def sync(frequency=SECOND):
    return b"\x32" + ticks(frequency) + clocks()


def estimate(x):
    return 1 + x.bit_length() // 7


def op(name, **more):
    return {"op": name, **more}


START, STOP, STATE, ENABLED = op("start"), op("stop"), op("state"), op("enabled")
REFUSED = op("start", tracer="refuses")
CLOSE, SNAPSHOT, END = op("close"), op("snapshot"), op("end_generation")


def clock(at):
    return op("clock", ticks=str(at))


def limits(max_bytes=None, min_age=None):
    out = op("set")
    if max_bytes is not None:
        out["max_bytes"] = str(max_bytes)
    if min_age is not None:
        out["min_age_ns"] = str(min_age)
    return out


def snapshot(flushes=None, **more):
    if flushes is not None:
        more["flushes"] = [[data.hex() for data in writes] for writes in flushes]
    return op("snapshot", **more)


def flat(ops):
    for one in ops:
        if isinstance(one, bytes):
            yield op("write", hex=one.hex())
        elif isinstance(one, dict):
            yield one
        else:
            yield from flat(one)


def case(name, comment, rules, ops, flags="", **config):
    """`rules` and `flags` are ids with spaces between; config: max_bytes, min_age_ns, ticks_per_second. A flag is an
    erratum that the case is about; it falls away where the system has it not, but for `strict`, which never has."""
    out = {"id": name, "comment": comment, "flags": flags.split(), "rules": rules.split()}
    out.update((key, str(value)) for key, value in config.items())
    return {**out, "ops": list(flat(ops))}


class System:
    """A system, and how a stream for it is best written: `version` is that of its header."""

    def __init__(self, name, version):
        self.name, self.version = name, version
        self.exp = name.startswith("exp-")
        self.stream = name in ("exp-pipe", "strict")  # may be split anywhere
        self.marked = not self.exp  # end marks end generations; else the next number does
        self.head = header(version)
        self.sync = version >= 25 and name in ("exp-eog", "strict")

    def at(self, version):
        """The same system with a trace of another version."""
        other = System(self.name, version)
        other.marked = self.name == "runtime" or self.name == "strict" and version >= 26
        return other

    def begin(self):
        return [START, self.head]

    def tell(self, frequency=SECOND):
        """The payload that tells the ticks per second."""
        return sync(frequency) if self.sync else ticks(frequency)

    def first(self, gen, time=1, frequency=SECOND, **more):
        """The first batch of a generation."""
        return batch(gen, time, self.tell(frequency), **more)

    def end(self):
        return [MARK] if self.marked else []

    def generation(self, gen, time=1, frequency=SECOND):
        return [self.first(gen, time, frequency), self.end()]

    def finish(self, last, time=1):
        """Completes generation `last` if that takes another batch."""
        return [] if self.marked else [batch((last + 1) % 2**64, time)]

    def complete(self, *gens):
        """Whole generations (number, time)."""
        gens = [gen if isinstance(gen, tuple) else (gen, 100 * gen) for gen in gens]
        return [[self.generation(gen, time) for gen, time in gens],
                self.finish(gens[-1][0], min(gens[-1][1] + 100, NONE))]

    def size(self, gen, time=1):
        """What is accounted for the generation that generation() writes."""
        payload = self.tell()
        if not self.exp:
            return len(self.first(gen, time)) + len(self.end())
        return 1 + sum(map(estimate, (gen, 0, time, len(payload)))) + len(payload)


SYSTEMS = [System("exp-pipe", 22), System("exp-write", 22), System("exp-eog", 26), System("runtime", 26),
           System("strict", 26)]
EXP = "exp-pipe exp-write exp-eog"
WRITES = "exp-write exp-eog runtime"
STREAMS = "exp-pipe strict"
ALL = "exp-pipe exp-write exp-eog runtime strict"
FAMILIES = []


def family(systems=ALL):
    """Registers a generator of cases, which gets a system."""

    def register(make):
        FAMILIES.append((systems.split(), make))
        return make

    return register


def cases_of(name):
    system = next(system for system in SYSTEMS if system.name == name)
    for systems, make in FAMILIES:
        if name in systems:
            for one in make(system):
                one["flags"] = [flag for flag in one["flags"] if name == "strict" or name in ERRATA[flag]]
                yield {"id": f"{name}/{one.pop('id')}", "system": name, **one}
