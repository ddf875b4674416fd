# shellcheck shell=sh
# The Test Anything Protocol for shell tests, which prove runs:
#
#	. tests/lib/tap.sh
#	run weir list
#	is "$status" 0 "list exits 0"
#	like "$out" 'staging\.*' "list names the staging actions"
#	finish
#
# Tests are run from the project's root. $tmp is a folder of the test's own,
# removed at the end; "weir" runs the program under test.
set -u
root=$PWD
WEIR=${WEIR:-$root/weir}
WEIR_DUCKDB_LIBRARY=${WEIR_DUCKDB_LIBRARY:-$root/.deps/duckdb/libduckdb.so}
QUERY=${QUERY:-$root/build/release/tests/lib/query}
export WEIR WEIR_DUCKDB_LIBRARY
unset NO_COLOR CI GITHUB_ACTIONS
export LC_ALL=C.UTF-8 TZ=UTC
tests_run=0
tests_failed=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weir-test.XXXXXX")

# A test may define at_end; a server started by pg.sh is stopped here too.
tap_exit() {
	status=$?
	if command -v at_end >/dev/null; then at_end; fi
	if command -v pg_stop >/dev/null; then pg_stop; fi
	cd / && rm -rf "$tmp"
	exit $status
}
trap tap_exit EXIT
trap 'exit 1' HUP INT TERM

weir() {
	"$WEIR" "$@"
}

# duckdb FILE SQL, postgres SQL: rows as lines, values separated by "|".
duckdb() {
	"$QUERY" duckdb "$1" "$2"
}

postgres() {
	"$QUERY" postgres "$PGURL" "$1"
}

# run COMMAND...: leaves its stdout in $out, stderr in $err, exit in $status.
run() {
	status=0
	"$@" >"$tmp/.out" 2>"$tmp/.err" || status=$?
	out=$(cat "$tmp/.out")
	err=$(cat "$tmp/.err")
}

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	tests_run=$((tests_run + 1))
	echo "ok $tests_run - $1"
}

fail() {
	tests_run=$((tests_run + 1))
	tests_failed=$((tests_failed + 1))
	echo "not ok $tests_run - $1"
}

# ok DESCRIPTION COMMAND...: passes when the command exits 0.
ok() {
	description=$1
	shift
	if "$@"; then
		pass "$description"
	else
		fail "$description"
		note "failed: $*"
	fi
}

# is GOT WANTED DESCRIPTION
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		note "got:    $1"
		note "wanted: $2"
	fi
}

# like GOT EXTENDED-REGEX DESCRIPTION: some line of GOT matches.
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		pass "$3"
	else
		fail "$3"
		note "got:     $1"
		note "no match for: $2"
	fi
}

unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		fail "$3"
		note "got:     $1"
		note "unwanted match for: $2"
	else
		pass "$3"
	fi
}

# skip_all REASON: ends the test, nothing run.
skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# What run left, when a test wants to show why it failed.
show_run() {
	note "status: $status"
	note "stdout: $out"
	note "stderr: $err"
}

finish() {
	echo "1..$tests_run"
	[ "$tests_failed" = 0 ]
	exit
}
