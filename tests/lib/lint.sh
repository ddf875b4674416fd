# shellcheck shell=sh
# Lint scripts find things that must not be. They say how many rules they have
# and give each the offending lines; a rule passes when there are none.
#
#	echo 1..1
#	grep -n ... | rule "no file does this"
set -u

rule() {
	found=$(cat)
	if [ -z "$found" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$found" | sed 's/^/# /'
	fi
}

# The C files that people write; arguments narrow it to folders.
c_files() {
	if [ $# -eq 0 ]; then
		set -- .
	fi
	git ls-files -co --exclude-standard -- "$@" | grep '\.[ch]$' |
		grep -v -e '^grammar/src/parser\.c$' -e '^grammar/src/tree_sitter/'
}

# in_files PATTERN FILES-COMMAND...: lines of those files that match.
in_files() {
	pattern=$1
	shift
	"$@" | xargs -r grep -nHE -e "$pattern"
}
