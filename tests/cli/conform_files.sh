#!/bin/sh
# conform: known failures, results in files, several testees at once, progress on a terminal.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# Five vectors, of which the second and the fourth have a sink that fails.
mkdir few
python3 - "$top/corpus/vectors/strict.json" >few/strict.json <<'END'
import json, sys
vectors = {v["id"]: v for v in json.load(open(sys.argv[1]))}
print(json.dumps([vectors["strict/" + name] for name in ("new", "sink-0", "start-stop", "sink-17", "start-twice")]))
END

# with FAULT OPTION...: the testee with this fault, which differs in these two vectors, or with none.
with() {
  with=$1
  shift
  run "$flightspec" conform --vectors few --cases 0 --no-shrink "$@" -- python3 "$support/wrong.py" "$with" "$flightspec"
}

cat >known <<'END'
# what is known

strict/sink-0: the sink is not looked at
strict/sink-17: nor here
END
with status --known-failures known
check "known: status" test "$status" -eq 0
check "known: counted" grep -qx 'strict: 5 vectors, 0 failed, 2 differ as known' out
check "known: not shown" test "$(grep -c FAIL out)" -eq 0
with right --known-failures known
check "known and right: status" test "$status" -eq 1
check "known and right: told" grep -qxF 'FAIL "strict/sink-17": known to differ, and does not (strict/sink-17: nor here)' out
check "known and right: counted" grep -qx 'strict: 5 vectors, 2 failed' out
echo 'strict/sink*: no sink at all' >glob
with status --known-failures glob
check "a glob: status" test "$status" -eq 0
echo 'strict/s*: too much' >glob
with status --known-failures glob
check "a glob for too many: status" test "$status" -eq 1
check "a glob for too many: counted" grep -qx 'strict: 5 vectors, 2 failed, 2 differ as known' out
echo 'strict-1-*: the sink' >glob
run "$flightspec" conform --vectors few --filter 'strict-*' --cases 60 --known-failures glob -- python3 "$support/wrong.py" status "$flightspec"
check "a glob for random cases: one that does not differ is none" test "$status" -eq 0
check "a glob for random cases: counted" grep -qE '60 random cases, 0 failed, [1-9][0-9]* differ as known' out

with status --known-failures new --update-known-failures
check "update: a new file: status" test "$status" -eq 0
check "update: a new file" test "$(cat new)" = "strict/sink-0: snapshot.status: want sink, got ok
strict/sink-17: snapshot.status: want sink, got ok"
with status --known-failures new
check "update: then all is known" test "$status" -eq 0
with status --known-failures known --update-known-failures
check "update: reasons stay" grep -qx 'strict/sink-17: nor here' known
with right --known-failures known --update-known-failures
check "update: what holds no more is gone" test "$(cat known)" = "# what is known"
echo 'strict/s*: too much' >glob
with status --known-failures glob --update-known-failures
check "update: a glob for too many becomes ids" test "$(cat glob)" = "strict/sink-0: too much
strict/sink-17: too much"
echo 'strict/other: not run' >known
with right --known-failures known --update-known-failures
check "update: what was not run stays" grep -qx 'strict/other: not run' known
echo 'strict/sink-0' >known
with right --known-failures known
expect_fault "a line without a reason" 2 'flightspec: known:1: not `ID: reason'"'"
with right --known-failures nowhere
expect_fault "no file of known failures" 2 "flightspec: nowhere: No such file or directory"
with right --update-known-failures
expect_fault "no file to update" 2 "--update-known-failures needs --known-failures"
rm known
with status --known-failures nowhere/known --update-known-failures
expect_fault "update: a file that cannot be made" 2 "flightspec: nowhere/known: No such file or directory"

