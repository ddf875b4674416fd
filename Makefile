# make                  ./weir, optimised, with debug information
# make demo             build, then run the Wikimedia example twice
# make check            every test; what it needs is installed first
# make unit golden e2e lint      parts of it; also fuzz-replay
# make conformance      graphs beside the official CLI's; UPDATE=1 records anew,
#                       CONFORMANCE_DIR=... compares the projects of a folder
# make unit ONLY=sched  the unit tests whose name holds the word
# make golden UPDATE=1  write what came out; review the diff
# make bench            1,000 views beside psql and DuckDB's own library; compile
#                       100 to 10,000 models, beside the official CLI
# make fuzz FUZZ_TIME=60         search for inputs that crash (clang)
# make fuzz-conformance FUZZ_TIME=60     search for graphs that differ from the
#                       official CLI's; SEED=... INPUT=... repeats one
# make fault            runs that are killed, or whose warehouse fails, and resume
# make valgrind         a compile and a run under valgrind
# make grammar          regenerate grammar/src/parser.c from grammar.js
# make fmt              format the C files
# make install          honours PREFIX and DESTDIR; make uninstall undoes it
#
# MODE=debug  SAN=address,undefined  SAN=thread  CC=clang choose another build,
# which lives in a folder of its own under build/. V=1 shows whole commands.

VERSION    = 0.1.0
MODE      ?= release
SAN       ?=
PREFIX    ?= /usr/local
FUZZ_TIME ?= 60
JOBS      ?= 2
Q         := $(if $(V),,@)

comma := ,
B := build/$(MODE)$(if $(SAN),-$(subst $(comma),-,$(SAN)))$(if \
     $(findstring clang,$(CC)),-clang)

# ./weir is the release build; any other stays in its folder.
BIN := $(if $(filter build/release,$B),weir,$B/weir)

# What must be there is installed before anything else is worked out, because
# pkg-config and the paths below depend on it.
NO_DEPS    := help clean fmt uninstall
CHECK_DEPS := check unit golden e2e lint fuzz-replay conformance valgrind \
              bench fault fault-sample fuzz fuzz-conformance
