"""Ticks per second in the stream: rules B-9 to B-11, G-4; the lost lock of E2.

A payload under test is that of generation 2; generation 1 stays if its ticks are taken for nanoseconds, and goes if
they are taken for microseconds."""

from .support import *

MICRO = 10**6
OLD = {  # below Go 1.25
    "exact": (ticks(), "8 and a number"),
    "micro": (ticks(MICRO), "another frequency"),
    "padded": (b"\x08" + uvarint(MICRO, 10), "the number in ten bytes"),
    "empty": (b"\x08", "8 alone"),
    "cut": (b"\x08\x80\x80", "a number that is cut"),
    "overflow": (b"\x08" + b"\xff" * 10, "a number that overflows"),
    "zero": (b"\x08\x00", "0 ticks"),
    "trailing": (ticks(MICRO) + b"\x07", "a byte behind it"),
    "twice": (ticks(MICRO) + ticks(SECOND), "two in a payload"),
    "no-payload": (b"", "no payload"),
    "other": (b"\x07" + ticks()[1:], "another event first"),
    "behind": (b"\x07\x00" + ticks(), "behind another event"),
    "sync": (sync(), "the sync batch of later versions"),
}
NEW = {  # from Go 1.25 on
    "exact": (sync(), "a sync batch"),
    "micro": (sync(MICRO), "another frequency"),
    "padded": (b"\x32\x08" + uvarint(MICRO, 10) + clocks(), "the number in ten bytes"),
    "clocks-padded": (b"\x32" + ticks(MICRO) + b"\x33" + uvarint(1, 10) * 4, "the clock readings in ten bytes each"),
    "only-sync": (b"\x32", "50 alone"),
    "no-frequency": (b"\x32" + clocks(), "only clock readings"),
    "no-clocks": (b"\x32" + ticks(MICRO), "no clock readings"),
    "swapped": (b"\x32" + clocks() + ticks(MICRO), "clock readings first"),
    "empty": (b"\x32\x08", "no number"),
    "cut": (b"\x32\x08\x80", "a number that is cut"),
    "overflow": (b"\x32\x08" + b"\xff" * 10 + clocks(), "a number that overflows"),
    "zero": (sync(0), "0 ticks"),
    "clocks-cut": (sync(MICRO)[:-1], "three clock readings"),
    "clocks-overflow": (b"\x32" + ticks(MICRO) + b"\x33" + b"\xff" * 10, "a clock reading that overflows"),
    "clocks-cut-first": (b"\x32\x33\x01", "a clock reading, and no more"),
    "clocks-twice": (b"\x32" + clocks() + clocks() + ticks(MICRO), "clock readings twice"),
    "trailing": (sync(MICRO) + b"\x00", "a byte behind it"),
    "trailing-event": (sync(MICRO) + b"\x07", "an event behind it"),
    "twice": (b"\x32" + ticks(MICRO) + ticks(SECOND) + clocks(), "two in a payload"),
    "other": (b"\x32\x07" + ticks(MICRO) + clocks(), "another event first"),
    "old": (ticks(MICRO), "the frequency batch of earlier versions"),
    "no-payload": (b"", "no payload"),
}
PUZZLING = {"zero": "E9 E12", "trailing": "E12", "cut": "E12", "empty": "E12", "overflow": "E12", "twice": "E12",
            "clocks-cut": "E12", "clocks-overflow": "E12", "trailing-event": "E12", "only-sync": "E12"}


def told_by(s, payload):
    return [s.begin(), s.generation(1, 1000), batch(2, 2000, payload), clock(3000), s.end(), s.finish(2, 3000), STATE,
            STOP]


@family(EXP + " strict")
def shapes(s):
    tables = [(22, OLD)] if s.name in ("exp-pipe", "exp-write") else [(23, OLD), (25, NEW)]
    if s.name == "strict":
        tables.append((26, {name: NEW[name] for name in ("exact", "micro", "zero", "trailing", "no-payload")}))
    for version, table in tables:
        t = s.at(version)
        for name, (payload, comment) in table.items():
            yield case(f"frequency-{version}-{name}", f"Go 1.{version}, ticks per second: {comment}",
                       "B-9 B-10 B-11 G-4",
                       told_by(t, payload), PUZZLING.get(name, ""), min_age_ns=5000)


@family("exp-pipe exp-write")
def unaware_of_versions(s):
    yield case("frequency-25-sync", "the sync batch of Go 1.25 is not known to it", "B-9 B-11",
               [START, header(25), batch(1, 100, sync()), batch(2, 200, sync()), STATE, STOP], "E2 E15 E31")


