#!/bin/sh
# replay keeps exactly the generations that the rule keeps, byte for byte.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# compare FILE MAX_BYTES NS DURATION: the snapshot, and what replay says of it, against the model's.
compare() {
  label="$(basename "$1" .trace) --max-bytes $2 --min-age $4"
  kept=$(python3 "$support/model.py" replay "$1" "$2" "$3" want) || {
    fail "$label: the model refuses the trace"
    return
  }
  run "$flightspec" replay --max-bytes "$2" --min-age "$4" "$1" -o got
  check "$label: status" test "$status" -eq 0
  check "$label: says $kept" grep -q "kept generations ${kept%% *}\.\.${kept##* } (.*), $(wc -c <want) bytes" err
  check "$label: bytes" cmp want got
}

for path in "$traces"/*.trace; do
  name=$(basename "$path" .trace)
  run "$flightspec" replay "$path" -o whole
  check "$name: large limits keep the whole trace" cmp "$path" whole
  compare "$path" 0 10000000000 10s
  compare "$path" 1000000000 0 0
  compare "$path" 65536 10000000000 10s
  compare "$path" 65536 900000000 900ms
  compare "$path" 140000 3600000000000 1h
  compare "$path" 1000000000 1500000000 1.5s
  compare "$path" 1000000000 2000000000 1s1000ms
  compare "$path" 50000 3000000000 0.05m
done

# Many generations: the table and the arena grow while they are in use, and the circle is passed many times.
for version in 22 25 26; do
  python3 "$support/make_trace.py" "$version" 300 4 3000 >"many$version.trace"
  compare "many$version.trace" 1000000000 3600000000000 1h
  compare "many$version.trace" 500000 3600000000000 1h
  compare "many$version.trace" 1000000000 20000000000 20s
  compare "many$version.trace" 12345 3000000000 3s
done

# Just at the limits: the sizes of the newest generations, and their ages, which are whole nanoseconds here.
"$flightspec" dump --json many26.trace | jq -r 'select(.kind == "generation") | [.bytes, .min_time, .max_time] | join(" ")' |
  tail -n 4 >newest
newest=$(tail -n 1 newest | cut -d ' ' -f 3)
size=0
for line in 4 3 2 1; do
  size=$((size + $(sed -n "${line}p" newest | cut -d ' ' -f 1)))
  age=$(((newest - $(sed -n "${line}p" newest | cut -d ' ' -f 2)) * 1000))
  for off in -1 0 1; do
    compare many26.trace $((size + off)) 3600000000000 1h
    compare many26.trace 1000000000 $((age + off)) $((age + off))ns
  done
done

python3 "$support/make_trace.py" 26 20 30 65536 >large.trace
compare large.trace 4000000 3600000000000 1h

# Limits in other words, and the two ways to name standard input and output.
trace=$traces/go1.26.trace
"$flightspec" replay --max-bytes=65536 "$trace" -o plain 2>/dev/null
check "64k is 65536" "$flightspec" replay --max-bytes=64k "$trace" -o words
check "64k is 65536: bytes" cmp plain words
"$flightspec" replay --max-bytes=64KiB - -o - <"$trace" >piped 2>err
check "through standard input and output" cmp plain piped
check "and a summary of one line on standard error" test "$(wc -l <err)" -eq 1
head -c 16 "$trace" >header
check "a header alone" "$flightspec" replay header -o got
check "a header alone: bytes" cmp header got

finish
