"""Start, stop, limits, and what a run leaves to the next: rules L-1 to L-3, L-7, L-9."""

from .support import *

BAD_TYPE, BAD_SIZE = b"\x02", b"\x01\x01\x00\x01\x81\x80\x04"  # the latter says 65537


@family()
def started_and_stopped(s):
    yield case("new", "a recorder that was never started", "G-1 L-1", [ENABLED, STATE])
    yield case("start-stop", "a run", "L-1 L-7", [ENABLED, START, ENABLED, STATE, s.head, STOP, ENABLED, STATE])
    yield case("start-twice", "the second start changes nothing", "L-1",
               [s.begin(), s.complete(1), START, ENABLED, STATE])
    yield case("stop-first", "a stop before any start", "L-1", [STOP, ENABLED, START, ENABLED])
    yield case("stop-twice", "the second stop changes nothing", "L-1 L-7", [s.begin(), STOP, STOP, ENABLED])
    yield case("write-first", "a write before any start", "L-1 L-5", [s.head, STATE, START, STATE])
    yield case("snapshot-first", "a snapshot before any start", "L-1 L-6", [SNAPSHOT, START, SNAPSHOT])
    yield case("snapshot-stopped", "nothing is flushed for a snapshot that is refused", "L-1 L-6",
               [s.begin(), STOP, snapshot([[s.first(1)], [s.first(1)]]), STATE])


@family()
def refusing_tracers(s):
    yield case("refused", "the tracer refuses, and later does not", "L-2", [REFUSED, ENABLED, STATE, START, ENABLED])
    yield case("refused-when-started", "the tracer would refuse, but the recorder is started", "L-1 L-2",
               [START, REFUSED, ENABLED])
    yield case("refused-stop", "after a start that was refused there is nothing to stop", "L-1 L-2", [REFUSED, STOP])
    yield case("refused-snapshot", "a snapshot after a start that was refused", "L-1 L-2", [REFUSED, SNAPSHOT])
    yield case("refused-write", "a write after a start that was refused", "L-1 L-2", [REFUSED, s.head])


@family(WRITES)
def refused_limits(s):
    yield case("refused-limits", "a start that is refused commits the limits, which the writes after the stop show",
               "L-2 L-3 L-7", [s.begin(), STOP, limits(1), REFUSED, s.complete(1, 2, 3), STATE], "E14")


@family()
def limits_later(s):
    yield case("set-running", "limits that are set in a run count from the next start on", "L-3 P-2",
               [s.begin(), limits(1), s.complete(1, 2, 3), STATE, STOP, s.begin(), s.complete(1, 2, 3), STATE])
    yield case("set-one", "the limit that is not given stays", "L-3 P-2",
               [limits(min_age=5), s.begin(), s.complete(1, 2), STATE], max_bytes=1)
    yield case("set-before", "limits set before the first start", "L-3 P-2",
               [limits(1, 10**9), s.begin(), s.complete(1, 2), STATE])
    for name, now in ("below", 10**10 + 99), ("at", 10**10 + 100), ("above", 10**10 + 101):
        yield case(f"default-age-{name}", f"generation 2, of time 100, is {name} the default age, 10 s", "L-3 P-3",
                   [s.begin(), s.generation(1, 50), s.generation(2, 100), clock(now), s.complete((3, 10**10)), STATE])


@family()
def limits_of_zero(s):
    gens = [s.begin(), s.generation(1, 100), clock(400), s.complete(2, 3), STATE]
    yield case("zero-bytes", "a size limit of 0", "L-3 P-1 P-2", gens, "E13", max_bytes=0)
    yield case("zero-age", "an age limit of 0", "L-3 P-1 P-3", gens, "E13", min_age_ns=0)
    yield case("zero-both", "both limits 0", "L-3 P-1", gens, "E13", max_bytes=0, min_age_ns=0)
    yield case("zero-age-now", "an age limit of 0, and the clock at the times of the batches", "L-3 P-3",
               [s.begin(), clock(100), s.generation(1, 100), s.generation(2, 100), s.complete((3, 100)), STATE],
               "E13", min_age_ns=0)
    yield case("negative-age", "an age limit of -1, and a generation that lies later than the clock", "P-3",
               [s.begin(), clock(250), s.complete(1, 2, 3), STATE], "E13", min_age_ns=-1)
    yield case("least-age", "the least of age limits", "P-1 P-3", gens, min_age_ns=-(2**63))
    yield case("greatest-age", "the greatest of age limits", "P-3 P-4", gens, min_age_ns=2**63 - 1)
    if s.name == "runtime":
        yield case("greatest-bytes", "the greatest of size limits", "P-2 P-4", gens, max_bytes=2**64 - 1)
        yield case("set-zero", "0 means the default, also when it is set", "L-3",
                   [START, STOP, limits(0, 0), s.begin(), s.complete(1, 2, 3), STATE], "E13", max_bytes=1, min_age_ns=1)
    else:
        yield case("negative-bytes", "a size limit of -1", "L-3 P-1 P-2", gens, "E13", max_bytes=-1)


@family()
def stopped(s):
    yield case("stop-forgets", "a stop forgets all generations", "L-7",
               [s.begin(), s.complete(1, 2), STATE, STOP, STATE])
    yield case("restart", "a run after another", "L-7 S-1",
               [s.begin(), s.complete(1, 2), SNAPSHOT, STOP, s.begin(), s.complete(7), STATE, SNAPSHOT, STOP])
    yield case("stop-tells", "what stop says of two errors, and the stop of the next run", "L-7 L-9",
               [s.begin(), BAD_TYPE, BAD_SIZE, STOP, START, s.head, STOP], "E27")
    yield case("error-then-start", "an error, and the next run", "L-2 L-9",
               [s.begin(), BAD_TYPE, STOP, s.begin(), s.complete(1), STATE, STOP])
    yield case("write-after-error", "a generation, an empty write and a snapshot behind an error", "L-9",
               [s.begin(), s.generation(1), BAD_TYPE, s.first(2), s.end(), STATE, b"", SNAPSHOT, STOP], "E14")
    yield case("error-keeps-ring", "complete generations, and a snapshot behind an error", "L-9 S-1",
               [s.begin(), s.complete(1, 2), BAD_SIZE, SNAPSHOT, STATE, STOP])
    yield case("write-after-stop", "a write after the stop, and the next run", "L-7",
               [s.begin(), STOP, s.complete(1), STATE, START, STATE, s.head, SNAPSHOT, STOP], "E14")
    yield case("header-after-stop", "a header that comes only after the stop", "L-4 L-7",
               [START, STOP, s.head, s.first(1), STATE], "E14")
    if not s.stream:
        yield case("writes-of-two-runs", "what is written between two runs begins the active generation of the second",
                   "L-7 G-2", [s.begin(), STOP, s.first(1, 5), s.begin(), batch(1, 3), s.end(), s.finish(1), SNAPSHOT],
                   "E14")
        yield case("empty-after-stop", "an empty write after the stop", "L-5 L-7", [s.begin(), STOP, b"", STATE], "E14")


@family()
def old_headers(s):
    yield case("restart-old-header", "the header of the run before, until the new one comes", "L-4 S-1",
               [START, header(22), STOP, START, SNAPSHOT, header(23), SNAPSHOT], "E14")
    if s.stream:
        yield case("restart-half-header", "half of the new header has come", "L-4 S-1",
                   [START, header(22), STOP, START, header(26)[:7], SNAPSHOT, header(26)[7:], SNAPSHOT], "E24")
