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
build/fuzz/testee-wrong: fuzz/testee.c fuzz/example_wrong.c $(MODEL) fuzz/model.h fuzz/subject.h
	@mkdir -p $(@D)
	$(MODEL_CC) -o $@ $(filter %.c,$^) -ljansson
MODEL_TESTEES = build/fuzz/testee-model build/fuzz/testee-flightspec build/fuzz/testee-wrong
test-model: all $(MODEL_TESTEES) ## only the model: all vectors, CASES=2000 random cases a system
	corpus/vectors/run build/fuzz/testee-model
	corpus/vectors/run build/fuzz/testee-flightspec
	! corpus/vectors/run --most 1 --system strict build/fuzz/testee-wrong # which has to be noticed
	fuzz/compare-model $(or $(CASES),2000) $(SEED)
test: test-model

# What a subject is linked with: the model too, so that it can be built around that. Made anew each time, since SUBJECT
# may be another.
test-subject: ## your own recorder over the vectors: SUBJECT=FILE SUBJECT_SYSTEM=strict
	@mkdir -p build/fuzz/subject
	$(CC) -std=c11 -O1 -g $(SANITIZE) -Ifuzz -o build/fuzz/subject/testee fuzz/testee.c $(MODEL) \
	  $(or $(SUBJECT),$(error SUBJECT=FILE is missing)) -ljansson
	corpus/vectors/run --system $(SUBJECT_SYSTEM) build/fuzz/subject/testee
SUBJECT_PARTS = build/fuzz/libfuzzer/fuzz/target_recorder.o $(FUZZ_MUTATOR:%.c=build/fuzz/libfuzzer/%.o)
fuzz-subject: $(SUBJECT_PARTS) build/fuzz/libfuzzer/parts.a ## fuzz your own recorder: SUBJECT=FILE SECONDS=60
	@mkdir -p build/fuzz/subject/corpus
	clang -O1 -g $(SANITIZE) -fsanitize=fuzzer -Ifuzz -o build/fuzz/subject/recorder $(SUBJECT_PARTS) \
	  $(or $(SUBJECT),$(error SUBJECT=FILE is missing)) build/fuzz/libfuzzer/parts.a $(LDLIBS)
	build/fuzz/subject/recorder -max_total_time=$(or $(SECONDS),60) -print_final_stats=1 \
	  -artifact_prefix=build/fuzz/subject/ build/fuzz/subject/corpus corpus/seeds/recorder

.PHONY: test-model test-subject fuzz-subject
