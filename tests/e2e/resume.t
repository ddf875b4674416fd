#!/bin/sh
# A run is killed in its middle and resumed: nothing is done twice, what has
# changed is done again, and what still works in the server is waited for.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
cat >weir.yaml <<END
defaultTarget: dev
targets:
  dev: { warehouse: duckdb, path: .weir/dev.duckdb, jobs: 1 }
  pg: { warehouse: postgres, connection: "$PGURL", jobs: 1 }
END
mkfifo pipe
chmod 644 pipe
cat >definitions/a_grows.sqlx <<'END'
config { type: "incremental" }
select 1 as n
post_operations { insert into ${self()} values (${Date.now() / 1000}) }
END
cat >definitions/b_log.js <<END
const waits = { dev: "insert into out.log select n from " +
	"read_csv('$PWD/pipe', columns = { 'n': 'INTEGER' })",
	pg: "insert into out.log select 3 from " +
	"(select pg_advisory_xact_lock(7)) as t" };
operate("log").queries([
	"create table if not exists out.log (n integer)",
	"insert into out.log values (1)",
	"insert into out.log values (2)",
	waits[dataform.projectConfig.vars.on],
	"insert into out.log values (4)",
]).dependencies(["a_grows"]);
END
echo 'config { type: "table", dependencies: ["log"] } select count(*) as n from out.log' \
	>definitions/c_counts.sqlx
echo 'config { type: "view" } select 1 as n' >definitions/d_other.sqlx

# status_of ACTION: in the newest results.json. The names of two folders of one
# second do not tell which is the later; their times do.
status_of() {
	newest=$(find .weir/runs -name results.json -printf '%T@ %p\n' |
		sort -n | tail -n 1)
	python3 "$root/tests/lib/result.py" "${newest#* }" "out.$1" status
}

# once WAREHOUSE-QUERY... DESCRIPTION: all that was to be done is, once.
check_once() {
	is "$("$1" "select count(*) from out.a_grows")" 2 "$2: a row once"
	is "$("$1" "select n from out.log order by n" | tr '\n' ' ')" \
		"1 2 3 4 " "$2: each statement once"
	is "$("$1" "select n from out.c_counts")" 4 "$2: what follows is done"
}

ask_dev() {
	duckdb .weir/dev.duckdb "$1"
}

# --- DuckDB: killed while the fourth statement reads a pipe
"$WEIR" run --vars on=dev >/dev/null 2>&1 &
pid=$!
exec 3>pipe
run weir run --resume
is "$status" 5 "a run that still runs is not resumed"
like "$err" "still running, as process $pid" "and the process is named"
run weir runs
like "$out" 'running +dev' "it is listed as running"
run weir runs prune --keep 1
like "$out" 'nothing to remove' "nothing is removed that is kept"
kill -9 $pid
wait $pid 2>/dev/null
exec 3>&-
run weir runs
like "$out" 'killed +dev .* 2 ok, 1 running' "a run that was killed says so"
rm pipe
echo 3 >pipe
run weir run --resume
is "$status" 0 "DuckDB: it is resumed"
check_once ask_dev "DuckDB"
is "$(status_of a_grows)" reused "DuckDB: what was done is reused"
like "$out" '3 of 5 statements had been done before' \
	"DuckDB: the operation goes on where it was"
run weir run --resume
is "$status" 2 "what ended well is not resumed"

# --- PostgreSQL: killed while a statement waits, which goes on in the server
pg "create schema out"
mkfifo sql
psql -X -q -d "$PGURL" <sql >/dev/null 2>&1 &
psql_pid=$!
exec 3>sql
echo "select pg_advisory_lock(7);" >&3
waits_for() {
	until [ "$(pg "select count(*) from pg_locks where not granted")" = "$1" ]; do
		kill -0 $psql_pid 2>/dev/null || break
	done
}
until [ "$(pg "select count(*) from pg_locks where objid = 7 and granted")" = 1 ]; do
	kill -0 $psql_pid 2>/dev/null || break
