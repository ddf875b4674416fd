#!/bin/sh
# with_pg.sh COMMAND...: runs it with $PGURL naming a private PostgreSQL.
# shellcheck source=tests/lib/pg.sh
. "$(dirname "$0")/pg.sh"
trap pg_stop EXIT
trap 'exit 1' HUP INT TERM
pg_start port=5432
"$@"
