#!/bin/sh
# shellcheck disable=SC2154 # start sets the names
# Two runs of one project that start together, on both warehouses: one runs,
# the other is refused and told by whom, or waits. Whoever is killed locks
# nobody out.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/session.sh
. tests/lib/project.sh
pg_start port=5432
project_start
mkdir -p "$tmp/other"
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL", vars: { slow: pg } }
  duck: { warehouse: duckdb, path: shop.duckdb }
  link: { warehouse: duckdb, path: ../other/link.duckdb }
END
ln -s ../p/shop.duckdb "$tmp/other/link.duckdb"
echo 'config { type: "table" } select 1 as n' >definitions/quick.sqlx
# It ends when it is cancelled: nobody counts to 10^18.
cat >definitions/slow.sqlx <<'END'
config { type: "table", dependencies: ["quick"] }
select ${when(dataform.projectConfig.vars.slow === "no", "1 as n",
	dataform.projectConfig.vars.slow === "bad" ? "nothing as n" :
	dataform.projectConfig.vars.slow === "pg" ? "pg_sleep(600)::text"
	: "sum(a.i * b.i % 7 + c.i) as s from range(1000000) a(i), " +
		"range(1000000) b(i), range(1000000) c(i)")}
END
# start NAME ARGUMENT...: a run in the background, its process in $NAME.
start() {
	name=$1
	shift
	: >"$tmp/$name.out"
	: >"$tmp/$name.err"
	"$WEIR" run "$@" >"$tmp/$name.out" 2>"$tmp/$name.err" &
	eval "$name=\$!"
}

# ended NAME: waits for a run; its exit status is in $status, what it printed
# in $out and $err.
ended() {
	status=0
	eval "wait \$$1" 2>/dev/null || status=$?
	out=$(cat "$tmp/$1.out")
	err=$(cat "$tmp/$1.err")
}

# id_of NAME: the ID of a run that goes on, as its first line tells it.
id_of() {
	sed -n 's/.* Run \(2[^ ]*\)$/\1/p' "$tmp/$1.out"
}

a_run_is_refused() {
	grep -q '^error: another run' "$tmp/a.err" "$tmp/b.err"
}

# runs NAME: its slow statement is on its way.
runs() {
	id=$(id_of "$1")
	[ -n "$id" ] && grep -q '"out.slow".*"running"' \
		".weir/runs/$id/journal.jsonl"
}

waits() {
	grep -q '^waiting: another run holds' "$tmp/waiter.err"
}

for target in pg duck; do
	start a --target $target
	start b --target $target
	ok "$target: of two runs one is refused" await a_run_is_refused
	if grep -q '^error: another run' "$tmp/a.err"; then
		loser=a winner=b
	else
		loser=b winner=a
	fi
	ok "and the other runs" await runs $winner
	id=$(id_of $winner)
	ended $loser
	is "$status" 5 "the one exits with 5"
	run weir run --target $target
	is "$status" 5 "so does one that comes later"
	like "$err" "another run holds .*\"weir $id\" of user .* process .*since 2" \
		"which is told whose run that is"
	like "$err" '= help: .*--wait' "and what it may do"
	like "$(cat .weir/runs/*/results.json)" "another run holds .*$id" \
		"its results say so, too"
	run weir run --target $target --wait 50ms
	is "$status" 5 "a wait that is too short ends so"
	like "$err" '^waiting: another run holds' "after it said for whom it waits"

	start waiter --target $target --wait 5m
	ok "one waits longer" await waits
	kill -s INT "$waiter"
	ended waiter
	is "$status" 130 "until it is interrupted"

	start waiter --target $target --wait 5m --vars slow=no
	ok "another waits" await waits
	eval "kill -s KILL \$$winner"
	ended $winner
	is "$status" 137 "the first is killed"
	ended waiter
	is "$status" 0 "and the one that waited runs"
	is "$(printf '%s\n' "$err" | grep -c '^waiting')" 1 \
		"it said once that it waited"
	run weir run --target $target --vars slow=no
	is "$status" 0 "and so does the next"

	run weir run --target $target --vars slow=bad
	is "$status" 1 "a run fails"
	failed=$(weir runs --limit 1 | cut -c 1-25)
	start holder --target $target
	ok "another goes on" await runs holder
	start waiter "--resume=$failed" --wait 5m
	ok "one that resumes the first waits" await waits
	start second "--resume=$failed" --wait 5m
	ok "and so does a second" await grep -q '^waiting' "$tmp/second.err"
	kill -s KILL "$holder"
	ended holder
	ended waiter
	first=$status
	ended second
	is "$(printf '%s\n' "$first" "$status" | sort | tr '\n' ' ')" "1 2 " \
		"one of them resumes it, and fails again"
	like "$(cat "$tmp/waiter.err" "$tmp/second.err")" \
		"run $failed has been continued by run" "the other is refused"
done

start a --target duck
ok "a run on a DuckDB file goes on" await runs a
run weir run --target link
is "$status" 5 "a run on a link to it is refused"
like "$err" "\"weir $(id_of a)\"" "and told by whom"
run weir run --target duck --dry-run
is "$status" 5 "a dry run as well"
like "$err" 'one process at a time' "which is explained"
kill -s KILL "$a"
ended a
run weir run --target link --vars slow=no
is "$status" 0 "after the run was killed, one by the link may run"
ok "the lock is beside the database" [ -e shop.duckdb.weir-lock ]

"$QUERY" duckdb shop.duckdb "select sum(a.i * b.i % 7) from range(1000000) a(i),
	range(1000000) b(i), range(1000000)" >/dev/null 2>&1 &
reader=$!
has_opened() {
	grep -q " $reader .*:$(stat -c %i shop.duckdb) " /proc/locks
}
ok "another program opens the database" await has_opened
in_use() {
	run weir run --target duck --vars slow=no
	[ "$status" = 5 ]
}
ok "a file that another program has open is an error" await in_use
like "$err" "shop.duckdb is in use by .*query \\(PID $reader\\)" \
	"which names the program"
start waiter --target duck --vars slow=no --wait 5m
ok "one can wait for that, too" await grep -q '^waiting:.* is in use by' \
	"$tmp/waiter.err"
kill "$reader"
ended waiter
is "$status" 0 "and runs when the file is free"

cd "$root" && finish
