#!/bin/sh
# A procedure that commits and then fails: it may be called again by nobody but
# its user.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
cat >weir.yaml <<END
targets:
  pg: { warehouse: postgres, connection: "$PGURL" }
END
pg "create table log (n integer)" >/dev/null
pg "create procedure halfway() language plpgsql as 'begin
	insert into log values (1); commit;
	raise ''deadlock'' using errcode = ''40P01''; end'" >/dev/null
echo 'config { type: "operations" } call public.halfway()' \
	>definitions/op.sqlx

run_fails() {
	status=0
	"$WEIR" run "$@" >"$tmp/out" 2>&1 || status=$?
	out=$(cat "$tmp/out")
	is "$status" 1 "weir run $* exits 1"
	is "$(pg "select count(*) from log")" 1 "it was called once"
}

run_fails
like "$out" 'some of it may have been committed: look' "the message says so"
unlike "$out" 'run --resume' "no resume is proposed"
like "$(cat .weir/runs/*/results.json)" '"inDoubt": true' \
	"results.json says so"
for again in first second; do
	run_fails --resume
	like "$out" 'not known whether run .* did this' \
		"the $again resume says why"
done
cd "$root" && finish
