#!/bin/sh
# Go's own parsers accept every snapshot that replay writes, and find as many generations in it as were kept.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

command -v go >/dev/null 2>&1 || skip "parser.sh: no Go toolchain; nothing was compared with Go's parsers"
minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
[ "${minor:-0}" -ge 26 ] || skip "parser.sh: Go $(go env GOVERSION) is too old to read all traces; 1.26 is needed"

# by_toolchain FILE: how many generations `go tool trace` reads in it, to the last event; fails if it refuses.
by_toolchain() {
  go tool trace -d=parsed "$1" >parsed 2>parsed.err || return 1
  echo $(($(grep -c ' Sync ' parsed) - 1))
}

# by_reader FILE: the same by golang.org/x/exp/trace.
by_reader() { "$work/parse" "$1" 2>parsed.err | sed -n 's/.*: \([0-9]*\) generations, .*/\1/p' | grep .; }

readers=by_toolchain
if (cd "$top/tests/conform/parse" && go build -o "$work/parse" .) 2>build.err; then
  readers="$readers by_reader"
else
  fail "golang.org/x/exp/trace cannot be had: $(cat build.err)"
fi

# accepted FILE OPTION...: replays it, and asks each reader.
accepted() {
  file=$1
  shift
  label="$(basename "$file" .trace) ${*:-with the defaults}"
  run "$flightspec" replay "$@" "$file" -o snapshot
  kept=$(sed -n 's/.*kept generations .* (\([0-9]*\) of .*/\1/p' err)
  for reader in $readers; do
    found=$($reader snapshot) || {
      fail "$label: refused $reader: $(cat parsed.err)"
      continue
    }
    check "$label: $kept generations $reader" test "$kept" = "$found"
  done
}

# A new trace, of the toolchain at hand, beside the committed ones.
(cd "$top/corpus/traces/make" && go run . -o "$work/new.trace" -duration 3s -pause 20ms) 2>err || fail "no new trace: $(cat err)"
for path in "$traces"/*.trace new.trace; do
  accepted "$path"
  accepted "$path" --max-bytes 0
  accepted "$path" --max-bytes 100k
  accepted "$path" --min-age 1500ms
done

# These readers do refuse.
"$flightspec" replay --max-bytes 0 "$traces/go1.26.trace" -o snapshot 2>err
head -c -1 snapshot >short
cp snapshot flipped
printf '\003' | dd of=flipped bs=1 seek=16 conv=notrunc 2>err
for reader in $readers; do
  check "without its last byte, the end mark: refused $reader" test -z "$($reader short)"
  check "with another byte behind the header: refused $reader" test -z "$($reader flipped)"
done

finish
