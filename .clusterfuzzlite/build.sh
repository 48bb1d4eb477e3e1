#!/bin/bash -eu
# Builds every target for ClusterFuzzLite and OSS-Fuzz: from the tree in the current folder into $OUT, with the
# compilers, flags and engine that the environment gives. Beside each target lie TARGET_seed_corpus.zip, TARGET.dict and
# TARGET.options. Nothing that was compiled here before is used: each sanitizer wants its own.
#
# The machines that run the targets have no libjansson, so it is linked statically. It is not instrumented, and the
# memory sanitizer would take what it sets for unset: the targets that use it are left out there.

objects=build/fuzz/given
targets=() goals=() mutator=()
for source in fuzz/target_*.c; do
  targets+=("$(basename "$source" .c)")
  goals+=("$objects/${source%.c}.o")
done
if [ "${FUZZING_ENGINE:-libfuzzer}" = libfuzzer ]; then # the others ask no target for mutations
  mutator=("$objects/fuzz/mutator_libfuzzer.o")
fi

rm -rf "$objects"
# Without the warnings: one that only a newer compiler has is no error here.
make -s -j"$(nproc)" FUZZ_ENGINES=given FUZZ_given="$CC $CFLAGS" STD="-std=c11 -Isrc -Ispec" \
  "$objects/parts.a" "${goals[@]}" ${mutator[@]+"${mutator[@]}"}

for i in "${!targets[@]}"; do
  name=${targets[i]#target_}
  # shellcheck disable=SC2086 # flags are several words
  $CXX $CXXFLAGS "${goals[i]}" ${mutator[@]+"${mutator[@]}"} "$objects/parts.a" \
    -Wl,-Bstatic -ljansson -Wl,-Bdynamic -pthread $LIB_FUZZING_ENGINE -o "$OUT/$name"
  if [ "${SANITIZER-}" = memory ] && nm "$OUT/$name" | grep ' T json_' >"$objects.jansson"; then
    echo "$name uses jansson, which is not instrumented: not built for the memory sanitizer"
    rm "$OUT/$name"
    continue
  fi
  rm -f "$OUT/${name}_seed_corpus.zip"
  [ ! -d "corpus/seeds/$name" ] || zip -jqr "$OUT/${name}_seed_corpus.zip" "corpus/seeds/$name"
  for extra in "fuzz/$name.dict" "fuzz/$name.options"; do [ ! -e "$extra" ] || cp "$extra" "$OUT/"; done
done
