#!/bin/sh
# own_database.sh PROGRAM: runs it with $PGURL naming a new database of that
# server, so that programs that run at once do not meet. One that never asks
# for $PGURL is run as it is.
if [ -n "${PGURL-}" ] && grep -q PGURL "$1"; then
	name=$(basename "$1")
	psql -X -q -d "$PGURL" -c "drop database if exists $name" \
		-c "create database $name" >/dev/null 2>&1 || {
		echo "Bail out! no database $name could be made"
		exit 1
	}
	PGURL=$(echo "$PGURL" | sed "s/dbname=[^ ]*/dbname=$name/")
	export PGURL
fi
exec "$@"
