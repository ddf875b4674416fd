#!/bin/sh
# A PostgreSQL that is restarted, or crashes and comes back, in the middle of a
# run of many actions: the run completes, and nothing is done twice.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/session.sh
. tests/lib/project.sh
[ -z "${TEST_PGURL-}" ] || skip_all "the server is not the test's own"
# What a server that crashes must not lose is on its disk.
pg_start fsync=on synchronous_commit=on full_page_writes=on
project_start
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL", jobs: 4 }
END
cat >definitions/many.js <<'END'
const gate = "select pg_advisory_xact_lock_shared(7)";
for (let i = 0; i < 60; i++) {
	const ops = i === 30 || i === 31 ? [gate] : [];
	publish("added_" + i, {type: "incremental"})
		.query("select " + i + " as i, count(*) as n from " +
			"generate_series(1, 1000)")
		.preOps(ops);
	publish("table_" + i, {type: "table"})
		.query(ctx => "select * from " + ctx.ref("added_" + i));
}
operate("counted", [
	"create table if not exists out.counter (n int)",
	gate,
	"insert into out.counter values (1)",
]);
END

at_gate() {
	[ "$(gate_locks false)" -ge 2 ]
}

# The tables that hold other than $1 rows of each i.
wrong() {
	pg "select count(*) from generate_series(0, 59) i where $1 <>
		(xpath('/row/c/text()', query_to_xml('select count(*) as c from
		out.added_' || i, true, true, '')))[1]::text::int or $1 <>
		(xpath('/row/c/text()', query_to_xml('select count(*) as c from
		out.table_' || i, true, true, '')))[1]::text::int"
}

# restart MODE: of pg_ctl, or "crash": a server process is killed.
restart() {
	if [ "$1" = crash ]; then
		pg_as_owner kill -s KILL "$(pg "select min(pid) from
			pg_stat_activity where wait_event = 'advisory'")"
		return
	fi
	pg_try "restart.log" "$pg_bin/pg_ctl" -D "$pg_dir/data" -s -w -t 60 \
		-m "$1" -l "$pg_dir/server.log" restart
}

session_start 3
run weir run
is "$status" 0 "the first run"
is "$(wrong 1)" 0 "each table has its row"
rows=1
for mode in fast immediate crash; do
	rm -rf .weir
	gate_close
	"$WEIR" run >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	ok "$mode: some actions are in the middle" await at_gate
	restart $mode
	status=0
	wait $pid || status=$?
	pid=
	rows=$((rows + 1))
	is "$status" 0 "$mode: the run completes"
	[ "$status" = 0 ] || sed 's/^/# /' "$tmp/out" "$tmp/err"
	is "$(wrong $rows)" 0 "$mode: each table has one row more"
	is "$(pg "select count(*) from out.counter")" $rows \
		"$mode: an operation's statement is done once"
	is "$(pg "select count(*) from pg_tables
		where tablename like 'weir_tmp%'")" 0 "$mode: nothing is left over"
	exec 3>&-
	rm -f "$tmp/session3"
	await pg "select 1" >/dev/null
	session_start 3
done
exec 3>&-
cd "$root" && finish
