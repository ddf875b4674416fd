#!/bin/sh
# A thousand lives of window tables; on PostgreSQL a hundred of them.
CMOCKA_MESSAGE_OUTPUT=TAP WEIR_SEEDS=${WEIR_SEEDS:-1000}
export CMOCKA_MESSAGE_OUTPUT WEIR_SEEDS
exec sh tests/lib/with_pg.sh "$WINDOW_SEEDS"
