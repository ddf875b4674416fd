#!/bin/sh
# Every diagnostic code is declared once, used by the code, and shown by at
# least one test: a message that nobody has seen is a message that is wrong.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh
echo 1..4
table=compiler/diag_codes.def

codes() {
	sed -n 's/^DIAG(\([A-Z0-9_]*\), *"\(W[0-9]*\)".*/\1 \2/p' "$table"
}

codes | awk '{ print $2 }' | sort | uniq -d |
	rule "no code is declared twice"
codes | awk '{ print $1 }' | sort | uniq -d |
	rule "no name is declared twice"
codes | while read -r name code; do
	c_files compiler cli runtime | xargs grep -qwF "DIAG_$name" ||
		echo "$code $name"
done | rule "every code is used"
codes | while read -r name code; do
	grep -rqwF "$code" tests/golden tests/e2e --include=out \
		--include=err --include='*.t' 2>/dev/null ||
		grep -rqwE "$code|DIAG_$name" tests/unit ||
		echo "$code $name"
done | rule "every code is shown by a golden, end-to-end or unit test"
