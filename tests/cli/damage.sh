#!/bin/sh
# Whatever is wrong with a trace, replay says what, where, and by which rule, and writes nothing.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# Hundreds of cuts, changed bytes and lost batches, each against the model.
for version in 22 23 25 26; do
  python3 "$support/make_trace.py" "$version" 4 3 40 >"made$version.trace"
done
mkdir damaged
cd damaged || exit 1
for path in ../made*.trace "$traces/go1.22.trace" "$traces/go1.26-allocfree.trace"; do
  if python3 "$support/damage.py" "$flightspec" "$path" 150 >../log; then
    ok "$(basename "$path"): $(cat ../log)"
  else
    fail "$(basename "$path"): $(cat ../log)"
  fi
done
cd ..
rm -r damaged made* log

# refused NAME TEXT: the file `bad` is refused with this text, by both commands, and no file is made or changed.
refused() {
  run "$flightspec" replay bad -o snapshot
  expect_fault "$1" 2 "flightspec: bad:$2"
  nothing_left "$1: no file" bad
  echo before >snapshot
  run "$flightspec" replay bad -o snapshot
  check "$1: the old snapshot stays" test "$(cat snapshot)" = before
  rm snapshot
}

: >bad
refused "empty file" "0: this is not a Go execution trace: shorter than a header (B-7)"
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\001' >bad
refused "a PNG" "0: this is not a Go execution trace (B-7)"
printf 'go 1.24 trace\0\0\0' >bad
refused "version 24" "0: a trace of an unknown version (B-8)"
printf 'go 1.21 trace\0\0\0' >bad
refused "version 21" "0: a trace of Go 1.21 or older, which has no generations (B-8)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\002\010\005\003\001\003\001' >bad
refused "a foreign byte between batches" "23: no batch begins here: unknown type (B-2)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\002\010\005\001\003\001\003\002\010\005' >bad
refused "generation 3 after 1" "23: the generation's number does not follow that of the one before (G-3)"
printf 'go 1.23 trace\0\0\0\001\002\001\001\002\010\005\001\001\001\003\002\010\005' >bad
refused "generation 1 after 2" "23: the generation's number does not follow that of the one before (G-3)"
printf 'go 1.23 trace\0\0\0\001\000\001\001\002\010\005' >bad
refused "generation 0" "16: generation number 0 (G-3)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\001\006\001\001\001\003\001\006' >bad
refused "no frequency" "16: a generation without a frequency begins here (G-4)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\002\010\005\001\001\001\001\002\010\005' >bad
refused "two frequencies" "28: a second frequency in one generation (G-4)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\002\010\000' >bad
refused "frequency 0" "21: this frequency cannot be read, or is 0 (B-10)"
printf 'go 1.23 trace\0\0\0\001\001\001\001\003\010\005\0' >bad
refused "a byte behind the frequency" "23: bytes follow the frequency in its batch (B-10)"
printf 'go 1.25 trace\0\0\0004' >bad
refused "an end mark before 1.26" "16: no batch begins here: an end mark"
printf 'go 1.26 trace\0\0\0004' >bad
refused "an end mark first" "16: an end mark without a generation (G-2)"
printf 'go 1.26 trace\0\0\0\001\001\001\001\010\062\010\005\063\001\001\001\001' >bad
refused "no end mark" "29: the file ends before the end mark of its last generation (G-2)"
printf 'go 1.26 trace\0\0\0\001\001\001\001\010\062\010\005\063\001\001\001\001\001\002\001\001\000' >bad
refused "two generations without an end mark" "29: a batch of another generation, before the end mark of this one (G-2)"
printf 'go 1.26 trace\0\0\0\001\001\001\001\010\062\010\005\063\001\001\001\00144' >bad
refused "two end marks" "30: an end mark without a generation (G-2)"

finish
