#!/bin/sh
# weir format on whole projects: the graph stays, the second time does
# nothing, and files keep what they are.
. tests/lib/tap.sh

# formats NAME PROJECT: of a copy.
formats() {
	name=$1
	shift
	cp -R "$1" "$tmp/p"
	rm -rf "$tmp/p/.weir"
	weir compile --json "$tmp/p" >"$tmp/before.json" 2>/dev/null
	run weir format "$tmp/p"
	is "$status" 0 "$name is formatted"
	[ "$status" = 0 ] || show_run
	run weir format --check "$tmp/p"
	is "$status" 0 "$name needs no second time"
	like "$err" '^0 files to format, [1-9]' "and that is said"
	weir compile --json "$tmp/p" >"$tmp/after.json" 2>/dev/null
	ok "$name has the same graph" \
		python3 tests/lib/layout.py "$tmp/before.json" "$tmp/after.json"
	rm -rf "$tmp/p"
}

# is_formatted NAME PROJECT
is_formatted() {
	run weir format --check "$2"
	is "$status" 0 "$1 has the layout that weir gives"
	[ "$status" = 0 ] || show_run
}

for example in examples/*/; do
	is_formatted "$example" "$example"
done
weir init "$tmp/new" >/dev/null 2>&1
is_formatted "a new project" "$tmp/new"
for project in sqlx javascript preparations packages tests; do
	formats "$project" "tests/golden/compile/$project/input"
done
python3 tests/bench/generate.py "$tmp/generated" 60
formats "a generated project" "$tmp/generated"
mkdir -p "$tmp/mark/definitions"
echo 'defaultDataset: d' >"$tmp/mark/workflow_settings.yaml"
printf '\357\273\277config { type: "view" }\nselect 1' \
	>"$tmp/mark/definitions/a.sqlx"
formats "a file with a byte order mark" "$tmp/mark"

p=$tmp/files
mkdir -p "$p/definitions"
echo 'defaultDataset: d' >"$p/workflow_settings.yaml"
echo 'select 1' >"$p/definitions/a.sqlx"
ln -s a.sqlx "$p/definitions/link.sqlx"
printf 'select 1\n%9000000s' '' >"$p/definitions/huge.sqlx"
run weir format "$p"
is "$status" 1 "a file that is too large is an error"
like "$err" 'error\[W103\]' "which says so"
is "$(cat "$p/definitions/a.sqlx")" "SELECT
  1" "the others are formatted all the same"
ok "a link stays one" [ -L "$p/definitions/link.sqlx" ]
is "$(find "$p" -type f | wc -l)" 3 "nothing else is left behind"
rm "$p/definitions/huge.sqlx"

before=$(stat -c %i "$p/definitions/a.sqlx")
run weir format "$p"
is "$(stat -c %i "$p/definitions/a.sqlx")" "$before" \
	"a file that is formatted already is not written"

# A pipe that nobody reads stops weir when it has written some hundred of the
# files, all of which it reads ahead.
long=$(printf '%0200d' 0)
i=0
while [ $i -lt 400 ]; do
	i=$((i + 1))
	echo 'select 1' >"$p/definitions/b$i$long.sqlx"
done
echo 'select 1' >"$p/definitions/z.sqlx"
mkfifo "$tmp/pipe"
sh -c 'exec 3<>"$1"; echo $$ >"$2"; exec "$3" format "$4" >&3 2>"$5"' \
	sh "$tmp/pipe" "$tmp/pid" "$WEIR" "$p" "$tmp/format.err" &
formatter=$!
exec 4<>"$tmp/pipe"
until [ -s "$tmp/pid" ]; do sleep 0.1; done
idle() {
	! grep -q '^State:.R' "/proc/$(cat "$tmp/pid")"/task/*/status
}
for _ in 1 2 3 4 5 6 7 8 9 10; do
	until idle; do sleep 0.1; done
	sleep 0.1
done
echo 'select 2' >"$p/definitions/z.sqlx"
cat <&4 >/dev/null &
reader=$!
wait $formatter
kill $reader
ok "what is saved while weir formats stays" \
	grep -qi 'select 2\|^  2$' "$p/definitions/z.sqlx"
ok "which is said, unless it was read only then" \
	grep -q 'z.sqlx was changed meanwhile\|^401 files' "$tmp/format.err"

run weir format "$tmp"
is "$status" 3 "without settings there is no project to format"
like "$err" 'there is no project' "which is said"
finish
