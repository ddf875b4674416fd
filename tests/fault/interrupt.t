#!/bin/sh
# Ctrl-C, or a SIGTERM, while a statement of 60 seconds runs: weir ends at
# once, and the statement with it.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/session.sh
. tests/lib/project.sh
pg_start
project_start
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL" }
  duck: { warehouse: duckdb, path: shop.duckdb }
END
echo 'config { type: "operations" } select pg_sleep(60)' \
	>definitions/operation.sqlx
echo 'config { type: "table" } select 1 as n, pg_sleep(60)::text as slept' \
	>definitions/asleep.sqlx
# It would take longer than 60 seconds.
cat >definitions/busy.sqlx <<'END'
config { type: "table" }
select sum(a.i * b.i % 7 + c.i) as s
from range(1000000) a(i), range(1000000) b(i), range(1000000) c(i)
END
# Statements that heed no cancel, the second in a transaction of its own.
deaf() {
	echo "config { type: \"operations\" }
		$1
		do \$\$
		begin
			loop
				begin
					perform pg_sleep(60);
				exception when query_canceled then null;
				end;
			end loop;
		end \$\$;
		$2"
}
deaf '' '' >definitions/deaf.sqlx
deaf 'begin;' 'commit' >definitions/deaf_bare.sqlx

now_ms() {
	date +%s%3N
}

# Statements of weir's that the server works on.
statements() {
	pg "select count(*) from pg_stat_activity where state = 'active'
		and application_name like 'weir%'"
}

sleeps() {
	[ "$(pg "select count(*) from pg_stat_activity where state = 'active'
		and application_name = 'weir' and query like '%pg_sleep(60)%'
		and wait_event = 'PgSleep'")" = 1 ]
}

is_busy() {
	grep -q '"out.busy".*"running"' .weir/runs/*/journal.jsonl
}

nothing_runs() {
	[ "$(statements)" = 0 ]
}

# start TARGET ACTION: a run of that action, in $pid.
start() {
	rm -rf .weir
	"$WEIR" run --target "$1" --actions "$2" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
}

# stop SIGNAL: sends it and waits; the exit status is in $status.
stop() {
	began=$(now_ms)
	kill -s "$1" "$pid"
	status=0
	wait "$pid" || status=$?
	took=$(($(now_ms) - began))
	note "exit $status $took ms after SIG$1"
	times="$times $took"
}

times=
for case in pg:operation:sleeps pg:asleep:sleeps duck:busy:is_busy; do
	target=${case%%:*} action=${case#*:}
	action=${action%:*}
	for signal in INT:130 TERM:143; do
		start "$target" "$action"
		ok "$target: $action runs" await "${case##*:}"
		stop "${signal%:*}"
		is "$status" "${signal#*:}" "SIG${signal%:*} ends it"
		is "$(statements)" 0 "nothing is left in the server"
		ok "long before its 60 seconds are over" [ "$took" -lt 30000 ]
		is "$(python3 "$root/tests/lib/result.py" \
			.weir/runs/*/results.json "out.$action" status)" \
			cancelled "the results say so"
	done
done
is "$(pg "select count(*) from pg_tables where schemaname = 'out'
	and tablename <> 'weir_steps'")" 0 \
	"no table is left half-built in PostgreSQL"
is "$(duckdb shop.duckdb "select count(*) from information_schema.tables
	where table_name = 'busy'")" 0 "nor in DuckDB, whose file can be opened"

# One Ctrl-C does not end what heeds no cancel, a second one leaves it. What
# may be done twice is in doubt.
leave() {
	kill -s INT "$pid"
	! grep -q . "/proc/$pid/cmdline"
}
for case in deaf:null deaf_bare:true; do
	action=${case%:*}
	start pg "$action"
	ok "$action: a statement that heeds no cancel runs" await sleeps
	if [ ! -e /proc/self/cmdline ]; then
		kill -s KILL "$pid"
		break
	fi
	began=$(now_ms)
	ok "a second Ctrl-C leaves" await leave
	status=0
	wait "$pid" || status=$?
	pid=
	is "$status" 130 "with 130"
	results=$(cat .weir/runs/*/results.json)
	like "$results" 'it is not known what became of it' \
		"and the results say what is not known"
	is "$(python3 "$root/tests/lib/result.py" \
		.weir/runs/*/results.json "out.$action" inDoubt)" \
		"${case#*:}" "and whether it may be done twice"
	like "$(tail -n 1 .weir/runs/*/journal.jsonl)" '"event":"end"' \
		"and the journal has its end"
	note "exit $status $(($(now_ms) - began)) ms after the first SIGINT"
	ok "the server then finds that nobody waits for it" await nothing_runs
done
if grep -q '"inDoubt": true' .weir/runs/*/results.json; then
	run weir run --target pg --resume
	is "$status" 1 "a resumed run does not send it again"
	like "$out" 'not known whether run .* did this' "and says why"
fi

# Prove shows it.
echo "# milliseconds from the signal to the end of weir:$times" >&2
cd "$root" && finish
