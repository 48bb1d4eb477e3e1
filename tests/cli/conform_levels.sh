#!/bin/sh
# conform: MUST and SHOULD, a testee that is called something else, and no Python for the random cases.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# Three vectors of a second flush: what `wrong L-10` does otherwise than it SHOULD, what it does as it should, and the
# first again, as one that also shows a rule that MUST be kept.
mkdir few
python3 - "$top/corpus/vectors/strict.json" >few/strict.json <<'IN'
import json, sys
vectors = {v["id"]: v for v in json.load(open(sys.argv[1]))}
second = vectors["strict/flush-second"]
print(json.dumps([second, vectors["strict/start-stop"], {**second, "id": "strict/both", "rules": ["L-10", "L-6"]}]))
IN

# with FILTER OPTION...: the testee that flushes twice.
with() {
  with=$1
  shift
  run "$flightspec" conform --vectors few --cases 0 --filter "strict/$with" "$@" -- "$top/tests/conform/wrong" L-10
}

with '[fs]*'
check "a warning: status" test "$status" -eq 0
check "a warning: shown" grep -qx 'WARN "strict/flush-second": snapshot.n differs' out
check "a warning: with its rule" grep -qx '  L-10: A recorder SHOULD flush the tracer only once for a snapshot.' out
check "a warning: with its rule alone" test "$(grep -cE '^  [A-Z]-[0-9]+: ' out)" -eq 1
check "a warning: its small case is a warning, too" grep -qx ' "rules": \["L-10"\],' out
check "a warning: in the summary by rule" grep -qE '^L-10 +1 +1  SHOULD$' out
check "a warning: counted apart" grep -qx 'strict: 2 vectors, 0 failed, 1 warned' out
with '[fs]*' --strict
check "strict: status" test "$status" -eq 1
check "strict: shown" grep -qx 'FAIL "strict/flush-second": snapshot.n differs' out
check "strict: counted" grep -qx 'strict: 2 vectors, 1 failed' out
with '*'
check "a rule that MUST be kept beside it: status" test "$status" -eq 1
check "a rule that MUST be kept beside it: failures first" test "$(grep -oE '^(FAIL|WARN) "[a-z/-]+"' out)" = 'FAIL "strict/both"
WARN "strict/flush-second"'
check "a rule that MUST be kept beside it: counted" grep -qx 'strict: 3 vectors, 1 failed, 1 warned' out

with '*' --json results.json --junit results.xml
cat >files.py <<'IN'
import json, xml.etree.ElementTree as tree
results = json.load(open("results.json"))
print(results["summary"]["failed"], results["summary"]["warned"], results["rules"]["L-10"])
print(*((case["id"], case["level"], case["result"]) for case in results["cases"]))
print(*((failure["id"], failure["warning"]) for failure in results["failures"]))
suite = tree.parse("results.xml").getroot()[0]
print(suite.get("tests"), suite.get("failures"), suite.get("skipped"))
for case in suite:
    print(case.get("name"), *(part.tag for part in case))
print(suite[0][0].text.startswith("WARN snapshot.n differs\n"), "A recorder SHOULD flush" in suite[0][0].text)
IN
check "files: what is in them" test "$(python3 files.py)" = "1 1 {'vectors': 2, 'differ': 2, 'level': 'SHOULD'}
('strict/flush-second', 'SHOULD', 'warned') ('strict/start-stop', 'MUST', 'passed') ('strict/both', 'MUST', 'failed')
('strict/both', False) ('strict/flush-second', True)
3 1 0
strict/flush-second system-out
strict/start-stop
strict/both failure
True True"

# Known failures: a warning is none, but with --strict; one that is listed is known, and has to stay.
with '[fs]*' --known-failures known --update-known-failures
check "known: a warning is not written" test "$status" -eq 0 -a -e known -a ! -s known
with '[fs]*' --known-failures known --update-known-failures --strict
check "known: with --strict it is" grep -qx 'strict/flush-second: snapshot.n differs' known
with '[fs]*' --known-failures known
check "known: one that is listed" grep -qx 'strict: 2 vectors, 0 failed, 1 differ as known' out
run "$flightspec" conform --vectors few --cases 0 --known-failures known --filter '*second' -- "$flightspec" run
check "known: and passes" test "$status" -eq 1

# No outcome is more than a warning, whatever the vector shows.
run "$flightspec" conform --vectors few --cases 0 --filter '*second' --no-shrink -- false
check "a crash is no warning" test "$status" -eq 1
check "a crash is no warning: shown" grep -qx 'FAIL "strict/flush-second": crashed: exit status 1' out
# Random cases show no rule that SHOULD be kept.
run "$flightspec" conform --vectors few --cases 200 --filter 'strict-*' -- "$top/tests/conform/wrong" L-10
check "random cases" grep -qx 'strict: 0 vectors, 0 failed; 200 random cases, 0 failed (seed 1)' out

# Called something else: `sed` sees what the testee gets.
cat >named <<'IN'
#!/bin/sh
tee asked | "$1" run
IN
chmod +x named
run "$flightspec" conform --vectors few --cases 3 --no-shrink --as exp-write -- ./named "$flightspec"
check "as: what the testee is told" test "$(grep -oE '"system": ?"[a-z-]+"' asked | sort | uniq -c | tr -d ' ')" = '6"system":"exp-write"'
check "as: what is expected" grep -q '^strict: 3 vectors, ' out
run "$flightspec" conform --as go -- cat
expect_fault "as: no such system" 2 "'go' is no system"

# No Python.
mkdir bin
ln -s "$(command -v env)" bin/env
run env PATH="$work/bin" "$flightspec" conform --vectors few --cases 5 -- "$flightspec" run
expect_fault "no python3" 2 "tests/conform/generate: cannot be run: there is no python3, which random cases need; --cases 0 has none"
run env PATH="$work/bin" "$flightspec" conform --vectors few --cases 0 -- "$flightspec" run
check "no python3, and no random cases" test "$status" -eq 0

finish
