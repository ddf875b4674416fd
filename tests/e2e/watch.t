#!/bin/sh
# weir compile --watch sees what editors, shells and git do to a project. The
# test waits for what is printed, never for a time.
. tests/lib/tap.sh
mkdir -p "$tmp/p/definitions" "$tmp/p/node_modules" "$tmp/p/.weir"
cd "$tmp/p" || exit 1
echo 'defaultDataset: shop' >workflow_settings.yaml
echo 'select 1' >definitions/one.sqlx
at_end() {
	[ -z "${pid-}" ] || kill -KILL "$pid" 2>/dev/null
}

# start OPTION...: what it prints on either stream is read from descriptor 3.
start() {
	mkfifo "$tmp/lines"
	timeout 120 "$WEIR" compile --watch "$@" >"$tmp/lines" 2>&1 &
	pid=$!
	exec 3<"$tmp/lines"
	rm "$tmp/lines"
}

# All lines up to the next time that it waits.
next() {
	seen=
	while read -r line <&3 && [ "$line" != "Watching for changes..." ]; do
		seen="$seen$line
"
	done
}

# stop SIGNAL: timeout passes it on.
stop() {
	kill "-$1" "$pid"
	status=0
	wait "$pid" || status=$?
	pid=
	exec 3<&-
}

start
next
like "$seen" 'Compiled 1 action ' "it compiles at once"

echo 'select 2' >definitions/two.sqlx
next
like "$seen" 'Compiled 2 actions ' "a new file is seen"

echo 'config { type: "nope" }' >definitions/two.sqlx
next
like "$seen" 'error\[W308\]' "a file that was written anew is"

echo 'select 2' >definitions/.two.new
mv definitions/.two.new definitions/two.sqlx
next
like "$seen" 'Compiled 2 actions ' "as editors save, by renaming, too"

mkdir -p definitions/deep/deeper
echo 'select 3' >definitions/deep/deeper/three.sqlx
next
like "$seen" 'Compiled 3 actions ' "a file in new folders is seen"

echo 'select 4' >definitions/deep/deeper/four.sqlx
next
like "$seen" 'Compiled 4 actions ' "and what comes into them later"

mv definitions/deep definitions/moved
next
echo 'select 5' >definitions/moved/deeper/five.sqlx
next
like "$seen" 'Compiled 5 actions ' "a moved folder is still watched"

mv definitions/moved elsewhere
next
like "$seen" 'Compiled 2 actions ' "one that is moved out is gone"

mkdir definitions/again
echo 'select 6' >definitions/again/six.sqlx
next
rm -r definitions/again
next
like "$seen" 'Compiled 2 actions ' "and so is one that is removed"

ln -s ../elsewhere definitions/link
ln -s . elsewhere/loop
next
like "$seen" 'Compiled 5 actions ' "a link to a folder is followed"
echo 'select 7' >elsewhere/deeper/seven.sqlx
next
like "$seen" 'Compiled 6 actions ' "and what it leads to is watched"
rm definitions/link elsewhere/loop
next

mv workflow_settings.yaml settings
next
like "$seen" 'error\[W101\]' "a project that is none for a moment stays watched"
mv settings workflow_settings.yaml
next
like "$seen" 'Compiled 2 actions ' "until it is one again"

# These are no changes: the next thing that is seen is the file after them.
echo x >.weir/x
echo x >node_modules/x
echo x >.hidden
echo x >definitions/one.sqlx~
for i in 1 2 3 4 5; do
	echo "select $i" >"definitions/many$i.sqlx"
done
next
like "$seen" 'Compiled 7 actions ' "many files at once are one change"
unlike "$seen" '.+Compiled.*Compiled' "and what is no source is none"

stop INT
is "$status" 130 "SIGINT ends it with 130"

start --json
next
like "$seen" '"dataformCoreVersion"' "--json prints the graph"
echo 'select 8' >definitions/eight.sqlx
next
like "$seen" '"name": "eight"' "and prints it again"
stop TERM
is "$status" 143 "SIGTERM ends it with 143"

run weir compile --watch "$tmp/nowhere"
is "$status" 2 "a folder that is not there is not watched"
finish
