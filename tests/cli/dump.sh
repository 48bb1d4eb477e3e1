#!/bin/sh
# dump lists what the model reads; as text too, and through a pipe.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

python3 "$support/make_trace.py" 22 3 2 100 >made22.trace
python3 "$support/make_trace.py" 26 3 2 100 >made26.trace

for path in "$traces"/*.trace made22.trace made26.trace; do
  name=$(basename "$path")
  python3 "$support/model.py" dump "$path" >want
  run "$flightspec" dump --json "$path"
  check "$name: JSON" cmp want out
  check "$name: each line is JSON" jq -e .kind out

  run "$flightspec" dump "$path"
  cp out text
  check "$name: a row a batch" test "$(grep -c '^ *[0-9]* *\(batch\|experiment\|end\) ' text)" -eq "$(grep -c '"kind":"batch"' want)"
  jq -r 'select(.kind == "batch" and .type != 52) |
    [.offset, .gen, (if .m == "18446744073709551615" then "-" else .m end), .time, (.size | tostring), .ns // "-"] | join(" ")' \
    want >want_rows
  sed -n 's/^ *\([0-9]*\)  \(batch\|experiment [0-9]*\)  */\1 /p' text | tr -s ' ' >rows
  check "$name: the same numbers as text" cmp want_rows rows
  jq -r 'select(.kind == "generation") |
    "generation \(.gen): \(.batches) batches, \(.bytes) bytes, ticks \(.min_time) to \(.max_time), \(.ticks_per_second) a second"' \
    want >want_rows
  grep '^generation' text >rows
  check "$name: the generations as text" cmp want_rows rows

  run sh -c 'cat "$1" | "$2" dump -' - "$path" "$flightspec"
  check "$name: through a pipe" cmp text out
  run sh -c '(head -c 0; "$2" dump -) <"$1"' - "$path" "$flightspec"
  check "$name: from a file as standard input" cmp text out
done

# A trace without a frequency can be listed; only the nanoseconds are not known.
second=$("$flightspec" dump --json made22.trace | jq -r 'select(.kind == "batch") | .offset' | sed -n 2p)
head -c "$second" made22.trace >start
python3 "$support/model.py" dump start >want
run "$flightspec" dump --json start
check "no frequency: JSON" cmp want out
check "no frequency: nanoseconds are null" grep -q '"ns":null' out

# All before a fault is printed.
head -c 500 made26.trace >cut.trace
python3 "$support/model.py" dump cut.trace >want
run "$flightspec" dump --json cut.trace
expect_fault "a fault in the middle" 2 "flightspec: cut.trace:$(python3 "$support/model.py" dump cut.trace | tail -n 1 | cut -d' ' -f1): "
sed -i '$d' want
check "all before the fault" cmp want out
check "which is something" test "$(wc -l <out)" -gt 5

finish
