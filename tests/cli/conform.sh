#!/bin/sh
# conform: a testee without fault conforms; each fault is told by its name, and the cases after it are tried all the same.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# Five vectors, of which the second and the fourth have a sink that fails.
mkdir few
python3 - "$top/corpus/vectors/strict.json" >few/strict.json <<'END'
import json, sys
vectors = json.load(open(sys.argv[1]))
fails = [v for v in vectors if any("sink_fails_after" in op for op in v["ops"]) and v["want"][-1].get("status") == "ok"
         and any(w.get("status") == "sink" and w["n"] != "0" for w in v["want"])]
others = [v for v in vectors if not any("sink_fails_after" in op for op in v["ops"])]
print(json.dumps([others[0], fails[0], others[1], fails[1], others[2]]))
END

for system in exp-pipe exp-write exp-eog runtime strict; do
  run "$flightspec" conform --system $system --cases 20 -- "$flightspec" run
  count=$(grep -c '^ "id"' "$top/corpus/vectors/$system.json")
  check "$system: conforms" test "$status" -eq 0 -a ! -s err
  check "$system: all vectors" grep -qx "$system: $count vectors, 0 failed; 20 random cases, 0 failed (seed 1)" out
done

# fault NAME KIND [TIMEOUT]: the testee with this fault fails twice, and so.
fault() {
  run "$flightspec" conform --vectors few --cases 0 --no-shrink --timeout "${3-2s}" -- python3 "$support/wrong.py" "$1" "$flightspec"
  check "$1: status" test "$status" -eq 1
  check "$1: named" grep -qF ": $2 (and 1 more like it)" out
  check "$1: the others are tried" grep -qx 'strict: 5 vectors, 2 failed' out
}
fault crash "crashed: signal 6, Aborted"
fault exit "crashed: exit status 3"
fault hang "hung: no outcome in time"
fault garbage "printed garbage: not JSON"
check "garbage: shown, without what a terminal would do" grep -qxF '  what came: panic: ?[31msomething is wrong' out
fault lines "printed garbage: more than a line"
fault flood "printed garbage: more than a line"
fault half "crashed: exit status 0"
check "half: shown" grep -qxF '  what came: {"id":' out
fault other "printed garbage: the outcome of another case"
fault closed "closed its output: and runs on"
fault endless "wrote endlessly: a line longer than any outcome"
fault status "snapshot.status: want sink, got ok"
check "status: side by side" grep -qx ' *want sink | got ok' out
check "status: the rule" grep -qF '  S-4: A sink that fails ends the snapshot' out
fault less "snapshot: no outcome"
run "$flightspec" conform --vectors few --cases 0 --no-shrink --timeout 2s -- python3 "$support/wrong.py" byte "$flightspec"
check "byte: status" test "$status" -eq 1
check "byte: named" grep -qF ': snapshot.hex differs' out
check "byte: where" grep -q 'byte 1 is' out
check "byte: side by side" grep -qE '^  > +0  67 6f 20 31 .* \| 67 6e 20 31 ' out
check "byte: a summary by rule" grep -qE '^S-4 +2 +2$' out
run "$flightspec" conform --vectors few --cases 0 --no-shrink -- python3 "$support/wrong.py" right "$flightspec"
check "no fault" test "$status" -eq 0

fault slow "hung: no outcome in time" 400ms
run "$flightspec" conform --vectors few --cases 0 --timeout 30s -- python3 "$support/wrong.py" slow "$flightspec"
check "a testee that takes a second, and may" test "$status" -eq 0
run "$flightspec" conform --vectors few --cases 0 --no-shrink --timeout 300ms -- python3 "$support/wrong.py" deaf "$flightspec"
check "a testee that never reads" grep -qF 'hung: no outcome in time (and 4 more like it)' out
run "$flightspec" conform --cases 0 --no-shrink -- python3 "$support/wrong.py" dead "$flightspec"
check "a testee that always dies is given up: status" test "$status" -eq 1
check "a testee that always dies is given up" grep -qE '^strict: 10 vectors, 10 failed; given up after 10 in a row' out
run "$flightspec" conform --vectors few --cases 0 --no-shrink -- python3 "$support/wrong.py" closing "$flightspec"
check "a testee of one case" grep -qF 'crashed: exit status 0 (and 1 more like it)' out
run "$flightspec" conform --vectors few --cases 0 --no-shrink -- cat
check "cat is no testee" grep -qF 'printed garbage: JSON, but no outcome (and 4 more like it)' out

