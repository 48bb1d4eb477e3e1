#!/bin/sh
# Makes a trace of some tens of MB in about twelve seconds: big.sh [FILE], by default build/big.trace.
set -eu
top=$(cd "$(dirname "$0")/../../.." && pwd)
out=${1:-$top/build/big.trace}
case $out in /*) ;; *) out=$PWD/$out ;; esac
mkdir -p "$(dirname "$out")"
cd "$top/corpus/traces/make"
go run . -o "$out" -duration 12s -workers 4 -pause 1ms
