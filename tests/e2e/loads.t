#!/bin/sh
# Loads as a user meets them, on DuckDB and on PostgreSQL: bad rows by their
# true line, files that changed, copies, and what is skipped because of them.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
mkdir -p data
cat >weir.yaml <<END
defaultTarget: dev
targets:
  dev: { warehouse: duckdb, path: .weir/dev.duckdb }
  pg: { warehouse: postgres, connection: "$PGURL" }
loads:
  raw.events: { files: "data/*.ndjson", format: ndjson, columns: { id: int64, name: string, ts: timestamp } }
  raw.people: { files: "data/*.csv", format: csv, columns: { name: string, born: date } }
END
cat >definitions/sources.js <<END
declare({ schema: "raw", name: "events" });
declare({ schema: "raw", name: "people" });
END
# shellcheck disable=SC2016 # the refs are weir's to expand
echo 'config { type: "table" } select count(*) as n, sum(id) as ids from ${ref("raw", "events")}' \
	>definitions/totals.sqlx
# shellcheck disable=SC2016
echo 'config { type: "table" } select count(*) as n from ${ref("raw", "people")}' \
	>definitions/people.sqlx

# events N [BAD LINE]: N good rows, the text BAD in place of one.
events() {
	awk -v n="$1" -v bad="${2-}" -v line="${3-0}" 'BEGIN {
		for (i = 1; i <= n; i++)
			if (i == line) print bad
			else printf "{\"id\": %d, \"name\": \"n%d\", \"ts\": \"2026-11-21T10:00:%02dZ\"}\n", i, i, i % 60
	}'
}

people() {
	awk -v n="$1" -v bad="${2-}" -v line="${3-0}" 'BEGIN {
		print "name,born"
		for (i = 2; i <= n + 1; i++)
			if (i == line) print bad
			else printf "\"n%d, esq.\",1990-01-%02d\n", i, i % 28 + 1
	}'
}

totals() {
	weir show totals --rows 5 --json --target "$1" | tr -d ' \n\t'
}

for target in dev pg; do
	rm -f data/*
	for line in 1 500 1000; do
		events 1000 '{"id": 1.5}' $line >data/a.ndjson
		people 1000 'Ada,1815-13-10' $((line + 1)) >data/a.csv
		run weir run --target $target
		is "$status" 1 "$target: bad rows in line $line fail the run"
		like "$out" "data/a.ndjson:$line: \"1.5\" in column \"id\" is no int64" \
			"$target: a wrong type in line $line is named"
		like "$out" "data/a.csv:$((line + 1)): \"1815-13-10\" in column \"born\" is no date" \
			"$target: a bad date in line $((line + 1)) of a CSV is named"
		events 1000 '{"id": 1' $line >data/a.ndjson
		run weir run --target $target
		like "$out" "data/a.ndjson:$line: this line is no JSON: a comma or } is missing here" \
			"$target: a malformed row in line $line is named"
	done
	like "$out" 'skip +table +out.totals +needs raw.events' \
		"$target: what reads a failed load is skipped"

	events 1000 >data/a.ndjson
	events 10 '{}' 3 >data/b.ndjson
	people 2 >data/a.csv
	run weir run --target $target
	is "$status" 0 "$target: good files load"
	like "$out" 'load +raw.events +1010 rows|load +raw.events +1,010 rows' \
		"$target: and their rows are counted"
	first=$(totals $target)
	run weir run --target $target --full-refresh
	is "$(totals $target)" "$first" \
		"$target: a full refresh loads nothing again"

	cp data/a.ndjson data/copy.ndjson
	run weir run --target $target
	like "$out" 'data/copy.ndjson is skipped: data/a.ndjson, which is loaded, has the same content' \
		"$target: known content under another name is passed over"

	events 2000 >data/b.ndjson
	events 5 >data/c.ndjson
	run weir run --target $target
	is "$status" 1 "$target: a changed file fails the load"
	like "$out" 'data/b.ndjson has changed since it was loaded' \
		"$target: and is named"
	run weir run --target $target --reload data/b.ndjson
	is "$status" 0 "$target: --reload takes it"
	like "$(totals $target)" '"n":"?3005' \
		"$target: its old rows are gone, the others stay"
	run weir run --target $target --reload data/none.ndjson
	is "$status" 2 "$target: --reload of what nothing loads is refused"
done
cd "$root" && finish
