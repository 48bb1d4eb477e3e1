"""Streams that may be split anywhere, and how they end: rules L-5, L-8."""

from .support import *


def small(s):
    """A stream that completes a generation."""
    t = s.at(22)
    return t, t.head + t.first(1, 100) + t.first(2, 200)


@family(STREAMS)
def splits(s):
    t, data = small(s)
    for at in range(1, len(data)):
        yield case(f"split-{at}", f"a stream in two writes, split at byte {at}", "L-5 L-8",
                   [START, data[:at], data[at:], STATE])
    yield case("split-all", "byte by byte", "L-5 L-8",
               [START, [data[i : i + 1] for i in range(len(data))], STATE, SNAPSHOT, STOP])
    yield case("split-none", "in a single write", "L-5 L-8", [START, data, STATE, SNAPSHOT, STOP])
    yield case("split-empty", "with empty writes between", "L-5 L-8",
               [START, b"", data[:7], b"", data[7:21], b"", data[21:], b"", STATE, STOP])
    yield case("split-no-payload", "batches without payload, split within the size of the first", "L-5 V-2",
               [START, t.head, b"\x01\x01\x00\x05\x80", b"\x00" + batch(1, 6) + batch(1, 7), STATE])
    padded = t.head + t.first(1, 100, pad=10)
    for at in (17, 26, 36, 47, 56, 57):
        yield case(f"split-padded-{at}", "numbers in ten bytes, split within one", "L-5 V-2",
                   [START, padded[:at], padded[at:], STATE])


@family("strict")
def splits_of_marks(s):
    data = s.head + s.first(1, 100) + MARK + b"\x31\x07" + batch(2, 5, b"\x04")[1:] + s.first(2, 6) + MARK
    for at in range(16, 44):
        yield case(f"split-marks-{at}", f"a stream of Go 1.26 in two writes, split at byte {at}", "L-5 L-8 B-6",
                   [START, data[:at], data[at:], STATE])


@family(STREAMS)
def ends(s):
    first = s.first(1, 100)
    places = {
        "no-header": ([], "before the header"),
        "in-header": ([s.head[:7]], "within the header"),
        "border": ([s.head], "behind the header"),
        "in-batch": ([s.head, first[:3]], "within the numbers of a batch"),
        "in-payload": ([s.head, first[:-1]], "within a payload"),
        "batch": ([s.head, first], "behind a batch"),
    }
    for name, (writes, comment) in places.items():
        yield case(f"stop-{name}", f"a stop {comment}", "L-8 L-7", [START, writes, STOP, START, STOP])
        yield case(f"close-{name}", f"the end of the stream {comment}", "L-8", [START, writes, CLOSE, STATE, STOP])
    yield case("close-first", "the end of a stream before any start", "L-8", [CLOSE, START])
    yield case("close-write", "a write to a stream that has ended", "L-8",
               [s.begin(), CLOSE, first, b"", STATE, STOP])
    yield case("close-twice", "a stream that has ended ends again", "L-8", [s.begin(), first[:3], CLOSE, CLOSE, STOP])
    yield case("close-snapshot", "a snapshot after the end of the stream", "L-8 S-1",
               [s.begin(), s.complete(1), CLOSE, SNAPSHOT, ENABLED, STOP])
    yield case("close-restart", "the next run has a stream of its own", "L-8 L-7",
               [s.begin(), first[:3], CLOSE, STOP, s.begin(), s.complete(1), STATE, STOP])
    yield case("close-stopped", "the end of a stream after the stop", "L-8", [s.begin(), STOP, CLOSE, s.head])
    yield case("close-after-error", "the end of a stream after an error", "L-8 L-9", [s.begin(), b"\x07", CLOSE, STOP])
    yield case("write-stopped", "a write after the stop, an empty one too", "L-8 L-7",
               [s.begin(), STOP, first, b"", STATE], "E14")


@family("exp-pipe")
def read_ahead(s):
    """The reader takes at most 4096 bytes at once, so that a write may return before its error is found."""
    bad = b"\x02"
    yield case("ahead-4096", "an error and 4095 bytes behind it, as many as the reader takes at once", "L-8 L-9",
               [s.begin(), bad + bytes(4095), s.first(1, 5), SNAPSHOT, STATE, STOP, START, STOP], "E14")
    yield case("ahead-4097", "an error and 4096 bytes behind it, one more than the reader takes at once", "L-8 L-9",
               [s.begin(), bad + bytes(4096), SNAPSHOT, STATE, STOP, START, STOP], "E14")
    for rest, comment in ((4095, "less than the reader takes at once, so that the error comes with it"),
                          (4096, "read into its place"), (8191, "read into its place")):
        yield case(f"ahead-payload-{rest}", f"a payload of {rest} bytes, {comment}; a byte behind the error", "L-8",
                   [s.begin(), batch(1, 5, bytes(rest))[:-rest], bytes(rest) + bad + b"\0", STOP], "E14")
    yield case("blocked-empty", "an empty write is blocked as well", "L-8 L-9", [s.begin(), bad, b"", STOP], "E14")
    yield case("blocked-header", "an error behind the header, in the same write", "L-8 L-9",
               [START, s.head + bad, s.first(1, 5), STOP], "E14")
    for name, fault in ("type-49", b"\x31"), ("type-52", b"\x34"), ("overflow", b"\x01" + b"\xff" * 10), (
            "size", b"\x01\x01\x00\x05" + uvarint(65537)), ("frequency", batch(1, 5, b"\x08")):
        yield case(f"blocked-{name}", "an error ends the reader", "L-8 L-9 B-5",
                   [s.begin(), fault, s.first(1, 5), STATE, STOP], "E14")
    yield case("blocked-restart", "a new run has a new reader", "L-8 L-9 L-7",
               [s.begin(), bad, s.first(1, 5), STOP, s.begin(), s.complete(1), STATE, STOP], "E14")
    yield case("blocked-flush", "a flush that is blocked blocks the snapshot", "L-8 L-6",
               [s.begin(), bad, snapshot([[s.first(1, 5)], []]), STATE, STOP], "E14")
    yield case("stuck", "a reader that waits for a lost lock: a stop never comes back", "L-8 L-9",
               [s.begin(), batch(1, 1), batch(2, 2), STOP, s.begin(), s.first(1, 5), s.first(2, 6), b"", STATE, STOP,
                ENABLED,
                STATE, STOP, START, STATE, STOP], "E2")


@family("strict")
def never_blocked(s):
    yield case("never-blocked", "an error is told by the write that has it, and by each later one", "L-8 L-9",
               [s.begin(), b"\x02" + bytes(9), s.first(1, 5), b"", SNAPSHOT, STATE, STOP, START, STOP], "E14")
    yield case("flush-after-error", "a flush after an error does not keep the snapshot back", "L-6 L-9",
               [s.begin(), s.complete(1), b"\x02", snapshot([[s.first(2, 5)]]), STOP], "E14")
    yield case("error-in-piece", "an error is found as soon as its bytes are there", "L-8 B-5",
               [s.begin(), b"\x01\x01\x00", b"\xff" * 9, b"\x02", b"\x00", STOP])