@family("runtime")
def not_in_the_stream(s):
    for name, payload in ("frequency", ticks(MICRO)), ("sync", sync(MICRO)), ("broken", b"\x08\x80"), ("zero",
                                                                                                       b"\x08\x00"):
        yield case(f"{name}-batch", "ticks per second in the stream are not looked at", "C-1 P-3 L-2",
                   told_by(s, payload),
                   min_age_ns=5000)


@family(EXP + " strict")
def several(s):
    yield case("frequency-later", "ticks per second in the second batch", "B-9 G-4",
               [s.begin(), batch(1, 5), s.first(1, 6), s.end(), s.finish(1), STATE])
    yield case("frequency-two-batches", "ticks per second in two batches of a generation", "G-4 B-11",
               [s.begin(), s.generation(1, 1000), s.first(2, 2000, SECOND), s.first(2, 2000, MICRO), STATE, s.end(),
                clock(3000),
                s.finish(2), STATE, STOP], min_age_ns=5000)
    yield case("frequency-greatest", "the greatest frequency there is", "B-9 C-1",
               [s.begin(), s.generation(1, 1000, NONE), s.generation(2, 2000, NONE), s.finish(2), STATE])
    yield case("frequency-one", "the least frequency there is", "B-9 C-1",
               [s.begin(), s.generation(1, 1, 1), s.generation(2, 2, 1), clock(13), s.generation(3, 3, 1),
                s.finish(3), STATE])
    if s.name != "strict":
        yield case("frequency-zero-all", "0 ticks a second in all generations", "B-11 C-1 C-2",
                   [s.begin(), s.generation(1, 5, 0), s.generation(2, 0, 0), clock(7), s.generation(3, 9, 0),
                    s.finish(3), STATE],
                   "E9")


@family(EXP + " strict")
def without(s):
    one, two = [batch(1, 100), s.end()], s.first(2, 200)
    yield case("no-frequency", "a generation that ends without ticks per second, and one before it", "G-4 L-9",
               [s.begin(), s.complete(1), batch(2, 300), s.end(), batch(3, 400), STATE, SNAPSHOT, STOP], "E2")
    yield case("no-frequency-first", "a first generation that ends without ticks per second", "G-4 L-9",
               [s.begin(), one, two, STATE, SNAPSHOT, STOP], "E2")
    yield case("no-frequency-restart", "a generation that ends without ticks per second, and the next run",
               "G-4 L-9 L-7",
               [s.begin(), one, two, STOP, START, s.head, SNAPSHOT, STATE, STOP], "E2")
    yield case("no-frequency-rotate",
               "a generation that ends without ticks per second, and one of the next run that ends with", "G-4 L-9",
               [s.begin(), one, two, STOP, START, s.head, s.generation(1, 5), s.first(2, 6), STATE, s.first(2, 7),
                SNAPSHOT,
                STATE, STOP, ENABLED], "E2")
    yield case("no-frequency-snapshots", "a generation that ends without ticks per second, and later snapshots",
               "L-9 L-6",
               [s.begin(), one, two, snapshot([[s.first(1, 5)], [b""]]), STATE, SNAPSHOT, STOP], "E2")
    yield case("no-frequency-in-flush", "a generation that ends without ticks per second while the tracer is flushed",
               "L-9 L-6",
               [s.begin(), s.complete(1), snapshot([[batch(2, 300), b"".join(s.end()), batch(3, 400)], []]), STATE,
                STOP], "E2")
    yield case("frequency-of-before", "only the generation before has ticks per second", "G-4",
               [s.begin(), s.generation(1, 5), batch(2, 6), s.end(), batch(3, 7), STATE, STOP], "E2")


@family("exp-pipe exp-write exp-eog")
def after_the_lock(s):
    lost = [s.begin(), batch(1, 100), batch(2, 200), STOP, s.begin()]
    yield case("deadlock-no-frequency", "the lock is lost, and another generation ends without ticks per second", "L-9",
               [lost, batch(5, 5), batch(6, 6), STATE, STOP, ENABLED, STOP], "E2")
    yield case("deadlock-goes-on", "the lock is lost; all but snapshots and rotations goes on", "L-9 L-1 L-3",
               [lost, s.first(5, 5), batch(5, 6), limits(1), ENABLED, START, STATE, STOP, STOP, START, STOP], "E2")
    yield case("deadlock-in-flush", "the lock is lost, and a flush rotates", "L-9 L-6",
               [lost, s.first(5, 5), snapshot([[s.first(6, 6), batch(6, 7)], [batch(6, 8)]]), STATE], "E2")
    yield case("deadlock-refused", "the lock is lost, and a start is refused", "L-9 L-2",
               [lost, STOP, REFUSED, START, SNAPSHOT], "E2")
