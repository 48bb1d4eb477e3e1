#!/bin/sh
# Files that cannot be read or written, and wrong usage: a message, exit status 2, and nothing left behind.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"
trace=$traces/go1.26.trace

# usage NAME TEXT ARGUMENT...: wrong usage is told with a hint.
usage() {
  usage_name=$1 text=$2
  shift 2
  run "$flightspec" "$@"
  expect_fault "$usage_name" 2 "$text"
  check "$usage_name: a hint" grep -q -- "--help" err
  check "$usage_name: nothing on standard output" test ! -s out
}
usage "no command" "no command"
usage "unknown command" "unknown command 'reply'" reply
usage "unknown option" "unrecognized option '--frob'" --frob
usage "replay: unknown option" "unrecognized option '--frob'" replay --frob "$trace" -o snapshot
usage "replay: no trace" "no TRACE" replay -o snapshot
usage "replay: no snapshot" "no SNAPSHOT" replay "$trace"
usage "replay: two traces" "one TRACE only" replay "$trace" "$trace" -o snapshot
for size in '' ten -1 1.5k 10kB 18446744073709551616 17179869184G; do
  usage "replay: size '$size'" "'$size' is no size" replay --max-bytes="$size" "$trace" -o snapshot
done
for duration in '' 10 s 1.s1 .s -5s 10d 1m30 9223372037s 2562048h; do
  usage "replay: duration '$duration'" "'$duration' is no duration" replay --min-age="$duration" "$trace" -o snapshot
done
usage "dump: no trace" "no TRACE" dump
usage "dump: two traces" "one TRACE only" dump "$trace" "$trace"
usage "dump: unknown option" "unrecognized option '--xml'" dump --xml "$trace"
nothing_left "wrong usage: no file"

for words in '--help' 'replay --help' 'dump --help' '--usage' '--version' 'replay --version'; do
  # shellcheck disable=SC2086 # several words
  run "$flightspec" $words
  check "$words" test "$status" -eq 0 -a -s out -a ! -s err
done
run "$flightspec" --help
check "--help lists the commands" grep -qE '^ +replay +run a trace' out
run "$flightspec" --version
check "--version" test "$(cat out)" = "flightspec 0.1.0"
for size in 0 1k 1K 3M 3MiB 2G 18446744073709551615; do
  check "replay: size $size" "$flightspec" replay --max-bytes="$size" "$trace" -o snapshot
done
for duration in 0 0s 1ns 1.5h 1h2m3s4ms5us6ns 2562047h; do
  check "replay: duration $duration" "$flightspec" replay --min-age="$duration" "$trace" -o snapshot
done
rm -f snapshot

# What cannot be read.
run "$flightspec" replay missing -o snapshot
expect_fault "missing trace" 2 "flightspec: missing: No such file or directory"
run "$flightspec" dump missing
expect_fault "dump: missing trace" 2 "flightspec: missing: No such file or directory"
mkdir folder
run "$flightspec" replay folder -o snapshot
expect_fault "a folder as trace" 2 "flightspec: folder: Is a directory"
cp "$trace" secret
chmod 000 secret
if [ -r secret ]; then
  echo "note a trace without permission: not tried, this user may read everything"
else
  run "$flightspec" replay secret -o snapshot
  expect_fault "a trace without permission" 2 "flightspec: secret: Permission denied"
fi
rm -f secret
run "$flightspec" replay /proc/self/mem -o snapshot
expect_fault "a trace that fails to be read" 2 "flightspec: /proc/self/mem: Input/output error"
run sh -c '"$1" replay - -o snapshot <&-' - "$flightspec"
expect_fault "standard input closed" 2 "flightspec: standard input: Bad file descriptor"
nothing_left "what cannot be read: no file"

# What cannot be written.
run "$flightspec" replay "$trace" -o nowhere/snapshot
expect_fault "snapshot in a missing folder" 2 "flightspec: nowhere/snapshot: No such file or directory"
run "$flightspec" replay "$trace" -o folder
expect_fault "a folder as snapshot" 2 "flightspec: folder: Is a directory"
run "$flightspec" replay "$trace" -o /dev/full
expect_fault "a full device" 2 "flightspec: /dev/full: No space left on device"
run sh -c '"$1" replay "$2" -o - >/dev/full' - "$flightspec" "$trace"
expect_fault "standard output full" 2 "flightspec: standard output: No space left on device"
run sh -c '"$1" dump "$2" >/dev/full' - "$flightspec" "$trace"
expect_fault "dump: standard output full" 2 "flightspec: standard output: No space left on device"
run sh -c '"$1" dump --json "$2" >&-' - "$flightspec" "$trace"
expect_fault "dump: standard output closed" 2 "flightspec: standard output: "
run sh -c '"$1" replay "$2" -o - >&-' - "$flightspec" "$trace"
expect_fault "standard output closed" 2 "flightspec: standard output: Bad file descriptor"
echo before >snapshot
run sh -c 'ulimit -f 8; exec "$1" replay "$2" -o snapshot' - "$flightspec" "$trace"
expect_fault "a file larger than allowed" 2 "flightspec: "
check "a file larger than allowed: the old snapshot stays" test "$(cat snapshot)" = before
rm snapshot
nothing_left "what cannot be written: no file"

# A reader that goes away ends the program, as SIGPIPE does; nobody waits.
run sh -c '("$1" replay "$2" -o -; echo "status $?" >&2) | head -c 16' - "$flightspec" "$trace"
check "replay into a closed pipe" grep -qE 'status (141|0)' err
run sh -c '("$1" dump --json "$2"; echo "status $?" >&2) | head -c 16' - "$flightspec" "$trace"
check "dump into a closed pipe" grep -qE 'status (141|0)' err
nothing_left "closed pipes: no file"

# A signal in the middle of the trace.
mkfifo pipe
"$flightspec" replay pipe -o snapshot 2>err &
process=$!
exec 3>pipe
head -c 100000 "$trace" >&3
kill "$process"
{ wait "$process"; } 2>err
check "ended by a signal" test $? -eq 143
exec 3>&-
rm pipe
nothing_left "ended by a signal: no file"

# The snapshot takes the place of what was there, and only that.
umask 027
check "a new snapshot" "$flightspec" replay "$trace" -o snapshot
check "a new snapshot: mode by umask" test "$(stat -c %a snapshot)" = 640
echo before >snapshot
chmod 604 snapshot
check "an old snapshot is replaced" "$flightspec" replay "$trace" -o snapshot
check "an old snapshot is replaced: bytes" cmp snapshot "$trace"
check "an old snapshot is replaced: mode" test "$(stat -c %a snapshot)" = 604
echo before >folder/real
ln -s folder/real link
check "a link as snapshot" "$flightspec" replay "$trace" -o link
check "a link as snapshot: stays a link" test -L link
check "a link as snapshot: the file behind it" cmp folder/real "$trace"
cp "$trace" same
check "trace and snapshot the same file" "$flightspec" replay --max-bytes 0 same -o same
check "a device stays a device" "$flightspec" replay "$trace" -o /dev/null
check "a device stays a device: it is one" test -c /dev/null
nothing_left "snapshots alone" snapshot folder/real same

finish
