#!/bin/sh
# The Makefile builds again what was built with other flags or from other
# files, and nothing else: tried on a library of two files, which needs none
# of the JavaScript that is embedded in weir.
. tests/lib/tap.sh

mkdir -p "$tmp/p/base" "$tmp/p/scripts"
cp Makefile "$tmp/p"
: >"$tmp/p/scripts/deps.sh"
cd "$tmp/p" || exit 1
for name in a b; do
	echo "int $name(void); int $name(void) { return 1; }" >base/$name.c
done

# build ARGUMENT...: compiles, and leaves the files that were in $out.
build() {
	run env -u MAKEFLAGS -u MAKELEVEL make EMBEDDED= \
		EMBEDDED_C= "$@"
	[ "$status" = 0 ] || show_run
	out=$(printf '%s\n' "$out" | sed -n 's/^ *cc *//p' | tr '\n' ' ')
}

build
is "$out" "base/a.c base/b.c " "the first time everything is compiled"
build
is "$out" "" "the second time nothing is"
build CFLAGS="-DNAME='\"x\"'"
is "$out" "base/a.c base/b.c " "other flags compile everything"
build CFLAGS="-DNAME='\"x\"'"
is "$out" "" "but once"
build
build VERSION=9.9
is "$out" "base/a.c base/b.c " "so does another version"
build
build CC="cc -pipe"
is "$out" "base/a.c base/b.c " "and another compiler"
build
rm base/b.c
build
is "$out" "" "a file that is deleted compiles nothing"
is "$(ar t build/release/libweir.a)" "a.o" "but leaves the library"
cd "$root" && finish