done
"$WEIR" run --target pg --vars on=pg >/dev/null 2>&1 &
pid=$!
waits_for 1
kill -9 $pid
wait $pid 2>/dev/null
# The lock of the run goes with its connection, which waits for nothing.
weir run --resume --wait 30s >"$tmp/out" 2>"$tmp/err" &
pid=$!
echo "select pg_advisory_unlock(7);" >&3
status=0
wait $pid || status=$?
exec 3>&-
is "$status" 0 "PostgreSQL: it is resumed"
check_once pg "PostgreSQL"
is "$(status_of a_grows)" reused "PostgreSQL: what was done is reused"

# --- what has changed is done again, and all that depends on it
echo 'config { type: "view" } select nix' >definitions/d_other.sqlx
weir run --target pg --vars on=pg --actions a_grows d_other >/dev/null 2>&1
sed -i 's/select 1 as n/select 5 as n/' definitions/a_grows.sqlx
echo 'config { type: "view" } select 2 as n' >definitions/d_other.sqlx
run weir run --resume --target pg
is "$status" 0 "a run that failed is resumed"
is "$(pg "select n from out.a_grows where n < 10 order by n" | tr '\n' ' ')" \
	"1 1 5 " "what has changed since is done again"
like "$out" '^2 ok in' "and no more than the run was asked for"

# --- what is no longer there is done again
echo 'config { type: "view" } select nix' >definitions/d_other.sqlx
weir run --target pg --vars on=pg --actions a_grows d_other >/dev/null 2>&1
pg "drop table out.a_grows"
echo 'config { type: "view" } select 3 as n' >definitions/d_other.sqlx
run weir run --resume --target pg
is "$status" 0 "a run whose table was dropped since is resumed"
is "$(status_of a_grows)" ok "the table is made again"
is "$(pg "select n from out.a_grows where n < 10")" 5 "and is there"
like "$out" 'was done by run .*, and is gone' "and the run says why"

# --- another database under the target's name
echo 'config { type: "view" } select nix' >definitions/d_other.sqlx
weir run --target pg --vars on=pg --actions d_other >/dev/null 2>&1
weir run --target dev --vars on=dev --actions d_other >/dev/null 2>&1
echo 'config { type: "view" } select 4 as n' >definitions/d_other.sqlx
pg "create database elsewhere"
cp weir.yaml kept.yaml
there=$(echo "$PGURL" | sed 's/dbname=[^ ]*/dbname=elsewhere/')
sed "s|connection: .*|connection: \"$there\", jobs: 1 }|; s|dev.duckdb|other.duckdb|" \
	kept.yaml >weir.yaml
run weir run --resume --target pg
is "$status" 2 "PostgreSQL: another database is not taken for the run's"
like "$err" 'was on the database .*/.*, but target pg is .*/elsewhere now' \
	"and both are named"
run weir run --resume --target dev
is "$status" 2 "DuckDB: another file is not taken for the run's"
like "$err" 'dev.duckdb, but target dev is .*/other.duckdb now' \
	"and both are named"
mv kept.yaml weir.yaml
run weir run --resume --target pg
is "$status" 0 "PostgreSQL: in its own database the run is resumed"
run weir run --resume --target dev
is "$status" 0 "DuckDB: in its own file the run is resumed"

# --- the same database, reached in another way
socket=$(echo "$PGURL" | sed 's/.*host=\([^ ]*\).*/\1/')
ln -s "$socket" "$tmp/first"
ln -s "$socket" "$tmp/second"
hosts=$(echo "$PGURL" | sed "s|host=[^ ]*|host=$tmp/first,$tmp/second|")
sed "s|connection: .*|connection: \"$hosts\", jobs: 1 }|" weir.yaml >new.yaml
mv new.yaml weir.yaml
echo 'config { type: "view" } select nix' >definitions/d_other.sqlx
weir run --target pg --vars on=pg --actions d_other >/dev/null 2>&1
weir run --target dev --vars on=dev --actions d_other >/dev/null 2>&1
echo 'config { type: "view" } select 5 as n' >definitions/d_other.sqlx
rm "$tmp/first"
run weir run --resume --target pg
is "$status" 0 "PostgreSQL: the next of several hosts has the same database"
cd "$tmp" && mv p moved && cd moved || exit 1
run weir run --resume --target dev
is "$status" 0 "DuckDB: a project that is moved takes its file along"
finish
