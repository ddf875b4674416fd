#!/bin/sh
# Under valgrind: a compile, a compile with errors, and two runs on DuckDB, of
# which the second adds to what the first made. Suppressions are for the
# libraries only.
. tests/lib/tap.sh

# clean DESCRIPTION EXIT-STATUS ARGUMENTS...: weir's own exit status is kept
# unless valgrind found something.
clean() {
	description=$1 wanted=$2
	shift 2
	run valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite,indirect --fair-sched=yes \
		--suppressions=tests/valgrind.supp --log-file="$tmp/log" \
		"$WEIR" "$@"
	is "$status" "$wanted" "$description"
	[ "$status" = "$wanted" ] || {
		show_run
		note "$(head -n 100 "$tmp/log")"
	}
}

cp -R examples/medallion "$tmp/project"
cp -R examples/medallion "$tmp/broken"
# shellcheck disable=SC2016 # SQLX, not a variable of ours
echo 'select * from ${ref("nowhere")} ${1 +}' \
	>"$tmp/broken/definitions/broken.sqlx"

clean "a compile is clean" 0 compile --json "$tmp/project"
clean "a compile with errors is clean" 3 compile "$tmp/broken"
clean "a first run on DuckDB is clean" 0 run "$tmp/project"
clean "a second run on DuckDB is clean" 0 run "$tmp/project"
finish
