# Sourced by each test, which runs in a directory of its own that goes away. $flightspec is the program, $support this
# folder, $traces the committed traces. A test ends with `finish`.
# shellcheck shell=sh disable=SC2034 # tests use these
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
support=$top/tests/cli/support
traces=$top/corpus/traces
flightspec=${FLIGHTSPEC:-$top/build/flightspec}
case $flightspec in /*) ;; *) flightspec=$PWD/$flightspec ;; esac
if [ ! -x "$flightspec" ]; then
  echo "FAIL no program: $flightspec"
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

ok() { echo "ok   $*"; }

fail() {
  echo "FAIL $*"
  failures=$((failures + 1))
}

# skip REASON: ends the test as not run.
skip() {
  echo "SKIP $*"
  exit 77
}

# check NAME COMMAND...: the command must succeed. Its output is shown if it does not.
check() {
  check_name=$1
  shift
  if "$@" >check.log 2>&1; then
    ok "$check_name"
  else
    fail "$check_name"
    sed 's/^/     /' check.log
  fi
}

# run COMMAND...: runs it; leaves its exit status in $status, what it printed in the files out and err.
run() {
  status=0
  "$@" >out 2>err || status=$?
}

# expect_fault NAME STATUS TEXT: how the last `run` must have ended, and what standard error must contain.
expect_fault() {
  if [ "$status" -ne "$2" ]; then
    fail "$1: exit status $status, not $2"
  elif ! grep -qF -- "$3" err; then
    fail "$1: standard error lacks '$3': $(cat err)"
  else
    ok "$1"
  fi
}

# nothing_left NAME FILE...: beside what tests keep, the directory must hold these files alone.
nothing_left() {
  nothing_name=$1
  shift
  nothing_left=$(find . -type f ! -name out ! -name err ! -name check.log)
  for kept; do nothing_left=$(printf '%s\n' "$nothing_left" | grep -vFx "./$kept"); done
  if [ -n "$nothing_left" ]; then fail "$nothing_name: left behind: $nothing_left"; else ok "$nothing_name"; fi
}

finish() {
  if [ "$failures" -gt 0 ]; then
    echo "FAIL $(basename "$0"): $failures failures"
    exit 1
  fi
}
