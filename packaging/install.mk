# What is installed, where, and what is made for that alone, under build/install; the tarball.

VERSION := $(shell sed -nE 's/^.define FLIGHTSPEC_VERSION "(.*)"/\1/p' src/oracle/version.h)
SOVERSION = $(firstword $(subst ., ,$(VERSION)))
COMMANDS = $(shell sed -nE 's/^  \{"([a-z]+)", "flightspec \1",.*/\1/p' src/oracle/main.c)

DESTDIR =
PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
LIBEXECDIR = $(PREFIX)/libexec
DATADIR = $(PREFIX)/share
MANDIR = $(DATADIR)/man
DOCDIR = $(DATADIR)/doc/flightspec
BASHDIR = $(DATADIR)/bash-completion/completions
ZSHDIR = $(DATADIR)/zsh/site-functions

# Each file as MODE:FILE:PLACE. Headers include the logic, which is comments to a compiler.
SHARED = libflightspec.so.$(VERSION)
PAGES = flightspec.1 $(COMMANDS:%=flightspec-%.1)
INSTALL = 755:build/install/flightspec:$(BINDIR)/flightspec \
  755:build/install/$(SHARED):$(LIBDIR)/$(SHARED) \
  644:build/install/libflightspec.a:$(LIBDIR)/libflightspec.a \
  644:build/install/flightspec.pc:$(LIBDIR)/pkgconfig/flightspec.pc \
  $(foreach f,$(wildcard src/*.h spec/*.acsl),644:$f:$(INCLUDEDIR)/flightspec/$(notdir $f)) \
  $(foreach f,$(wildcard corpus/vectors/*.json),644:$f:$(DATADIR)/flightspec/vectors/$(notdir $f)) \
  755:tests/conform/generate:$(LIBEXECDIR)/flightspec/generate \
  $(foreach f,$(PAGES),644:build/install/$f:$(MANDIR)/man1/$f) \
  644:packaging/flightspec.bash:$(BASHDIR)/flightspec \
  644:packaging/flightspec.zsh:$(ZSHDIR)/_flightspec \
  $(foreach f,README.md LICENSE $(wildcard spec/*.md),644:$f:$(DOCDIR)/$f)
INSTALL_LINKS = $(LIBDIR)/libflightspec.so.$(SOVERSION) $(LIBDIR)/libflightspec.so
# Folders that are nobody else's, the inner ones first.
INSTALL_FOLDERS = $(INCLUDEDIR)/flightspec $(DATADIR)/flightspec/vectors $(DATADIR)/flightspec $(LIBEXECDIR)/flightspec \
  $(DOCDIR)/spec $(DOCDIR)
# Splits one of them in the shell: $(call each,COMMANDS on $$mode, $$from and $$to).
each = for f in $(INSTALL); do mode=$${f%%:*} from=$${f\#*:} to=$${f\#\#*:}; from=$${from%%:*}; $(1) || exit 1; done

install: $(filter build/%,$(subst :, ,$(INSTALL))) ## install: PREFIX=/usr/local DESTDIR=
	@$(call each,install -D -m $$mode $$from "$(DESTDIR)$$to")
	@for link in $(INSTALL_LINKS); do ln -sf $(SHARED) "$(DESTDIR)$$link" || exit 1; done
	@echo "flightspec $(VERSION) is installed in $(DESTDIR)$(PREFIX)"
uninstall: ## take away what `make install` put there
	@$(call each,rm -f "$(DESTDIR)$$to")
	@for f in $(INSTALL_LINKS); do rm -f "$(DESTDIR)$$f" || exit 1; done
	@for f in $(INSTALL_FOLDERS); do rmdir "$(DESTDIR)$$f" 2>/dev/null || true; done

# The places, as the installed program has them; the file changes with them.
INSTALL_PLACES = -DFLIGHTSPEC_VECTORS='"$(DATADIR)/flightspec/vectors"' \
  -DFLIGHTSPEC_GENERATOR='"$(LIBEXECDIR)/flightspec/generate"'
build/install/places: FORCE
	@mkdir -p $(@D)
	@echo "$(INSTALL_PLACES) $(LIBDIR) $(INCLUDEDIR)" | cmp -s - $@ || echo "$(INSTALL_PLACES) $(LIBDIR) $(INCLUDEDIR)" >$@

# The program: only what names a place is compiled anew.
PLACED = $(shell grep -lE 'FLIGHTSPEC_(VECTORS|GENERATOR)' $(TOOL))
$(PLACED:src/%.c=build/install/%.o): PLACES = $(INSTALL_PLACES)
$(PLACED:src/%.c=build/install/%.o): build/install/%.o: src/%.c $(HEADERS) build/install/places
	@mkdir -p $(@D)
	$(CC) $(STD) $(CFLAGS) $(LTO) -c -o $@ $<
build/install/flightspec: $(PLACED:src/%.c=build/install/%.o) \
  $(patsubst src/%.c,build/obj/%.o,$(filter-out $(PLACED),$(TOOL))) build/libflightspec.a
	$(CC) $(CFLAGS) $(LTO) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The libraries. The static one is without what only this very compiler could read.
$(CORE:src/%.c=build/install/%.o): build/install/%.o: src/%.c $(HEADERS)
	@mkdir -p $(@D)
	$(CC) $(STD) $(CFLAGS) $(LTO) -fPIC -fno-semantic-interposition -c -o $@ $<
build/install/$(SHARED): $(CORE:src/%.c=build/install/%.o) packaging/flightspec.map
	$(CC) $(CFLAGS) $(LTO) -fPIC $(LDFLAGS) -shared -Wl,-soname,libflightspec.so.$(SOVERSION) -Wl,-z,defs \
	  -Wl,--version-script=packaging/flightspec.map -o $@ $(filter %.o,$^) -pthread
build/install/libflightspec.a: build/libflightspec.a
	@mkdir -p $(@D)
	objcopy -R '.gnu.lto_*' -R '.gnu.debuglto_*' -N __gnu_lto_slim $< $@
build/install/flightspec.pc: packaging/flightspec.pc.in src/oracle/version.h build/install/places
	sed 's,@PREFIX@,$(PREFIX),; s,@INCLUDEDIR@,$(INCLUDEDIR),; s,@LIBDIR@,$(LIBDIR),; s,@VERSION@,$(VERSION),' $< >$@

# The manual: what --help says.
$(PAGES:%=build/install/%): build/install/%.1: build/install/flightspec packaging/manual
	packaging/manual $< $(patsubst -%,%,$(patsubst flightspec%,%,$*)) >$@

dist: ## build/flightspec-VERSION.tar.gz: all tracked files, as they are now
	@mkdir -p build
	git ls-files -z | tar --null --no-recursion -T - --sort=name --owner=0 --group=0 --numeric-owner \
	  --transform 'flags=rh;s,^,flightspec-$(VERSION)/,' -I 'gzip -n' -cf build/dist.tar.gz
	mv build/dist.tar.gz build/flightspec-$(VERSION).tar.gz
test: test-install
test-install: ## only the tarball and what is installed from it: program, libraries, manual, completion
	tests/install/run

FORCE:
.PHONY: install uninstall dist test-install FORCE
