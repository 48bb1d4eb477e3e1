#!/bin/sh
# What holds for every command: help, version, wrong usage, `-`, a full disk, a reader that goes away, no half of a file.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

cp "$traces/go1.26.trace" trace
head -c 1000 trace >short
echo '{' >nojson
mkdir folder few wrong
echo '[{]' >wrong/strict.json
yes '{"id":"a","system":"strict","ops":[{"op":"start"},{"op":"state"}]}' | head -n 200 >cases
jq -c '[.[:40][] | select(.ops | length > 0)]' "$top/corpus/vectors/strict.json" >few/strict.json
printf '#!/bin/sh\nexec "%s" run\n' "$flightspec" >testee
printf '#!/bin/sh\n"%s" run | sed -u s/true/false/\n' "$flightspec" >other
chmod +x testee other
: >known

# Calls that print on standard output; such that write FILE; such that read FILE. One of each of these for each command
# that does so.
prints='replay trace -o -
run cases
dump trace
dump --json trace
check trace
check --json trace
vectors
explain trace
explain --json trace
explain --svg - trace
conform --cases 0 --vectors few -- ./testee
conform --cases 0 --vectors few --no-shrink -- ./other
conform --cases 0 --vectors few --json - -- ./testee
conform --cases 0 --vectors few --junit - -- ./testee'
writes='replay trace -o FILE
vectors -o FILE
explain --svg FILE trace
conform --cases 0 --vectors few --json FILE -- ./testee
conform --cases 0 --vectors few --junit FILE -- ./testee
conform --cases 0 --vectors few --no-shrink --known-failures FILE --update-known-failures -- ./other'
reads='trace replay -o - FILE
cases run FILE
trace dump FILE
trace check FILE
trace explain FILE
known conform --cases 0 --vectors few --known-failures FILE -- ./testee'
# What is at fault, and how that is said.
faults='short:[0-9]+: .+ \([A-Z]-[0-9]+\) replay short -o snapshot
short:[0-9]+: .+ \([A-Z]-[0-9]+\) dump short
short:[0-9]+: .+ \([A-Z]-[0-9]+\) explain short
nojson:1:[0-9]+: .+ run nojson
nojson:2:[0-9]+: .+ explain nojson
wrong/strict.json:1:3: .+ vectors --system strict --vectors wrong
wrong/strict.json:1:3: .+ conform --vectors wrong -- ./testee
nojson:1: .+ conform --vectors few --known-failures nojson -- ./testee'

# call WORD...: the program with these words.
call() { "$flightspec" "$@"; }

commands=$("$flightspec" --help | sed -nE '/^Commands:/,/^Options:/s/^  ([a-z]+) .*/\1/p')
check "there are commands" test -n "$commands"
version=$("$flightspec" --version)
for command in $commands; do
  check "$command: is tried here" grep -qE "^$command( |$)" <<END
$prints
END
  run call "$command" --help
  check "$command --help" test "$status" -eq 0 -a ! -s err
  check "$command --help: of this command" grep -q "^Usage: flightspec $command " out
  run call "$command" --usage
  check "$command --usage" test "$status" -eq 0 -a -s out -a ! -s err
  run call "$command" --version
  check "$command --version" test "$status" -eq 0 -a "$(cat out)" = "$version"
  for option in --help --usage --version; do
    status=0
    call "$command" $option >/dev/full 2>err || status=$?
    expect_fault "$command $option: full disk" 2 "flightspec: standard output: No space left on device"
  done
  run call "$command" --frob
  expect_fault "$command: an unknown option" 2 "flightspec $command: unrecognized option '--frob'"
  check "$command: an unknown option: a hint" grep -qF "Try \`flightspec $command --help'" err
  check "$command: an unknown option: nothing printed" test ! -s out
done
run call "${commands%%[!a-z]*}x"
expect_fault "an unknown command" 2 "flightspec: unknown command '"
check "an unknown command: a hint" grep -qF "Try \`flightspec --help'" err

