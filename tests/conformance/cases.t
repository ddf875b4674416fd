#!/bin/sh
# Recorded answers of the official CLI, kept outside of the project: with
# CONFORMANCE_DIR set, its check.py compares the cases of its compile/ folder
# whose names start with one of CONFORMANCE_CASES.
. tests/lib/tap.sh

[ -n "${CONFORMANCE_DIR-}" ] || skip_all "CONFORMANCE_DIR is not set"
# shellcheck disable=SC2086 # a list of prefixes
run python3 "$CONFORMANCE_DIR/check.py" "$CONFORMANCE_DIR/compile" \
	${CONFORMANCE_CASES-lex ref inc ws} -- "$WEIR"
note "$out"
is "$status" 0 "every recorded case gives the official graph"
[ "$status" = 0 ] || note "$err"
finish
