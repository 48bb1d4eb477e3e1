"""Where generations begin and end, their number and their time: rules G-1 to G-3, G-5, G-7 to G-9, C-1 to C-3."""

from .support import *


@family()
def rotations(s):
    yield case("rotate", "three generations", "G-2 G-3 G-5 S-1",
               [s.begin(), s.complete(1, 2, 3), STATE, SNAPSHOT, STOP])
    yield case("rotate-several", "generations of several batches", "G-2 G-5 G-7",
               [s.begin(), s.first(1, 5), batch(1, 6, b"\x04"), batch(1, 7, b"\x04\x05"), s.end(),
                s.first(2, 8), batch(2, 9), s.end(), s.finish(2, 10), STATE, SNAPSHOT])
    yield case("active-not-shown", "what is active is not in the snapshot", "S-1 G-2",
               [s.begin(), s.complete(1), batch(2, 300, b"\x04\x04"), STATE, SNAPSHOT])
    yield case("first-number", "the first generation may have any number but 0", "G-3",
               [s.begin(), s.complete(5000, 5001), STATE])


@family()
def out_of_sequence(s):
    one = s.generation(1, 5)
    yield case("gap", "a generation is missing", "G-3 G-8",
               [s.begin(), one, s.first(3, 6), STATE, s.end(), s.finish(1), SNAPSHOT, STOP],
               "E3")
    yield case("gap-inside", "a batch of another generation among those of one", "G-3 G-8",
               [s.begin(), s.first(1, 5), batch(3, 6), batch(1, 7), STATE, s.end(), s.finish(1), SNAPSHOT, STOP], "E3")
    yield case("step-back", "a batch of the generation before", "G-3 G-8",
               [s.begin(), s.generation(4, 5), s.first(5, 6), batch(4, 7), STATE, STOP], "E3")
    yield case("step-back-complete", "a generation again", "G-3 G-8",
               [s.begin(), s.complete(4, 5), s.first(4, 900), STATE, SNAPSHOT, STOP], "E3")
    yield case("same-number", "two generations of one number", "G-3",
               [s.begin(), s.generation(4, 5), s.first(4, 6), s.end(), STATE, STOP], "E3")
    yield case("renumbered", "the batch of another generation needs more bytes for its number than that has", "G-8 S-5",
               [s.begin(), s.first(1, 5), batch(2**40, 6), s.end(), s.finish(1), SNAPSHOT, STOP], "E3")


@family()
def number_zero(s):
    yield case("zero", "a generation of number 0, and then 1", "G-3 G-8",
               [s.begin(), s.first(0, 5), STATE, s.end(), s.first(1, 6), STATE, s.end(), s.finish(1), STATE, SNAPSHOT,
                STOP], "E4")
    yield case("zero-only", "only batches of number 0", "G-3 G-8",
               [s.begin(), s.first(0, 5), batch(0, 6), STATE, STOP], "E4")
    yield case("zero-to-long", "number 0, and then one whose encoding is longer", "G-8 S-5",
               [s.begin(), s.first(0, 5), batch(0, 6, b"\x04\x05"), batch(300, 7), s.end(), s.finish(300), SNAPSHOT,
                STOP], "E4")
    if s.exp:
        yield case("zero-to-long-large", "number 0, and batches of 255 and 256 bytes behind their number", "G-8 S-5",
                   [s.begin(), s.first(0, 5), [batch(0, time, b"\x04" * size) for time, size in ((6, 251), (7, 252))],
                    batch(300, 8), s.finish(300), SNAPSHOT], "E4")
    yield case("zero-inside", "a batch of number 0 among those of 7", "G-3 G-8",
               [s.begin(), s.first(7, 5), batch(0, 6), batch(7, 7), STATE, s.end(), s.finish(7), SNAPSHOT, STOP], "E4")
    yield case("wrap-around", "0 behind the greatest number", "G-3 G-8",
               [s.begin(), s.generation(NONE, 5), s.first(0, 6), s.end(), STATE, SNAPSHOT, STOP], "E4")
    yield case("wrap-around-and-on", "0 behind the greatest number, and then 1", "G-3 G-8",
               [s.begin(), s.generation(NONE, 5), s.first(0, 6), s.end(), s.first(1, 7), s.end(), s.finish(1), STATE,
                STOP],
               "E4")


