#!/bin/sh
# explain says of each generation whether it stays, by which rule, and with which numbers; and draws it.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"
trace=$traces/go1.26.trace

# Traces, against the model; as text the same verdicts.
# compare FILE MAX_BYTES NS DURATION
compare() {
  label="$(basename "$1") --max-bytes $2 --min-age $4"
  python3 "$support/explain.py" trace "$1" "$2" "$3" >want
  run "$flightspec" explain --json --max-bytes "$2" --min-age "$4" "$1"
  check "$label: status" test "$status" -eq 0 -a ! -s err
  check "$label: JSON" cmp want out
  jq -r '.generations[] | [.gen, .size, (if .kept then "kept" else "dropped" end), .rule] | join(" ")' want >want_rows
  "$flightspec" explain --max-bytes "$2" --min-age "$4" "$1" |
    sed -nE 's/^ *([0-9]+) +([0-9]+) +-?[0-9.]+ s  (kept|dropped): .* \((P-[1-4])\)$/\1 \2 \3 \4/p' >rows
  check "$label: text" cmp want_rows rows
}
for version in 22 26; do
  python3 "$support/make_trace.py" $version 120 3 400 >"made$version.trace"
  compare made$version.trace 9000 3600000000000 1h
  compare made$version.trace 1000000000 3000000000 3s
