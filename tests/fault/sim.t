#!/bin/sh
# Runs over a simulated warehouse: each fault at each call, and random ones.
# The files of a run are written so often that a disk would be the slow part.
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ]; then
	export TMPDIR=/dev/shm
fi
exec "$SIMULATION"
