# The model over cases, and recorders of somebody else's: SUBJECT=FILE... defines fz_subject_under_test (subject.h);
# C sources, objects, archives.

MODEL = fuzz/model.c fuzz/model_bytes.c fuzz/model_keep.c fuzz/model_systems.c fuzz/model_write.c
# Without src/: what says nothing of it cannot have learned from it.
MODEL_CC = $(CC) $(filter-out -Isrc -Ispec,$(STD)) -O1 -g $(SANITIZE)
SUBJECT_SYSTEM = strict

build/fuzz/testee-model: fuzz/testee.c $(MODEL) fuzz/model.h fuzz/subject.h
	@mkdir -p $(@D)
	$(MODEL_CC) -DFZ_TESTEE=fz_model -o $@ $(filter %.c,$^) -ljansson
build/fuzz/testee-flightspec: fuzz/testee.c fuzz/subject_flightspec.c $(CORE) fuzz/subject.h $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(STD) -O1 -g $(SANITIZE) -o $@ $(filter %.c,$^) -ljansson
test-model: all build/fuzz/testee-model build/fuzz/testee-flightspec ## only the model: vectors, CASES=2000 random cases
	corpus/vectors/run build/fuzz/testee-model
	corpus/vectors/run build/fuzz/testee-flightspec
	fuzz/compare-model $(or $(CASES),2000) $(SEED)
test: test-model

# What a subject is linked with: the model too, so that it can be built around that. Made anew each time, since SUBJECT
# may be another.
test-subject: ## your own recorder over the vectors: SUBJECT=FILE SUBJECT_SYSTEM=strict
	@mkdir -p build/fuzz/subject
	$(CC) -std=c11 -O1 -g $(SANITIZE) -Ifuzz -o build/fuzz/subject/testee fuzz/testee.c $(MODEL) \
	  $(or $(SUBJECT),$(error SUBJECT=FILE is missing)) -ljansson
	corpus/vectors/run --system $(SUBJECT_SYSTEM) build/fuzz/subject/testee
fuzz-subject: fuzz-build-libfuzzer ## fuzz your own recorder against the model: SUBJECT=FILE SECONDS=60
	@mkdir -p build/fuzz/subject/corpus
	clang -O1 -g $(SANITIZE) -fsanitize=fuzzer -Ifuzz -o build/fuzz/subject/recorder \
	  build/fuzz/libfuzzer/fuzz/target_recorder.o $(FUZZ_MUTATOR:%.c=build/fuzz/libfuzzer/%.o) \
	  $(or $(SUBJECT),$(error SUBJECT=FILE is missing)) build/fuzz/libfuzzer/parts.a $(LDLIBS)
	build/fuzz/subject/recorder -max_total_time=$(or $(SECONDS),60) -print_final_stats=1 \
	  -artifact_prefix=build/fuzz/subject/ build/fuzz/subject/corpus corpus/seeds/recorder

.PHONY: test-model test-subject fuzz-subject