GOALS      := $(or $(MAKECMDGOALS),all)
ifneq ($(filter-out $(NO_DEPS),$(GOALS)),)
ifeq ($(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
PART := $(if $(filter $(CHECK_DEPS),$(GOALS)),check,build)
ifneq ($(shell sh scripts/deps.sh $(PART) >&2 </dev/null && echo ok),ok)
$(error something that weir needs is missing; see above)
endif
endif
PKGS       := jansson yaml-0.1 libpq libcrypto tree-sitter
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   := $(shell pkg-config --libs $(PKGS))
QUICKJS    := $(firstword $(wildcard .deps/quickjs/usr/lib/*/quickjs \
              /usr/lib/*/quickjs /usr/lib/quickjs))
endif
QUICKJS_INC := $(if $(filter .deps/%,$(QUICKJS)),.deps/quickjs)/usr/include/quickjs

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wcast-qual \
        -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wundef \
        -Wpointer-arith -Wvla -Wwrite-strings -Wno-missing-field-initializers
OPT_debug   := -O1 -g3 -Werror
OPT_release := -O2 -g $(if $(CI),-Werror) \
               $(if $(SAN),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SAN_FLAGS   := $(if $(SAN),-fno-sanitize-recover=all -fno-omit-frame-pointer)

STD_FLAGS   := -std=c11 -D_POSIX_C_SOURCE=200809L -DWEIR_VERSION='"$(VERSION)"' \
               -I. -isystem .deps/duckdb/include -isystem $(QUICKJS_INC)
COMPILE      = $(STD_FLAGS) $(WARN) $(OPT_$(MODE)) $(SAN_FLAGS) \
               $(if $(SAN),-fsanitize=$(SAN:fuzzer%=fuzzer-no-link%)) \
               $(PKG_CFLAGS) $(CFLAGS)
LINK        := $(if $(SAN),-fsanitize=$(filter-out fuzzer,$(SAN:fuzzer,%=%))) \
               $(LDFLAGS)
LIBS        := $(PKG_LIBS) $(if $(QUICKJS),$(QUICKJS)/libquickjs.a) \
               -ldl -lm -lpthread $(LDLIBS)

# Everything but main() is in the library, so that unit tests reach it.
LIB_SRC     := $(wildcard base/*.c grammar/src/*.c compiler/*.c compiler/*/*.c runtime/*.c runtime/*/*.c) \
               $(filter-out cli/main.c,$(wildcard cli/*.c))
MAIN_SRC    := $(wildcard cli/main.c)
UNIT_SRC    := $(wildcard tests/unit/test_*$(ONLY)*.c)
UNIT_SHARED := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
FUZZ_SRC    := $(wildcard tests/fuzz/fuzz_*.c)
LIB         := $B/libweir.a
UNIT        := $(UNIT_SRC:%.c=$B/%)
FUZZ        := $(FUZZ_SRC:%.c=$B/%)
SIM_SRC     := $(wildcard tests/fault/sim*.c)
OBJ         := $(patsubst %.c,$B/%.o,$(LIB_SRC) $(MAIN_SRC) $(UNIT_SRC) \
               $(UNIT_SHARED) $(FUZZ_SRC) $(SIM_SRC) tests/fuzz/driver.c \
               tests/lib/query.c tests/bench/direct.c tests/fault/readers.c)

# JavaScript that is part of the program: our own, and what "weir format" runs.
EMBEDDED    := $(wildcard compiler/script/js/*.js) $(addprefix .deps/format/, \
               beautify.js query_formatter.js google_sql.js \
               bigquery_functions.js snippets.js)
EMBEDDED_C  := $B/compiler/script/embedded_files.c

all: $(LIB) $(if $(MAIN_SRC),$(BIN))
lib: $(LIB)

# What the folder was built with and from. Each is a file there, written only
# when the text is another, so that a change of flags rebuilds the objects and
# a deleted source leaves the library.
FLAGS   := $(strip $(CC) $(COMPILE) $(LINK) $(LIBS))
MEMBERS := $(strip $(LIB_SRC) $(UNIT_SHARED) $(EMBEDDED))
ifneq ($(FLAGS),$(file <$B/flags))
$B/flags: FORCE
endif
ifneq ($(MEMBERS),$(file <$B/members))
$B/members: FORCE
endif
$B/flags: TEXT = $(FLAGS)
$B/members: TEXT = $(MEMBERS)
$B/flags $B/members:
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(TEXT))' >$@

$(BIN): $(MAIN_SRC:%.c=$B/%.o) $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ $(LIBS)
$(LIB): $(LIB_SRC:%.c=$B/%.o) $(EMBEDDED_C:.c=.o) $B/members
	@mkdir -p $(@D)
	@$(RM) $@
	$Q$(AR) rcs $@ $(filter %.o,$^)
$B/tests/unit/shared.a: $(UNIT_SHARED:%.c=$B/%.o) $B/members
	@mkdir -p $(@D)
	@$(RM) $@
	$Q$(AR) rcs $@ $(filter %.o,$^)
$B/tests/unit/%: $B/tests/unit/%.o $B/tests/unit/shared.a $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ -lcmocka $(LIBS)
$B/tests/lib/query: $B/tests/lib/query.o $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ $(LIBS)
$B/tests/bench/direct: $B/tests/bench/direct.o
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ -ldl -lpthread $(LDLIBS)
$B/tests/fuzz/fuzz_%: $B/tests/fuzz/fuzz_%.o \
		$(if $(findstring fuzzer,$(SAN)),,$B/tests/fuzz/driver.o) $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) $(if $(findstring fuzzer,$(SAN)),-fsanitize=fuzzer) \
		-o $@ $^ $(LIBS)

$B/tests/fault/sim: $(SIM_SRC:%.c=$B/%.o) $B/tests/unit/graph_maker.o $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ $(LIBS)
$B/tests/fault/readers: $B/tests/fault/readers.o $B/tests/unit/shared.a $(LIB)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(LINK) -o $@ $^ -lcmocka $(LIBS)
# Preloaded into a program that it kills.
$B/tests/fault/kill.so: tests/fault/kill.c $B/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  link $@")
	$Q$(CC) $(STD_FLAGS) $(WARN) $(OPT_$(MODE)) -fPIC -shared -o $@ $< -ldl

$(EMBEDDED_C): scripts/embed.sh $(EMBEDDED) $B/members
	@mkdir -p $(@D)
	$Qsh scripts/embed.sh $(EMBEDDED) >$@
$(EMBEDDED_C:.c=.o): $(EMBEDDED_C) $B/flags
	$(if $(V),,@echo "  cc   $<")
	$Q$(CC) $(COMPILE) -c -o $@ $<

# The parser is generated, and both use macros of tree-sitter's header.
$B/grammar/src/%.o: WARN := -Wall
$B/%.o: %.c $B/flags
	@mkdir -p $(@D)
	$(if $(V),,@echo "  cc   $<")
	$Q$(CC) $(COMPILE) -MMD -MP -c -o $@ $<
-include $(OBJ:.o=.d)

# Tests find the program under test, and DuckDB, by these.
TEST_ENV = WEIR=$(CURDIR)/$(BIN) QUERY=$(CURDIR)/$B/tests/lib/query \
	CMOCKA_MESSAGE_OUTPUT=TAP \
	WEIR_DUCKDB_LIBRARY=$${WEIR_DUCKDB_LIBRARY:-$(CURDIR)/.deps/duckdb/libduckdb.so}
PROVE    = $(TEST_ENV) prove -j$(JOBS)

# All parts run, also behind one that fails.
check:
	$Q$(MAKE) --no-print-directory -k lint unit fuzz-replay golden e2e \
		conformance fault-sample
# With a private server, named by PGURL, if some of the tests ask for one.
unit: $(UNIT)
	$(if $(ONLY),$(if $(UNIT),,$(error no unit test has a name like $(ONLY))))
	$(if $(UNIT),$Q$(TEST_ENV) $$(grep -q PGURL $(UNIT) && \
		echo sh tests/lib/with_pg.sh) prove -j$(JOBS) -e \
		'sh tests/lib/own_database.sh' $(UNIT))
golden: all
	$(if $(wildcard tests/golden/*/*/cmd),$Q$(if $(UPDATE),UPDATE=1 )$(PROVE) \
		-e sh tests/golden.sh)
e2e: all $B/tests/lib/query
	$(if $(wildcard tests/e2e/*.t),$Q$(PROVE) -e sh tests/e2e/*.t)
fuzz-replay: $(FUZZ)
	$(if $(FUZZ),$Q$(PROVE) -e '' $(FUZZ))
conformance: all
	$Q$(TEST_ENV) JOBS=$(JOBS) python3 tests/conformance/projects.py
	$(if $(CONFORMANCE_DIR),,$Q$(PROVE) -e sh tests/conformance/*.t)
fuzz-conformance: all
	$Q$(TEST_ENV) nice python3 tests/conformance/fuzz.py $(FUZZ_TIME)
lint:
	$(if $(wildcard tests/lint/*.sh),prove -e sh tests/lint/*.sh)
FAULT_DEPS = all $B/tests/lib/query $(addprefix $B/tests/fault/, \
	kill.so sim readers) $B/tests/unit/test_window_seeds
FAULT_ENV  = KILL_LIBRARY=$(CURDIR)/$B/tests/fault/kill.so \
	SIMULATION=$(CURDIR)/$B/tests/fault/sim \
	READERS=$(CURDIR)/$B/tests/fault/readers \
	WINDOW_SEEDS=$(CURDIR)/$B/tests/unit/test_window_seeds
fault: $(FAULT_DEPS)
	$Q$(FAULT_ENV) $(PROVE) -v -e sh $(wildcard tests/fault/*$(ONLY)*.t)
# A sample of it, in seconds.
fault-sample: $(FAULT_DEPS)
	$Q$(FAULT_ENV) SEEDS=300 EVERY=37 KILL_EVERY=200 $(PROVE) -e sh \
		tests/fault/sim.t tests/fault/kill.t
valgrind: all
	$(PROVE) -e sh tests/valgrind.sh
# As a server does by default, which that of other tests does not.
SAFE_PG = fsync=on synchronous_commit=on full_page_writes=on
bench: all $B/tests/bench/direct
	$(TEST_ENV) DIRECT=$B/tests/bench/direct PG_SETTINGS="$(SAFE_PG)" sh tests/lib/with_pg.sh \
		python3 tests/bench/views.py
	$(TEST_ENV) python3 tests/bench/bench.py
demo: all
	sh scripts/demo.sh

fuzz:
	$(MAKE) CC=clang MODE=debug SAN=fuzzer,address,undefined fuzz-run
fuzz-run: $(FUZZ)
	sh tests/fuzz/run.sh $(FUZZ_TIME) $(FUZZ)

grammar:
	sh scripts/grammar.sh
fmt:
	clang-format -i $$(git ls-files '*.[ch]' ':!grammar/src/parser.c' \
		':!grammar/src/tree_sitter')

BINDIR  = $(DESTDIR)$(PREFIX)/bin
LIBDIR  = $(DESTDIR)$(PREFIX)/lib/weir
SHARE   = $(DESTDIR)$(PREFIX)/share
MANPAGE = $(SHARE)/man/man1/weir.1
BASH_C  = $(SHARE)/bash-completion/completions/weir
ZSH_C   = $(SHARE)/zsh/site-functions/_weir
FISH_C  = $(SHARE)/fish/vendor_completions.d/weir.fish
DOC     = $(SHARE)/doc/weir
LICENCES = LICENSE.js-beautify LICENSE.google-sql-syntax-ts

install: all
	mkdir -p $(BINDIR) $(LIBDIR) $(DOC) $(dir $(MANPAGE) $(BASH_C) $(ZSH_C) $(FISH_C))
	install -m 755 $(BIN) $(BINDIR)/weir
	install -m 644 $${WEIR_DUCKDB_LIBRARY:-.deps/duckdb/libduckdb.so} \
		$(LIBDIR)/libduckdb.so
	install -m 644 $(LICENCES:%=.deps/format/%) $(DOC)
	./$(BIN) help --man >$(MANPAGE)
	./$(BIN) completions bash >$(BASH_C)
	./$(BIN) completions zsh >$(ZSH_C)
	./$(BIN) completions fish >$(FISH_C)
uninstall:
	$(RM) $(BINDIR)/weir $(LIBDIR)/libduckdb.so $(MANPAGE) $(BASH_C) \
		$(ZSH_C) $(FISH_C)
	$(RM) $(LICENCES:%=$(DOC)/%)
	-rmdir $(LIBDIR) $(DOC)
help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile
clean:
	$(RM) -r build weir

.PHONY: all lib check unit golden e2e fuzz-replay conformance lint valgrind fault fault-sample \
	fuzz-conformance bench demo fuzz fuzz-run grammar fmt install \
	uninstall help clean FORCE
.SECONDARY:
