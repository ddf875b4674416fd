#!/bin/sh
# What goes wrong in a PostgreSQL that others use, too: deadlocks, conflicts
# of serializable transactions, connections that are ended. An action is done
# again as a whole, and never twice.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/session.sh
. tests/lib/project.sh
pg_start
project_start
echo 'vars: { v: first, gate: "7" }' >>workflow_settings.yaml
cat >weir.yaml <<END
targets:
  pg:
    warehouse: postgres
    connection: "$PGURL options='-c deadlock_timeout=10ms'"
  serializable:
    warehouse: postgres
    connection: "$PGURL options='-c default_transaction_isolation=serializable'"
  synchronous:
    warehouse: postgres
    connection: "$PGURL options='-c synchronous_commit=on'"
END
# It counts how often it was done, then waits at the gate, then merges.
cat >definitions/merged.sqlx <<'END'
config { type: "incremental", uniqueKey: ["k"] }
pre_operations {
	update out.counter set n = n + 1
	---
	select pg_advisory_xact_lock_shared(7)
}
select k, '${dataform.projectConfig.vars.v}' as v from generate_series(1, 3) k
END
# shellcheck disable=SC2016 # the refs are weir's to expand
echo 'config { type: "table" } select * from ${ref("merged")}' \
	>definitions/needs_it.sqlx
echo 'config { type: "table" } select 1 as n' >definitions/other.sqlx
pg "create schema out; create table out.counter as select 0 as n"
session_start 3
session_start 4

# start TARGET V ARGUMENT...: a run that comes to the gate, in $pid.
start() {
	rm -rf .weir
	gate_close
	"$WEIR" run --target "$1" --vars "v=$2" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	await at_gate || {
		fail "the run comes to the gate"
		sed 's/^/# /' "$tmp/out" "$tmp/err"
	}
}

# ended: waits for the run.
ended() {
	status=0
	wait $pid || status=$?
	pid=
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
}

# rows_are V COUNT WHAT: what is in the tables.
rows_are() {
	is "$(pg "select string_agg(k || v, ' ' order by k) from out.merged")" \
		"1$1 2$1 3$1" "$3: the rows are right"
	is "$(pg "select n from out.counter")" "$2" "$3: done once"
}

