#!/bin/sh
# parser.c is generated and committed; the hash of the grammar it was made
# from lies beside it.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh

if [ ! -e grammar/grammar.js ]; then
	echo "1..0 # SKIP there is no grammar"
	exit
fi
echo 1..2
(cd grammar && sha256sum -c --quiet src/grammar.sha256 2>&1) |
	rule "grammar/src/parser.c is up to date: make grammar"
sed -n 's/^#define LANGUAGE_VERSION //p' grammar/src/parser.c |
	grep -vx 14 | rule "the parser has ABI 14"
