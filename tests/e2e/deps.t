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
finish
