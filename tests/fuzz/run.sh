#!/bin/sh
# run.sh SECONDS TARGET...: fuzzes each target that long, starting from its
# committed corpus. New inputs stay in build/fuzz/TARGET; one that crashes is
# kept as build/fuzz/TARGET-crash-*: make it small, then commit it to the
# corpus with the fix.
set -eu
seconds=$1
shift
status=0
for target in "$@"; do
	name=${target##*/fuzz_}
	mkdir -p "build/fuzz/$name"
	dict=
	[ ! -e "tests/fuzz/$name.dict" ] || dict=-dict=tests/fuzz/$name.dict
	echo "fuzz $name: $seconds s"
	# shellcheck disable=SC2086 # nothing, or one word
	"$target" $dict -max_total_time="$seconds" -timeout=30 \
		-rss_limit_mb=2048 -print_final_stats=1 -close_fd_mask=2 \
		-artifact_prefix="build/fuzz/$name-" \
		"build/fuzz/$name" "tests/fuzz/corpus/$name" || status=1
done
exit $status
