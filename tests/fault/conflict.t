#!/bin/sh
# Actions of one run that meet on a table of a DuckDB database: DuckDB ends one
# of the transactions, which is done again, and no change is lost.
. tests/lib/tap.sh
. tests/lib/project.sh
project_start
cat >weir.yaml <<END
targets:
  duck: { warehouse: duckdb, path: shop.duckdb, jobs: 3 }
END
cat >definitions/start.sqlx <<'END'
config { type: "operations", hasOutput: true, name: "counter" }
create table out.counter as select 0 as n, 0 as work
END
# Each holds its change for some time, so that they meet.
cat >definitions/meet.js <<'END'
for (let i = 0; i < 3; i++)
	publish("meets_" + i, {type: "table"})
		.query("select " + i + " as i")
		.dependencies(["counter"])
		.preOps([
			"update out.counter set n = n + 1",
			"create temp table work as select sum(a.i * b.i % 7) as s " +
				"from range(1000) a(i), range(1000) b(i)",
		]);
END
run weir run --action-retry-limit 10
is "$status" 0 "the run succeeds"
[ "$status" = 0 ] || show_run
is "$(duckdb shop.duckdb "select n from out.counter")" 3 \
	"every action changed the row once"
is "$(duckdb shop.duckdb "select count(*) from duckdb_tables()
	where table_name like 'meets_%'")" 3 "and built its table"
run weir run --actions 'meets_*' --action-retry-limit 0
note "$out"
is "$(duckdb shop.duckdb "select n from out.counter")" \
	"$((3 + $(printf '%s\n' "$out" | grep -c '^  ok')))" \
	"without another attempt those that succeed are counted, and no others"
cd "$root" && finish
