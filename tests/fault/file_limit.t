#!/bin/sh
# A limit on the size of files, as a disk that is full for one of them: what
# would exceed it fails, and weir lives to say so.
. tests/lib/tap.sh
. tests/lib/project.sh
project_start
echo 'vars: { rows: "10" }' >>workflow_settings.yaml
echo 'targets: { duck: { warehouse: duckdb, path: shop.duckdb } }' >weir.yaml
cat >definitions/big.sqlx <<'END'
config { type: "table" }
select i, md5(cast(i as varchar)) as text
from generate_series(1, ${dataform.projectConfig.vars.rows}) as g(i)
END
run weir run
is "$status" 0 "few rows fit"
rm -rf .weir
run sh -c 'ulimit -f 8192 && exec "$WEIR" run --vars rows=1000000'
is "$status" 1 "with many, weir ends with 1, and by no signal"
like "$out" 'out.big: .*(File too large|No space)' "it says what is wrong"
is "$(python3 "$root/tests/lib/result.py" .weir/runs/*/results.json out.big \
	status)" failed "so do the results"
is "$(duckdb shop.duckdb "select count(*) from out.big")" 10 \
	"the table is that of before"
run weir run --vars rows=1000000
is "$status" 0 "without the limit the next run builds it"
is "$(duckdb shop.duckdb "select count(*) from out.big")" 1000000 "whole"
cd "$root" && finish
