#!/usr/bin/env python3
"""Says what of a JSON text, from standard input or the files named, is not as a
JSON schema has it: valid.py SCHEMA [FILE...]"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = False
for path in sys.argv[2:] or ["/dev/stdin"]:
    with open(path, encoding="utf-8") as f:
        for error in validator.iter_errors(json.load(f)):
            bad = True
            where = "/".join(map(str, error.absolute_path))
            print(f"{path}: {where}: {error.message[:200]}")
sys.exit(bad)
