#!/bin/sh
# Regenerates grammar/src/parser.c from grammar/grammar.js and records the
# grammar's hash, by which "make lint" knows a stale parser. Needs node, and
# the tree-sitter command of exactly this version, built here with cargo if
# there is none: other versions write a parser that the library cannot load.
set -eu
version=0.22.6
abi=14

cd "$(dirname "$0")/.."
own=$PWD/.deps/tree-sitter/bin/tree-sitter

suits() {
	case $("$1" --version 2>/dev/null) in
	"tree-sitter $version"*) ;;
	*) return 1 ;;
	esac
}

if suits tree-sitter; then
	command=tree-sitter
elif suits "$own"; then
	command=$own
else
	command -v cargo >/dev/null || {
		echo "grammar: neither tree-sitter $version nor cargo is here" >&2
		echo "         Install Rust's cargo, then run make grammar again." >&2
		exit 1
	}
	echo "grammar: building tree-sitter $version, some two minutes" >&2
	cargo install --quiet --locked --root "$PWD/.deps/tree-sitter" \
		tree-sitter-cli --version "$version"
	command=$own
fi
cd grammar
"$command" generate --no-bindings --abi "$abi"
sha256sum grammar.js >src/grammar.sha256
