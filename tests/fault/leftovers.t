#!/bin/sh
# A run that is killed while it builds a table anew leaves nothing of its own:
# no table in the warehouse, and after the next run no file of DuckDB's.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/session.sh
. tests/lib/project.sh
pg_start
project_start
echo 'vars: { rows: "10" }' >>workflow_settings.yaml
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL" }
  duck: { warehouse: duckdb, path: shop.duckdb }
END
cat >definitions/built.sqlx <<'END'
config { type: "table", weir: { indexes: [["i"]] } }
pre_operations {
  ${when(dataform.projectConfig.vars.small, "set memory_limit = '60MB'", "")}
}
select i, md5(cast(i as varchar)) as text
from generate_series(1, ${dataform.projectConfig.vars.rows}) as g(i)
order by text desc
END
building() {
	[ "$(pg "select count(*) from pg_stat_activity where query like
		'create table%weir_tmp%' and pid <> pg_backend_pid()")" = 1 ]
}
nobody_builds() {
	! building
}
spilled() {
	ls shop.duckdb.tmp/duckdb_temp_storage_* >/dev/null
}

# killed TARGET WHEN VARS: a run that is killed when WHEN has come.
killed() {
	"$WEIR" run --target "$1" --vars "$3" >"$tmp/killed" 2>&1 &
	killed_pid=$!
	await "$2"
	kill -9 "$killed_pid"
	wait "$killed_pid" 2>/dev/null
}

run weir run --target pg
is "$status" 0 "a table is built on PostgreSQL"
killed pg building rows=30000000
await nobody_builds
is "$(pg "select count(*) from pg_class where relname like 'weir\_tmp%'")" 0 \
	"a killed run leaves no table beside"
is "$(pg "select count(*) from out.built")" 10 "the old table stands"
run weir run --target pg
is "$status" 0 "the next run goes well"

run weir run --target duck
is "$status" 0 "a table is built on DuckDB"
killed duck spilled rows=30000000,small=yes
ok "a killed DuckDB leaves files" [ -d shop.duckdb.tmp ]
run weir run --target duck
is "$status" 0 "the next run goes well"
ok "and removes them" [ ! -e shop.duckdb.tmp ]
is "$(duckdb shop.duckdb "select count(*) from out.built")" 10 \
	"the table is there"
is "$(duckdb shop.duckdb "select count(*) from duckdb_tables()
	where table_name like 'weir\_tmp%' escape '\'")" 0 \
	"and nothing beside it"
cd "$root" && finish