done
for path in "$traces"/*.trace; do
  compare "$path" 140000 1500000000 1.5s
  compare "$path" 0 10000000000 10s
  compare "$path" 20480 2000000000 2s
done
"$flightspec" explain --max-bytes 20480 "$trace" >out
check "the text has the numbers" grep -qxF "           4       201379      1.530648768 s  kept: the newer ones have 10974 of 20480 bytes, and begin 0.529080576 s of 10 s ago (P-4)" out
"$flightspec" explain --min-age 2s --max-bytes 1G "$trace" >out
check "and those of a limit that is passed" grep -qxF "           2        13595      3.003792512 s  dropped: the newer ones begin 2.002935936 s ago, more than 2 s (P-3)" out
"$flightspec" explain --max-bytes 140000 --min-age 1.5s "$trace" >out
check "and those of older ones" grep -qxF "           2        13595      3.003792512 s  dropped: it is older than one that goes (P-2)" out

# Cases, each system: what stays last is what the vector's state has.
for system in strict runtime exp-eog exp-write exp-pipe; do
  if python3 "$support/explain.py" vectors "$flightspec" "$top/corpus/vectors/$system.json" 9 >log 2>&1; then
    ok "$system: $(cat log)"
  else
    fail "$system: $(tail -n 1 log)"
  fi
done

# A case in one write, which is stopped and started again.
cat >case <<'END'
{"id":"<a>","system":"strict","max_bytes":"30","ops":[{"op":"start"},{"op":"write","hex":"676f20312e3236207472616365000000"},
{"op":"clock","ticks":"100"},{"op":"write",
 "hex":"010100640c32088094ebdc03330102030434010200640c32088094ebdc03330102030434010300640c32088094ebdc03330102030434"},
{"op":"stop"},{"op":"start"},{"op":"write","hex":"676f20312e3236207472616365000000"},
{"op":"write","hex":"010700640c32088094ebdc03330102030434"}]}
END
run "$flightspec" explain --json case
check "a case" test "$status" -eq 0
jq -r 'if .kind == "forgotten" then "forgotten" else
  "\(.op) \(.max_bytes): " + ([.generations[] | "\(.gen) \(.kept) \(.rule)"] | join(", ")) end' out >lines
cat >want <<'END'
3 30: 1 true P-1
3 30: 2 true P-1, 1 true P-4
3 30: 3 true P-1, 2 true P-4, 1 false P-2
forgotten
7 30: 7 true P-1
END
check "a case: its rotations" cmp want lines
jq -c '.ops += [{"op":"stop"}]' case >stopped
run "$flightspec" explain --json stopped
check "a case that stops" test "$(tail -n 1 out)" = '{"kind":"forgotten","rule":"L-7"}'
run "$flightspec" explain --json --max-bytes 17 --min-age 0 case
check "a case: other limits" test "$(jq -r 'select(.rotation == "3") | [.generations[].rule] | join(" ")' out)" = "P-1 P-2"
run "$flightspec" explain --json --system exp-write case
check "a case: another system, with no end marks" test "$status" -eq 0 -a ! -s out
run sh -c 'cat case | "$1" explain -' - "$flightspec"
check "a case through a pipe" grep -qx "all generations are forgotten: the recorder was stopped (L-7)" out
run sh -c '"$1" explain --json - <"$2"' - "$flightspec" "$trace"
check "a trace as standard input" test "$(wc -l <out)" -eq 5
run sh -c 'cat "$2" | "$1" explain --json --system runtime -' - "$flightspec" "$trace"
check "another system, through a pipe" test "$(wc -l <out)" -eq 5
run "$flightspec" explain --json --system exp-write "$trace"
check "a system that refuses: status" test "$status" -eq 0
check "a system that refuses: said" grep -q "writes refused, the first at offset 19597: bad_type" err
head -c 16 "$trace" >header
run "$flightspec" explain header
check "a header alone" test "$status" -eq 0 -a "$(cat out)" = "no generation is completed"

# drawn NAME ROWS ARGUMENT...: the picture is XML, and has a row each.
drawn() {
  drawn_name=$1 rows=$2
  shift 2
  run "$flightspec" explain --svg picture.svg "$@"
  check "$drawn_name" test "$status" -eq 0
  check "$drawn_name: XML, $rows rows" python3 -c '
import sys, xml.etree.ElementTree as ET
ns = "{http://www.w3.org/2000/svg}"
root = ET.parse("picture.svg").getroot()
assert root.tag == ns + "svg" and root.get("version") == "1.1", root.attrib
words = [t.text for t in root.iter(ns + "text")]
assert sum(w.startswith("generation ") for w in words) == int(sys.argv[1]), words
width, height = float(root.get("width")), float(root.get("height"))
for r in list(root.iter(ns + "rect"))[1:]:
    assert 0 <= float(r.get("x")) and float(r.get("x")) + float(r.get("width")) <= width, r.attrib
    assert 0 <= float(r.get("y")) and float(r.get("y")) + float(r.get("height")) <= height, r.attrib' "$rows"
}
drawn "a picture" 5 --max-bytes 140000 --min-age 1500ms "$trace"
for words in 'min_age 1.5 s before the end' 'max_bytes 140000' 'newer ones have 201379 B (P-2)' \
  'newer ones begin 2.002213 s ago (P-3)' 'older than one that goes (P-2)' 'kept to the end (P-1)'; do
  check "a picture: $words" grep -qF "$words" picture.svg
done
drawn "limits far above" 5 "$trace"
check "limits far above: said" grep -qF "max_bytes 10485760 is far above" picture.svg
drawn "120 generations" 100 --max-bytes 9000 made22.trace
check "120 generations: said" grep -qF "20 older generations are left out" picture.svg
drawn "a header's picture" 0 header
drawn "a case's picture" 4 case
check "a case's picture: stopped" grep -qF "stopped (L-7)" picture.svg
cp case "$(printf 'a<b>&"\001\303c')"
drawn "a name with everything" 4 "$(printf 'a<b>&"\001\303c')"
run "$flightspec" explain --svg - "$trace"
check "a picture on standard output, alone" python3 -c 'import xml.etree.ElementTree as ET; ET.parse("out")'
rm picture.svg

# What is at fault gives all before it, and no picture.
head -c 100000 "$trace" >short
echo before >picture.svg
run "$flightspec" explain --json --svg picture.svg short
expect_fault "a cut trace" 2 "flightspec: short:46726: the file ends inside this batch (B-5)"
check "a cut trace: all before it" test "$(wc -l <out)" -eq 3
check "a cut trace: the old picture stays" test "$(cat picture.svg)" = before
echo '{"id":1,"system":"strict","ops":[{"op":"start"},{"op":"go"}]}' >bad
run "$flightspec" explain bad
expect_fault "a wrong case" 2 "flightspec: bad:1:1: ops[1].op: no such operation"
echo '[{}]' >bad
run "$flightspec" explain bad
expect_fault "a list" 2 "flightspec: bad:1:1: case: not an object"
echo '{"id":' >bad
run "$flightspec" explain bad
expect_fault "no JSON" 2 "flightspec: bad:2:0: "
run "$flightspec" explain missing
expect_fault "no such file" 2 "flightspec: missing: No such file or directory"
run "$flightspec" explain "$trace" --svg no/where
expect_fault "a picture in a missing folder" 2 "flightspec: no/where: No such file or directory"
run sh -c '"$1" explain "$2" >/dev/full' - "$flightspec" "$trace"
expect_fault "standard output full" 2 "flightspec: standard output: No space left on device"
run sh -c '"$1" explain --svg - "$2" >/dev/full' - "$flightspec" "$trace"
expect_fault "standard output full, of a picture" 2 "flightspec: standard output: No space left on device"

# Wrong usage.
for words in '' "$trace $trace" "--max-bytes ten $trace" "--min-age ten $trace" "--system go $trace" "--frob $trace"; do
  # shellcheck disable=SC2086 # several words
  run "$flightspec" explain $words
  check "explain $words" test "$status" -eq 2 -a ! -s out
  check "explain $words: a hint" grep -q -- --help err
done

finish
