#!/bin/sh
# What weir prints about itself is in step with docs/, and shells and man can
# read it. UPDATE=1 writes the pages.
. tests/lib/tap.sh

# page FILE COMMAND...
page() {
	file=$1
	shift
	run "$@"
	[ -z "${UPDATE-}" ] || printf '%s\n' "$out" >"$file"
	printf '%s\n' "$out" >"$tmp/page"
	if diff -u "$file" "$tmp/page" >"$tmp/diff"; then
		pass "$file is what $* prints"
	else
		fail "$file is what $* prints"
		note "$(head -n 20 "$tmp/diff")"
		note "UPDATE=1 sh tests/e2e/docs.t writes it"
	fi
}

page docs/commands.md weir help --markdown
page docs/errors.md weir explain --markdown

weir help --man >"$tmp/weir.1"
if command -v man >/dev/null; then
	run env LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$tmp/weir.1"
	is "$err" "" "man has nothing to say against the manual page"
	like "$out" '^ *--full-refresh' "and shows the options"
else
	ok "the manual page has a title" grep -q '^\.TH WEIR 1' "$tmp/weir.1"
fi

mkdir "$tmp/bin"
ln -s "$WEIR" "$tmp/bin/weir"
weir completions bash >"$tmp/weir.bash"
completed() {
	PATH=$tmp/bin:$PATH bash -c '. "$1"; shift
		COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
		_weir; printf "%s\n" "${COMPREPLY[@]}"' bash "$tmp/weir.bash" "$@"
}
is "$(completed weir comp | tr '\n' ' ')" "compile completions " \
	"bash completes commands"
is "$(completed weir run --include-dep | tr '\n' ' ')" \
	"--include-deps --include-dependents " "bash completes options"
is "$(completed weir run --color a | tr '\n' ' ')" "auto always " \
	"bash completes choices"
is "$(completed weir help ta)" "targets" "bash completes topics"
mkdir -p "$tmp/shop/definitions"
cd "$tmp/shop" || exit 1
printf 'defaultProject: p\ndefaultDataset: shop\n' >workflow_settings.yaml
printf 'defaultTarget: dev\ntargets: { %s, %s }\n' 'dev: { warehouse: duckdb }' \
	'prod: { warehouse: postgres }' >weir.yaml
printf 'config { type: "view", tags: ["daily"] }\nselect 1\n' \
	>definitions/orders.sqlx
# shellcheck disable=SC2016 # no shell may expand it
echo 'publish("$(touch oh-no)").query("select 1")' >definitions/evil.js
is "$(completed weir run --target '' | tr '\n' ' ')" "dev prod " \
	"bash completes targets"
is "$(completed weir run --target = p)" "prod" "also behind ="
is "$(completed weir show '' | tr '\n' ' ')" "orders " "actions"
ok "and runs nothing that a name holds" test ! -e oh-no
is "$(completed weir run --actions shop.)" "shop.orders" \
	"actions with their schema"
is "$(completed weir list --tags d)" "daily" "tags"
is "$(completed weir explain W20 | head -n 1)" "W201" "codes"
is "$(completed weir completions '' | tr '\n' ' ')" "bash zsh fish " "shells"
echo oh no >weir.yaml
is "$(completed weir run --target '' 2>&1)" "" \
	"a broken project completes nothing"
cd "$root" || exit 1
weir completions zsh >"$tmp/_weir"
if command -v zsh >/dev/null; then
	ok "zsh reads its completion" zsh -n "$tmp/_weir"
else
	like "$(head -n 1 "$tmp/_weir")" '^#compdef weir$' \
		"zsh finds the command in its completion"
fi
weir completions fish >"$tmp/weir.fish"
if command -v fish >/dev/null; then
	ok "fish reads its completion" fish -n "$tmp/weir.fish"
else
	unlike "$(cat "$tmp/weir.fish")" '^[^c]' \
		"each line of fish's completion is a command"
fi
finish
