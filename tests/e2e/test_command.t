#!/bin/sh
# weir test on DuckDB and on PostgreSQL: what passes, what differs and how it is
# shown, what the warehouse refuses, and runs that wait for their tests.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start
mkdir -p "$tmp/p/definitions"
cd "$tmp/p" || exit 1
echo 'defaultDataset: sales' >workflow_settings.yaml
cat >weir.yaml <<END
defaultTarget: duck
targets:
  duck: { warehouse: duckdb, path: duck.db }
  pg: { warehouse: postgres, connection: "$PGURL" }
END
echo 'declare({ name: "orders" }); declare({ name: "cities" });' \
	>definitions/raw.js
cat >definitions/totals.sqlx <<'END'
config { type: "view" }
SELECT cities.city, sum(orders.amount) AS total, max(orders.day) AS last, count(*) > 1 AS many
FROM ${ref("orders")}
JOIN ${ref("cities")} ON cities.id = orders.city_id
GROUP BY cities.city
ORDER BY cities.city
END
cat >definitions/plain.sqlx <<'END'
config { type: "table" }
SELECT 1 AS one
END
inputs='input "cities" { SELECT 1 AS id, '\''Graz'\'' AS city UNION ALL SELECT 2, '\''Linz'\'' }
input "orders" {
  SELECT 1 AS city_id, 1.50 AS amount, DATE '\''2020-01-01'\'' AS day
  UNION ALL SELECT 1, 2.25, NULL
  UNION ALL SELECT 2, 4, NULL
}'
# test_file NAME EXPECTED
test_file() {
	printf '%s\n%s\n%s\n' 'config { type: "test", dataset: "totals" }' \
		"$inputs" "$2" >"definitions/$1.sqlx"
}

for target in duck pg; do
	rm -f definitions/test_*.sqlx
	run weir test --target $target
	is "$status" 1 "$target: no unit tests are a failure"
	like "$err" 'there are no unit tests' "which is said"

	test_file test_good "SELECT true AS many, 'Graz' AS CITY, 3.75 AS total, DATE '2020-01-01' AS last
UNION ALL SELECT false, 'Linz', 4, NULL ORDER BY 2"
	run weir test --target $target
	is "$status" 0 "$target: rows as expected pass"
	like "$out" '^  ok +test_good ' "and say so"
	like "$out" '^1 passed in ' "as does the last line"
	ok "no database is made for a test" [ ! -e duck.db ]

	test_file test_values "SELECT 'Graz' AS city, 3 AS total, NULL AS last, true AS many
UNION ALL SELECT 'Linz', 4, DATE '2020-01-02', true ORDER BY 1"
	test_file test_kinds "SELECT 1 AS city, '3.75' AS total, 1 AS last, 't' AS many
UNION ALL SELECT 1, '4', 1, 't'"
	test_file test_count "SELECT 'Graz' AS city"
	test_file test_names "SELECT 'Graz' AS city, 1 AS totl, 1 AS last, 1 AS many
UNION ALL SELECT 'Linz', 4, 1, 1"
	test_file test_refused "SELECT nothing AS city"
	run weir test --target $target
	is "$status" 1 "$target: other rows fail"
	like "$out" '^1 passed, 5 failed in ' "and are counted"
	like "$out" '^  test_values: 2 of 2 rows differ$' "$target: values"
	like "$out" '^     1     total +3 +3\.75$' "by row, column and value"
	like "$out" '^     1     last +NULL +2020-01-01$' "NULL too"
	like "$out" '^     2     last +2020-01-02 +NULL$' "both ways"
	like "$out" '^     1     city +1 \(number\) +Graz \(string\)$' \
		"$target: another kind of value"
	like "$out" "^     behind .* further columns are not compared$" \
		"which ends the comparison of its row"
	like "$out" '^  test_count: 1 row expected, 2 came$' "$target: rows"
	like "$out" '^  test_names: other columns than expected$' \
		"$target: columns"
	like "$out" '^  test_refused: the expected rows: .*nothing' \
		"$target: what the warehouse says"
	like "$out" '^  definitions/test_refused.sqlx:8$' "and where"

	run weir test --target $target --json
	is "$status" 1 "$target: --json ends with the same status"
	is "$(echo "$out" | sed -n 2,6p)" '    {
        "name": "test_count",
        "successful": false,
        "messages": [
            "Expected 1 rows, but saw 2 rows."' "and prints an array"
	like "$out" '"For row 0 and column ..city..: expected type ..number.., but saw type ..string..\."' \
		"with the words of Dataform"
	like "$out" '"For row 0 and column ..last..: expected null, but saw ..2020-01-01..\."' \
		"for every value"

	run weir run --target $target --run-tests --actions plain
	is "$status" 1 "$target: a run waits for its tests"
	like "$err" '^error: 5 of 6 unit tests failed, so nothing was run$' \
		"and says why it ended"
	run weir show plain --rows 1 --target $target
	like "$err" 'not (there|built yet)|plain' "$target: nothing was built"
	rm -f definitions/test_[ckrnv]*.sqlx
	run weir run --target $target --run-tests --actions plain
	is "$status" 0 "$target: with all of them passed it runs"
	like "$out" '^  ok +table +sales.plain' "and builds"
	rm -f duck.db
done

cat >definitions/words.sqlx <<'END'
config { type: "view" }
SELECT NULL AS a, 'x' AS b
END
echo "config { type: \"test\", dataset: \"words\" } SELECT CAST(NULL AS TEXT) AS a, ' x' AS b" \
	>definitions/test_words.sqlx
run weir test
like "$out" '^     1     b +" x" +"x"$' "blanks around a value are seen"
unlike "$out" 'not compared' "of a row that is compared to its end nothing is said"
echo "config { type: \"test\", dataset: \"words\" } SELECT 'NULL' AS a, '' AS b" \
	>definitions/test_words.sqlx
run weir test
like "$out" '^     1     a +"NULL" +NULL$' "as is the text NULL"
rm definitions/*words.sqlx

test_file test_semicolon "SELECT 1 AS city"
sed 's/4, NULL/4, NULL;/' definitions/test_semicolon.sqlx >"$tmp/semicolon"
cp "$tmp/semicolon" definitions/test_semicolon.sqlx
run weir test
like "$out" '^  test_semicolon: an input: .*semicolon' "an input's semicolon is its own"
like "$out" '^  definitions/test_semicolon.sqlx:6$' "and has its line"
rm definitions/test_semicolon.sqlx

echo 'config { type: "test", dataset: "plain" } SELECT 1 AS one; SELECT 2' \
	>definitions/test_two.sqlx
run weir test
is "$status" 1 "a test is one query"
like "$out" 'the query has a semicolon in it' "which is said"
run weir test --target pg --diagnostics json --quiet
like "$err" '"code":"W504".*"definitions/test_two.sqlx"' \
	"a failed test is a diagnostic"
cat >weir.yaml <<END
targets: { pg: { warehouse: postgres, connection: "host=/nonexistent" } }
END
run weir test
is "$status" 4 "a warehouse that is not there is no failed test"

cd "$root" || exit 1
finish
