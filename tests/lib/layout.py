#!/usr/bin/env python3
"""layout.py BEFORE.json AFTER.json: exits 1 unless the two graphs are the same
but for the layout of their SQL: white space, the case of letters, and the byte
order mark of a file, which the formatter takes away."""
import json
import re
import sys


def dense(value):
    if isinstance(value, dict):
        return {key: dense(member) for key, member in value.items()}
    if isinstance(value, list):
        return [dense(member) for member in value]
    if isinstance(value, str):
        return re.sub(r"\s+", "", value.removeprefix("\ufeff")).upper()
    return value


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    before, after = (dense(load(path)) for path in sys.argv[1:3])
    if before != after:
        for key in before:
            if before[key] != after.get(key):
                print(f"{key}: {before[key]}\n  became {after.get(key)}")
        sys.exit(1)


main()
