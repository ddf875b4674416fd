#!/bin/sh
# A file has at most 600 lines and a function at most 60, so that each can be
# held in the head; a test may have 100, as it begins with its table of cases.
# Exceptions are named here, with a reason.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh
echo 1..3

# One "file:function" a line.
exceptions='
'

c_files | xargs -r wc -l |
	awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' |
	rule "C files have at most 600 lines"

git ls-files -co --exclude-standard '*.sh' '*.t' '*.js' '*.py' Makefile |
	grep -v '^examples/' | xargs -r wc -l |
	awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' |
	rule "scripts have at most 600 lines"

# A function's body is what lies between { and } in the first column.
# shellcheck disable=SC2016 # awk's own variables
c_files | xargs -r awk '
	FNR == 1 { body = 0 }
	/^[a-z].*\(/ {
		name = $0
		sub(/\(.*/, "", name)
		sub(/.*[ *]/, "", name)
	}
	/^{/ { start = FNR; body = 1 }
	/^}/ && body {
		body = 0
		limit = FILENAME ~ /^tests\// ? 100 : 60
		if (FNR - start - 1 > limit)
			print FILENAME ":" name ": " FNR - start - 1 " lines"
	}' | while IFS= read -r found; do
	case $exceptions in
	*"
${found%%: *}
"*) ;;
	*) echo "$found" ;;
	esac
done | rule "functions have at most 60 lines, tests 100"