@family("strict")
def numbers_in_marked_traces(s):
    yield case("next-without-mark", "where generations have end marks, the next number does not end one", "G-2 G-3",
               [s.begin(), s.first(1, 5), s.first(2, 6), STATE, STOP])
    yield case("next-after-greatest", "nothing can follow the greatest number", "G-3",
               [s.begin(), s.generation(NONE, 5), s.first(1, 6), STATE, STOP])
    for version in (22, 23, 25):
        t = s.at(version)
        yield case(f"rotate-{version}", f"Go 1.{version}: the next number ends a generation", "G-2 G-5 B-9",
                   [t.begin(), t.complete(1, 2, 3), STATE, SNAPSHOT, STOP])
        yield case(f"gap-{version}", f"Go 1.{version}: a generation is missing", "G-3",
                   [t.begin(), t.first(1, 5), t.first(3, 6), STATE, SNAPSHOT, STOP], "E3")
        yield case(f"step-back-{version}", f"Go 1.{version}: a batch of the generation before", "G-3",
                   [t.begin(), t.complete(1, 2), batch(2, 900), STATE, SNAPSHOT, STOP], "E3")
        yield case(f"zero-{version}", f"Go 1.{version}: number 0", "G-3", [t.begin(), t.first(0, 5), STATE, STOP], "E4")
        yield case(f"wrap-around-{version}", f"Go 1.{version}: 0 behind the greatest number", "G-3",
                   [t.begin(), t.first(NONE, 5), t.first(0, 6), STATE, STOP], "E4")
    t = s.at(23)
    yield case("end-generation-23", "an end that is told, in a trace without end marks", "G-2 G-3",
               [t.begin(), t.first(1, 5), END, STATE, t.first(2, 6), END, STATE, SNAPSHOT])
    yield case("end-generation-23-same", "a batch of a generation that was ended before", "G-3",
               [t.begin(), t.first(1, 5), END, batch(1, 6), STATE, SNAPSHOT, STOP])


@family("exp-eog")
def versions_of_eog(s):
    for version in (11, 19, 21, 22, 23, 25):
        t = System(s.name, version)
        yield case(f"rotate-{version}", f"Go 1.{version}", "G-2 G-5 B-9 B-11",
                   [t.begin(), t.complete(1, 2, 3), STATE, SNAPSHOT, STOP])


@family("runtime strict")
def ends_that_are_told(s):
    yield case("end-generation", "the end of a generation without an end mark", "G-2 G-5",
               [s.begin(), s.first(1, 5), END, STATE, SNAPSHOT, STOP])
    yield case("end-generation-empty", "the end of an empty generation", "G-2 G-5", [s.begin(), END, STATE, STOP],
               "E18")
    yield case("end-generation-twice", "two ends in a row", "G-2 G-5",
               [s.begin(), s.first(1, 5), END, END, STATE, STOP], "E18")
    yield case("end-generation-first", "the end of a generation before any start", "L-1 G-2", [END, STATE])
    yield case("end-generation-stopped", "the end of a generation after a stop", "L-7 G-2",
               [s.begin(), s.first(1, 5), STOP, END, STATE],
               "E14")
    yield case("end-generation-no-header", "the end of a generation before the header", "L-4 G-2",
               [START, END, STATE, STOP], "E18")


@family("strict")
def ends_that_are_refused(s):
    yield case("end-generation-in-batch", "the end of a generation within a batch", "G-2 B-5",
               [s.begin(), s.first(1, 5), batch(1, 6)[:3], END, STATE, batch(1, 6)[3:], END, STATE, STOP])
    yield case("end-generation-no-frequency", "the end of a generation without ticks per second", "G-4 G-2",
               [s.begin(), batch(1, 5), END, STATE, s.first(1, 6), END, STATE, STOP], "E2")
    yield case("end-generation-after-error", "the end of a generation after an error", "L-9 G-2",
               [s.begin(), s.first(1, 5), b"\x07", END, STATE, STOP])


@family()
def least_times(s):
    for times in ([0], [0, 100], [100, 0], [100, 0, 50], [50, 100, 70], [NONE, 3]):
        name = "-".join(map(str, times))
        yield case(f"time-of-{name}", f"batches of the times {', '.join(map(str, times))}", "G-9",
                   [s.begin(), [[batch(1, time), STATE] for time in times]],
                   "E10" if 0 in times else "E9" if max(times) >= 2**63 else "")
    for name, gens in ("zero-first", [(1, 0), (2, 200), (3, 300)]), ("zero-newest", [(1, 100), (2, 200), (3, 0)]):
        yield case(f"age-of-{name}", "a generation whose only time is 0 is as old as the clock", "G-9 P-3",
                   [s.begin(), clock(1000), s.complete(*gens), STATE], "E10", min_age_ns=800)


