#!/bin/sh
# scripts/embed.sh FILE...
#
# Prints a C file with the bytes of each FILE and a table of them by their
# names without folder, as compiler/script/embedded.h declares it.
set -eu

echo '/* Made by scripts/embed.sh; do not edit. */'
echo '#include "compiler/script/embedded.h"'
i=0
for file in "$@"; do
	i=$((i + 1))
	printf '\nstatic const unsigned char text%d[] = {\n' "$i"
	od -An -v -tu1 "$file" | sed 's/^ *//; s/  */,/g; s/$/,/'
	echo '0};'
done
printf '\nconst struct embedded_file embedded_files[] = {\n'
i=0
for file in "$@"; do
	i=$((i + 1))
	printf '{"%s", text%d, sizeof(text%d) - 1},\n' "${file##*/}" $i $i
done
echo '{0}};'
