# Campaigns: TARGET=NAME only this one, SECONDS=60 for each target, JOBS=1 processes for each, KEEP=1 new inputs join
# corpus/seeds.

FUZZ_CAMPAIGN = fuzz/campaign $(if $(SECONDS),--seconds $(SECONDS)) $(if $(KEEP),--keep) $(TARGET)

fuzz: ## fuzz with libFuzzer, ASan and UBSan: SECONDS=60 for each target, TARGET=NAME only one, JOBS=1, KEEP=1
	$(FUZZ_CAMPAIGN) $(if $(JOBS),--jobs $(JOBS))
fuzz-afl: ## fuzz with AFL++, a main and JOBS - 1 secondary instances: SECONDS=60 TARGET=NAME JOBS=2 KEEP=1
	$(FUZZ_CAMPAIGN) --engine afl --jobs $(or $(JOBS),2)
fuzz-msan: ## fuzz with libFuzzer and MSan: SECONDS=60 TARGET=NAME JOBS=1 KEEP=1
	$(FUZZ_CAMPAIGN) --engine msan $(if $(JOBS),--jobs $(JOBS))
fuzz-repro: ## run one input again: FILE=fuzz/findings/TARGET-HASH, or any other with TARGET=NAME
	@fuzz/repro $(FILE) $(TARGET)
fuzz-speed: ## executions a second of the targets, compared with a target that does nothing
	fuzz/speed $(if $(SECONDS),--seconds $(SECONDS)) $(TARGET)
fuzz-selftest: ## plant bugs in copies, and see that both fuzzers find them: BUGS="NAME NAME" only these
	fuzz/selftest $(BUGS)
test-oss-fuzz: ## workflows; what OSS-Fuzz does with build.sh: SANITIZERS="address undefined memory coverage"
	tests/fuzz/workflows
	tests/fuzz/build-sh $(SANITIZERS)

define fuzz_empty
build/fuzz/$(1)/empty: build/fuzz/$(1)/fuzz/example_empty.o $(FUZZ_MAIN_$(1):%.c=build/fuzz/$(1)/%.o) \
  build/fuzz/$(1)/parts.a
	$$(FUZZ_$(1)) $$(FUZZ_LINK_$(1)) -o $$@ $$^ $(LDLIBS)
endef
$(foreach engine,libfuzzer afl,$(eval $(call fuzz_empty,$(engine))))

.PHONY: fuzz fuzz-afl fuzz-msan fuzz-repro fuzz-speed fuzz-selftest test-oss-fuzz
