#!/bin/sh
# run: what is no case is said with line and column, the others are run all the same; memory does not grow.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

good='{"id":"good","system":"strict","ops":[{"op":"start"},{"op":"enabled"}]}'
good_out='{"id":"good","out":[{"status":"ok"},{"status":"ok","enabled":true}]}'

# wrong LINE MESSAGE: the line gives the message, at its place, and the cases around it their outcomes.
wrong() {
  printf '%s\n%s\n\n%s\n' "$good" "$1" "$good" >cases
  run "$flightspec" run cases
  check "$2: status" test "$status" -eq 2
  check "$2: the others run" test "$(cat out)" = "$good_out
$good_out"
  check "$2" grep -qxF "flightspec: cases:2:$2" err
}

wrong '{"id":"a",}' "11: string or '}' expected near '}'"
wrong '{"id":"a","id":"b"}' '14: duplicate object key near '"'\"id\"'"
wrong '7' "1: '[' or '{' expected near '7'"
wrong '[]' '1: case: not an object'
wrong '{"id":"a","ops":[]}' '1: system: missing, or none of exp-pipe, exp-write, exp-eog, runtime, strict'
wrong '{"id":"a","system":"strict"}' '1: ops: missing, or not a list'
wrong '{"id":"a","system":"strict","max_byte":"1","ops":[]}' '1: max_byte: no such field here'
wrong '{" id":"a","system":"strict","ops":[]}' '1:  id: no such field here'
wrong '{"a\nb":"a","system":"strict","ops":[]}' '1: a?b: no such field here'
wrong '{"id":"a","system":"strict","max_bytes":1,"ops":[]}' '1: max_bytes: a number must be a decimal string'
wrong '{"id":"a","system":"strict","max_bytes":"1k","ops":[]}' '1: max_bytes: not a decimal number'
wrong '{"id":"a","system":"strict","min_age_ns":"9223372036854775808","ops":[]}' '1: min_age_ns: not in -2^63 .. 2^63 - 1'
wrong '{"id":"a","system":"runtime","ticks_per_second":"-1","ops":[]}' '1: ticks_per_second: not in 0 .. 2^64 - 1'
wrong '{"id":"a","system":"strict","ops":[{"op":"go"}]}' '1: ops[0].op: no such operation'
wrong '{"id":"a","system":"strict","ops":[{"op":"start"},{"hex":"00"}]}' '1: ops[1].op: missing, or not a string'
wrong '{"id":"a","system":"strict","ops":[{"op":"write"}]}' '1: ops[0].hex: missing, or not a string'
wrong '{"id":"a","system":"strict","ops":[{"op":"write","hex":"0"}]}' '1: ops[0].hex: an odd number of digits'
wrong '{"id":"a","system":"strict","ops":[{"op":"write","hex":"0g"}]}' '1: ops[0].hex: not a hex digit'
wrong '{"id":"a","system":"strict","ops":[{"op":"write","hex":"","onl":true}]}' '1: ops[0].onl: no such field here'
wrong '{"id":"a","system":"exp-write","ops":[{"op":"close"}]}' '1: ops[0].close: this system has no stream that could be closed'
wrong '{"id":"a","system":"exp-write","ops":[{"op":"end_generation"}]}' '1: ops[0].end_generation: this system is not told where generations end'
wrong '{"id":"a","system":"strict","ops":[{"op":"start"},{"op":"snapshot","flushes":[7]}]}' '1: ops[1].flushes: not a list of lists'
wrong '{"id":"a","system":"strict","ops":[{"op":"start"},{"op":"snapshot","flushes":7}]}' '1: ops[1].flushes: not a list'

run "$flightspec" run no-such-file
check "no such file: status" test "$status" -eq 2
check "no such file" grep -qx 'flightspec: no-such-file: No such file or directory' err
run "$flightspec" run a b
check "two files: status" test "$status" -eq 2

# peak COUNT: the largest resident set of a run of so many cases, in KiB.
peak() {
  # Without the quarantine of the address sanitizer, which keeps freed memory for a while.
  export ASAN_OPTIONS=quarantine_size_mb=1
  yes "$good" | head -n "$1" | python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$flightspec" run
}
# A case that were kept would take 2 KiB and more, 50000 of them 100 MiB.
few=$(peak 100)
many=$(peak 50000)
check "memory does not grow with the cases: $few and $many KiB" test "$many" -le $((few + 16384))

# A case of 100 MB: 1500 batches of 65536 bytes, of which the last generation stays.
python3 - >large <<'END'
import json
def uvarint(x):
    out = bytearray()
    while x >= 128:
        out.append(x & 127 | 128)
        x >>= 7
    return bytes(out) + bytes([x])
def write(b):
    return {"op": "write", "hex": b.hex()}
payload = bytes([2]) + bytes(65535)
ops = [{"op": "start"}, write(b"go 1.26 trace\0\0\0")]
for gen in range(1, 4):
    ops.append(write(b"\1" + uvarint(gen) + b"\0\1" + uvarint(12) + bytes([50, 8, 128, 148, 235, 220, 3, 51, 1, 1, 1, 1])))
    ops += [write(b"\1" + uvarint(gen) + b"\0\2" + uvarint(65536) + payload)] * 500
    ops.append(write(b"\x34"))
ops.append({"op": "state"})
print(json.dumps({"id": "large", "system": "strict", "max_bytes": "1", "ops": ops}))
END
check "the case has 100 MB and more" test "$(wc -c <large)" -gt 100000000
run "$flightspec" run large
check "a case of that size runs" test "$status" -eq 0
check "its last generation stays" grep -q '"ring":\[{"gen":"3","size":"32771518"' out

finish