@family("runtime")
def nanoseconds(s):
    def at(name, frequency, times, comment, flags=""):
        return case(f"clock-{name}", comment, "C-1 G-9",
                    [START, s.head, [[batch(1, time), STATE, MARK] for time in times], clock(times[-1]), STATE], flags,
                    ticks_per_second=frequency)

    yield at("1", 1, [1, 2, 9223372036, 9223372037], "a tick a second: 9223372037 of them are too many", "E9")
    yield at("3", 3, [1, 2, 3, 4], "three a second")
    yield at("15625000", 15625000, [1, 15625000, 2**53 + 1, 2**57], "64 ns a tick, as on amd64 by Go 1.22 and later")
    yield at("24000000", 24000000, [1, 3, 24000000], "as on Apple's machines")
    yield at("1000000001", 10**9 + 1, [1, 2, 10**9 + 1], "a tick that is less than a nanosecond")
    yield at("greatest", NONE, [1, 2**63, NONE], "the greatest frequency")
    yield at("2-53", 10**9, [2**53, 2**53 + 1, 2**53 + 3, 2**54 + 2, 2**54 + 6], "ticks that binary64 has to round")
    yield at("2-63", 10**9, [2**63 - 513, 2**63 - 512, 2**63, NONE], "around 2^63 ns", "E9")
    yield at("0", 0, [1, 5], "no tick a second", "E9")
    yield at("below-one", 10**13, [1, 10**5, 2, 3000, 20000],
             "0.0001, 10, 0.0002, 0.3 and 2 ns: what rounds to 0 counts as no time")
    yield case("clock-below-one-in-one", "times of 0.0001, 10, 0.0002, 0.3 and 2 ns in one generation", "C-1 G-9",
               [START, s.head, [[batch(1, time), STATE] for time in (1, 10**5, 2, 3000, 20000)]], "E26",
               ticks_per_second=10**13)
    yield case("clock-default", "without ticks_per_second a tick is a nanosecond", "C-1",
               [s.begin(), batch(1, 77), STATE])
    yield case("clock-next-start", "a nonzero time at frequency 0 is the least there is", "C-1 C-2 P-3",
               [START, s.head, s.generation(1, 5), clock(7), s.generation(2, 9), clock(0), s.generation(3, 0),
                STATE], "E9",
               ticks_per_second=0)
    yield case("age-wraps", "now 10, and a least time of -2^63: an age below 0", "C-2 P-3",
               [START, s.head, clock(2**63), s.generation(1, 2**63), clock(10), s.generation(2, 2**63),
                s.generation(3, 10), STATE],
               "E9")
    yield case("age-wraps-back", "now -2^63, and a least time of 1: the greatest age", "C-2 P-3",
               [START, s.head, s.generation(1, 1), s.generation(2, 1), clock(2**63), s.generation(3, 1), STATE], "E9")


@family(EXP + " strict")
def ages_beyond(s):
    far = 2**63 - 2  # from 1 to the time that is out of range, which lies beyond by 1 if it wraps
    for name, age in ("at", far), ("below", far - 1):
        yield case(f"clock-beyond-{name}", f"a clock beyond 2^63 ns, and an age limit {name} its distance",
                   "C-1 C-2 C-3 P-3",
                   [s.begin(), s.generation(1, 1), s.generation(2, 1), clock(2**63), s.complete((3, 1)), STATE], "E9",
                   min_age_ns=age)
    for name, age in ("at", 201 - 2**63), ("below", 200 - 2**63), ("far", 1000):
        yield case(f"time-beyond-{name}", "a time beyond 2^63 ns, and a clock of 200", "C-1 C-2 C-3 P-3",
                   [s.begin(), s.generation(1, 100), clock(200), s.complete((2, NONE)), STATE], "E9", min_age_ns=age)
    yield case("both-beyond", "a time and a clock beyond 2^63 ns", "C-1 C-2 C-3 P-3",
               [s.begin(), s.generation(1, 100), s.generation(2, NONE), clock(2**63), s.complete((3, NONE)),
                STATE], "E9",
               min_age_ns=1000)
    for frequency, time, now in (15625000, 15625000, 31250000), (3, 3, 7), (10**9 + 1, 10**9 + 1, 3 * 10**9):
        edge = int(float(now) * (1 / (frequency / 1e9))) - int(float(time) * (1 / (frequency / 1e9)))
        for name, age in ("at", edge), ("below", edge - 1):
            yield case(f"clock-{frequency}-{name}", f"{frequency} ticks a second, and an age {name} the limit",
                       "C-1 P-3 P-4",
                       [s.begin(), s.generation(1, 1, frequency), s.generation(2, time, frequency), clock(now),
                        s.generation(3, now, frequency), s.finish(3), STATE], min_age_ns=age)
    yield case("frequency-of-each", "each generation's times count with its own ticks per second", "C-1 G-4 P-3",
               [s.begin(), s.generation(1, 10**6, 10**9), s.generation(2, 10**6, 10**6), clock(2 * 10**6),
                s.generation(3, 10**6, 10**7), s.finish(3), STATE], min_age_ns=10**8)


@family(EXP + " strict")
def roundings(s):
    for name, frequency, now, wrong, comment in (
            ("24000000", 24 * 10**6, 393, 16375, "393 ticks of 24000000 a second are 16374 ns; division would say 16375"),
            ("3-of-51", 3, 51, 17 * 10**9, "51 ticks of 3 a second are 16999999999 ns; division would say 17000000000"),
            ("2-53", SECOND, 2**53 + 3, 2**53 + 3, "2^53 + 3 ticks of 1 ns are rounded up to 2^53 + 4"),
            ("2-53-down", SECOND, 2**53 + 1, 2**53 + 1, "2^53 + 1 ticks of 1 ns are rounded down to 2^53")):
        least = min(wrong, int(float(now) * (1 / (frequency / 1e9)))) - int(1 / (frequency / 1e9))
        yield case(f"clock-rounds-{name}", f"{comment}; the age limit lies between", "C-1 P-3",
                   [s.begin(), s.generation(1, 1, frequency), s.generation(2, 1, frequency), clock(now),
                    s.generation(3, 1, frequency), s.finish(3), STATE], min_age_ns=least)
