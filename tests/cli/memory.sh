#!/bin/sh
# A trace of a gigabyte takes memory for what is kept and two generations, not for the trace; as does one through a pipe.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"
limit=65536 # KiB
export ASAN_OPTIONS=quarantine_size_mb=1 # which keeps freed memory for a while

# Runs a command; its largest resident set, in KiB, goes into the file peak.
measure='
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
with open("peak", "w") as f:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=f)
sys.exit(status)'

python3 "$support/make_large.py" large 500
check "the large trace: $(wc -c <large) bytes" test "$(wc -c <large)" -gt 1048576000
# large COMMAND OPTION...: with the large trace.
large() {
  run python3 -c "$measure" "$flightspec" "$@" large
  check "$1" test "$status" -eq 0
  check "$1: $(cat peak) KiB at most, of $limit" test "$(cat peak)" -le $limit
}
large replay -o snapshot
check "replay: keeps about 10 MiB: $(wc -c <snapshot) bytes" test "$(wc -c <snapshot)" -gt 10485760 -a "$(wc -c <snapshot)" -lt 14680064
check "replay: a snapshot" "$flightspec" check snapshot
large dump --json
check "dump: all batches" test "$(grep -c '"type":1,' out)" -eq 16500
middle=$(sed -nE '8000s/.*"offset":"([0-9]+)".*/\1/p' out)
large check
check "check: conforms" grep -q '^large: conforms; 500 generations, 17000 batches' out
large explain --json --svg picture
check "explain: all rotations" test "$(grep -c '"kind":"rotation"' out)" -eq 500
# Bytes that begin no batch, at the begin and in the middle: what is skipped takes no memory either.
for offset in 16 "$middle"; do printf '\377' | dd of=large bs=1 seek="$offset" conv=notrunc 2>dd.log; done
run python3 -c "$measure" "$flightspec" check large
check "check: damaged" test "$status" -eq 1
check "check: damaged: twice" grep -q "^large: 2 violations; 500 generations" out
check "check: damaged: $(cat peak) KiB at most, of $limit" test "$(cat peak)" -le $limit
rm large

# piped COMMAND...: reads a trace of 100 MB from a pipe.
piped() {
  run sh -c 'python3 "$1" 26 50 32 65536 | { shift; python3 -c "$@"; }' - "$support/make_trace.py" "$measure" "$flightspec" "$@"
  check "$1, piped" test "$status" -eq 0
  check "$1, piped: $(cat peak) KiB at most, of $limit" test "$(cat peak)" -le $limit
}
piped replay - -o snapshot
check "replay, piped: keeps about 10 MiB: $(wc -c <snapshot) bytes" test "$(wc -c <snapshot)" -gt 10485760 -a "$(wc -c <snapshot)" -lt 14680064
piped dump --json -
check "dump, piped: all batches" test "$(grep -c '"type":1,' out)" -eq 1650
piped check -
check "check, piped: conforms" grep -q '^standard input: conforms; 50 generations' out
piped explain --json -
check "explain, piped: all rotations" test "$(grep -c '"kind":"rotation"' out)" -eq 50

finish
