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
# It would run for minutes.
cat >definitions/endless.sqlx <<-'END'
	config { type: "table", dependencies: ["first"] }
	select sum(a.i * b.i % 7) as s from range(1000000) a(i), range(1000000) b(i)
END
cat >definitions/after.sqlx <<-'END'
	config { type: "table" }
	select * from ${ref("endless")}
END

# stop SIGNAL: starts a run, sends the signal when the first line of a step is
# there, and leaves the exit status in $status.
stop() {
	rm -f lines
	mkfifo lines
	"$WEIR" run >lines 2>"$tmp/err" &
	pid=$!
	exec 3<lines
	out=
	while IFS= read -r line <&3; do
		out="$out$line
"
		case $line in
		*shop.first*)
			kill -s "$1" $pid
			break
			;;
		esac
	done
	out=$out$(cat <&3)
	exec 3<&-
	status=0
	wait $pid || status=$?
}

for signal in INT:130 TERM:143; do
	stop "${signal%:*}"
	is "$status" "${signal#*:}" "SIG${signal%:*} ends a run with ${signal#*:}"
	like "$out" '^  ok +view +shop\.first' "what was done stays done"
	like "$out" '^  stop +table +shop\.endless' "what ran is cancelled"
	like "$out" '^1 ok, 2 cancelled in ' "and counted"
	results=$(find .weir/runs -name results.json | sort | tail -n 1)
	is "$(python3 "$root/tests/lib/result.py" "$results" shop.endless status)" \
		cancelled "results.json says so"
done

rm definitions/endless.sqlx definitions/after.sqlx
cat >definitions/second.sqlx <<-'END'
	config { type: "table" }
	select count(*) as n from range(30000) a(i), range(10000) b(i)
END
run script -qec "env TERM=xterm '$WEIR' run" /dev/null
is "$status" 0 "a run on a terminal succeeds"
escape=$(printf '\033')
like "$out" "$escape\\[[0-9]+A$escape\\[J" "what runs is drawn again in place"
like "$out" "$escape\\[32mok$escape\\[0m +view +shop\.first" "in colour"
run script -qec "env TERM=xterm NO_COLOR=1 '$WEIR' run --actions first" /dev/null
unlike "$out" "$escape\\[[0-9]*m" "NO_COLOR takes the colours away"
run weir run
unlike "$out" "$escape" "a pipe gets plain lines"
cd "$root" || exit 1
finish