# The first failure of each kind is made small; the small case is a vector, and as one fails likewise.
cat >vector.py <<'END'
import json, sys
text = open("out").read()
cases = [json.JSONDecoder().raw_decode("{" + part)[0] for part in text.split("\n{")[1:]]
json.dump(cases, open("small/strict.json", "w"))
json.dump([case["ops"] for case in cases], sys.stdout, separators=(",", ":"))
END
mkdir small
# small NAME OPS: what the last run printed as a vector.
small() {
  check "$1: the small case" test "$(python3 vector.py)" = "[$2]"
}
# again NAME FAULT KIND: it does not fail without a fault, and does with this one.
again() {
  run "$flightspec" conform --vectors small --cases 0 -- "$flightspec" run
  check "$1: a vector that can be kept" grep -qx 'strict: 1 vectors, 0 failed' out
  run "$flightspec" conform --vectors small --cases 0 -- python3 "$support/wrong.py" "$2" "$flightspec"
  check "$1: a vector that fails" grep -qE "^FAIL \"strict/[a-z0-9-]+-small\": $3" out
}
run "$flightspec" conform --vectors few --cases 0 -- python3 "$support/wrong.py" crash "$flightspec"
small crash '[{"op":"snapshot","sink_fails_after":"0"}]'
run "$flightspec" conform --vectors few --cases 0 -- python3 "$support/wrong.py" status "$flightspec"
small status '[{"op":"start"},{"op":"snapshot","sink_fails_after":"0"}]'
check "status: the small case has its rule" grep -qx ' "rules": \["S-4"\],' out
again status status "snapshot.status: want sink, got ok"
run "$flightspec" conform --vectors few --cases 0 -- python3 "$support/wrong.py" byte "$flightspec"
small byte '[{"op":"start"},{"op":"snapshot","sink_fails_after":"2"}]'
run "$flightspec" conform --system runtime --filter runtime/header-and-batch --cases 1 -- python3 "$support/wrong.py" count "$flightspec"
small "a write" '[{"op":"start"},{"op":"write","hex":"676f20312e32362074726163650000000101000000"}]'

run "$flightspec" conform --vectors few --cases 0 -- python3 "$support/wrong.py" closing "$flightspec"
check "what fails only after other cases is shown as it is" grep -q '^  by itself it does not fail so' out

