"""Makes a trace of Go 1.26 of about a gigabyte: make_large.py FILE GENERATIONS

Each generation has 32 batches of 65536 bytes, which are holes in the file, so that it takes little room."""
import sys

from make_trace import PER_SECOND, batch, frequency, uvarint

BATCHES, PAYLOAD = 32, 65536


def main():
    with open(sys.argv[1], "wb") as out:
        out.write(b"go 1.26 trace\0\0\0")
        for gen in range(1, int(sys.argv[2]) + 1):
            time = gen * PER_SECOND // 2
            out.write(batch(gen, (1 << 64) - 1, time, frequency(26)))
            for i in range(BATCHES):
                out.write(b"\x01" + uvarint(gen) + uvarint(i) + uvarint(time + i) + uvarint(PAYLOAD, 10))
                out.seek(PAYLOAD, 1)
            out.write(b"\x34")


if __name__ == "__main__":
    main()
