#!/bin/sh
# with_pg.sh COMMAND...: runs it with $PGURL naming a private PostgreSQL, which
# has the settings that PG_SETTINGS lists ("fsync=on full_page_writes=on").
# shellcheck source=tests/lib/pg.sh
. "$(dirname "$0")/pg.sh"
trap pg_stop EXIT
trap 'exit 1' HUP INT TERM
# shellcheck disable=SC2086 # words are settings
pg_start ${PG_SETTINGS-}
"$@"
