#!/bin/sh
# The README is true: every command of its tour runs and succeeds, in order, in
# one shell; every file it links to is there.
. tests/lib/tap.sh

# The tour is the sh blocks between "## Five minutes" and the next section.
awk '/^## /{ tour = /Five minutes/ } tour && /^```/{ inside = /^```sh/; next }
	tour && inside' README.md >"$tmp/tour"
ok "the tour has commands" [ "$(wc -l <"$tmp/tour")" -ge 12 ]

mkdir "$tmp/bin" "$tmp/home"
ln -s "$WEIR" "$tmp/bin/weir"
cd "$tmp/home" || exit 1
PATH=$tmp/bin:$PATH
while IFS= read -r command; do
	[ -n "$command" ] || continue
	status=0
	case $command in
	"cd "*) eval "$command" || status=$? ;;
	*) eval "$command" >"$tmp/.out" 2>"$tmp/.err" </dev/null || status=$? ;;
	esac
	is "$status" 0 "$command"
	[ "$status" = 0 ] || note "$(cat "$tmp/.out" "$tmp/.err")"
done <"$tmp/tour"
cd "$root" || exit 1

for page in $(grep -oE '\]\([^)#]+' README.md docs/*.md | sed -E 's/^([^:]*):\]\(/\1 /' |
	awk '$2 !~ /^https?:/ { n = split($1, a, "/"); print (n > 1 ? "docs/" : "") $2 }'); do
	ok "the link to $page leads somewhere" [ -e "$page" ]
done
finish
