#!/bin/sh
# Both examples run on DuckDB and on PostgreSQL and give the same rows, and the
# second run of the Wikimedia example stages exactly the new events.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start
pg "create database wikimedia"
pg "create database medallion"

# The text of every value must be the same on both warehouses, so a view of
# the test's own writes each row as one line of text.
compared_view() {
	cat >"$1/definitions/compared.sqlx" <<SQL
config { type: "view", name: "compared", schema: "compared", tags: ["compared"] }
$2
SQL
}

# shellcheck disable=SC2016 # the refs are weir's to expand
wikimedia_rows='
select concat_ws(chr(124), place, author, edits, pages,
  cast(extract(epoch from first_edit) as bigint),
  cast(extract(epoch from last_edit) as bigint)) as line
from ${ref("wiki_agg")}
union all
select concat_ws(chr(124), id, cast(extract(epoch from ts) as bigint),
  coalesce(author, chr(45)), title, case when is_bot then 1 else 0 end,
  case when is_anonymous then 1 else 0 end)
from ${ref("wiki_staged")}'

# shellcheck disable=SC2016
medallion_rows='
select concat_ws(chr(124), station, line, day, went_in, went_out) as line
from ${ref("daily_stations")}
union all
select concat_ws(chr(124), unit, cast(extract(epoch from read_at) as bigint),
  went_in, went_out)
from ${ref("movements")}
union all
select concat_ws(chr(124), station, line, units) from ${ref("stations")}
union all
select concat_ws(chr(124), station, day, people) from ${ref("busy_days")}
union all
select concat_ws(chr(124), station, day) from ${ref("line_c")}'

# rows_of PROJECT TARGET: the compared lines, sorted.
rows_of() {
	weir show compared --rows 1000000 --json --target "$2" "$1" |
		sed 's/^[[:space:]]*//; s/,$//' | sort
}

# same_rows PROJECT: both targets hold the same, and it is not nothing.
same_rows() {
	rows_of "$1" dev >"$tmp/dev.rows"
	rows_of "$1" pg >"$tmp/pg.rows"
	is "$(wc -l <"$tmp/dev.rows" | tr -d ' ')" "$2" \
		"$(basename "$1") compares $2 lines of output"
	if cmp -s "$tmp/dev.rows" "$tmp/pg.rows"; then
		pass "$(basename "$1") gives the same rows on both"
	else
		fail "$(basename "$1") gives the same rows on both"
		note "$(diff "$tmp/dev.rows" "$tmp/pg.rows" | head -n 20)"
	fi
}

# staged TARGET: how many rows wiki_staged has.
staged() {
	if [ "$1" = pg ]; then
		pg "select count(*) from staging.wiki_staged"
	else
		rows_of "$wiki" dev | grep -cE '"[0-9]+\|[0-9]+\|.*\|[01]\|[01]"'
	fi
}

# added: rows that the last run's increment reports. By time, as the ids of two
# runs in one second sort as they happen to.
added() {
	results=$(find "$wiki/.weir/runs" -name results.json \
		-printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
	python3 tests/lib/result.py "$results" staging.wiki_staged rows
}

run_ok() {
	run weir run "$@"
	is "$status" 0 "weir run $(echo "$*" | sed "s|$tmp/||g")"
	[ "$status" = 0 ] || show_run
}

pg_env() {
	PGHOST=${PGURL#host=}
	PGHOST=${PGHOST%% *}
	PGUSER='test'
	PGDATABASE=$1
	export PGHOST PGUSER PGDATABASE
	PGURL="host=$PGHOST user=test dbname=$1"
}

cp -R examples/wikimedia "$tmp/wikimedia"
wiki=$tmp/wikimedia
pg_env wikimedia
compared_view "$wiki" "$wikimedia_rows"
mkdir -p "$wiki/data"
for target in dev pg; do
	rm -f "$wiki"/data/*
	"$wiki/make_events.sh" 1 >"$wiki/data/batch1.ndjson"
	run_ok --target $target "$wiki"
	is "$(added)" 25000 "$target: the first run stages the first batch"
	"$wiki/make_events.sh" 2 >"$wiki/data/batch2.ndjson"
	run_ok --target $target "$wiki"
	is "$(added)" 25000 "$target: the second run stages the new events only"
	run_ok --target $target "$wiki"
	is "$(added)" 0 "$target: a third run stages none"
	is "$(staged $target)" 50000 "$target: each event is staged once"
done
same_rows "$wiki" 50102
for target in dev pg; do
	run_ok --target $target --full-refresh "$wiki"
	is "$(added)" 50000 "$target: a full refresh stages all again"
done
same_rows "$wiki" 50102

cp -R examples/medallion "$tmp/medallion"
pg_env medallion
compared_view "$tmp/medallion" "$medallion_rows"
for target in dev pg; do
	run_ok --target $target "$tmp/medallion"
	run_ok --target $target "$tmp/medallion"
done
same_rows "$tmp/medallion" 613
finish
