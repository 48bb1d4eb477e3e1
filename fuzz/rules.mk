# The fuzzing harness: build/fuzz/ENGINE/TARGET. A target is one source for all engines.

FUZZ_TARGETS = $(patsubst fuzz/target_%.c,%,$(wildcard fuzz/target_*.c))
FUZZ_ENGINES = libfuzzer afl replay msan coverage
FUZZ_HEADERS = $(HEADERS) $(wildcard fuzz/*.h)
# What targets may use.
FUZZ_PARTS = $(CORE) $(filter-out %/main.c,$(TOOL)) \
  $(filter-out fuzz/target_% fuzz/engine_% fuzz/mutator_% fuzz/example_% fuzz/testee.c,$(wildcard fuzz/*.c))
FUZZ_MUTATOR = $(wildcard fuzz/mutator_libfuzzer.c)

# Of each engine: the compiler and its flags, those by which it sees how far an input gets, what only the link has, and
# the sources that are linked besides. It need not see the checks themselves and the mutator, which would double the time.
FUZZ_libfuzzer = clang -O1 -g $(SANITIZE)
FUZZ_SEEN_libfuzzer = -fsanitize=fuzzer-no-link
FUZZ_LINK_libfuzzer = -fsanitize=fuzzer
FUZZ_MAIN_libfuzzer = $(FUZZ_MUTATOR)
FUZZ_msan = clang -O1 -g -fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer
FUZZ_SEEN_msan = -fsanitize=fuzzer-no-link
FUZZ_LINK_msan = -fsanitize=fuzzer
FUZZ_MAIN_msan = $(FUZZ_MUTATOR)
FUZZ_afl = AFL_QUIET=1 afl-clang-fast -O1 -g $(SANITIZE)
FUZZ_MAIN_afl = fuzz/engine_afl.c
FUZZ_replay = $(CC) -O1 -g $(SANITIZE)
FUZZ_MAIN_replay = fuzz/engine_replay.c
FUZZ_coverage = gcc -O0 -g --coverage
FUZZ_MAIN_coverage = fuzz/engine_replay.c

define fuzz_engine
build/fuzz/$(1)/%.o: %.c $(FUZZ_HEADERS)
	@mkdir -p $$(@D)
	$$(FUZZ_$(1)) $$(if $$(filter fuzz/target_% fuzz/mutat%,$$<),,$$(FUZZ_SEEN_$(1))) $(STD) -c -o $$@ $$<
build/fuzz/$(1)/parts.a: $(FUZZ_PARTS:%.c=build/fuzz/$(1)/%.o)
	rm -f $$@ && ar rcs $$@ $$^
$(FUZZ_TARGETS:%=build/fuzz/$(1)/%): build/fuzz/$(1)/%: build/fuzz/$(1)/fuzz/target_%.o \
  $(FUZZ_MAIN_$(1):%.c=build/fuzz/$(1)/%.o) build/fuzz/$(1)/parts.a
	$$(FUZZ_$(1)) $$(FUZZ_LINK_$(1)) -o $$@ $$^ $(LDLIBS)
fuzz-build-$(1): $(FUZZ_TARGETS:%=build/fuzz/$(1)/%)
.PRECIOUS: build/fuzz/$(1)/%.o
.PHONY: fuzz-build-$(1)
endef
$(foreach engine,$(FUZZ_ENGINES),$(eval $(call fuzz_engine,$(engine))))

# AFL++ loads its mutator: AFL_CUSTOM_MUTATOR_LIBRARY=build/fuzz/afl/mutator.so
build/fuzz/afl/mutator.so: fuzz/mutator_afl.c fuzz/mutate.c fuzz/mutate_stream.c $(FUZZ_HEADERS)
	@mkdir -p $(@D)
	$(CC) $(STD) -O2 -fPIC -shared -o $@ $(filter %.c,$^)
fuzz-build-afl: build/fuzz/afl/mutator.so
# Its unit test is in tests/unit.
$(foreach v,$(COMPILERS) coverage,$(eval build/$(v)/test_mutate: $(patsubst %,build/$(v)/fuzz/%.o,mutate mutate_stream)))

test-fuzz: fuzz-build-replay ## only the fuzzing targets over their committed corpora, with sanitizers
	@for t in $(FUZZ_TARGETS); do build/fuzz/replay/$$t corpus/seeds/$$t || exit 1; done

# Inputs with a dash in their names stay: those that were made by hand, and found-* of findings that were mended.
corpus-minimise: fuzz-build-libfuzzer ## keep of corpus/seeds what reaches something that no smaller input does; FROM=FOLDER adds FOLDER/TARGET
	@for t in $(or $(TARGET),$(FUZZ_TARGETS)); do \
	  new=build/fuzz/minimised/$$t; \
	  rm -rf $$new && mkdir -p $$new corpus/seeds/$$t && echo "$$t" && \
	  build/fuzz/libfuzzer/$$t -merge=1 -use_counters=0 -max_len=200000 $$new corpus/seeds/$$t $(FROM:%=%/$$t) >$$new.log 2>&1 && \
	  for f in corpus/seeds/$$t/*-*; do test ! -e $$f || cp $$f $$new || exit 1; done && \
	  rm -rf corpus/seeds/$$t && mv $$new corpus/seeds/$$t || exit 1; \
	done
	@du -sh --apparent-size corpus/seeds

fuzz-coverage: fuzz-build-coverage ## lines and branches of the core that the corpora alone reach; fails for those that fuzz/unreached lacks
	fuzz/coverage

.PHONY: test-fuzz corpus-minimise fuzz-coverage

include fuzz/model.mk