# Random cases: the same seed, the same cases; all cases of an id that fits, and only these.
mkdir none
echo '[]' >none/strict.json
run "$flightspec" conform --vectors none --cases 100 --seed 7 -- python3 "$support/wrong.py" status "$flightspec"
check "random cases: status" test "$status" -eq 1
check "random cases: the fault is found" grep -qE '^FAIL "strict-7-[0-9]+": snapshot.status: want sink, got ok' out
failed=$("$top/tests/conform/generate" strict 7 100 | "$flightspec" run | grep -c '"status":"sink"')
check "random cases: as often as it shows" grep -qx "strict: 0 vectors, 0 failed; 100 random cases, $failed failed (seed 7)" out
run "$flightspec" conform --vectors none --cases 99 --seed 7 --json ninety-nine -- python3 "$support/wrong.py" status "$flightspec"
run "$flightspec" conform --vectors none --cases 100 --seed 7 --json again -- python3 "$support/wrong.py" status "$flightspec"
run "$flightspec" conform --vectors none --cases 100 --seed 8 --json other -- python3 "$support/wrong.py" status "$flightspec"
cat >seeds.py <<'END'
import json
first, again, other = ([case["result"] for case in json.load(open(name))["cases"]] for name in ("ninety-nine", "again", "other"))
print(len(first), again[:99] == first, other == again)
END
check "random cases: by number and seed" test "$(python3 seeds.py)" = "99 True False"
run "$flightspec" conform --cases 30 --filter 'strict-1-1?' -- "$flightspec" run
check "filter: random cases" grep -qx 'strict: 0 vectors, 0 failed; 10 random cases, 0 failed (seed 1)' out
run "$flightspec" conform --cases 1 --filter 'strict/sink-*' -- "$flightspec" run
check "filter: vectors" grep -qx "strict: $(grep -c '"id": "strict/sink-' "$top/corpus/vectors/strict.json") vectors, 0 failed; 0 random cases, 0 failed (seed 1)" out
run "$flightspec" conform --cases 0 --filter 'none' -- "$flightspec" run
expect_fault "filter: no such case" 2 "flightspec: no case to try"
run "$flightspec" conform --vectors few --generator ./nowhere -- "$flightspec" run
expect_fault "no generator" 2 "flightspec: ./nowhere: No such file or directory"
run "$flightspec" conform --vectors few --generator false -- "$flightspec" run
expect_fault "a generator that fails" 2 "flightspec: false: it failed"
run "$flightspec" conform --vectors few --generator echo -- "$flightspec" run
expect_fault "a generator of something else" 2 "flightspec: echo: line 1 is no case"

# Nothing that was started is left, whatever it was doing; not even when the program itself is ended.
python3 - "$flightspec" "$support/wrong.py" >out 2>err <<'END'
import os, signal, subprocess, sys, time
mark = str(os.getpid()) + "-testee"
p = subprocess.Popen([sys.argv[1], "conform", "--vectors", "few", "--", "sh", "-c", "sleep 1000; : " + mark])
def left():
    out = subprocess.run(["ps", "-eo", "args"], stdout=subprocess.PIPE, text=True).stdout
    return [line for line in out.splitlines() if mark in line and "conform" not in line]
while not left():
    time.sleep(0.05)
p.send_signal(signal.SIGTERM)
print("ended by", -p.wait())
time.sleep(0.2)
print("left", len(left()))
END
check "ended by a signal: nothing is left" test "$(cat out)" = "ended by 15
left 0"

run "$flightspec" conform -- ./no-such-testee
expect_fault "no such testee" 2 "flightspec: ./no-such-testee: No such file or directory"
run "$flightspec" conform --vectors nowhere -- cat
expect_fault "no vectors" 2 "flightspec: nowhere/strict.json: No such file or directory"
echo '[{"id":"a","ops":[]}]' >few/runtime.json
run "$flightspec" conform --vectors few --cases 0 --system runtime -- cat
expect_fault "a vector without want" 2 "flightspec: few/runtime.json: vector 0: no \`id' or no \`want'"
echo '[{"id":"a",}]' >few/runtime.json
run "$flightspec" conform --vectors few --cases 0 --system runtime -- cat
expect_fault "vectors that are no JSON" 2 "flightspec: few/runtime.json:1:"
run "$flightspec" conform --frob -- cat
expect_fault "unknown option" 2 "unrecognized option '--frob'"
run "$flightspec" conform
expect_fault "no testee" 2 "no TESTEE"
run "$flightspec" conform --system go -- cat
expect_fault "no such system" 2 "'go' is no system"
run "$flightspec" conform --cases -1 -- cat
expect_fault "no number of cases" 2 "'-1' is no number from 0 to"
run "$flightspec" conform --seed x -- cat
expect_fault "no seed" 2 "'x' is no number from 0 to"
run "$flightspec" conform --timeout 0 -- cat
expect_fault "no time to wait" 2 "'0' is no time to wait"
run sh -c '"$1" conform --cases 0 -- "$1" run >/dev/full' - "$flightspec"
expect_fault "standard output full" 2 "flightspec: standard output: No space left on device"

finish
