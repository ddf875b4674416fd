#!/bin/sh
# A signal stops a run: what runs is cancelled, the results say so, and weir
# ends with 128 + the signal's number. On a terminal what runs is redrawn.
. tests/lib/tap.sh

mkdir -p "$tmp/shop/definitions"
cd "$tmp/shop" || exit 1
cat >workflow_settings.yaml <<-'END'
	defaultProject: p
	defaultDataset: shop
END
cat >weir.yaml <<-'END'
	targets:
	  dev: { warehouse: duckdb, path: .weir/dev.duckdb }
END
cat >definitions/first.sqlx <<-'END'
	config { type: "view" }
	select 1 as id
END
# It ends when it is cancelled: nobody counts to 10^18.
cat >definitions/endless.sqlx <<-'END'
	config { type: "table", dependencies: ["first"] }
	select sum(a.i * b.i % 7 + c.i) as s
	from range(1000000) a(i), range(1000000) b(i), range(1000000) c(i)
END
cat >definitions/after.sqlx <<-'END'
	config { type: "table" }
	select * from ${ref("endless")}
END

# await COMMAND...: until it succeeds or the run is over, a minute at most.
await() {
	tries=600
	until "$@" 2>/dev/null; do
		tries=$((tries - 1))
		kill -0 "$pid" && [ "$tries" -gt 0 ] || return
		sleep 0.1
	done
}

endless_runs() {
	grep -q '"shop.endless".*"running"' .weir/runs/*/journal.jsonl
}

# stop SIGNAL: starts a run, sends the signal when the endless statement runs,
# and leaves what was printed in $out and the exit status in $status.
stop() {
	rm -rf .weir/runs
	"$WEIR" run >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	ok "the endless statement runs" await endless_runs
	kill -s "$1" $pid
	status=0
	wait $pid || status=$?
	out=$(cat "$tmp/out")
}

for signal in INT:130 TERM:143; do
	stop "${signal%:*}"
	is "$status" "${signal#*:}" "SIG${signal%:*} ends a run with ${signal#*:}"
	like "$out" '^  ok +view +shop\.first' "what was done stays done"
	like "$out" '^  stop +table +shop\.endless' "what ran is cancelled"
	like "$out" '^1 ok, 2 cancelled in ' "and counted"
	is "$(python3 "$root/tests/lib/result.py" .weir/runs/*/results.json \
		shop.endless status)" \
		cancelled "results.json says so"
done

run weir run --execution-timeout 2500ms
is "$status" 1 "a run that takes too long fails"
like "$out" '^  FAIL +table +shop\.endless' "and what ran with it"
like "$err" '^error: the run took longer than 2.5 s' "and it is said why"
unlike "$err" 'second signal' "there was no first signal"

cp definitions/endless.sqlx definitions/late.sqlx
sed -i 's/dependencies: .*/weir: { timeout: "1s" } }/' definitions/late.sqlx
run weir run --actions late first
is "$status" 1 "a run fails if an action takes longer than it may"
like "$out" '^  FAIL +table +shop\.late +it took longer than 1 s' "which ends"
like "$out" '^  ok +view +shop\.first' "what has no such limit is done"
rm definitions/late.sqlx

escape=$(printf '\033')
unlike "$out" "$escape" "a pipe gets plain lines"

# On a terminal the line of the endless statement is drawn again and again.
drawn_again() {
	[ "$(grep -c "\\[J.*endless" "$tmp/screen")" -ge 3 ]
}
# shellcheck disable=SC2016 # $$ is the inner shell's, and then weir's
script -qfec 'echo $$ >pid; exec env TERM=xterm "$WEIR" run' "$tmp/screen" \
	>/dev/null &
pid=$!
ok "what runs is drawn again" await drawn_again
kill -s INT "$(cat pid)"
status=0
wait $pid || status=$?
out=$(cat "$tmp/screen")
is "$status" 130 "a run on a terminal is ended by SIGINT"
like "$out" "$escape\\[[0-9]+A$escape\\[J.*shop\.endless" \
	"in place"
like "$out" "$escape\\[32mok$escape\\[0m +view +shop\.first" "in colour"
run script -qec "env TERM=xterm NO_COLOR=1 '$WEIR' run --actions first" /dev/null
is "$status" 0 "a run on a terminal succeeds"
unlike "$out" "$escape\\[[0-9]*m" "NO_COLOR takes the colours away"
cd "$root" || exit 1
finish
