#!/bin/sh
# ShellCheck has nothing to say about any shell script.
# shellcheck source=tests/lib/lint.sh
. tests/lib/lint.sh
echo 1..1

git ls-files -co --exclude-standard '*.sh' '*.t' .ci/run |
	xargs -r shellcheck -x -f gcc 2>&1 | rule "shellcheck is content"
