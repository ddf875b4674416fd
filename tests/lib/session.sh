# shellcheck shell=sh
# Sessions of PostgreSQL that hold what they locked while a test does other
# things, and waiting for what happens there:
#
#	. tests/lib/tap.sh
#	. tests/lib/pg.sh
#	. tests/lib/session.sh
#	pg_start
#	session_start 3
#	gate_close			session 3 locks the number 7
#	... something that does: select pg_advisory_xact_lock_shared(7)
#	await at_gate
#	gate_open

# shellcheck disable=SC2154 # tap.sh sets tmp
# session_start N: what is written to descriptor N is done in order.
session_start() {
	mkfifo "$tmp/session$1"
	psql -X -q -d "$PGURL" <"$tmp/session$1" >"$tmp/session$1.out" 2>&1 &
	eval "exec $1>\"\$tmp/session$1\""
}

# await COMMAND...: until it succeeds, a minute at most, and no longer than the
# run goes on whose process is in $pid.
await() {
	tries=600
	until "$@" 2>/dev/null; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return
		if [ -n "${pid-}" ] && ! kill -0 "$pid" 2>/dev/null; then
			"$@" 2>/dev/null
			return
		fi
		sleep 0.1
	done
}

# gate_locks GRANTED: how many have the gate, or wait for it.
gate_locks() {
	pg "select count(*) from pg_locks where locktype = 'advisory'
		and classid = 0 and objid = 7 and granted = $1"
}

gate_is_closed() {
	[ "$(gate_locks true)" = 1 ]
}

gate_close() {
	echo "select pg_advisory_lock(7);" >&3
	await gate_is_closed
}

gate_open() {
	echo "select pg_advisory_unlock(7);" >&3
}

at_gate() {
	[ "$(gate_locks false)" = 1 ]
}
