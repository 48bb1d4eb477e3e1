"""What stays when a generation is complete: rules P-1 to P-5, with both limits just below, at and above."""

from .support import *


def sized(s, *gens):
    """The accounted size of the generations that complete() writes, which have the times 100, 200, ..."""
    return sum(s.size(gen, 100 * gen) for gen in gens)


@family()
def by_size(s):
    four = [s.begin(), s.complete(1, 2, 3, 4), STATE]
    for n, newest in (1, (4,)), (2, (4, 3)):
        edge = sized(s, *newest)
        for name, limit in ("below", edge - 1), ("at", edge), ("above", edge + 1):
            yield case(f"newest-{n}-{name}", f"a limit {name} the size of the newest {n} of four generations",
                       "P-1 P-2 P-4 P-5", four, max_bytes=limit)
    yield case("newest-only", "a limit of one byte keeps the newest", "P-1 P-2 P-5 S-1", [four, SNAPSHOT], max_bytes=1)
    yield case("newest-two", "one that crosses the limit stays", "P-4 P-5 S-1", [four, SNAPSHOT], max_bytes=sized(s, 4))
    yield case("size-large-newest", "the newest stays, however large it is", "P-1 P-2",
               [s.begin(), s.generation(1), s.first(2, 5), batch(2, 6, bytes(range(200))), s.end(), s.finish(2), STATE],
               max_bytes=100)
    yield case("size-large-oldest", "one that crosses the limit stays, however large it is", "P-2 P-4",
               [s.begin(), s.first(1, 5), batch(1, 6, bytes(range(200))), s.end(), s.complete(2, 3), STATE],
               "E19", max_bytes=sized(s, 2, 3))
    yield case("size-not-again", "a generation goes, and later there is room again", "P-2 P-5",
               [s.begin(), s.generation(1), s.generation(2), s.first(3, 5), batch(3, 6, bytes(range(200))), s.end(),
                s.first(4, 7), s.end(), s.finish(4), STATE], max_bytes=150)


@family(EXP + " strict")
def by_estimate(s):
    times = [(1, 64), (2, 65), (3, 66)]  # times of 7 bits, which are a byte too many in the estimate
    exact = [len(batch(gen, time, s.tell())) + len(s.end()) for gen, time in times]
    yield case("size-estimated",
               "a limit of the exact size of the newest, whose time has seven bits",
               "V-6 G-7 P-2", [s.begin(), s.complete(*times), STATE, SNAPSHOT], "E1", max_bytes=exact[2])
    yield case("size-estimated-two", "a limit of the exact size of the newest two, whose times have seven bits",
               "V-6 G-7 P-2",
               [s.begin(), s.complete(*times), STATE], "E1", max_bytes=exact[2] + exact[1])


@family()
def by_age(s):
    def run(now, age, name, comment):
        return case(name, comment, "P-3 P-4 C-2",
                    [s.begin(), s.generation(1, 100), s.generation(2, 200), clock(now), s.complete((3, 300)), STATE],
                    min_age_ns=age)

    for name, now in ("below", 1199), ("at", 1200), ("above", 1201):
        yield run(now, 1000, f"age-2-{name}", f"generation 2 is {name} the age limit, so that 1 stays or goes")
    yield run(1301, 1000, "age-3-above", "the newest is above the age limit")
    for name, age in ("below", 999), ("above", 1001):
        yield run(1200, age, f"age-limit-{name}", f"the limit is {name} the age of generation 2")
    yield run(1000000, 1, "age-all", "all are too old, and the newest stays")
    yield run(0, 1, "age-future", "all lie later than the clock, and stay")
    yield case("age-out-of-order", "the walk stops at the first that is too old, whatever the one before it", "P-3 P-4",
               [s.begin(), s.generation(1, 1000), s.generation(2, 10), clock(1100), s.complete((3, 1050)), STATE],
               min_age_ns=500)
    yield case("age-of-least", "the least of its times counts", "P-3 G-9",
               [s.begin(), s.generation(1, 10), s.first(2, 900), batch(2, 300), batch(2, 950), s.end(), clock(1000),
                s.complete((3, 960)), STATE], min_age_ns=500)


@family()
def by_both(s):
    gens = [s.begin(), s.generation(1, 100), s.generation(2, 200), clock(1200), s.complete((3, 300)), STATE]
    both = s.size(3, 300) + s.size(2, 200)
    yield case("both-at", "both limits just reached", "P-2 P-3 P-4", gens, max_bytes=both, min_age_ns=1000)
    yield case("both-size", "only the size above its limit", "P-2 P-3", gens, max_bytes=both - 1, min_age_ns=1000)
    yield case("both-age", "only the age above its limit", "P-2 P-3", gens, max_bytes=both, min_age_ns=999)
    yield case("each-rotation", "the limits count at each completion", "P-1 P-2 P-5",
               [s.begin(), [[s.generation(gen, 100 * gen), STATE] for gen in range(1, 7)]], max_bytes=s.size(1, 100))