# full WORD...: how a call ends whose standard output is a full disk, is closed, or is read by nobody.
full() {
  status=0
  call "$@" >/dev/full 2>err || status=$?
  expect_fault "$*: full disk" 2 "flightspec: standard output: No space left on device"
  check "$*: full disk: told once" test "$(grep -c 'standard output' err)" -eq 1
  status=0
  call "$@" >&- 2>err || status=$?
  expect_fault "$*: closed" 2 "flightspec: standard output: Bad file descriptor"
  status=0
  python3 "$support/closed_pipe.py" ignored "$flightspec" "$@" 2>err || status=$?
  expect_fault "$*: read by nobody, and SIGPIPE is ignored" 2 "flightspec: standard output: Broken pipe"
  check "$*: told once" test "$(grep -c 'standard output' err)" -eq 1
  status=0
  python3 "$support/closed_pipe.py" default "$flightspec" "$@" 2>err || status=$?
  case $1 in
  conform) expect_fault "$*: read by nobody" 2 "flightspec: standard output: Broken pipe" ;; # its testees end first
  *) check "$*: read by nobody" test "$status" -eq 141 -a ! -s err ;;
  esac
}
while read -r words; do
  # shellcheck disable=SC2086 # several words
  full $words
done <<END
$prints
END

# with FILE WORD...: the words, FILE put in.
with() {
  with_file=$1
  shift
  echo "$*" | sed "s,FILE,$with_file,"
}
# left NAME: the folder `here` has only what was there.
left() { check "$1: nothing else is left" test "$(ls -A here)" = file; }
mkdir here
while read -r words; do
  # shellcheck disable=SC2086,SC2046 # several words
  run call $(with nowhere/file $words)
  expect_fault "$words: no such folder" 2 "flightspec: nowhere/file: No such file or directory"
  case $words in
  *--update-known-failures*) ;; # what is written is read before, and this device has no end
  *)
    # shellcheck disable=SC2086,SC2046
    run call $(with /dev/full $words)
    expect_fault "$words: full disk" 2 "flightspec: /dev/full: No space left on device"
    ;;
  esac
  echo '# before' >here/file
  # shellcheck disable=SC2086,SC2046
  (ulimit -f 1 && call $(with here/file $words) 2>&1; echo "status $?") | cat >log
  check "$words: no room" grep -qE '^flightspec: .*here/file: File too large' log
  check "$words: no room: status" grep -qx 'status 2' log
  check "$words: no room: the old file stays" test "$(cat here/file)" = '# before'
  left "$words: no room"
  # shellcheck disable=SC2086,SC2046
  run call $(with here/file $words)
  check "$words: written" test "$(wc -c <here/file)" -gt 100
  left "$words: written"
  # shellcheck disable=SC2086,SC2046
  echo '# before' | call $(with - $words) 2>err | tail -c "$(wc -c <here/file)" >got # more may be printed before it
  check "$words: \`-'" cmp here/file got
done <<END
$writes
END

while read -r file words; do
  # shellcheck disable=SC2086,SC2046
  run call $(with "$file" $words)
  cp out want
  check "$words: from a file" test "$status" -eq 0 -a -s want
  # shellcheck disable=SC2086,SC2046
  run call $(with - $words) <"$file"
  sed "s/standard input/$file/" out >got
  check "$words: \`-'" cmp want got
  # shellcheck disable=SC2086,SC2046
  run call $(with missing $words)
  expect_fault "$words: missing" 2 "flightspec: missing: No such file or directory"
  # shellcheck disable=SC2086,SC2046
  run call $(with folder $words)
  expect_fault "$words: a folder" 2 "flightspec: folder: Is a directory"
  status=0
  # shellcheck disable=SC2086,SC2046
  call $(with - $words) <&- >out 2>err || status=$?
  expect_fault "$words: \`-', closed" 2 "flightspec: standard input: Bad file descriptor"
done <<END
$reads
END

while read -r fault; do
  words=${fault##*[+)] }
  # shellcheck disable=SC2086
  run call $words
  check "$words: status" test "$status" -eq 2
  check "$words: where and what" grep -qxE "flightspec: ${fault% "$words"}" err
done <<END
$faults
END
check "no snapshot of a cut trace" test ! -e snapshot

finish
