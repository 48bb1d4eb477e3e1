"""Headers, types, end marks, and what a write may hold: rules B-2, B-3, B-6 to B-8, L-4, L-5."""

from .support import *

CHECKED = "exp-eog strict"
UNCHECKED = "exp-pipe exp-write runtime"


@family()
def versions(s):
    known = (11, 19, 21, 22, 23, 25, 26) if s.name in CHECKED else (11, 22, 26)
    for version in known:
        yield case(f"header-{version}", f"the header of Go 1.{version}", "B-7 B-8 L-4",
                   [START, header(version), STATE, STOP])
    for version in (0, 5, 10, 12, 20, 24, 27, 99) if s.name in CHECKED else (24, 99):
        yield case(f"header-{version}", f"a version that there is not, {version}", "B-8 L-4",
                   [START, header(version), batch(1, 5), STATE, STOP], "E15")


@family()
def odd_headers(s):
    for name, head in (
        ("zeros", bytes(16)),
        ("text", b"no trace at all!"),
        ("go2", b"go 2.26 trace\0\0\0"),
        ("letter", b"go 1.2x trace\0\0\0"),
        ("no-nul", b"go 1.26 trace\0\0!"),
        ("capitals", b"GO 1.26 TRACE\0\0\0"),
    ):
        yield case(f"header-{name}", "16 bytes that are no header", "B-7 L-4",
                   [START, head, batch(1, 5), STATE, STOP], "E15")


@family(WRITES)
def whole_headers(s):
    head = s.head
    yield case("header-short", "a first write of 15 bytes, and then a header", "L-4",
               [START, head[:15], STATE, head, batch(1, 5), STATE, STOP])
    yield case("header-empty", "an empty first write", "L-4", [START, b"", head, STOP])
    yield case("header-short-batch", "a batch before the header", "L-4", [START, batch(1, 5), STATE, head, STOP])
    yield case("header-and-batch", "header and batch in a write", "L-4 L-5", [START, head + batch(1, 5), STATE, STOP])
    yield case("header-and-fault", "header and a bad batch in a write, and then a good one", "L-4 L-5",
               [START, head + b"\x07", batch(1, 5), STATE, STOP], "E5")
    yield case("header-as-pieces", "a header in two writes: the second is too short too", "L-4",
               [START, head[:10], head[10:], STATE])
    yield case("header-of-sixteen", "a batch and half a header, together longer than a header", "L-4",
               [START, b"\x01\x01\x00\x05\x0c" + b"go 1.26 trac", batch(1, 5), STATE, SNAPSHOT],
               "E15")


@family("exp-eog")
def refused_headers(s):
    yield case("header-refused-again", "after a header that was refused the next write is read as one", "L-4 B-8",
               [START, header(24), header(26), batch(1, 5), STATE, STOP])
    yield case("header-refused-drops", "a header that is refused, and a batch in the same write", "L-4 B-8",
               [START, header(24) + batch(1, 5), STATE, header(26) + batch(1, 5), STATE])
    yield case("header-refused-shown", "a header that was refused is shown all the same", "L-4 S-1",
               [START, header(24), SNAPSHOT, header(26), SNAPSHOT])


@family("strict")
def refused_for_good(s):
    yield case("header-refused-for-good", "a header that is refused, another, and the next run",
               "B-8 L-4 L-9",
               [START, header(24), header(26), STATE, STOP, START, header(26), STOP])
    yield case("header-refused-taken", "the bytes of a header count as taken, those behind it do not", "B-8 L-5",
               [START, header(24) + batch(1, 5), STATE])


@family()
def types(s):
    for byte in (0, 2, 50, 53, 255):
        yield case(f"type-{byte}", f"a batch of type {byte}", "B-2",
                   [s.begin(), bytes([byte]) + batch(1, 5)[1:], STATE, STOP],
                   "E5")


