#!/bin/sh
# results.json is as docs/results.schema.json says, however a run ends.
. tests/lib/tap.sh
. tests/lib/project.sh
schema=$root/docs/results.schema.json
project_start
mkdir -p data
cat >weir.yaml <<END
defaultTarget: dev
targets:
  dev: { warehouse: duckdb, path: .weir/dev.duckdb }
  away: { warehouse: postgres, connection: "host=$tmp/nowhere" }
loads:
  raw.events: { files: "data/*.ndjson", format: ndjson, columns: { id: int64 } }
END
echo '{"id": 1}' >data/a.ndjson
echo 'declare({ schema: "raw", name: "events" });' >definitions/sources.js
# shellcheck disable=SC2016 # the refs are weir's to expand
{
	echo 'config { type: "incremental" } select id from ${ref("raw", "events")}' \
		>definitions/staged.sqlx
	echo 'config { type: "assertion" } select id from ${ref("staged")}' \
		>definitions/broken.sqlx
	echo 'config { type: "table", dependencies: ["broken"] } select 1 as n' \
		>definitions/held_back.sqlx
	echo 'config { type: "view", disabled: true } select 1 as n' \
		>definitions/off.sqlx
	echo 'config { type: "table", bigquery: { partitionBy: "n" } }
select 1 as n' >definitions/noted.sqlx
	echo 'config { type: "operations" } select 1, nix' >definitions/wrong.sqlx
	echo 'config { type: "assertion", weir: { severity: "warn" } } select 1 as n' \
		>definitions/warns.sqlx
}

# valid DESCRIPTION: the newest results.json is as it should be.
valid() {
	newest=$(printf '%s\n' .weir/runs/* | tail -n 1)
	ok "$1" python3 "$root/tests/lib/valid.py" "$schema" \
		"$newest/results.json"
	# Two runs of one second could not be told apart by their folders.
	rm -rf ended && mv "$newest" ended
}

# has MEMBER VALUE DESCRIPTION
has() {
	ok "$3" grep -q "\"$1\": $2" ended/results.json
}

run weir run
valid "of a run with failures, skipped, disabled and noted actions"
has status '"warn"' "it has a warning"
has status '"skipped"' "it has a skipped action"
has status '"disabled"' "it has a disabled action"
has line 1 "it has the place of an error"
weir run --actions noted >/dev/null 2>&1
valid "of a run that goes well"
weir run --target away >/dev/null 2>&1
valid "of a run that could not start"
has code '"connect"' "it says why"
run weir run --dry-run --json
printf '%s' "$out" >"$tmp/plan.json"
ok "of a plan" python3 "$root/tests/lib/valid.py" "$schema" "$tmp/plan.json"

# One that a signal ends while it counts to 10^18.
echo 'config { type: "table" } select count(*) as n
from range(1000000000) a, range(1000000000) b' >definitions/endless.sqlx
# Whoever runs this test may ignore SIGINT; weir would, too.
env --default-signal=INT "$WEIR" run --actions endless noted --jobs 1 \
	>/dev/null 2>&1 &
pid=$!
until grep -qs '"out.endless".*"running"' .weir/runs/*/journal.jsonl; do
	kill -0 $pid 2>/dev/null || break
done
kill -INT $pid
wait $pid
is $? 130 "a run that is stopped exits 130"
mv .weir/runs/* stopped
ok "of a run that was stopped" python3 "$root/tests/lib/valid.py" "$schema" \
	stopped/results.json
ok "it is cancelled" grep -q '"status": "cancelled"' stopped/results.json
id=$(sed -n 's/.*"run": "\(.*\)".*/\1/p' stopped/results.json)
mv stopped ".weir/runs/$id"
echo 'config { type: "table" } select 1 as n' >definitions/endless.sqlx
run weir run --resume
is "$status" 0 "it can be resumed"
rm -r ".weir/runs/$id"
valid "of the run that resumes it"
has resumes '"20' "it names the run that it resumes"
# What the schema is for.
sed 's/"version": 1/"version": 2/' ended/results.json >"$tmp/odd.json"
ok "another version is noticed" \
	sh -c "! python3 '$root/tests/lib/valid.py' '$schema' '$tmp/odd.json' >/dev/null"
sed 's/"counts"/"count"/' ended/results.json >"$tmp/odd.json"
ok "another name is noticed" \
	sh -c "! python3 '$root/tests/lib/valid.py' '$schema' '$tmp/odd.json' >/dev/null"
finish
