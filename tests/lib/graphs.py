#!/usr/bin/env python3
"""Compares compiled graphs with those of the official Dataform CLI.

As a program: graphs.py OURS.json OFFICIAL.json prints the differences and
exits 1 if there are any; graphs.py --official PROJECT prints the official
graph of a copy of the project.
"""
import json
import os
import subprocess
import shutil
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ORACLE = os.environ.get("DATAFORM_ORACLE", f"{ROOT}/.deps/oracle")

# The version is the other compiler's own; its errors carry its stacks.
IGNORED = {"dataformCoreVersion", "graphErrors"}


def lay_official(project):
    """Gives the project its packages, or the CLI would fetch them each time."""
    with open(f"{project}/package.json", "w", encoding="utf-8") as file:
        json.dump({"dependencies": {"@dataform/core": "3.0.62"}}, file)
    core = "node_modules/@dataform/core"
    shutil.copytree(f"{ORACLE}/{core}", f"{project}/{core}")


def official_command(project):
    return [f"{ORACLE}/node_modules/.bin/dataform", "compile", project, "--json", "--timeout=30m"]


def official_graph(project):
    """Compiles a copy of the project, so that nothing is written into it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns(".weir", "data"))
        settings = f"{copy}/workflow_settings.yaml"
        with open(settings, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("dataformCoreVersion:")]
        with open(settings, "w", encoding="utf-8") as file:
            file.writelines(lines)
        lay_official(copy)
        done = subprocess.run(
            official_command(copy), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
        )
        if done.returncode != 0:
            sys.stderr.buffer.write(done.stderr)
            sys.exit(f"the official CLI does not compile {project}")
        return done.stdout.decode("utf-8")


def walk(ours, official, path, found):
    """Notes where the two differ: values, keys, and the order of keys."""
    if isinstance(ours, dict) and isinstance(official, dict):
        mine = [key for key in ours if key not in IGNORED or path]
        theirs = [key for key in official if key not in IGNORED or path]
        if mine != theirs:
            found.append(f"{path or 'top'}: keys {mine} instead of {theirs}")
        for key in mine:
            if key in official:
                walk(ours[key], official[key], f"{path}.{key}", found)
    elif isinstance(ours, list) and isinstance(official, list):
        if len(ours) != len(official):
            found.append(f"{path}: {len(ours)} members instead of {len(official)}")
        for place, (mine, other) in enumerate(zip(ours, official)):
            walk(mine, other, f"{path}[{place}]", found)
    elif ours != official or isinstance(ours, bool) != isinstance(official, bool):
        found.append(f"{path}: {json.dumps(ours)} instead of {json.dumps(official)}")


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def differences(ours, official):
    found = []
    walk(load(ours), load(official), "", found)
    return found


def main(args):
    if len(args) == 2 and args[0] == "--official":
        sys.stdout.write(official_graph(args[1]))
    elif len(args) == 2:
        found = differences(*args)
        print("\n".join(found))
        sys.exit(1 if found else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
