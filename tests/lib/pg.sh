# shellcheck shell=sh
# A private PostgreSQL for one test run:
#
#	. tests/lib/tap.sh
#	. tests/lib/pg.sh
#	pg_start
#
# The cluster lives in a temporary folder, listens on a Unix socket only and
# skips every fsync. $PGURL is its connection string; pg runs one SQL text
# and prints bare rows. The server goes when the shell exits (tap.sh stops
# it; without tap.sh, set a trap for pg_stop). TEST_PGURL names a server that
# already runs, PG_BIN the programs of another version.

pg_bin() {
	if [ -n "${PG_BIN-}" ]; then
		echo "$PG_BIN"
	elif newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb |
		sort -V | tail -n 1) && [ -x "$newest" ]; then
		dirname "$newest"
	else
		dirname "$(command -v initdb || echo ./initdb)"
	fi
}

# The server refuses to run as root, so root hands it to Debian's user.
pg_as_owner() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

# pg_start SETTING=VALUE...: further settings of postgresql.conf; the last one of
# a name counts.
pg_start() {
	if [ -n "${TEST_PGURL-}" ]; then
		PGURL=$TEST_PGURL
		export PGURL
		return
	fi
	pg_bin=$(pg_bin)
	if [ ! -x "$pg_bin/initdb" ]; then
		echo "Bail out! PostgreSQL is missing: scripts/deps.sh check"
		exit 1
	fi
	pg_dir=$(mktemp -d "${TMPDIR:-/tmp}/weir-pg.XXXXXX")
	chmod 755 "$pg_dir"
	[ "$(id -u)" != 0 ] || chown postgres "$pg_dir"
	pg_try initdb.log "$pg_bin/initdb" -D "$pg_dir/data" -A trust -U test \
		--no-sync --no-locale -E UTF8
	for setting in listen_addresses= "unix_socket_directories=$pg_dir" \
		fsync=off synchronous_commit=off full_page_writes=off \
		timezone=UTC max_connections=50 "$@"; do
		echo "${setting%%=*} = '${setting#*=}'"
	done >"$pg_dir/conf"
	pg_as_owner sh -c "cat '$pg_dir/conf' >>'$pg_dir/data/postgresql.conf'"
	pg_try start.log "$pg_bin/pg_ctl" -D "$pg_dir/data" -s -w -t 60 \
		-l "$pg_dir/server.log" start
	PGURL="host=$pg_dir user=test dbname=postgres"
	export PGURL
}

pg_try() {
	pg_log=$pg_dir/$1
	shift
	pg_as_owner "$@" >"$pg_log" 2>&1 && return
	sed 's/^/# /' "$pg_log"
	[ ! -e "$pg_dir/server.log" ] || sed 's/^/# /' "$pg_dir/server.log"
	echo "Bail out! $1 failed"
	exit 1
}

pg_stop() {
	[ -n "${pg_dir-}" ] || return 0
	pg_as_owner "$pg_bin/pg_ctl" -D "$pg_dir/data" -s -m immediate stop \
		>/dev/null 2>&1
	rm -rf "$pg_dir"
	pg_dir=
}

pg() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$PGURL" -c "$1"
}
