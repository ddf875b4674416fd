#!/bin/sh
# Every command of the README's tour does what the README promises: it works.
. tests/lib/tap.sh

awk '/^## / { tour = $0 == "## Five minutes" }
	/^```/ { code = tour && $0 == "```sh"; next }
	code' README.md >"$tmp/commands"
ok "the README has a tour" test -s "$tmp/commands"

mkdir "$tmp/tour"
cd "$tmp/tour" || exit 1
while IFS= read -r command; do
	case $command in
	"cd "*)
		ok "$command" eval "$command"
		continue
		;;
	esac
	run eval "$command" </dev/null
	is "$status" 0 "$command"
	[ "$status" = 0 ] || show_run
done <"$tmp/commands"
cd "$root" || exit 1
finish
