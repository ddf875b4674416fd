#!/bin/sh
# A signal stops unit tests, those of weir test and those before a run: what
# runs is cancelled in the warehouse, and weir ends with 128 + its number.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start
mkdir -p "$tmp/p/definitions"
cd "$tmp/p" || exit 1
echo 'defaultDataset: sales' >workflow_settings.yaml
cat >weir.yaml <<-END
	targets:
	  duck: { warehouse: duckdb, path: duck.db }
	  pg: { warehouse: postgres, connection: "$PGURL" }
END
cat >definitions/tests.js <<'END'
const long = dataform.projectConfig.vars.long;
publish("quick", { type: "view" }).query("SELECT 1 AS n");
publish("endless", { type: "view" }).query(long);
test("a quick one").dataset("quick").expect("SELECT 1 AS n");
test("a long one").dataset("endless").expect("SELECT 1");
END
# They end when they are cancelled: nobody counts so far.
duck='SELECT sum(a.i * b.i % 7 + c.i) FROM range(1000000) a(i) JOIN range(1000000) b(i) ON true JOIN range(1000000) c(i) ON true'
pg='SELECT count(pg_sleep(1)) FROM generate_series(1, 1000000) AS endless'

active() {
	pg "select count(*) from pg_stat_activity where state = 'active'
		and query like '%AS endless%' and pid <> pg_backend_pid()"
}

# What must be so before the signal is sent.
begun_duck() {
	grep -q 'ok .*a quick one' "$tmp/out"
}

begun_pg() {
	begun_duck && [ "$(active)" = 1 ]
}

# stop SIGNAL TARGET COMMAND...: sends the signal when the tests run, and leaves
# the exit status in $status and what was printed in $out.
stop() {
	name=$1 target=$2
	shift 2
	long=$duck
	[ "$target" = duck ] || long=$pg
	"$WEIR" "$@" --target "$target" --vars "long=$long" >"$tmp/out" \
		2>"$tmp/err" &
	pid=$!
	until "begun_$target"; do
		kill -0 $pid 2>/dev/null || break
	done
	kill -s "$name" $pid
	status=0
	wait $pid || status=$?
	out=$(cat "$tmp/out")
}

for target in duck pg; do
	for signal in INT:130 TERM:143; do
		stop "${signal%:*}" "$target" test
		is "$status" "${signal#*:}" "$target: SIG${signal%:*} stops tests"
		like "$out" '^  ok +a quick one ' "what was done is done"
		like "$out" '^1 passed, 1 stopped in ' "and the rest is counted"
		stop "${signal%:*}" "$target" run --run-tests
		is "$status" "${signal#*:}" "$target: ... and a run's"
		unlike "$out" 'sales\.' "which then builds nothing"
	done
done
like "$out" '^  stop +a long one ' "what ran is named"
is "$(active)" 0 "nothing runs on in the server"

run weir run --run-tests --target pg --vars "long=$pg" --execution-timeout 1s
is "$status" 1 "a run's time limit is one of its tests, too"
like "$err" '^error: the run took longer than 1 s' "which is said"
is "$(active)" 0 "and the server is told"

cd "$root" || exit 1
finish
