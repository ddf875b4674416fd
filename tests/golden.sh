#!/bin/sh
# Golden tests: tests/golden/AREA/CASE/ holds
#
#	cmd      shell commands; "weir" is the program under test
#	input/   the folder they run in (a copy of it; may be missing)
#	out err  what they must print, byte for byte; missing when empty
#	status   the exit status they must end with; missing when 0
#
# tests/golden.sh [CASE...] compares; UPDATE=1 writes what came out instead,
# for the author to review as a diff. Paths of the run, times and run ids are
# replaced by [DIR], [TIME] and [RUN]. A case that takes longer than LIMIT
# seconds fails. JOBS cases run at once.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
self=tests/golden.sh
WEIR=${WEIR:-$root/weir}
LIMIT=${LIMIT:-20}

# Runs "$@" as a user without rights, so that a file's mode counts even where
# the tests are run by root.
# shellcheck disable=SC2016 # the case's shell expands these
as_nobody='
as_nobody() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}'

normalise() {
	sed -E -e "s|$1|[DIR]|g" \
		-e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}Z-[0-9a-f]{4}/[RUN]/g' \
		-e 's/(runs show) [0-9a-f]{4}\b/\1 [RUN]/g' \
		-e 's/ +[0-9]+\.[0-9]+ s\b/ [TIME]/g' \
		-e 's/\b(in|after) [0-9]+ m?s\b/\1 [TIME]/g'
}

# Prints one case's TAP lines at once, so that cases do not mix.
report() {
	flock "$results/lock" cat "$1"
}

compare() {
	for file in out err status; do
		[ -e "$1/$file" ] || : >"$work/none"
		want=$1/$file
		[ -e "$want" ] || want=$work/none
		[ "$file" != status ] || [ -e "$1/status" ] ||
			echo 0 >"$work/none"
		diff -u --label "$1/$file" --label got "$want" "$work/$file" ||
			same=false
	done
}

update() {
	for file in out err status; do
		case $file:$(cat "$work/$file") in
		out: | err: | status:0) rm -f "$1/$file" ;;
		*) cmp -s "$work/$file" "$1/$file" ||
			cp "$work/$file" "$1/$file" ;;
		esac
	done
}

run_case() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/weir-golden.XXXXXX") || exit 1
	trap 'rm -rf "$work"' EXIT
	chmod 755 "$work"
	mkdir "$work/bin" "$work/home" "$work/project"
	[ ! -d "$1/input" ] || cp -R "$1/input/." "$work/project"
	# A copy, so that as_nobody reaches it wherever the project lies; a
	# link where it is only ever run by us.
	if grep -q as_nobody "$1/cmd"; then
		cp "$WEIR" "$work/bin/weir"
	else
		ln -s "$WEIR" "$work/bin/weir"
	fi
	start=$(date +%s%N)
	(cd "$work/project" && exec env -i PATH="$work/bin:$PATH" \
		HOME="$work/home" LC_ALL=C.UTF-8 TZ=UTC \
		WEIR_DUCKDB_LIBRARY="${WEIR_DUCKDB_LIBRARY:-$root/.deps/duckdb/libduckdb.so}" \
		ASAN_OPTIONS="${ASAN_OPTIONS-}" LSAN_OPTIONS="${LSAN_OPTIONS-}" \
		timeout -k 2 "$LIMIT" sh -c "$as_nobody
$(cat "$root/$1/cmd")") >"$work/raw.out" 2>"$work/raw.err" </dev/null
	echo $? >"$work/status"
	took=$((($(date +%s%N) - start) / 1000000))
	normalise "$work/project" <"$work/raw.out" >"$work/out"
	normalise "$work/project" <"$work/raw.err" >"$work/err"
	same=true
	if [ "$(cat "$work/status")" = 124 ]; then
		echo "took longer than $LIMIT s" >"$work/diff"
		same=false
	elif [ -n "${UPDATE-}" ]; then
		update "$1" >"$work/diff"
	else
		compare "$1" >"$work/diff"
	fi
	name=${1#tests/golden/}
	{
		$same || printf 'not '
		echo "ok - $name"
		sed 's/^/# /' "$work/diff"
	} >"$work/tap"
	echo "$took $name" >>"$results/times"
	report "$work/tap"
	$same || echo "$name" >>"$results/failed"
}

if [ "${1-}" = --one ]; then
	run_case "$2"
	exit 0
fi
results=$(mktemp -d "${TMPDIR:-/tmp}/weir-golden.XXXXXX") || exit 1
trap 'rm -rf "$results"' EXIT
export results WEIR LIMIT
: >"$results/cases"
if [ $# -eq 0 ]; then
	set -- tests/golden/*/*/cmd
fi
for case in "$@"; do
	case=${case%/cmd}
	echo "${case%/}" >>"$results/cases"
done
echo "1..$(wc -l <"$results/cases")"
xargs -P "${JOBS:-2}" -n 1 sh "$self" --one <"$results/cases"
sort -rn "$results/times" | head -n 1 |
	awk '{ printf "# slowest: %s, %d ms\n", $2, $1 }'
[ ! -e "$results/failed" ]