@family()
def experimental(s):
    real = b"\x31\x01" + batch(1, 5, b"\x04\x04")[1:]
    yield case("experimental", "an experimental batch", "B-2 B-3", [s.begin(), real, STATE, STOP], "E7 E16")
    yield case("experimental-complete", "a generation with an experimental batch", "B-3 S-2 S-5 G-7",
               [s.begin(), s.first(1), real, s.end(), s.finish(1), SNAPSHOT], "E7 E16")
    yield case("experimental-none", "experiment 0", "B-3", [s.begin(), b"\x31\x00" + real[2:], STATE, STOP], "E7 E16")
    yield case("experimental-alone", "the type byte of an experimental batch alone", "B-3 B-5",
               [s.begin(), b"\x31", STATE, STOP], "E23")
    yield case("experimental-cut", "an experimental batch that ends behind the experiment", "B-3 B-5",
               [s.begin(), b"\x31\x01", STATE, STOP], "E7 E16")
    yield case("experimental-without-byte", "an experimental batch without its experiment", "B-3",
               [s.begin(), b"\x31" + batch(1, 5)[1:], STATE, STOP], "E7 E16")
    yield case("experimental-shifted",
               "experiment 0, generation 3, thread 4, time 2, size 2: shifted by one it is a batch too",
               "B-3", [s.begin(), bytes.fromhex("31000304020211"), STATE, STOP], "E7 E16")
    yield case("experimental-size", "a batch of experiment 1 whose size is too large", "B-3 B-4",
               [s.begin(), b"\x31\x01\x01\x00\x05" + uvarint(65537), STOP], "E7 E16")


@family("exp-eog strict")
def experimental_frequency(s):
    told = b"\x31%c" + batch(1, 5, s.tell())[1:]
    for experiment in (0, 1):
        yield case(f"experimental-frequency-{experiment}",
                   f"the ticks per second in a batch of experiment {experiment}",
                   "B-3 B-9 B-11", [s.begin(), told % experiment, s.end(), s.finish(1), STATE, STOP])


@family()
def end_marks(s):
    yield case("mark", "an end mark behind a batch", "B-6 G-2",
               [s.begin(), s.first(1, 5), MARK, STATE, SNAPSHOT, STOP], "E30")
    yield case("mark-first", "an end mark before any batch", "B-6 G-2 L-5", [s.begin(), MARK, STATE, STOP], "E18 E30")
    yield case("mark-twice", "two end marks in a row", "B-6 G-2",
               [s.begin(), s.first(1, 5), MARK, MARK, STATE, STOP], "E18")
    yield case("mark-and-byte", "an end mark and another byte in a write", "B-6 L-5",
               [s.begin(), s.first(1, 5), MARK + b"\x00", STATE, STOP], "E5 E11")
    yield case("mark-and-batch", "an end mark and a batch in a write", "B-6 L-5",
               [s.begin(), s.first(1, 5), MARK + s.first(2, 6), STATE, STOP], "E5 E11")
    yield case("mark-behind-header", "header and end mark in a write", "B-6 L-5", [START, s.head + MARK, STATE, STOP],
               "E25 E30")


@family("exp-eog")
def marks_that_are_none(s):
    like = batch(2, 6, b"\x34hello")
    yield case("payload-mark", "a payload that begins with 52: taken for an end mark, without a header of its own",
               "B-6 S-5 G-7", [s.begin(), s.first(1, 5), like, STATE, s.finish(1), SNAPSHOT], "E7")
    yield case("payload-mark-first", "a payload that begins with 52, as the first of all batches", "B-6 S-5 G-8",
               [s.begin(), like, STATE, s.first(1, 5), s.finish(1), SNAPSHOT], "E7")
    yield case("payload-mark-experiment", "a payload that begins with 52, in experiments 0 and 1", "B-6 B-3",
               [s.begin(), s.first(1, 5),
                [b"\x31" + experiment + batch(1, 6, b"\x34")[1:] for experiment in (b"\0", b"\1")],
                STATE, s.finish(1), SNAPSHOT], "E7")
    yield case("payload-mark-cut", "a payload that begins with 52 and ends early", "B-5",
               [s.begin(), s.first(1, 5), like[:-1], STATE], "E7")
    yield case("mark-22", "an end mark in a trace of Go 1.22", "B-6 G-2",
               [START, header(22), batch(1, 5), MARK, STATE, STOP], "E30")
    yield case("mark-in-next", "an end mark belongs to the generation that is active", "B-6 G-2 S-5",
               [s.begin(), s.first(1, 5), MARK, s.first(2, 6), MARK, s.finish(2), SNAPSHOT])
    yield case("mark-unnumbered", "an end mark in a generation that has no number yet", "B-6 G-8 S-5",
               [s.begin(), MARK, s.first(1, 5), s.finish(1), SNAPSHOT])


@family("strict exp-pipe exp-write runtime")
def payloads_like_marks(s):
    yield case("payload-mark", "a payload that begins with 52 is a payload like any other", "B-6 S-2",
               [s.begin(), s.first(1, 5), batch(1, 3, b"\x34hello"), STATE, s.end(), s.finish(1), SNAPSHOT], "E7")


@family("runtime")
def marks_of_the_multiplexer(s):
    yield case("mark-only", "an end mark that nobody takes for the end of the generation", "B-6 G-2",
               [s.begin(), s.first(1, 5), op("write", hex="34", only=True), STATE, END, STATE])
    yield case("mark-before-header", "an end mark before the header fails, and ends the generation all the same",
               "L-4 M-4", [START, MARK, STATE, s.head, STATE], "E18")
    yield case("mark-evicts", "an empty generation has the time 0, and so everything before it is too old",
               "M-4 P-3 G-9", [s.begin(), s.complete(1, 2), clock(10**10 + 201), MARK, STATE, MARK, STATE], "E18")
    yield case("mark-behind-error", "an error in between does not matter to the end of the generation", "M-4 L-9",
               [s.begin(), s.first(1, 5), b"\x07", MARK, STATE])


@family("strict")
def marks_of_versions(s):
    for version in (22, 23, 25):
        t = s.at(version)
        yield case(f"mark-{version}", f"Go 1.{version} has no end marks", "B-2 G-2",
                   [t.begin(), t.first(1, 5), MARK, STATE, STOP])


@family(WRITES)
def trailing(s):
    one, two = s.first(1, 5), batch(1, 6)
    yield case("write-trailing-byte", "a batch and a byte in a write", "L-5", [s.begin(), one + b"\x00", STATE, STOP],
               "E5 E11")
    yield case("write-two-batches", "two batches in a write", "L-5", [s.begin(), one + two, STATE, STOP], "E5 E11")
    yield case("write-batch-and-mark", "a batch and an end mark in a write", "L-5",
               [s.begin(), one + MARK, STATE, STOP], "E5 E11")
    yield case("write-header-two-batches", "header and two batches in a write", "L-5",
               [START, s.head + one + two, STATE, STOP], "E5 E11")
    yield case("write-empty", "an empty write", "L-5", [s.begin(), b"", STATE, STOP])
    yield case("write-error-then-batch", "a batch behind one that failed", "L-5 L-9",
               [s.begin(), one[:-1], one, STATE, STOP], "E5")


@family(STREAMS)
def several(s):
    yield case("write-two-batches", "two batches in a write", "L-5",
               [s.begin(), s.first(1, 5) + batch(1, 6), STATE, STOP],
               "E11")
    yield case("write-trailing-byte", "a batch and a byte that is none", "L-5 B-2",
               [s.begin(), s.first(1, 5) + b"\x00", STATE, STOP], "E11")
    yield case("write-all", "a whole stream in a write", "L-4 L-5",
               [START, s.head + s.first(1, 5) + b"".join(s.end()) + s.first(2, 6), STATE, SNAPSHOT, STOP])


@family("runtime")
def negative_counts(s):
    yield case("remaining", "the shortest: a size of 5 and no payload leave -5", "L-5",
               [s.begin(), bytes.fromhex("0101010105"), STATE],
               "E5")
    yield case("remaining-65536", "a size of 65536 and one byte of payload", "L-5",
               [s.begin(), b"\x01\x01\x00\x05" + uvarint(65536) + b"\x00\x00", STATE], "E5")


@family("strict")
def counts(s):
    yield case("taken", "after a fault, what was taken are the bytes before the batch at fault", "L-5",
               [s.begin(), s.first(1, 5) + b"\x07\x07", STATE, STOP], "E5")
    yield case("taken-earlier", "none, if the batch began in an earlier write", "L-5",
               [s.begin(), b"\x01\x01\x00\xff", b"\xff" * 9 + b"\x07", STATE, STOP], "E5")
    yield case("waiting", "a size of 5 and no payload: the rest may come later", "L-5 B-5 V-4",
               [s.begin(), bytes.fromhex("0101010105"), STATE, b"\x04" * 5, STATE, STOP], "E5 E6")
