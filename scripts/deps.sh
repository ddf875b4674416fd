#!/bin/sh
# scripts/deps.sh [build|check]
#
# Installs what building weir needs (build, the default) or what testing it
# needs as well (check), on Debian 12 or 13, as root or with sudo. Silent and
# quick when nothing is missing. Packages come from Debian; what Debian has
# not goes to .deps/ in the project, which may be deleted at any time:
#
#   .deps/quickjs   QuickJS on Debian 12, from Debian 13's package
#   .deps/duckdb    DuckDB's library and header, from npm, pinned
#   .deps/format    js-beautify and google-sql-syntax-ts, from npm, pinned
#   .deps/oracle    the official Dataform CLI, for comparison, from npm
#
# WEIR_DUCKDB_LIBRARY=/path/libduckdb.so uses that DuckDB instead.
set -eu

duckdb_version=1.5.5-r.5
duckdb_sha256_x64=86d2bda909785550e8a14a57a8a4584827aff0e268d8f1a58c3fd48559f7020e
duckdb_sha256_arm64=3b85f3ea438f7dc3691d7b5e6e4222ffe9127fd17885f96ca72e0c99925c348e
header_version=1.4.4
header_sha256=5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed
beautify_version=1.15.4
beautify_sha256=5feefb437c9467e789d179fc4cbc4f942008c05222f6b573a4f03ee41e31d9a6
google_sql_version=1.0.3
google_sql_sha256=6d08c9ee6b228cd6470b6e20501a553093f51f530ea47464af17a6dd87a0d9de
oracle_cli=3.0.69
oracle_core=3.0.62

part=${1:-build}
cd "$(dirname "$0")/.."
deps=$PWD/.deps
export DEBIAN_FRONTEND=noninteractive

say() {
	echo "deps: $*" >&2
}

die() {
	say "$1"
	shift
	for line in "$@"; do
		echo "      $line" >&2
	done
	exit 1
}

has() {
	command -v "$1" >/dev/null 2>&1
}

# True when a file matches the pattern; the shell has expanded it.
exists() {
	[ -e "$1" ]
}

need() {
	packages="$packages $*"
}

debian_release() {
	# shellcheck source=/dev/null
	(. /etc/os-release 2>/dev/null && [ "${ID-}" = debian ] &&
		echo "${VERSION_ID:-0}") || echo 0
}

# --- what is missing -------------------------------------------------------

has_quickjs() {
	exists "$deps"/quickjs/usr/lib/*/quickjs/libquickjs.a && return
	# Debian 12's own is of 2021 and lacks what we use.
	[ "$(debian_release)" != 12 ] &&
		exists /usr/lib/*/quickjs/libquickjs.a
}

has_duckdb_library() {
	[ -n "${WEIR_DUCKDB_LIBRARY-}" ] && return
	[ -s "$deps/duckdb/libduckdb.so" ] &&
		read -r have <"$deps/duckdb/version" &&
		[ "$have" = "$duckdb_version" ]
} 2>/dev/null

has_duckdb_header() {
	[ -s "$deps/duckdb/include/duckdb.h" ] &&
		read -r have <"$deps/duckdb/include/version" &&
		[ "$have" = "$header_version" ]
} 2>/dev/null

has_format() {
	[ -s "$deps/format/version" ] &&
		read -r have <"$deps/format/version" &&
		[ "$have" = "$beautify_version $google_sql_version" ]
} 2>/dev/null

has_oracle() {
	[ -e "$deps/oracle/$oracle_cli-$oracle_core" ]
}

missing_build() {
	has cc || need gcc
	exists /usr/include/stdio.h || need libc6-dev
	has make || need make
	has git || need git
	has pkg-config || need pkg-config
	if ! pkg-config --exists jansson yaml-0.1 libpq libcrypto \
		tree-sitter 2>/dev/null
	then
		need libjansson-dev libyaml-dev libpq-dev libssl-dev \
			libtree-sitter-dev
	fi
	has_quickjs || [ "$(debian_release)" = 12 ] || need libquickjs
	if ! has_duckdb_library || ! has_duckdb_header || ! has_format; then
		has npm || need npm ca-certificates
	fi
}

