"""Writes a made-up trace to standard output: make_trace.py VERSION GENERATIONS BATCHES PAYLOAD

Every generation has a frequency (in a batch as that version has it) and BATCHES batches of PAYLOAD bytes, large ones up
to 60 less, so that they end everywhere; it takes half a second. Lengths are padded to ten bytes, as by the Go runtime.
"""
import sys

PER_SECOND = 1000000


def uvarint(n, width=0):
    out = bytearray()
    while n >= 0x80 or len(out) + 1 < width:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def batch(gen, m, time, payload):
    return b"\x01" + uvarint(gen) + uvarint(m) + uvarint(time) + uvarint(len(payload), 10) + payload


def frequency(version):
    plain = b"\x08" + uvarint(PER_SECOND)
    return plain if version < 25 else b"\x32" + plain + b"\x33" + b"".join(map(uvarint, (5, 6, 7, 8)))


def generation(version, gen, batches, size):
    """The batches of one generation; the frequency is the first since 1.25, the last before, as with Go."""
    begin = gen * PER_SECOND // 2
    sync = batch(gen, (1 << 64) - 1, begin + 3, frequency(version))
    if version >= 25:
        yield sync
    for i in range(batches):
        less = (gen * 17 + i * i * 31) % 61 if size > 1000 else 0
        payload = (bytes([13, gen % 256]) * size)[: size - less]
        yield batch(gen, 1000 + i % 7, begin + 5 + i * 11, payload)
    if version < 25:
        yield sync
    if version >= 26:
        yield b"\x34"


def main():
    version, generations, batches, size = map(int, sys.argv[1:])
    out = sys.stdout.buffer
    out.write(b"go 1.%d trace\0\0\0" % version)
    for gen in range(1, generations + 1):
        for b in generation(version, gen, batches, size):
            out.write(b)


if __name__ == "__main__":
    main()
