#!/bin/sh
# vectors gives out what corpus/vectors has, in each of its formats, whole or not at all.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"
vectors=$top/corpus/vectors

# json
: >all
for system in exp-pipe exp-write exp-eog runtime strict; do
  run "$flightspec" vectors --system $system
  check "$system: status" test "$status" -eq 0 -a ! -s err
  jq -c '.[]' "$vectors/$system.json" >want
  cat want >>all
  jq -c '.[]' out >got
  check "$system: the same vectors" cmp want got
done
run "$flightspec" vectors --format json -o everything
check "all systems: a file" test "$status" -eq 0 -a ! -s out
jq -c '.[]' everything >got
check "all systems: all vectors, a line each" cmp all got
check "a line each" test "$(wc -l <everything)" -eq $(($(wc -l <all) + 2))
rm all got want everything

# files
run "$flightspec" vectors --format=files --system=strict -o new/ --vectors "$vectors"
check "files" test "$status" -eq 0 -a ! -s out -a ! -s err
count=$(jq length "$vectors/strict.json")
check "files: two a vector" test "$(find new -name '*.in' | wc -l) $(find new -name '*.want' | wc -l)" = "$count $count"
check "files: the index has all" test "$(wc -l <new/index.tsv)" -eq $((count + 1))
check "files: of four columns" test "$(awk -F '\t' 'NF != 4' new/index.tsv | wc -l)" -eq 0
cat new/strict/*.in >in
jq -c . new/strict/*.want | jq -cS . >want
check "files: .in has the case alone" test "$(jq -r 'keys[]' in | sort -u | tr '\n' ' ')" = "id max_bytes min_age_ns ops system ticks_per_second "
"$flightspec" run in | jq -cS . >got
check "files: a testee's answers are the wanted ones" cmp want got
rm in want got

# go-test
if command -v go >/dev/null 2>&1; then
  run "$flightspec" vectors --format go-test --system runtime -o gotest
  check "go-test: status" test "$status" -eq 0
  check "go-test: as gofmt has it" test -z "$(gofmt -l gotest)"
  printf 'module vectors\n\ngo 1.22\n' >gotest/go.mod
  gotest() { (cd gotest && env GOTOOLCHAIN=local GOFLAGS=-mod=mod "$@"); }
  check "go-test: go vet" gotest go vet .
  run gotest env TESTEE="$flightspec run" go test -count=1 -v .
  count=$(jq length "$vectors/runtime.json")
  check "go-test: a testee that conforms passes" test "$status" -eq 0
  check "go-test: $count tests" test "$(grep -c '^ *--- PASS: TestVectors/runtime/' out)" -eq "$count"
  victim=$(find gotest -name 'start-stop.want')
  sed -i 's/"enabled":true/"enabled":false/' "$victim"
  run gotest env TESTEE="$flightspec run" go test -count=1 .
  check "go-test: one that does not fails" test "$status" -ne 0
  check "go-test: in one test" test "$(grep -c '^ *--- FAIL: TestVectors/runtime/' out)" -eq 1
  run gotest env -u TESTEE go test -count=1 -run TestVectors/runtime/new .
  check "go-test: without a testee it fails" test "$status" -ne 0
  check "go-test: and says why" grep -q "no testee: set the environment's TESTEE" out
else
  echo "note no Go toolchain: the Go test was not run"
fi
rm -rf gotest

# What is in the way stays; what fails leaves nothing.
run "$flightspec" vectors --format files --system strict -o new
expect_fault "a folder that is not empty" 2 "flightspec: new: Directory not empty"
check "it stays" test -f new/index.tsv
mv new/index.tsv index.tsv
rm -r new
mkdir new
run "$flightspec" vectors --format files --system strict -o new
check "an empty folder" cmp new/index.tsv index.tsv
rm -r new index.tsv
echo before >file
run "$flightspec" vectors --format files -o file
expect_fault "a file in the way" 2 "flightspec: file: Not a directory"
check "it stays as well" test "$(cat file)" = before
run "$flightspec" vectors --format go-test -o no/where
expect_fault "a folder in a missing one" 2 "flightspec: no/where: No such file or directory"
run sh -c 'ulimit -f 0; exec "$1" vectors --format files -o new 2>err2' - "$flightspec"
check "no room" test "$status" -eq 2 -a ! -e new
run sh -c 'ulimit -f 8; exec "$1" vectors -o file' - "$flightspec"
expect_fault "no room: JSON" 2 "flightspec: "
check "no room: the file stays" test "$(cat file)" = before
run sh -c '"$1" vectors >/dev/full' - "$flightspec"
expect_fault "standard output full" 2 "flightspec: standard output: No space left on device"
check "nothing is left" test "$(find . -mindepth 1 ! -name out ! -name err ! -name err2 ! -name check.log)" = ./file

# Vectors that are none.
mkdir wrong
wrong() {
  printf '%s' "$2" >wrong/strict.json
  run "$flightspec" vectors --vectors wrong --system strict --format files -o new
  expect_fault "$1" 2 "flightspec: wrong/strict.json$3"
  check "$1: nothing is written" test ! -e new
}
wrong "no JSON" '[{]' ":1:3: "
wrong "no list" '{}' ": not a list of vectors"
wrong "an id of another system" '[{"id":"runtime/a","ops":[],"want":[]}]' ": entry 1 is no vector of strict"
wrong "an id that leads elsewhere" '[{"id":"strict/../../a","ops":[],"want":[]}]' ": entry 1 is no vector of strict"
wrong "no outcome" '[{"id":"strict/a","ops":[],"want":[]},{"id":"strict/b","ops":[]}]' ": entry 2 is no vector of strict"
wrong "a rule that is no string" '[{"id":"strict/a","ops":[],"want":[],"rules":[1]}]' ": entry 1 is no vector of strict"
run "$flightspec" vectors --vectors nowhere --system strict
expect_fault "no vectors" 2 "flightspec: nowhere/strict.json: No such file or directory"

# Wrong usage.
for words in '--system go' '--format xml' '--format files' '--format go-test -o -' 'strict'; do
  # shellcheck disable=SC2086 # several words
  run "$flightspec" vectors $words
  check "vectors $words" test "$status" -eq 2 -a ! -s out
  check "vectors $words: a hint" grep -q -- --help err
done

finish