missing_check() {
	has clang || need clang
	exists /usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.fuzzer*.a ||
		need libclang-rt-dev
	has clang-format || need clang-format
	has shellcheck || need shellcheck
	has valgrind || need valgrind
	has prove || need perl
	has python3 || need python3
	python3 -c "import jsonschema" 2>/dev/null || need python3-jsonschema
	has npm || need npm ca-certificates
	exists /usr/include/cmocka.h || need libcmocka-dev
	exists /usr/lib/postgresql/*/bin/initdb || has initdb || need postgresql
}

# --- how it is installed ---------------------------------------------------

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

# PostgreSQL's packages make a server that runs from then on, unless told
# beforehand. The tests start their own; this machine needs none for weir.
want_no_server() {
	conf=/etc/postgresql-common/createcluster.conf
	has pg_createcluster && return
	apt_install postgresql-common
	say "no PostgreSQL server is started: create_main_cluster in $conf"
	echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
}

apt_install() {
	as_root apt-get -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 install "$@" >>"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		die "could not install $*" \
			"apt-get's own words are above, all of them in $log." \
			"Mend what they name, then run the same command again."
	}
}

install_packages() {
	has apt-get || die "these are missing:$packages" \
		"They are named as in Debian. Install them with this system's" \
		"own package manager, then run the same command again."
	[ "$(id -u)" = 0 ] || has sudo || die "these are missing:$packages" \
		"As root, run: apt-get install$packages"
	say "installing$packages"
	log=$(mktemp)
	# A stale list of some other repository must not stop us: the
	# installation itself says what could not be had.
	as_root apt-get -q update >"$log" 2>&1 || true
	case "$packages " in
	*" postgresql "*) want_no_server ;;
	esac
	# shellcheck disable=SC2086 # a list of words
	apt_install $packages
	rm -f "$log"
}

# Unpacks Debian 13's libquickjs beside the project, from whichever mirror
# this machine uses; nothing of the system's own apt set-up changes.
install_quickjs() {
	say "fetching QuickJS from Debian 13"
	# shellcheck disable=SC2016 # apt-get expands these
	mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' |
		awk '$2 == "bookworm" || $2 == "stable" { print $1; exit }')
	[ -n "$mirror" ] || die "no Debian mirror is configured" \
		"apt-get knows none for this release; add one to" \
		"/etc/apt/sources.list, then run the same command again."
	rm -rf "$deps/apt"
	mkdir -p "$deps/apt/lists/partial" "$deps/apt/archives/partial"
	keys=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [signed-by=$keys] $mirror trixie main" >"$deps/apt/list"
	cat >"$deps/apt/conf" <<-END
		Dir::Etc::sourcelist "$deps/apt/list";
		Dir::Etc::sourceparts "-";
		Dir::State::lists "$deps/apt/lists";
		Dir::Cache::archives "$deps/apt/archives";
		Dir::Cache::pkgcache "";
		Dir::Cache::srcpkgcache "";
		Acquire::Languages "none";
		Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
		APT::Sandbox::User "";
	END
	(cd "$deps/apt" && export APT_CONFIG="$deps/apt/conf" &&
		apt-get -q update && apt-get -q download libquickjs &&
		dpkg -x libquickjs_*.deb tree) >"$deps/apt.log" 2>&1 || {
		tail -n 20 "$deps/apt.log" >&2
		die "could not fetch libquickjs from $mirror" \
			"The mirror must serve Debian 13 (trixie) as well; see" \
			"$deps/apt.log."
	}
	rm -rf "$deps/quickjs"
	mv "$deps/apt/tree" "$deps/quickjs"
	rm -rf "$deps/apt" "$deps/apt.log"
}

# fetch_npm SPEC SHA256: unpacks the package into $deps/npm/package.
fetch_npm() {
	say "fetching $1 from npm"
	rm -rf "$deps/npm"
	mkdir -p "$deps/npm"
	(cd "$deps/npm" && npm pack --silent "$1" >name 2>log) || {
		cat "$deps/npm/log" >&2
		die "npm could not fetch $1" \
			"Check that npm reaches its registry: npm view $1"
	}
	archive=$deps/npm/$(tail -n 1 "$deps/npm/name")
	sum=$(sha256sum "$archive")
	[ "${sum%% *}" = "$2" ] || die "$1 is not the package we know" \
		"expected sha256 $2" "found    sha256 ${sum%% *}"
	tar -xzf "$archive" -C "$deps/npm"
}

install_duckdb_library() {
	case $(uname -m) in
	x86_64) cpu=x64 sha=$duckdb_sha256_x64 ;;
	aarch64) cpu=arm64 sha=$duckdb_sha256_arm64 ;;
	*) die "there is no DuckDB library for $(uname -m)" \
		"Build libduckdb.so and name it by WEIR_DUCKDB_LIBRARY." ;;
	esac
	fetch_npm "@duckdb/node-bindings-linux-$cpu@$duckdb_version" "$sha"
	mkdir -p "$deps/duckdb"
	mv "$deps/npm/package/libduckdb.so" "$deps/duckdb/libduckdb.so"
	echo "$duckdb_version" >"$deps/duckdb/version"
	rm -rf "$deps/npm"
}

install_duckdb_header() {
	fetch_npm "duckdb@$header_version" "$header_sha256"
	mkdir -p "$deps/duckdb/include"
	mv "$deps/npm/package/src/duckdb/src/include/duckdb.h" \
		"$deps/duckdb/include/duckdb.h"
	echo "$header_version" >"$deps/duckdb/include/version"
	rm -rf "$deps/npm"
}

# The libraries that "weir format" runs, with their licences.
install_format() {
	rm -rf "$deps/format"
	mkdir -p "$deps/format"
	fetch_npm "js-beautify@$beautify_version" "$beautify_sha256"
	mv "$deps/npm/package/js/lib/beautify.js" "$deps/format/beautify.js"
	mv "$deps/npm/package/LICENSE" "$deps/format/LICENSE.js-beautify"
	fetch_npm "google-sql-syntax-ts@$google_sql_version" \
		"$google_sql_sha256"
	mv "$deps/npm/package/dist/src/query_formatter.js" \
		"$deps/npm/package/dist/src/language/google_sql.js" \
		"$deps/npm/package/dist/src/language/bigquery_functions.js" \
		"$deps/npm/package/dist/src/language/snippets.js" \
		"$deps/format"
	mv "$deps/npm/package/LICENSE" \
		"$deps/format/LICENSE.google-sql-syntax-ts"
	echo "$beautify_version $google_sql_version" >"$deps/format/version"
	rm -rf "$deps/npm"
}

install_oracle() {
	say "fetching the official Dataform CLI $oracle_cli from npm"
	rm -rf "$deps/oracle"
	mkdir -p "$deps/oracle"
	echo '{ "name": "oracle", "private": true }' >"$deps/oracle/package.json"
	npm install --silent --no-audit --no-fund --no-save \
		--prefix "$deps/oracle" "@dataform/cli@$oracle_cli" \
		"@dataform/core@$oracle_core" >"$deps/oracle/log" 2>&1 || {
		cat "$deps/oracle/log" >&2
		die "npm could not install @dataform/cli@$oracle_cli" \
			"Check that npm reaches its registry."
	}
	: >"$deps/oracle/$oracle_cli-$oracle_core"
}

has_fetched() {
	{ has_quickjs || [ "$(debian_release)" != 12 ]; } &&
		has_duckdb_library && has_duckdb_header && has_format &&
		{ [ "$part" != check ] || has_oracle; }
}

# One at a time: of two makes, the second finds what the first has fetched.
install_fetched() {
	has_fetched && return
	mkdir -p "$deps"
	exec 9>"$deps/lock"
	flock 9
	has_quickjs || [ "$(debian_release)" != 12 ] || install_quickjs
	has_duckdb_library || install_duckdb_library
	has_duckdb_header || install_duckdb_header
	has_format || install_format
	[ "$part" != check ] || has_oracle || install_oracle
}

packages=
case $part in
build) missing_build ;;
check) missing_build && missing_check ;;
*) die "usage: scripts/deps.sh [build|check]" ;;
esac
[ -z "$packages" ] || install_packages
install_fetched
has_quickjs || die "QuickJS is missing" \
	"Install its static library (quickjs/libquickjs.a under /usr/lib/*/)" \
	"and header, of 2025-04-26 or later."
