# flightspec: `make help` lists the targets. Everything that is made lies under build/.

CC = gcc
COMPILERS = gcc clang
STD = -std=c11 -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror -D_FILE_OFFSET_BITS=64 -Isrc -Ispec $(PLACES)
CFLAGS = -O2 -g
# An append is two short calls around one copy; at link time they become one. The library also holds ordinary code.
LTO = -flto=auto -ffat-lto-objects
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDLIBS = -ljansson -pthread
# Where the program looks for the vectors, and for the generator of random cases.
PLACES = -DFLIGHTSPEC_VECTORS='"$(CURDIR)/corpus/vectors"' -DFLIGHTSPEC_GENERATOR='"$(CURDIR)/tests/conform/generate"'

CORE = $(wildcard src/*.c)
TOOL = $(wildcard src/oracle/*.c)
TESTS = $(wildcard tests/unit/test_*.c)
HEADERS = $(wildcard src/*.h spec/*.acsl src/oracle/*.h tests/unit/*.h) build/rules.inc
C_FILES = $(wildcard src/*.[ch] src/oracle/*.[ch] tests/unit/*.[ch] tests/bench/*.[ch] tests/threads/*.[ch] tests/install/*.c tests/machines/*/*.[ch] fuzz/*.[ch] proofs/*.c)
SHELL_FILES = $(shell grep -lE '^\#!/bin/(ba)?sh|^\# shellcheck shell' -r .ci packaging proofs tests fuzz .clusterfuzzlite corpus/traces --include='*' 2>/dev/null)
PYTHON_FILES = $(shell grep -lE '^\#!/usr/bin/env python3' -r proofs tests corpus fuzz 2>/dev/null) \
  $(wildcard proofs/*.py fuzz/*.py tests/*.py tests/report/*.py corpus/vectors/families/*.py)

.DELETE_ON_ERROR:
.DEFAULT_GOAL = all

all: build/flightspec build/libflightspec.a ## build the program and the library of the core
help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: ## install what is needed (Debian 12), make the provers' configuration
	proofs/setup

build/libflightspec.a: $(CORE:src/%.c=build/obj/%.o)
	rm -f $@ && ar rcs $@ $^
build/flightspec: $(TOOL:src/%.c=build/obj/%.o) build/libflightspec.a
	$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LDLIBS)
build/rules.inc: spec/rules.md # {"B-4", "A payload is at most ..."}, and so on
	@mkdir -p $(@D)
	sed -nE '/^\| [A-Z]-[0-9]+ \|/{s/\\//g; s/"/\\"/g; s/^\| (\S+) \| ([^|]*) \|.*/  {"\1", "\2"},/p}' $< >$@
build/obj/%.o: src/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(STD) $(CFLAGS) $(LTO) -c -o $@ $<

# The core, the program and the unit tests once more in a folder of its own: $(call variant,FOLDER,COMPILER,FLAGS).
define variant
build/$(1)/%.o: %.c $(HEADERS)
	@mkdir -p $$(@D)
	$(2) $(STD) $(3) -c -o $$@ $$<
build/$(1)/core.a: $(CORE:%.c=build/$(1)/%.o)
	rm -f $$@ && ar rcs $$@ $$^
build/$(1)/tool.a: $(patsubst %.c,build/$(1)/%.o,$(filter-out %/main.c,$(TOOL)))
	rm -f $$@ && ar rcs $$@ $$^
build/$(1)/flightspec: build/$(1)/src/oracle/main.o build/$(1)/tool.a build/$(1)/core.a
	$(2) $(3) -o $$@ $$^ $(LDLIBS)
build/$(1)/test_%: build/$(1)/tests/unit/test_%.o build/$(1)/tool.a build/$(1)/core.a
	$(2) $(3) -o $$@ $$^ -lcmocka $(LDLIBS)
unit-$(1): $(TESTS:tests/unit/%.c=build/$(1)/%)
	@status=0; for t in $$^; do echo "$$$$t" && $$$$t || status=1; done; exit $$$$status
.PRECIOUS: build/$(1)/%.o
endef
$(foreach compiler,$(COMPILERS),$(eval $(call variant,$(compiler),$(compiler),$(CFLAGS) $(SANITIZE))))
$(eval $(call variant,coverage,gcc,-O0 -g --coverage))
include fuzz/rules.mk
include fuzz/campaign.mk
include packaging/install.mk
include tests/machines/rules.mk

test: unit test-threads test-objects test-cli test-vectors test-testees test-readme test-report test-contributing test-fuzz ## unit tests (gcc and clang, sanitizers), threads, program, texts
unit: $(COMPILERS:%=unit-%) ## only the unit tests
build/threads: tests/threads/threads.c $(CORE) $(HEADERS)
	$(CC) $(STD) -O1 -g -fsanitize=thread -o $@ $< $(CORE) -pthread
