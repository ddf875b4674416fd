#!/bin/sh
# cli -> runtime -> compiler/graph.h, compiler/dialect.h -> base, and
# cli -> compiler -> base, grammar; never upwards. Each foreign header has one
# home, so that a library can be replaced by rewriting one module.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh
echo 1..31

# above FOLDER REGEX: includes of our own that FOLDER must not have.
above() {
	in_files "^#[[:space:]]*include \"($2)" c_files "$1"
}

above base 'compiler/|runtime/|cli/|grammar/' |
	rule "base/ knows no layer above it"
above grammar 'base/|compiler/|runtime/|cli/' |
	rule "grammar/ needs nothing but tree-sitter"
above compiler 'runtime/|cli/' |
	rule "compiler/ knows neither runtime/ nor cli/"
above runtime 'cli/|grammar/' |
	rule "runtime/ knows neither cli/ nor grammar/"
above runtime 'compiler/' |
	grep -vE '"compiler/(graph|dialect)\.h"' |
	rule "runtime/ meets the compiler in graph.h and dialect.h only"
# Rooms of the compiler, from the lowest: each knows those before it, but sqlx
# and script need no config, and format no actions.
above compiler/project 'compiler/(config|sqlx|script|actions|format)/' |
	rule "compiler/project/ knows no other room of the compiler"
above compiler/config 'compiler/(sqlx|script|actions|format)/' |
	rule "compiler/config/ knows only compiler/project/"
above compiler/sqlx 'compiler/(config|script|actions|format)/' |
	rule "compiler/sqlx/ knows only compiler/project/"
above compiler/script 'compiler/(config|actions|format)/' |
	rule "compiler/script/ knows compiler/project/ and compiler/sqlx/"
above compiler/format 'compiler/(config|actions)/' |
	rule "compiler/format/ makes no actions"
above compiler/actions 'compiler/(format/|compile\.h|graph_print|select)' |
	rule "compiler/actions/ knows nothing above it"
# Rooms of the runtime, from the lowest. Each knows those before it, but sql
# and plan talk to no warehouse; steps, runs and what draws on all stand above.
above runtime/warehouse 'runtime/((sql|state|plan|load|perform|record)/|step|run)' |
	rule "runtime/warehouse/ knows no other room of the runtime"
above runtime/sql 'runtime/((state|plan|load|perform|record)/|run)' |
	rule "runtime/sql/ knows only runtime/warehouse/"
above runtime/state 'runtime/((plan|load|perform|record)/|run)' |
	rule "runtime/state/ knows only runtime/sql/ and runtime/warehouse/"
above runtime/plan 'runtime/(load|perform|record)/' |
	rule "runtime/plan/ knows nothing above it"
above runtime/load 'runtime/((plan|perform|record)/|run)' |
	rule "runtime/load/ plans nothing and records no run"
above runtime/perform 'runtime/record/' |
	rule "runtime/perform/ records no run"
above runtime/record 'runtime/(load|perform)/' |
	rule "runtime/record/ does no step"
above 'runtime/*/' 'runtime/(director|executor|worker)' |
	rule "only the roof of the runtime has threads"
above cli 'grammar/' |
	rule "cli/ reaches the grammar through the compiler"
above compiler 'base/file\.h' | grep -vE '^compiler/project/(tree\.h|settings\.c):' |
	rule "compiler/ sees the disk through its tree, and to find a project"
in_files '^#[[:space:]]*include "[^"/]*"' c_files base compiler runtime cli |
	rule "our own headers are included by their path from the root"

# home HEADER-REGEX FILE-REGEX: who else includes the header.
home() {
	in_files "^#[[:space:]]*include [<\"]($1)" c_files base compiler \
		runtime cli | grep -vE "^($2):" |
		rule "$1 is included by $2 only"
}

home 'tree_sitter/' 'compiler/sqlx/sqlx\.c'
home '(quickjs/)?quickjs(-libc)?\.h' 'compiler/script/script([a-z_]*\.c|_int\.h)'
home 'jansson\.h' 'base/json\.c'
home 'yaml\.h' 'base/yaml\.c'
home '(postgresql/)?libpq-fe\.h' 'runtime/warehouse/warehouse_postgres[a-z_]*\.c'
home 'openssl/[a-z]*\.h' 'base/sha256\.c'
home 'duckdb\.h' 'runtime/warehouse/warehouse_duckdb[a-z_]*\.[ch]'
home 'pthread\.h' '(runtime/executor|base/pool)\.c'
home 'dlfcn\.h' 'runtime/warehouse/warehouse_duckdb[a-z_]*\.c'
