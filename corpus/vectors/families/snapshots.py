"""Snapshots: rules S-1 to S-5, L-6, L-10."""

from .support import *


def two(s):
    """A run with two complete generations and a third that is active."""
    return [s.begin(), s.generation(1, 100), s.generation(2, 200), s.first(3, 300)]


def shown(s):
    """How many bytes a snapshot of that has."""
    return 16 + sum(len(batch(gen, 100 * gen, s.tell())) + len(s.end()) for gen in (1, 2))


@family()
def whole(s):
    yield case("snapshot-no-header", "a snapshot before the header", "S-1 L-4", [START, SNAPSHOT, STATE])
    yield case("snapshot-header", "a snapshot when no generation is complete", "S-1",
               [s.begin(), SNAPSHOT, s.first(1), SNAPSHOT])
    yield case("snapshot-two", "a snapshot of two generations", "S-1 S-2", [two(s), SNAPSHOT, STATE])
    yield case("snapshot-twice", "two snapshots", "S-1 S-3", [two(s), SNAPSHOT, SNAPSHOT, STATE])
    yield case("snapshot-later", "a snapshot, and another of what was there and more", "S-3 P-5",
               [two(s), SNAPSHOT, batch(3, 301, b"\x04\x05"), s.end(), s.first(4, 400), SNAPSHOT])
    yield case("snapshot-pruned", "a snapshot when a generation has gone", "P-2 S-1", [two(s), SNAPSHOT], max_bytes=1)


@family()
def encodings(s):
    yield case("encoding-minimal", "all numbers in as few bytes as can be", "S-2 S-5 V-3",
               [s.begin(), s.first(1, 300, m=NONE), s.end(), s.finish(1, 400), SNAPSHOT], "E8")
    yield case("encoding-size", "the size in ten bytes, as Go writes it", "S-2 S-5 V-2 V-3",
               [s.begin(), s.first(1, 300, m=7, size_pad=10), batch(1, 301, b"\x04\x05", size_pad=10), s.end(),
                s.finish(1, 400),
                STATE, SNAPSHOT], "E8")
    yield case("encoding-padded", "all numbers in ten bytes", "S-2 S-5 V-2 V-3",
               [s.begin(), s.first(1, 300, pad=10), s.end(), s.finish(1, 400), STATE, SNAPSHOT], "E8")
    yield case("encoding-edges", "threads and times at the edges of their encodings", "S-2 S-5 V-3",
               [s.begin(), s.first(1, 1), [batch(1, x, m=x) for x in (127, 128, 16383, 16384, 2**63, NONE)], s.end(),
                s.finish(1, 5),
                SNAPSHOT], "E8")
    yield case("encoding-empty", "a batch without payload", "S-2 S-5",
               [s.begin(), s.first(1, 1), batch(1, 2), s.end(), s.finish(1, 5), SNAPSHOT])


@family()
def as_go_writes(s):
    """Small traces as the Go runtime writes them: the size of each batch in ten bytes, 64 ns a tick."""
    mega = 15625000
    for version in {"exp-eog": (22, 23, 25, 26), "strict": (22, 23, 25, 26), "runtime": (26,)}.get(s.name, (22, 23)):
        t = s.at(version)
        gens = [[t.first(gen, 10**6 * gen, mega, size_pad=10),
                 [batch(gen, 10**6 * gen + k, bytes([4, k, 1, 6, k]), m=m, size_pad=10) for k,
                  m in ((9, 3), (17, NONE))],
                 t.end()] for gen in (1, 2)]
        yield case(f"trace-{version}", f"a small trace as Go 1.{version} writes it", "B-1 B-9 C-1 G-2 S-1",
                   [t.begin(), clock(4 * 10**6), gens, STATE, SNAPSHOT, STOP], "E8", ticks_per_second=mega)


@family()
def flushes(s):
    first, second = s.first(1, 100), [data for data in [*s.end(), s.first(2, 200)]]
    yield case("flush-header", "the header comes with the flush", "L-6 L-4", [START, snapshot([[s.head]]), STATE])
    yield case("flush-completes", "the flush completes a generation", "L-6 S-1",
               [s.begin(), first, snapshot([second]), STATE])
    yield case("flush-second", "what comes with a second flush", "L-10",
               [s.begin(), snapshot([[first], second]), STATE])
    yield case("flush-third", "there is no third flush", "L-10", [s.begin(), snapshot([[first], [], second]), STATE])
    yield case("flush-fails", "a write that fails in a flush is no concern of the snapshot", "L-6 L-9",
               [s.begin(), first, second, snapshot([[b"\x07", s.first(2, 250)]]), STATE, STOP])
    yield case("flush-each", "two snapshots that flush", "L-6",
               [s.begin(), snapshot([[first]]), snapshot([second]), STATE])
    yield case("flush-time", "what the flush completes is pruned by the clock at that time", "L-6 P-3",
               [s.begin(), s.generation(1, 100), clock(1202),
                snapshot([[s.first(2, 201), b"".join(s.end() or [batch(3, 300)])]]),
                STATE], min_age_ns=1000)


@family()
def sinks(s):
    size = shown(s)
    for room in (0, 15, 16, 17, size - 1):
        yield case(f"sink-{room}", f"the sink takes {room} of {size} bytes", "S-4",
                   [two(s), snapshot(sink_fails_after=str(room)), SNAPSHOT if room in (0, 17) else []])
    for room in (size, size + 1):
        yield case(f"sink-{room}", f"the sink has room for {room} bytes, and {size} come", "S-4",
                   [two(s), snapshot(sink_fails_after=str(room))])
    yield case("sink-flushes", "a flush, and a sink that fails", "S-4 L-6",
               [s.begin(), snapshot([[s.first(1, 5)]], sink_fails_after="3"), STATE])


@family()
def at_once(s):
    yield case("busy", "a second snapshot from within the first", "L-6", [two(s), snapshot(during="snapshot"), STATE])
    yield case("busy-again", "a second snapshot from within the first, and one after it", "L-6",
               [two(s), snapshot(during="snapshot"), SNAPSHOT])
    yield case("busy-sink", "a second snapshot from within the first, which fails", "L-6 S-4",
               [two(s), snapshot(during="snapshot", sink_fails_after="20"), SNAPSHOT])
    yield case("busy-header", "a second snapshot from within the first, of nothing but a header", "L-6",
               [s.begin(), snapshot(during="snapshot")])
    yield case("busy-flush", "a second snapshot from within the first, which has flushed", "L-6 S-1",
               [s.begin(), s.first(1, 100), snapshot([[*s.end(), s.first(2, 200)]], during="snapshot"), STATE])
