#!/usr/bin/env python3
"""Prints members of one action of a results.json, one a line:
result.py results.json ACTION KEY [KEY ...]"""
import json
import sys

path, name, *keys = sys.argv[1:]
with open(path, encoding="utf-8") as f:
    results = json.load(f)
for action in results["actions"]:
    if action["name"] == name:
        for key in keys:
            print(json.dumps(action.get(key)).strip('"'))
        break
else:
    sys.exit("no action %s in %s" % (name, path))
