#!/bin/sh
# Disks that fill up, as small file systems of their own: the action fails
# clearly and once, the table of before stays, the other actions go on.
. tests/lib/tap.sh
. tests/lib/pg.sh

small=$tmp/small
at_end() {
	umount "$small/duck" "$small/pg" "$tmp/p/.weir" 2>/dev/null
}
mkdir -p "$tmp/p/definitions" "$small/duck" "$small/pg"
for disk in duck pg; do
	mount -t tmpfs -o size=16m tmpfs "$small/$disk" 2>/dev/null ||
		skip_all "only root may mount a small disk"
done
pg_start
mkdir "$small/pg/data"
cd "$tmp/p" || exit 1
if [ -n "${pg_dir-}" ] && [ "$(id -u)" = 0 ]; then
	chmod 755 "$tmp" "$small"
	chmod 755 "$small/pg"
	chown postgres "$small/pg/data"
fi
pg "create tablespace small location '$small/pg/data'" || skip_all \
	"the server cannot use the small disk"
cat >workflow_settings.yaml <<END
dataformCoreVersion: 3.0.62
defaultProject: p
defaultDataset: out
vars: { rows: "10" }
END
cat >weir.yaml <<END
targets:
  pg:
    warehouse: postgres
    connection: "$PGURL options='-c default_tablespace=small'"
  duck: { warehouse: duckdb, path: $small/duck/shop.duckdb }
END
cat >definitions/big.sqlx <<'END'
config { type: "table" }
select i, md5(cast(i as varchar)) as text
from generate_series(1, ${dataform.projectConfig.vars.rows}) as g(i)
END
cat >definitions/added.sqlx <<'END'
config { type: "incremental" }
select i, md5(cast(i as varchar)) as text
from generate_series(1, ${dataform.projectConfig.vars.rows}) as g(i)
END
# shellcheck disable=SC2016 # the refs are weir's to expand
echo 'config { type: "table" } select * from ${ref("big")}' \
	>definitions/needs_big.sqlx
echo 'config { type: "view" } select 1 as n' >definitions/other.sqlx

# ask TARGET SQL
ask() {
	if [ "$1" = pg ]; then
		pg "$2"
	else
		duckdb "$small/duck/shop.duckdb" "$2"
	fi
}

# result NAME KEY: of the one run there is.
result() {
	python3 "$root/tests/lib/result.py" .weir/runs/*/results.json "$1" "$2"
}

for target in pg duck; do
	run weir run --target $target
	is "$status" 0 "$target: few rows fit"
	rm -rf .weir
	run weir run --target $target --vars rows=2000000 --jobs 1
	is "$status" 1 "many fill the disk"
	for name in big added; do
		is "$(result out.$name status)" failed "$name fails"
		is "$(ask $target "select count(*) from out.$name")" 10 \
			"its rows are those of before"
	done
	is "$(result out.needs_big status)" skipped "what needs it is skipped"
	[ $target = duck ] || # whose WAL has no room either
		is "$(result out.other status)" ok "the rest goes on"
	like "$out" 'FAIL .*out.big' "the report says so"
	like "$out" 'out.big: .*No space left' "and why"
	mount -o remount,size=64m "$small/$target"
	rm -rf .weir
	run weir run --target $target --vars rows=20
	is "$status" 0 "when there is room again, the next run"
	is "$(ask $target "select count(*) from out.big")" 20 "builds it"
done

# The disk of the journal and the results.
rm -rf .weir
mkdir .weir
mount -t tmpfs -o size=64k tmpfs .weir
dd if=/dev/zero of=.weir/zeros 2>/dev/null
run weir run --target pg --vars rows=30
is "$status" 1 "a run that could not be resumed ends with 1"
like "$err" 'journal: No space left' "and says why"
is "$(ask pg "select count(*) from out.big")" 20 "nothing of it was begun"
run weir run --target pg --vars rows=30 --actions big
is "$status" 1 "a run that cannot be recorded ends with 1"
is "$(ask pg "select count(*) from out.big")" 30 "but it ran"
like "$out" 'journal.*No space left' "the report says what is missing"
like "$err" 'results.json.*No space left' "and so does the error"
cd "$root" && finish