echo 'strict/sink-0: "reasons" & <others>' >known
run "$flightspec" conform --vectors few --cases 0 --known-failures known --json results.json --junit results.xml -- python3 "$support/wrong.py" status "$flightspec"
check "files: status" test "$status" -eq 1
cat >files.py <<'END'
import json, xml.etree.ElementTree as tree
results = json.load(open("results.json"))
print(results["system"], results["seed"], results["given_up"], results["summary"])
print([case["result"] for case in results["cases"]], results["rules"]["S-4"])
for failure in results["failures"]:
    print(failure["id"], failure["count"], failure["vector"]["ops"], failure["vector"]["want"], failure["got"])
suite = tree.parse("results.xml").getroot()[0]
print(suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("skipped"))
for case in suite:
    print(case.get("classname"), case.get("name"), *(part.tag + " " + part.get("message") for part in case))
print("want sink | got ok" in suite[3][0].text)
END
check "files: what is in them" test "$(python3 files.py)" = "strict 1 False {'passed': 3, 'failed': 1, 'warned': 0, 'known': 1, 'unexpected': 0}
['passed', 'known', 'passed', 'failed', 'passed'] {'vectors': 2, 'differ': 2, 'level': 'MUST'}
strict/sink-17 1 [{'op': 'start'}, {'op': 'snapshot', 'sink_fails_after': '0'}] [{'status': 'ok'}, {'status': 'sink', 'n': '0'}] [{'status': 'ok'}, {'status': 'ok', 'n': '0'}]
strict 5 1 1
strict.vectors strict/new
strict.vectors strict/sink-0 skipped \"reasons\" & <others>
strict.vectors strict/start-stop
strict.vectors strict/sink-17 failure snapshot.status: want sink, got ok
strict.vectors strict/start-twice
True"
with right --json nowhere/results
expect_fault "files: no folder" 2 "flightspec: nowhere/results: No such file or directory"
with right --junit /dev/full
expect_fault "files: a full device" 2 "flightspec: /dev/full: No space left on device"

# One testee is started once; several do the same between them.
cat >counted <<'END'
#!/bin/sh
echo started >>starts
exec "$@" run
END
chmod +x counted
: >starts
run "$flightspec" conform --cases 0 -- ./counted "$flightspec"
check "one testee, started once" test "$status" -eq 0 -a "$(wc -l <starts)" -eq 1
: >starts
run "$flightspec" conform --cases 50 --jobs 4 -- ./counted "$flightspec"
check "four testees, started once" test "$status" -eq 0 -a "$(wc -l <starts)" -eq 4
run "$flightspec" conform --filter 'strict[-/]s*' --cases 1 --no-shrink -- python3 "$support/wrong.py" status "$flightspec"
mv out one
run "$flightspec" conform --filter 'strict[-/]s*' --cases 1 --no-shrink --jobs 3 -- python3 "$support/wrong.py" status "$flightspec"
check "four testees find what one finds" cmp out one
for fault in crash garbage endless; do
  for jobs in 1 3; do
    with $fault --timeout 1s --jobs $jobs
    grep -v '^  what came' out | sort >"$fault-$jobs"
  done
  check "several testees, $fault: as one" cmp "$fault-1" "$fault-3"
  check "several testees, $fault: the others are tried" grep -qx 'strict: 5 vectors, 2 failed' out
done
run "$flightspec" conform --jobs 0 -- cat
expect_fault "no testee at all" 2 "'0' is no number from 1 to 64"

# On a terminal there is a bar; it goes away.
python3 - "$flightspec" >out <<'END'
import os, pty, re, subprocess, sys
here, there = pty.openpty()
p = subprocess.Popen([sys.argv[1], "conform", "--cases", "10", "--", sys.argv[1], "run"], stderr=there, stdout=subprocess.DEVNULL)
os.close(there)
seen = b""
try:
    while part := os.read(here, 65536):
        seen += part
except OSError:
    pass
print(p.wait(), b"\r[####################                    ]" in seen, re.search(rb" (\d+) of \1, 0 failed", seen) is not None, seen.endswith(b"\r\x1b[K"))
END
check "a terminal: a bar, which goes away" test "$(cat out)" = "0 True True True"

finish
