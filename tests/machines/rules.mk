# The same program and the same fuzzing targets for other machines, compilers and options.

setup-machines: ## install what test-machines needs besides (compilers, libraries and emulators of other machines)
	proofs/setup machines
test-machines: ## vectors and corpora on i386, s390x, arm64 and Cortex-M3, with all compilers; SAMPLE=1 some, ONLY=GLOB
	tests/machines/run $(if $(SAMPLE),--sample) $(if $(JOBS),--jobs $(JOBS)) $(ONLY:%=--only '%')
	tests/machines/run --self-test
.PHONY: setup-machines test-machines

# One of them is made in a folder of its own, by tests/machines/run: make machine AT=FOLDER COMPILE='COMPILER FLAGS'.
# MODEL: flags for the harness alone, whose model computes with the machine's floating point, as the core does not.
ifdef AT
.PHONY: machine cortex-m3
.SECONDARY: # all that is made stays
machine: $(AT)/flightspec $(FUZZ_TARGETS:%=$(AT)/fuzz-%)
$(AT)/fuzz/%.o: private MORE = $(MODEL)
$(AT)/%.o: %.c $(FUZZ_HEADERS) $(wildcard tests/machines/cortex-m3/*.h)
	@mkdir -p $(@D)
	$(COMPILE) $(MORE) $(STD) -c -o $@ $<
$(AT)/flightspec: $(CORE:%.c=$(AT)/%.o) $(TOOL:%.c=$(AT)/%.o)
	$(COMPILE) -o $@ $^ $(LDLIBS)
$(AT)/fuzz-%: $(AT)/fuzz/target_%.o $(AT)/fuzz/engine_replay.o $(FUZZ_PARTS:%.c=$(AT)/%.o)
	$(COMPILE) -o $@ $^ $(LDLIBS)

# Without an operating system: the core, its player and the vectors in one image. LINK is as COMPILE, with gcc.
M3_CORE = $(filter-out src/shared.c,$(CORE))
M3_PARTS = $(M3_CORE:%.c=$(AT)/%.o) $(patsubst %.c,$(AT)/%.o,$(wildcard tests/machines/cortex-m3/*.c))
cortex-m3: $(AT)/play.elf
$(AT)/start.o: tests/machines/cortex-m3/start.S
	@mkdir -p $(@D)
	$(LINK) -c -o $@ $<
$(AT)/vectors.o: $(AT)/vectors
	cd $(AT) && arm-none-eabi-ld -r -b binary -o vectors.o vectors
$(AT)/vectors: tests/machines/pack $(wildcard corpus/vectors/*.json) src/status.h
	@mkdir -p $(@D)
	tests/machines/pack $(PACK) >$@
$(AT)/play.elf: tests/machines/cortex-m3/mps2.ld $(AT)/start.o $(AT)/vectors.o $(M3_PARTS)
	$(LINK) -nostdlib -Wl,-z,noexecstack,--no-enum-size-warning -T $^ -o $@ -lgcc
endif
