#!/bin/sh
# make demo: the Wikimedia example on DuckDB, in a copy of its own. The first
# batch of events is loaded and staged, a second one arrives, and only that is
# staged by the second run.
set -eu
cd "$(dirname "$0")/.."
weir=$PWD/weir
demo=build/demo/wikimedia
rm -rf "$demo"
mkdir -p build/demo
cp -R examples/wikimedia "$demo"
cd "$demo"
mkdir -p data
rm -f data/*.ndjson

batch() {
	printf '\n== Batch %s arrives: %s events in data/batch%s.ndjson\n\n' \
		"$1" "$2" "$1"
	./make_events.sh "$1" >"data/batch$1.ndjson"
	"$weir" run
}

batch 1 "25,000"
batch 2 "25,000 new and 40 known"

printf '\n== The leaderboard: weir show wiki_agg --rows 10\n\n'
"$weir" show wiki_agg --rows 10

printf '\n== What each run staged: weir show wiki_staged\n\n'
"$weir" show wiki_staged | sed -n '/^Last runs/,$p'
