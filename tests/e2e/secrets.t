#!/bin/sh
# What the environment gives for a connection or a path is in no output and in
# no file of a run, also where the warehouse, the SQL or a note repeats it.
. tests/lib/tap.sh
. tests/lib/pg.sh
. tests/lib/project.sh
pg_start
project_start
# shellcheck disable=SC2016 # for weir to fill in
cat >weir.yaml <<END
targets:
  file: { warehouse: duckdb, path: "\${env:PLANTED_PATH}" }
  short: { warehouse: duckdb, path: "\${env:A}\${env:B}" }
  pg:
    warehouse: postgres
    connection: "$PGURL options='-c weir.password=\${env:PLANTED}'"
    vars: { password: "\${env:PLANTED}" }
  wrong:
    warehouse: postgres
    connection: "host=/\${env:PLANTED} dbname=x"
END
mkdir pl4nted-folder
PLANTED_PATH=pl4nted-folder/w.duckdb PLANTED=pl4nted_word
export PLANTED_PATH PLANTED
# shellcheck disable=SC2016
cat >definitions/a.js <<'END'
const duckdb = "select error('at ' || max(path)) from duckdb_databases()";
const word = dataform.projectConfig.vars.password;
operate("echoes", word
	? `do $$ begin raise exception 'it is ${word}' using hint =
		'not ${word}', errcode = 'P0001'; end $$`
	: duckdb);
publish("breaks", {type: "table"}).query(word ? `select ${word}` : "select e");
END

# hidden ARG...: the run fails, and nothing that it leaves has the secret.
hidden() {
	rm -rf .weir
	run weir run "$@"
	what="run $*"
	ok "$what fails" [ "$status" != 0 ]
	unlike "$out$err" pl4nted "$what prints no secret"
	like "$out$err" '\$\{env:PLANTED(_PATH)?}' "$what says what is hidden"
	is "$(find .weir -name results.json | wc -l)" 1 "$what has results"
	is "$(grep -rlI pl4nted .weir)" "" "$what writes no secret"
}

hidden --target file
hidden --target file --json
like "$(cat .weir/runs/*/journal.jsonl)" '"error":.*\$\{env:PLANTED_PATH\}' \
	"the journal has the error with the name in its place"
hidden --target pg -v
hidden --target pg --json
hidden --target wrong
run weir run --target pg --dry-run --json
unlike "$out$err" pl4nted "a plan has no secret"
run weir doctor --target wrong
unlike "$out$err" pl4nted "doctor prints no secret"

# One letter is no secret: it would be found everywhere.
A=e B=v.duckdb
export A B
run weir run --target short
like "$out" 'column "e" was not found' "short values leave messages readable"
cd "$root" && finish
