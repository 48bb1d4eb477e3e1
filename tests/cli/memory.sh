#!/bin/sh
# A trace of 100 MB through standard input takes memory for what is kept and two generations, not for the trace.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"
limit=65536 # KiB

# peak NAME COMMAND...: runs the command on the trace that make_trace.py writes; its largest resident set, in KiB, into the
# file peak.
peak() {
  python3 "$support/make_trace.py" 26 50 32 65536 | python3 -c '
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
with open("peak", "w") as f:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=f)
sys.exit(status)' "$@"
}

python3 "$support/make_trace.py" 26 50 32 65536 >trace
check "the trace has 100 MB" test "$(wc -c <trace)" -gt 100000000
run peak "$flightspec" replay - -o snapshot
check "replay" test "$status" -eq 0
check "replay: keeps about 10 MiB: $(wc -c <snapshot) bytes" test "$(wc -c <snapshot)" -gt 10485760 -a "$(wc -c <snapshot)" -lt 14680064
check "replay: $(cat peak) KiB at most, of $limit" test "$(cat peak)" -le $limit
run peak "$flightspec" dump --json -
check "dump" test "$status" -eq 0
check "dump: $(cat peak) KiB at most, of $limit" test "$(cat peak)" -le $limit
check "dump: all batches" test "$(grep -c '"type":1,' out)" -eq 1650

finish
