#!/bin/sh
# The graph that "weir compile --json" prints is the official CLI's, key for
# key and in order: for the examples, and for a generated project.
. tests/lib/tap.sh

same_graph() {
	cp -R "$1" "$tmp/project"
	rm -rf "$tmp/project/weir.yaml" "$tmp/project/.weir" # BigQuery then
	run weir compile --json "$tmp/project"
	printf '%s\n' "$out" >"$tmp/ours.json"
	is "$status" 0 "$2 compiles"
	[ "$status" = 0 ] || note "$err"
	python3 tests/lib/graphs.py --official "$tmp/project" \
		>"$tmp/official.json" 2>"$tmp/official.err"
	if run python3 tests/lib/graphs.py "$tmp/ours.json" \
		"$tmp/official.json" && [ "$status" = 0 ]; then
		pass "$2 has the official graph"
	else
		fail "$2 has the official graph"
		note "$out$err$(cat "$tmp/official.err")"
	fi
	rm -rf "$tmp/project"
}

for example in examples/*/; do
	[ ! -d "$example" ] || same_graph "$example" "$example"
done
python3 tests/bench/generate.py "$tmp/generated" 60
same_graph "$tmp/generated" "a generated project"
finish