test-threads: build/threads ## only the shared recorder: eight threads of mixed calls under ThreadSanitizer
	timeout 120 build/threads 5
test-objects: ## only the core as compiled: no recursion, no allocation, no globals, how much stack; and that faults are noticed
	tests/objects
	tests/objects --self-test
test-cli: all build/gcc/flightspec ## only the program's tests: as it is built, and with sanitizers
	tests/cli/run build/flightspec build/gcc/flightspec
test-vectors: all ## only the conformance vectors: their form, and what the program makes of them
	corpus/vectors/check
	corpus/vectors/run --known corpus/vectors/known build/flightspec run
test-testees: all ## only the recorders written from the rules alone, the deliberately wrong one, and spec/conform.md
	tests/conform/testees
test-readme: all ## only the texts: commands and examples in them, their numbers, links, the rules' names
	tests/readme
	tests/readme --self-test
	tests/rules
	tests/rules --self-test
test-contributing: all ## only CONTRIBUTING.md: each recipe is followed on a copy
	tests/contributing
test-report: all ## only the report: that it is a page, complete, and made of what the files say
	tests/report/check

prove: ## prove what has changed; RECHECK=1 every goal anew, COLD=1 without the cache, UNITS="store ring" only these
	proofs/prove $(if $(COLD),--cold,$(if $(RECHECK),--recheck)) $(UNITS)
prove-results: ## prove, then rewrite proofs/results.json, the committed cache, and the numbers in texts
	proofs/prove --refresh $(UNITS)
	proofs/summary --write $(wildcard README.md spec/SOUNDNESS.md)
prove-selftest: ## plant bugs and holes in copies, and see that `prove` notices each
	proofs/selftest
model: ## explore the models of the locks with Spin; DEEP=1 more rounds, CHECKS="E2 E17" only these
	proofs/model/run $(if $(DEEP),--deep) $(CHECKS)

vectors: ## make the conformance vectors anew, as the originals have it (needs Go)
	tests/conform/exp/build
	tests/conform/runtime/build
	corpus/vectors/make
conformance: all ## compare with the unmodified originals (needs Go): CASES=20000 SEED=1
	tests/conform/run $(or $(CASES),2000) $(SEED)

coverage: ## lines of the core by the unit tests, lines and branches by the corpora; fails for what is not reached
	@find build -name '*.gcda' -delete 2>/dev/null || true
	$(MAKE) unit-coverage
	gcovr --root . --filter 'src/[^/]*$$' --fail-under-line 100 --print-summary \
	  --json-summary build/coverage.json --json-summary-pretty build/coverage
	@for f in $(filter-out %/src/system.gcda,$(CORE:%.c=build/coverage/%.gcda)); do \
	  test -e $$f || { echo "no test runs any of $$f"; exit 1; }; done # system.c is a table without code
	$(MAKE) fuzz-coverage
report: all ## write build/report.html: what stands behind each rule, on one page; with Go, also what its recorders keep
	tests/report/measure
	tests/report/report
format: ## make the C files what clang-format makes of them
	clang-format -i $(C_FILES)
lint: lint-format lint-tidy lint-scripts ## clang-format, clang-tidy, shellcheck; -k for all that they find
lint-format:
	clang-format --dry-run -Werror $(C_FILES)
lint-tidy: build/rules.inc
	clang-tidy --quiet --warnings-as-errors='*' $(filter-out tests/install/%,$(filter %.c,$(C_FILES))) -- -std=c11 -Isrc -Ispec
lint-scripts:
	shellcheck -x $(SHELL_FILES)
	for f in $(PYTHON_FILES); do python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read())' $$f || exit 1; done

build/bench: tests/bench/bench.c build/libflightspec.a $(HEADERS)
	$(CC) $(STD) $(CFLAGS) $(LTO) -o $@ $< build/libflightspec.a
build/roomy-counted.o: src/oracle/roomy.c $(HEADERS)
	$(CC) $(STD) $(CFLAGS) $(LTO) -Dmalloc=counted_malloc -Dcalloc=counted_calloc -c -o $@ $<
build/record: tests/bench/record.c build/roomy-counted.o build/libflightspec.a $(HEADERS)
	$(CC) $(STD) $(CFLAGS) $(LTO) -o $@ $< build/roomy-counted.o build/libflightspec.a
bench: build/bench build/record ## time against memcpy (TRACE=FILE), and against the originals (needs Go)
	build/bench $(TRACE)
	tests/bench/originals
copy-check: ## the copy loop compiles to a call or to vector code
	tests/bench/copy-check
	tests/bench/copy-check --self-test

clean: ## remove build/
	rm -rf build

.PHONY: all help setup test unit $(COMPILERS:%=unit-%) unit-coverage test-threads test-objects test-cli test-vectors test-testees \
  test-readme test-report test-contributing prove prove-results prove-selftest model vectors conformance coverage report \
  format lint lint-format lint-tidy lint-scripts bench copy-check clean
