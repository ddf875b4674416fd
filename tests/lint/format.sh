#!/bin/sh
# .clang-format decides how C looks. Versions of clang-format differ in what
# they make of it, so only the one that Debian 12 has is asked.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh

for clang_format in clang-format-14 clang-format; do
	case $("$clang_format" --version 2>/dev/null) in
	*" 14."*)
		echo 1..1
		c_files | xargs -r "$clang_format" --dry-run -Werror 2>&1 |
			grep -E '^[^ ]+:[0-9]+:' |
			rule "C files are formatted: make fmt"
		exit
		;;
	esac
done
echo "1..0 # SKIP clang-format 14 is not installed"
