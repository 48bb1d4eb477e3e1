"""The four numbers of a batch, one by one: rules V-1 to V-6, B-4, B-5."""

from .support import *

FIELDS = ["generation", "thread", "time", "size"]
PLAIN = [b"\x01", b"\x00", b"\x05", b"\x00"]  # what the others are meanwhile: generation 1, thread 0, time 5, size 0

# What a number can be written as, and what that is.
FORMS = {
    "missing": (b"", "the bytes end before it", "V-4 B-5"),
    "cut": (b"\x80\x80", "the bytes end within it", "V-4 B-5"),
    "nine": (b"\x80" * 9, "nine of ten bytes are there", "V-4 B-5"),
    "ten": (b"\x80" * 10, "ten bytes that all ask for more", "V-5"),
    "eleven": (b"\x80" * 10 + b"\x00", "eleven bytes", "V-5"),
    "tenth": (b"\xff" * 9 + b"\x02", "a tenth byte of 2", "V-5"),
}


VALUES = {"generation": [128, 2**63, NONE], "thread": [127, 128, NONE], "time": [16384, 2**63, NONE], "size": []}


def with_field(field, number):
    """A batch up to and with the field, which is `number`."""
    return b"\x01" + b"".join(PLAIN[:field]) + number


@family()
def unreadable(s):
    for field, name in enumerate(FIELDS):
        for form, (number, comment, rules) in FORMS.items():
            if form in ("nine", "eleven") and name != "thread":
                continue
            flags = "E5 E6" if "V-4" in rules else "E5"
            yield case(f"{name}-{form}", f"the {name}: {comment}", rules,
                       [s.begin(), with_field(field, number), STATE, STOP], flags)


@family(WRITES)
def unreadable_behind_header(s):
    for form, (number, comment, rules) in FORMS.items():
        yield case(f"behind-header-{form}", f"the time of a batch behind the header: {comment}", f"L-5 {rules}",
                   [START, s.head + with_field(2, number), STATE], "E5")


@family()
def readable(s):
    for field, name in enumerate(FIELDS):
        for value in VALUES[name]:
            numbers = PLAIN[:field] + [uvarint(value)] + PLAIN[field + 1 :]
            rules = "V-1 V-2" + (" V-5" if value == NONE else "") + (" G-9" if name == "time" else "")
            flags = "E9" if name == "time" and value >= 2**63 else ""
            yield case(f"{name}-{value}", f"the {name} is {value}", rules,
                       [s.begin(), b"\x01" + b"".join(numbers), STATE], flags)
        if name == "size":
            continue
        for number, how in (b"\x81" + b"\x80" * 8 + b"\x00", "in ten bytes"), (b"\x81\x00", "in two bytes"):
            numbers = PLAIN[:field] + [number] + PLAIN[field + 1 :]
            yield case(f"{name}-in-{len(number)}", f"the {name} is 1, {how}", "V-2",
                       [s.begin(), b"\x01" + b"".join(numbers), STATE])


@family()
def sizes(s):
    begin = b"\x01\x01\x00\x05"
    for size in (0, 1, 128):
        payload = b"\x04" * size
        yield case(f"size-{size}", f"{size} bytes of payload", "B-1 B-4 G-7",
                   [s.begin(), begin + uvarint(size) + payload, STATE])
    yield case("size-1-padded", "a payload of a byte, the size in ten bytes", "V-2 G-7",
               [s.begin(), begin + uvarint(1, 10) + b"\x04", STATE])
    yield case("size-65536-cut", "a size of 65536, and one byte of payload", "B-4 B-5",
               [s.begin(), begin + uvarint(65536) + b"\x04", STATE, STOP], "E5")
    for size in (65537, 2**32, 2**63, NONE):
        yield case(f"size-{size}", "a size that is too large, and one byte of payload", "B-4 B-5",
                   [s.begin(), begin + uvarint(size) + b"\x04", STATE, STOP], "E5")
    yield case("size-65537-padded", "a size that is too large, in ten bytes", "V-2 B-4",
               [s.begin(), begin + uvarint(65537, 10), STATE, STOP], "E5")
    yield case("payload-short", "a payload that is a byte short", "B-5",
               [s.begin(), begin + b"\x03\x04\x04", STATE, STOP], "E5")


@family("strict")
def greatest_size(s):
    yield case("size-65536", "a payload of 65536 bytes", "B-4 G-7",
               [s.begin(), b"\x01\x01\x00\x05" + uvarint(65536), bytes(65536), STATE])


@family()
def two_faults(s):
    yield case("first-fault-type", "a bad type before a generation that overflows", "B-5",
               [s.begin(), b"\x07" + b"\xff" * 10, STOP])
    yield case("first-fault-overflow", "a time that overflows before a size that is too large", "B-5",
               [s.begin(), b"\x01\x01\x00" + b"\xff" * 10 + uvarint(65537), STOP])


@family(EXP + " strict")
def estimates(s):
    for bits in (7, 14, 21, 28, 35, 42, 49, 56, 63) if s.name == "exp-write" else (7, 35, 63):
        times = [batch(1, 2 ** (bits - 2)), batch(1, 2 ** (bits - 1)), batch(1, 2**bits)]
        yield case(f"estimate-{bits}", f"what is accounted for times of {bits - 1}, {bits} and {bits + 1} bits",
                   "V-6 G-7",
                   [s.begin(), [[time, STATE] for time in times]], "E1")


@family(EXP + " strict")
def estimates_of_others(s):
    yield case("estimate-generation", "what is accounted for generations of 6, 7 and 8 bits", "V-6 G-7",
               [[s.begin(), batch(gen, 1), STATE, STOP] for gen in (63, 64, 128)], "E1")
    yield case("estimate-thread", "what is accounted for threads of 6 to 8 bits, and for none", "V-6 G-7",
               [s.begin(), [[batch(1, 1, m=m), STATE] for m in (63, 64, 127, 128, NONE)]], "E1")
    yield case("estimate-size", "what is accounted for payloads of 63 to 128 bytes", "V-6 G-7",
               [s.begin(), [[batch(1, 1, b"\x04" * size), STATE] for size in (63, 64, 127, 128)]], "E1")
