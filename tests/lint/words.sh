#!/bin/sh
# What does not belong in finished code.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh
echo 1..7

# Every text file that people write, but this one.
our_files() {
	git ls-files -co --exclude-standard -- . ':!LICENSE' \
		':!grammar/src/parser.c' ':!grammar/src/tree_sitter' \
		':!tests/fuzz/corpus' ':!tests/conformance/projects' \
		':!tests/lint/words.sh' ':!*.ndjson' ':!*.csv'
}

product_files() {
	c_files base grammar compiler runtime cli
}

in_files '\b(TODO|FIXME|XXX|HACK)\b' our_files |
	rule "nothing is left to do"
in_files '([Nn]ot implemented|not yet implemented|for now\b|\bstub\b)' \
	product_files | rule "nothing is half done"
in_files '\b(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|gets|atoi|atol|atof|alloca)[[:space:]]*\(' \
	product_files | rule "no function that overruns or hides errors"
in_files '\b(gmtime|localtime|ctime|asctime|setenv|putenv|rand|random|tmpnam|system|getpwuid|readdir_r)[[:space:]]*\(' \
	product_files | grep -v '^cli/main\.c:.*setenv("TZ"' |
	rule "no function that is unsafe beside threads"
in_files '\bgoto\b' product_files | grep -vE 'goto out;' |
	rule "goto leads to out: only"
in_files '^typedef (struct|union|enum)\b' product_files |
	rule "structs are not hidden behind typedefs"
in_files '[[:space:]]+$' c_files | rule "no blanks at the end of a line"