result() {
	python3 "$root/tests/lib/result.py" .weir/runs/*/results.json "$1" "$2"
}

# A worker's own connection, that of the lock has the run's ID in its name.
terminate_worker() {
	pg "select pg_terminate_backend(pid, 60000) from pg_stat_activity
		where application_name = 'weir' and $1" >/dev/null
}

partner_waits() {
	[ "$(pg "select count(*) from pg_stat_activity where
		application_name = 'psql' and wait_event_type = 'Lock'")" = 1 ]
}

run weir run --target pg
is "$status" 0 "the first run"
rows_are first 1 "the first run"

# deadlock: the partner has a row of the table that is merged into and wants
# the counter, which the run has. The run is the one to find it.
deadlock() {
	cat >&4 <<-'END'
		begin;
		set local deadlock_timeout = '1h';
		update out.merged set v = v where k = 2;
		update out.counter set n = n;
		commit;
	END
	await partner_waits
	gate_open
}

start pg deadlock
deadlock
ended
is "$status" 0 "deadlock: the run succeeds"
rows_are deadlock 2 deadlock
is "$(result out.merged attempts)" 2 "deadlock: the second attempt did it"

rm -rf .weir
gate_close
"$WEIR" run --target pg --action-retry-limit 0 >"$tmp/out" 2>"$tmp/err" &
pid=$!
await at_gate
deadlock
ended
is "$status" 1 "deadlock without another attempt: the run fails"
like "$out" 'out.merged: deadlock detected.*40P01' "and says so"
rows_are deadlock 2 "deadlock without another attempt"

start serializable serial
echo "update out.merged set v = v || '!' where k = 2; select 'done';" >&4
has_changed() {
	[ "$(pg "select v from out.merged where k = 2")" = 'deadlock!' ]
}
await has_changed
gate_open
ended
is "$status" 0 "serialization failure: the run succeeds"
rows_are serial 3 "serialization failure"
is "$(result out.merged attempts)" 2 \
	"serialization failure: the second attempt did it"

start pg ended
terminate_worker "wait_event = 'advisory'"
gate_open
ended
is "$status" 0 "terminated: the run succeeds on another connection"
rows_are ended 4 terminated
is "$(result out.merged attempts)" 2 "terminated: the second attempt did it"

# At COMMIT a trigger waits, and the connection ends before it is committed.
pg "create function out.wait() returns trigger language plpgsql as \$\$ begin
	perform pg_advisory_xact_lock_shared(8); return null; end \$\$;
	create constraint trigger waits after update on out.counter
	deferrable initially deferred for each row
	execute function out.wait()"
at_commit() {
	[ "$(pg "select count(*) from pg_stat_activity where
		application_name = 'weir' and query ilike 'commit%'
		and state = 'active' and wait_event = '$1'")" = 1 ]
}
start pg commit
echo "select pg_advisory_lock(8);" >&4
gate_open
ok "a trigger waits at COMMIT" await at_commit advisory
terminate_worker "query ilike 'commit%'"
echo "select pg_advisory_unlock(8);" >&4
ended
is "$status" 0 "terminated before COMMIT was done: the run succeeds"
rows_are commit 5 "terminated before COMMIT was done"
pg "drop trigger waits on out.counter"

# The other way round: it is committed, but the answer never comes, as the
# server waits for a standby that is not there.
standby() {
	pg "alter system set synchronous_standby_names = '$1'"
	pg "select pg_reload_conf()" >/dev/null
	await standby_is "$1"
}
standby_is() {
	[ "$(pg "show synchronous_standby_names")" = "$1" ]
}
start synchronous answer
standby nobody
gate_open
ok "the server waits for a standby" await at_commit SyncRep
terminate_worker "query ilike 'commit%'"
standby ''
ended
is "$status" 0 "terminated after COMMIT was done: the run succeeds"
rows_are answer 6 "terminated after COMMIT was done"

like "$(result out.merged notes)" 'had been done before' \
	"terminated after COMMIT was done: the results say which attempt did it"

# The connection that has the lock.
start pg lock
pg "select pg_terminate_backend(pid, 60000) from pg_stat_activity
	where application_name like 'weir 2%'" >/dev/null
gate_open
ended
is "$status" 0 "terminated with the lock: the run goes on"
like "$out" 'held the run.s lock was lost; another took the lock again' \
	"terminated with the lock: and says so"
rows_are lock 7 "terminated with the lock"

# The same, while another run waits for the lock: that has it then, but begins
# only when what the first has begun is done.
cat >definitions/last.sqlx <<'END'
config { type: "incremental" }
select 1 + ${when(incremental(), `(select max(n) from ${self()})`, "0")} as n
post_operations {
	select pg_advisory_xact_lock_shared(${dataform.projectConfig.vars.gate})
}
END
echo "select pg_advisory_lock(8);" >&4
echo 'config { type: "view", dependencies: ["last"] } select 1 as n' \
	>definitions/after.sqlx
run weir run --target pg --actions last
rm -rf .weir
gate_close
"$WEIR" run --target pg --actions last --actions after >"$tmp/out" 2>"$tmp/err" &
pid=$!
await at_gate
"$WEIR" run --target pg --actions last --vars gate=8 --wait 5m \
	>"$tmp/out2" 2>"$tmp/err2" &
second=$!
await grep -q '^waiting: another run' "$tmp/err2"
pg "select pg_terminate_backend(pid, 60000) from pg_stat_activity
	where application_name like 'weir 2%'" >/dev/null
second_has_it() {
	[ "$(pg "select count(*) from pg_stat_activity
		where application_name like 'weir 2%'")" = 1 ]
}
ok "a run that waited has the lock" await second_has_it
run weir run --target pg --actions last
is "$status" 5 "a third is refused"
is "$(pg "select count(*) from pg_locks where locktype = 'advisory'
	and classid = 0 and objid in (7, 8) and not granted")" 1 \
	"but the second has not begun"
gate_open
ended
is "$status" 1 "the first fails"
like "$out" 'ok +increm.* out.last' "what it had begun is done"
unlike "$out" 'ok +view +out.after' "nothing more is started"
like "$out" 'nothing was started after that' "which it says"
echo "select pg_advisory_unlock(8);" >&4
status=0
wait $second || status=$?
is "$status" 0 "and the second does its work"
is "$(pg "select string_agg(n::text, ' ' order by n) from out.last")" "1 2 3" \
	"one behind the other"

# What a killed run left at work in the server makes a table that the next run
# had looked for in vain: while that is busy elsewhere, or makes the same.
echo 'config { type: "operations" } select pg_advisory_xact_lock_shared(7)' \
	>definitions/held.sqlx
for type in table view; do
	echo "config { type: \"$type\", dependencies: [\"held\"] } select 5 as n" \
		>"definitions/late_$type.sqlx"
done
rm -rf .weir
gate_close
"$WEIR" run --target pg --actions held --actions late_table \
	--actions late_view >"$tmp/out" 2>"$tmp/err" &
pid=$!
await at_gate
pg "create table out.late_table as select 0 as n"
echo "begin; create view out.late_view as select 0 as n;" >&4
waits_for() {
	[ "$(pg "select count(*) from pg_stat_activity where
		application_name = 'weir' and wait_event_type = 'Lock'
		and query ilike 'create%$1%'")" = 1 ]
}
gate_open
ok "a view waits for one of its name" await waits_for late_view
echo "commit;" >&4
ended
is "$status" 0 "made meanwhile: the run succeeds"
is "$(pg "select n from out.late_table")" 5 "made meanwhile: the table is weir's"
is "$(pg "select n from out.late_view")" 5 "made meanwhile: so is the view"
is "$(result out.late_table attempts)" null "made meanwhile: at once"

pg "drop table out.late_table"
rm -rf .weir
echo "begin; create table out.late_table as select 0 as n;" >&4
"$WEIR" run --target pg --actions late_table >"$tmp/out" 2>"$tmp/err" &
pid=$!
ok "a table waits for one of its name" await waits_for late_table
echo "commit;" >&4
ended
is "$status" 0 "made at once: the run succeeds"
is "$(pg "select n from out.late_table")" 5 "made at once: the table is weir's"

exec 3>&- 4>&-
cd "$root" && finish
