#!/bin/sh
# scripts/deps.sh: quiet when nothing is missing, plain when it cannot help.
. tests/lib/tap.sh

run sh scripts/deps.sh check
is "$status" 0 "where nothing is missing it succeeds"
is "$out$err" "" "and says nothing"

run sh scripts/deps.sh everything
is "$status" 1 "an unknown part is refused"
like "$err" 'usage: scripts/deps.sh \[build\|check\]' "with the usage"

# A machine with neither compiler nor apt-get.
mkdir "$tmp/bin"
for tool in sh dirname; do
	ln -s "$(command -v $tool)" "$tmp/bin/$tool"
done
run env PATH="$tmp/bin" sh scripts/deps.sh
is "$status" 1 "without apt-get it gives up"
like "$err" 'these are missing: gcc' "naming what is missing"
like "$err" 'Install them with this system' "and what to do"

# fake TOOL: records its arguments on a line and does nothing else.
fake() {
	printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$1" "$tmp/calls" \
		>"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}

# A machine with apt-get but without the tools and without PostgreSQL, whose
# user is root (0) or not. What is fetched is there. Nothing but the tools
# above and the fakes can be called.
machine() {
	rm -f "$tmp/calls"
	printf '#!/bin/sh\necho %s\n' "$1" >"$tmp/bin/id"
	chmod +x "$tmp/bin/id"
	run env PATH="$tmp/bin" TMPDIR="$tmp" sh "$tmp/p/scripts/deps.sh" check
	calls=$(cat "$tmp/calls" 2>/dev/null)
}

mkdir -p "$tmp/p/scripts"
ln -s "$root/.deps" "$tmp/p/.deps"
sed 's,/usr/lib/postgresql/,/nowhere/,' scripts/deps.sh \
	>"$tmp/p/scripts/deps.sh"
for tool in mktemp rm tail mkdir; do
	ln -s "$(command -v $tool)" "$tmp/bin/$tool"
done
for tool in apt-get tee; do
	fake $tool
done
install='apt-get -q -y --no-install-recommends .* install'

machine 0
is "$status" 0 "root installs what is missing"
like "$err" 'deps: installing gcc .*shellcheck.* postgresql$' "and is told what"
is "$(printf '%s\n' "$calls" | head -n 1)" "apt-get -q update" \
	"the lists are brought up to date"
like "$calls" "^$install gcc .*shellcheck.* postgresql\$" \
	"apt-get gets every name"
is "$(printf '%s\n' "$calls" | sed -n '2s/.* install //p;3p')" \
	"postgresql-common
tee -a /etc/postgresql-common/createcluster.conf" \
	"PostgreSQL is told first to start no server"
like "$err" 'no PostgreSQL server is started' "which is said"

machine 1000
is "$status" 1 "another user without sudo installs nothing"
like "$err" 'As root, run: apt-get install gcc .*postgresql$' "but is told how"
is "$calls" "" "and nothing was called"

fake sudo
machine 1000
is "$status" 0 "with sudo it installs"
like "$calls" "^sudo env DEBIAN_FRONTEND=noninteractive $install gcc " \
	"as root, asking nothing"
unlike "$calls" '^(apt-get|tee)' "nothing goes around sudo"

fake pg_createcluster
machine 0
unlike "$calls" '^tee' "PostgreSQL's settings, where it is, are the user's"
rm "$tmp/bin/apt-get"
printf '#!/bin/sh\necho "E: no network"\nexit 100\n' >"$tmp/bin/apt-get"
chmod +x "$tmp/bin/apt-get"
machine 0
is "$status" 1 "an apt-get that fails ends it"
like "$err" '^E: no network' "with its own words"
like "$err" 'could not install gcc ' "and what could not be had"

# Two at once, where npm has a DuckDB header that is known by its sum.
mkdir -p "$tmp/q/scripts" "$tmp/q/.deps" "$tmp/npm" \
	"$tmp/package/src/duckdb/src/include"
ln -s "$root/.deps/quickjs" "$tmp/q/.deps/quickjs"
ln -s "$root/.deps/format" "$tmp/q/.deps/format"
echo '/* the header */' >"$tmp/package/src/duckdb/src/include/duckdb.h"
tar -czf "$tmp/header.tgz" -C "$tmp" package
sum=$(sha256sum "$tmp/header.tgz")
sed "s/^header_sha256=.*/header_sha256=${sum%% *}/" scripts/deps.sh \
	>"$tmp/q/scripts/deps.sh"
cat >"$tmp/npm/npm" <<END
#!/bin/sh
echo "npm \$*" >>"$tmp/npm/calls"
cp "$tmp/header.tgz" .
echo header.tgz
END
chmod +x "$tmp/npm/npm"
for i in 1 2; do
	env PATH="$tmp/npm:$PATH" WEIR_DUCKDB_LIBRARY=there \
		sh "$tmp/q/scripts/deps.sh" >"$tmp/npm/log$i" 2>&1 &
done
wait
is "$(wc -l <"$tmp/npm/calls")" 1 "of two at once only one fetches"
is "$(cat "$tmp/q/.deps/duckdb/include/duckdb.h")" '/* the header */' \
	"and what it fetched is there"
finish
