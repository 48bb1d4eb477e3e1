#!/bin/sh
# check says of each violation where it is and which rule it breaks, and goes on behind it.
# shellcheck source=tests/cli/support/lib.sh
. "$(dirname "$0")/support/lib.sh"

# Traces that conform, snapshots of them, and a header alone; several files at once.
for path in "$traces"/*.trace; do
  run "$flightspec" check "$path"
  check "$(basename "$path"): conforms" test "$status" -eq 0 -a ! -s err
  check "$(basename "$path"): one line" grep -qxE "$path: conforms; 5 generations, [0-9]+ batches, $(wc -c <"$path") bytes" out
  "$flightspec" replay --max-bytes 20k "$path" -o snapshot 2>err
  check "$(basename "$path"): its snapshot conforms" "$flightspec" check snapshot
done
head -c 16 "$traces/go1.26.trace" >header
run "$flightspec" check header
check "a header alone" test "$status" -eq 0 -a "$(cat out)" = "header: conforms; 0 generations, 0 batches, 16 bytes"
rm snapshot header

# Cuts, changed bytes, and several faults at once, against the model.
for version in 22 25 26; do
  python3 "$support/make_trace.py" "$version" 6 8 60 >"made$version.trace"
done
for path in made*.trace "$traces/go1.23.trace" "$traces/go1.26-allocfree.trace"; do
  if python3 "$support/check_damage.py" "$flightspec" "$path" 40 >log 2>&1; then
    ok "$(basename "$path"): $(cat log)"
  else
    fail "$(basename "$path"): $(tail -n 1 log)"
  fi
done
rm -f damaged log

# found NAME LINE...: the violations in the file `bad`, each without the name of the file; exit status 1.
found() {
  found_name=$1
  shift
  printf 'bad:%s\n' "$@" >want
  run "$flightspec" check bad
  sed '$d' out >lines
  check "$found_name" cmp want lines
  check "$found_name: status" test "$status" -eq 1 -a ! -s err
  check "$found_name: how many" grep -qE "^bad: $# violations?;" out
}

# made VERSION BATCH...: a trace of these batches, of which `f1` is a frequency batch of generation 1, `b1` another batch
# of it, `end` an end mark, `none` a byte that begins no batch; any other word is an escape of printf.
made() {
  made_version=$1
  shift
  printf 'go 1.%s trace\0\0\0' "$made_version" >bad
  for word; do
    case $word in
    f*) word="\\1\\$(printf %o "${word#f}")\\1\\144\\10\\62\\10\\5\\63\\1\\1\\1\\1" ;;
    b*) word="\\1\\$(printf %o "${word#b}")\\1\\144\\2\\3\\3" ;;
    end) word=4 ;;
    none) word=x ;;
    esac
    # shellcheck disable=SC2059 # the words are formats
    printf "$word" >>bad
  done
}

: >bad
found "an empty file" "0: this is not a Go execution trace: shorter than a header (B-7)"
printf 'go 1.2x trace\0\0\0' >bad
found "no header" "0: this is not a Go execution trace (B-7)"
printf 'go 1.24 trace\0\0\0' >bad
found "version 24" "0: a trace of an unknown version (B-8)"
printf 'go 1.19 trace\0\0\0' >bad
found "version 19" "0: a trace of Go 1.21 or older, which has no generations (B-8)"
made 26 f1 b1 none b1 end f2 b2 end
found "a foreign byte" "36: generation 1, batch 3: no batch begins here: unknown type (B-2); goes on at 37"
made 26 f1 none b1 b1 b1 none b1 b1 b1 none
found "three, and no end mark" \
  "29: generation 1, batch 2: no batch begins here: unknown type (B-2); goes on at 30" \
  "51: generation 1, batch 5: no batch begins here: unknown type (B-2); goes on at 52" \
  "73: generation 1, batch 8: no batch begins here: unknown type (B-2)"
made 26 f1 '\1\1\1\1\201\200\4' b1 b1 end
found "a large payload" \
  "29: generation 1, batch 2: this batch says that its payload is larger than 65536 bytes (B-4); goes on at 36"
made 26 f1 '\1\1\1\200\200\200\200\200\200\200\200\200\2\0' b1 b1 end
found "a number of 65 bits" "29: generation 1, batch 2: a number of this batch does not fit 64 bits (V-5); goes on at 43"
made 26 f1 b1 end f2 end '\1\3\1\1\5xx'
found "cut in its first batch" "51: batch 6: the file ends inside this batch (B-5)"
made 26 f1 b1 end '\1\2\1\144\7\62\10\0\63\1\1\1' end '\1\3\1\144\11\62\10\5\63\1\1\1\1\0' end
found "frequencies" \
  "42: generation 2, batch 4: this frequency cannot be read, or is 0 (B-10)" \
  "63: generation 3, batch 6: bytes follow the frequency in its batch (B-10)"
made 26 f1 f1 end b2 end
found "frequencies of generations" \
  "34: generation 1, batch 2: a second frequency in one generation (G-4)" \
  "43: generation 2: a generation without a frequency begins here (G-4)"
made 26 end f1 end end f2 end
found "end marks" "16: batch 1: an end mark without a generation (G-2)" \
  "31: batch 4: an end mark without a generation (G-2)"
made 26 f1 b1 f2 b2
found "no end marks" "36: generation 1, batch 3: a batch of another generation, before the end mark of this one (G-2)" \
  "56: generation 2: the file ends before the end mark of its last generation (G-2)"
made 26 f1 b9 b1 '\1\0\1\1\0' end b7 f2 end f4 b4 end f5 end f7 end f8 end
found "numbers" \
  "29: generation 1, batch 2: the generation's number does not follow that of the one before (G-3)" \
  "43: generation 1, batch 4: generation number 0 (G-3)" \
  "49: generation 7, batch 6: the generation's number does not follow that of the one before (G-3)" \
  "70: generation 4, batch 9: the generation's number does not follow that of the one before (G-3)" \
  "105: generation 7, batch 14: the generation's number does not follow that of the one before (G-3)"
made 22 '\1\1\1\1\2\10\5' b1 b1 end '\1\2\1\1\2\10\5' b2 '\1\4\1\1\2\10\5' b4
found "before Go 1.26" \
  "37: generation 1, batch 4: no batch begins here: an end mark, which traces before Go 1.26 do not have (B-2)" \
  "52: generation 2, batch 7: the generation's number does not follow that of the one before (G-3)"

# Options, standard input, several files.
made 26 none f1 b1 b1 none b1 b1 b1 none f1 end b2 end
cp bad worse
run "$flightspec" check --json worse "$traces/go1.26.trace" header -
expect_fault "a file that is not there: status 2" 2 "flightspec: header: No such file or directory"
check "JSON: each line is JSON" jq -e .kind out
jq -r 'select(.kind == "violation") | [.file, .offset, .gen, .batch, .rule, .next] | map(. // "-") | join(" ")' out >lines
cat >want <<END
worse 16 - 1 B-2 17
worse 44 1 4 B-2 45
worse 66 1 7 B-2 67
worse 72 1 7 G-4 -
worse 81 2 - G-4 -
standard input 0 - - B-7 -
END
check "JSON: violations" cmp want lines
jq -r 'select(.kind == "summary") | [.file, .conforms, .violations, .generations, .stopped] | join(" ")' out >lines
cat >want <<END
worse false 5 2 false
$traces/go1.26.trace true 0 5 false
standard input false 1 0 false
END
check "JSON: summaries" cmp want lines
for max in 1 2 3; do
  run "$flightspec" check --max-errors $max worse
  check "--max-errors $max" test "$status" -eq 1 -a "$(grep -c '^worse:[0-9]' out)" -eq $max
  check "--max-errors $max: said" grep -qE "^worse: $max violations?; .*; stopped there$" out
done
run sh -c 'cat "$2" | "$1" check -' - "$flightspec" "$traces/go1.26.trace"
check "through a pipe" grep -qx 'standard input: conforms; 5 generations, 49 batches, 259027 bytes' out
cp bad "$(printf 'b\303d')"
run "$flightspec" check --json "$(printf 'b\303d')"
check "a name that is not UTF-8" test "$status" -eq 1 -a "$(jq -r .file out | sort -u)" = 'b?d'

# Wrong usage, and an output that cannot be written.
for max in 0 '' -1 1x; do
  run "$flightspec" check --max-errors="$max" bad
  expect_fault "--max-errors '$max'" 2 "'$max' is no number of errors"
done
run "$flightspec" check
expect_fault "no file" 2 "no FILE"
run "$flightspec" check .
expect_fault "a folder" 2 "flightspec: .: Is a directory"
run sh -c '"$1" check bad >/dev/full' - "$flightspec"
expect_fault "standard output full" 2 "flightspec: standard output: No space left on device"

# A long file with damage everywhere takes no more memory than a short one.
cat >long.py <<'END'
import random, subprocess, sys
rng, n = random.Random(1), int(sys.argv[1])
sys.stdout.buffer.write(b"go 1.26 trace\0\0\0")
noise = bytes(rng.choices([1, 2, 49, 52, 128, 255], k=1 << 16))
trace = subprocess.run([sys.executable, sys.argv[2], "26", "2", "8", "30000"], capture_output=True, check=True).stdout[16:]
for i in range(n):
    sys.stdout.buffer.write(trace if i % 8 else noise)
END
peak() {
  python3 long.py "$1" "$support/make_trace.py" | python3 -c '
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status != 1)' "$flightspec" check -
}
few=$(peak 4) many=$(peak 240)
check "100 MB: $few and $many KiB" test "$many" -le $((few + 8192))

finish
