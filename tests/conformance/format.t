#!/bin/sh
# weir format gives the official formatter's bytes for every file of the
# examples and of the conformance projects, but for those that weir refuses,
# and changes nothing that the official one has formatted. FORMAT_DIR=FOLDER
# takes the files below that folder instead.
. tests/lib/tap.sh
official=${DATAFORM_ORACLE:-$root/.deps/oracle}/node_modules/.bin/dataform

# All SQLX and JavaScript below the folders, once each, as one project.
gather() {
	mkdir -p "$tmp/raw/definitions"
	echo 'defaultProject: p' >"$tmp/raw/workflow_settings.yaml"
	find "$@" -name node_modules -prune -o -type f -size -200k \
		\( -path '*definitions/*' -o -path '*includes/*' \) \
		\( -name '*.sqlx' -o -name '*.js' \) -print | sort |
		while IFS= read -r file; do
			sum=$(sha256sum <"$file")
			cp "$file" "$tmp/raw/definitions/$(
				echo "$sum" | cut -c 1-16).${file##*.}"
		done
	chmod -R u+rw "$tmp/raw"
}

# refused LOG: the files that weir did not format, each with the code.
refused() {
	sed -n 's,.*"code":"\(W[0-9]*\)".*"file":"definitions/\([^"]*\)".*,\2 \1,p' \
		"$1" | sort
}

# differing A B: the names of files that differ.
differing() {
	diff -rq "$1/definitions" "$2/definitions" |
		sed -n 's,^Files .*/\([^/ ]*\) and .*,\1,p' | sort
}

if [ -n "${FORMAT_DIR-}" ]; then
	gather "$FORMAT_DIR"
else
	gather examples tests/conformance/projects
fi
cp -R "$tmp/raw" "$tmp/ours"
cp -R "$tmp/raw" "$tmp/official"
run weir format --diagnostics json "$tmp/ours"
refused "$tmp/.err" >"$tmp/refused"
"$official" format "$tmp/official" >"$tmp/official.log" 2>&1 </dev/null
differing "$tmp/ours" "$tmp/official" >"$tmp/differing"
cut -d ' ' -f 1 "$tmp/refused" >"$tmp/refused.files"
count=$(find "$tmp/raw/definitions" -type f | wc -l)
different=$(comm -23 "$tmp/differing" "$tmp/refused.files")
note "$count files, $(wc -l <"$tmp/differing") of them other than official," \
	"$(wc -l <"$tmp/refused") refused"

cp -R "$tmp/official" "$tmp/again"
run weir format "$tmp/again"
changed=$(differing "$tmp/again" "$tmp/official")
run weir format --check "$tmp/ours"
left=$(printf '%s\n' "$out" | grep -c '^definitions/')

is "$different" "" "what weir formats has the official bytes"
is "$changed" "" "weir changes nothing that the official command left"
is "$left" 0 "what weir formatted needs no formatting"
ok "weir refuses less than one file in twenty" \
	[ $(($(wc -l <"$tmp/refused") * 20)) -lt "$count" ]
ok "there is something to compare" [ -s "$tmp/official.log" ]
finish
