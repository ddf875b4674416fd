#!/bin/sh
# make install puts a weir where it works from any folder, with its own
# DuckDB; make uninstall takes all of it away.
in_ci=${CI-} # which tap.sh unsets: make would build all anew, by other flags
. tests/lib/tap.sh
dest=$tmp/dest

# The outer make's own settings must not reach the inner one.
quiet_make() {
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u WEIR_DUCKDB_LIBRARY \
		CI="$in_ci" make -s "$@" DESTDIR="$dest" PREFIX=/usr
}

files() {
	(cd "$dest" && find . ! -type d | sort)
}

run quiet_make install
is "$status" 0 "make install succeeds"
[ "$status" = 0 ] || show_run
is "$(files)" "./usr/bin/weir
./usr/lib/weir/libduckdb.so
./usr/share/bash-completion/completions/weir
./usr/share/doc/weir/LICENSE.google-sql-syntax-ts
./usr/share/doc/weir/LICENSE.js-beautify
./usr/share/fish/vendor_completions.d/weir.fish
./usr/share/man/man1/weir.1
./usr/share/zsh/site-functions/_weir" "it installs these files"
like "$(head -n 1 "$dest/usr/share/man/man1/weir.1")" '^\.TH ' \
	"the man page is one"
ok "bash reads its completion" \
	bash -n "$dest/usr/share/bash-completion/completions/weir"

mkdir -p "$tmp/project/definitions"
cat >"$tmp/project/workflow_settings.yaml" <<-'END'
	defaultProject: shop
	defaultDataset: analytics
END
cat >"$tmp/project/weir.yaml" <<-'END'
	targets:
	  dev: { warehouse: duckdb, path: dev.duckdb }
	defaultTarget: dev
END
cat >"$tmp/project/definitions/one.sqlx" <<-'END'
	config { type: "table" }
	select 1 as n
END
cd "$tmp/project" || exit 1
run env -u WEIR_DUCKDB_LIBRARY "$dest/usr/bin/weir" run
is "$status" 0 "the installed weir runs a project on DuckDB"
[ "$status" = 0 ] || show_run
ok "and leaves a database" test -s "$tmp/project/dev.duckdb"
cd "$root" || exit 1

run quiet_make uninstall
is "$status" 0 "make uninstall succeeds"
is "$(files)" "" "and leaves no file"
ok "nor a folder of weir's own" test ! -e "$dest/usr/lib/weir"
finish
