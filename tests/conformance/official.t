#!/bin/sh
# The graph that "weir compile --json" prints is the official CLI's, key for
# key and in order: for the examples, and for a generated project.
. tests/lib/tap.sh

# same_graph PROJECT DESCRIPTION [OPTION...]
same_graph() {
	project=$1 description=$2
	shift 2
	cp -R "$project" "$tmp/project"
	rm -rf "$tmp/project/.weir"
	run weir compile --json "$@" "$tmp/project"
	printf '%s\n' "$out" >"$tmp/ours.json"
	is "$status" 0 "$description compiles"
	[ "$status" = 0 ] || note "$err"
	python3 tests/lib/graphs.py --official "$tmp/project" \
		>"$tmp/official.json" 2>"$tmp/official.err"
	if run python3 tests/lib/graphs.py "$tmp/ours.json" \
		"$tmp/official.json" && [ "$status" = 0 ]; then
		pass "$description has the official graph"
	else
		fail "$description has the official graph"
		note "$out$err$(cat "$tmp/official.err")"
	fi
	rm -rf "$tmp/project"
}

for example in examples/*/; do
	[ ! -d "$example" ] || same_graph "$example" "$example" --target bq
done
run weir init "$tmp/new"
is "$status" 0 "weir init makes a project"
rm "$tmp/new/weir.yaml"
same_graph "$tmp/new" "a new project, without its DuckDB target,"
python3 tests/bench/generate.py "$tmp/generated" 60
same_graph "$tmp/generated" "a generated project"
finish
