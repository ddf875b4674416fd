#!/bin/sh
# Readers of what is built anew, a hundred times: never an error, an empty
# relation, or rows of two builds; what stands on it and is said of it stays.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start port=5432

for warehouse in postgres duckdb; do
	for kind in table view; do
		"$READERS" "$warehouse" "$kind" >"$tmp/said" 2>&1
		is $? 0 "readers of a $kind of $warehouse"
		cat "$tmp/said"
	done
done
finish
