#!/bin/sh
# A PostgreSQL backend that is killed while it works, and no retry: its action fails with a
# clear message, what needs it is skipped, the rest is finished.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL", jobs: 1 }
END
echo 'config { type: "table" } select 1 as n, pg_sleep(600)::text as marker' \
	>definitions/a_killed.sqlx
# shellcheck disable=SC2016 # the refs are weir's to expand
echo 'config { type: "table" } select * from ${ref("a_killed")}' \
	>definitions/needs_it.sqlx
for name in b c d; do
	echo 'config { type: "table" } select 2 as n' >definitions/$name.sqlx
done

# The limit ends the wait below if the action never starts.
timeout 120 "$WEIR" run --action-retry-limit 0 >"$tmp/out" 2>"$tmp/err" &
weir_pid=$!
until [ "$(pg "select count(pg_terminate_backend(pid)) from pg_stat_activity
	where application_name = 'weir' and query like '%pg_sleep(600)%'
	and state = 'active'")" -gt 0 ]; do
	kill -0 $weir_pid 2>/dev/null || break
done
status=0
wait $weir_pid || status=$?
out=$(cat "$tmp/out")
is "$status" 1 "the run exits 1"
like "$out" 'FAIL +table +out.a_killed' "the action failed"
like "$out" 'the connection to PostgreSQL was lost: terminating connection due to administrator command' \
	"with a clear message"
like "$out" 'skip +table +out.needs_it +needs out.a_killed' \
	"what needs it is skipped"
for name in b c d; do
	like "$out" "ok +table +out.$name " "$name is finished"
done
is "$(pg "select count(*) from pg_tables where schemaname = 'out'")" 3 \
	"the three tables are there and nothing half-built"
results=$(cat .weir/runs/*/results.json | tr -d ' \n\t')
like "$results" '"57P01"' "results.json has the SQLSTATE"
like "$results" '"status":"skipped"' "and who was skipped"
cd "$root" && finish
