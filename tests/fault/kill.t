#!/bin/sh
# A run killed at any moment and resumed gives what an undisturbed run gives.
exec sh tests/lib/with_pg.sh python3 tests/fault/kill.py
