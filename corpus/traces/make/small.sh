#!/bin/sh
# Makes the committed traces anew, one a trace version: corpus/traces/go1.NN.trace. The Go toolchains other than the
# installed one come as modules, so this needs the network the first time. No two runs give the same bytes.
set -eu
cd "$(dirname "$0")"
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT

# make_trace TOOLCHAIN NAME [VARIABLE=VALUE]
make_trace() {
  GOTOOLCHAIN=$1 go build -trimpath -o "$bin/make" .
  env ${3:+"$3"} "$bin/make" -o "../$2.trace"
}

make_trace go1.22.12 go1.22
make_trace go1.23.5 go1.23
make_trace go1.25.1 go1.25
make_trace go1.26.8 go1.26
make_trace go1.26.8 go1.26-allocfree GODEBUG=traceallocfree=1
