#!/bin/sh
# Runs that meet on PostgreSQL: one at a time builds a schema, and whatever
# their locks, no file is loaded twice.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
mkdir -p data
cat >weir.yaml <<END
defaultTarget: pg
targets:
  pg: { warehouse: postgres, connection: "$PGURL" }
  a: { warehouse: postgres, connection: "$PGURL", lock: a }
  b: { warehouse: postgres, connection: "$PGURL", lock: b }
loads:
  raw.events: { files: "data/*.ndjson", format: ndjson, columns: { id: int64 } }
END
echo 'declare({ schema: "raw", name: "events" });' >definitions/sources.js
# shellcheck disable=SC2016 # the refs are weir's to expand
echo 'config { type: "table" } select count(*) as n from ${ref("raw", "events")}' \
	>definitions/totals.sqlx
echo 'config { type: "table" } select pg_advisory_xact_lock_shared(1)::text as t' \
	>definitions/waits.sqlx
echo '{"id": 1}' >data/a.ndjson

# A session that keeps what it locks until told otherwise.
mkfifo "$tmp/sql"
psql -X -q -d "$PGURL" <"$tmp/sql" >/dev/null 2>&1 &
psql_pid=$!
exec 3>"$tmp/sql"

# waiting N: until N sessions wait for a lock.
waiting() {
	until [ "$(pg "select count(*) from pg_stat_activity where
		wait_event_type = 'Lock'")" -ge "$1" ]; do
		kill -0 $psql_pid 2>/dev/null || break
	done
}

# locked: until our session has what it asked for.
locked() {
	until [ "$(pg "select count(*) from pg_stat_activity where
		application_name = 'psql' and pid <> pg_backend_pid()
		and query like '$1%' and state like 'idle%'")" = 1 ]; do
		kill -0 $psql_pid 2>/dev/null || break
	done
}

echo "select pg_advisory_lock(1);" >&3
locked 'select pg_advisory_lock'
# Whoever runs this test may ignore SIGHUP; weir would, too.
env --default-signal=HUP "$WEIR" run --actions waits \
	>"$tmp/first" 2>&1 &
first=$!
waiting 1
id=$(basename .weir/runs/*)
run weir run
is "$status" 5 "a second run of the same schema exits 5"
like "$err" "another run holds the lock \"out\": \"weir $id\" of user test" \
	"and names the first"
like "$err" 'pg_terminate_backend' "and says what to do"
run weir run --dry-run
is "$status" 0 "a dry run needs no lock"
run weir run --target a --actions totals
is "$status" 0 "a target with another lock may run"
kill -s HUP $first
status=0
wait $first || status=$?
is "$status" 129 "SIGHUP stops the first, with 129"
is "$(pg "select count(*) from pg_stat_activity
	where query like '%pg_advisory_xact_lock_shared%'
	and pid <> pg_backend_pid()")" 0 "in the server too"
like "$(cat .weir/runs/"$id"/results.json)" '"status": *"cancelled"' \
	"and its results say so"
echo "select pg_advisory_unlock(1);" >&3
run weir run
is "$status" 0 "then the next may run"

# Two runs with locks of their own begin at one time.
echo '{"id": 2}' >data/b.ndjson
echo "begin; lock table raw.weir_loads; select 'held';" >&3
locked 'select _held'
for target in a b; do
	"$WEIR" run --target $target --actions totals >"$tmp/$target" 2>&1 &
	eval "$target=\$!"
done
waiting 2
echo "commit;" >&3
# shellcheck disable=SC2154 # set by eval
wait "$a"
# shellcheck disable=SC2154
wait "$b"
is "$(pg "select count(*) || '|' || count(distinct id) from raw.events")" \
	"2|2" "no row is loaded twice"
is "$(pg "select count(*) from raw.weir_loads where path = 'data/b.ndjson'")" \
	1 "the file is recorded once"

# A run that takes its own lock away.
cat >definitions/kills.sqlx <<'END'
config { type: "operations" }
select pg_terminate_backend(pid, 60000) from pg_stat_activity
where application_name like 'weir 2%'
END
echo 'config { type: "view", dependencies: ["kills"] } select 1 as n' \
	>definitions/next.sqlx
run weir run --actions kills --actions next
is "$status" 0 "a run that lost its lock takes it again"
like "$out" 'ok +operation.* out.kills' "what ran is finished"
like "$out" 'ok +view +out.next' "the rest is started"
like "$out" "the connection that held the run's lock was lost" "and it says so"
exec 3>&-
wait $psql_pid
cd "$root" && finish
