#!/usr/bin/env python3
"""Compiles the projects of a folder with weir and compares with the official CLI.

projects.py              those in projects/, with what is recorded beside each
UPDATE=1 projects.py     asks the official CLI again and records its answers
CONFORMANCE_DIR=FOLDER   those anywhere in FOLDER, both commands live
ONLY=WORD                only those whose path holds the word

The graphs must be equal: keys in order, arrays in order, text to the byte. Of
errors the wording is free: both must find some or none, and every file that
the official CLI blames must be blamed. Where it gives up, weir must fail and
say why. The file "accepted" names projects that differ on purpose.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
from graphs import walk  # pylint: disable=wrong-import-position
from official import ROOT, Official, answer_of, arguments

OURS = f"{HERE}/projects"
RECORDED = "official.json"
WEIR = os.environ.get("WEIR", f"{ROOT}/weir")
SETTINGS = ("workflow_settings.yaml", "dataform.json")
# Success, a command line that is wrong, a project that is wrong.
EXITS = (0, 2, 3)
NOBODY = {None, "", "index.js"}


def weir_answer(project, seconds=60):
    try:
        done = subprocess.run(
            [WEIR, "compile", project, "--json", *arguments(project)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ, NO_COLOR="1"),
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"crashed": f"weir did not end in {seconds} s"}
    stderr = done.stderr.decode("utf-8", "replace")
    if done.returncode not in EXITS:
        return {"crashed": f"weir exited {done.returncode}: {stderr}"}
    stdout = done.stdout.decode("utf-8", "replace")
    return answer_of(done.returncode, stdout, stderr, project)


def files_blamed(answer):
    return {error.get("fileName") for error in answer.get("errors", ())}


def differences(ours, official):
    """What is not equal, one a line; nothing when the two agree."""
    if "crashed" in ours:
        return [ours["crashed"]]
    if "refused" in official:
        if "refused" in ours and ours["status"] and ours["refused"]:
            return []
        if "refused" not in ours and ours.get("errors"):
            return []
        return [f"is refused there: {official['refused']}"]
    if "refused" in ours:
        return [f"is refused here: {ours['refused']}"]
    found = []
    walk(ours["graph"], official["graph"], "", found)
    missed = sorted(files_blamed(official) - files_blamed(ours) - NOBODY)
    if bool(ours.get("errors")) != bool(official.get("errors")):
        found.append(f"errors {ours.get('errors')} instead of {official.get('errors')}")
    elif missed:
        found.append(f"{', '.join(missed)} not blamed, but {ours['errors']}")
    return found


def as_text(answer):
    """JSON with a line for each action and each error, to be read in a diff."""
    graph = answer.get("graph")
    parts = [
        f'"{key}": {json.dumps(answer[key], ensure_ascii=False)}'
        for key in ("refused", "status")
        if key in answer
    ]
    for key, value in [("errors", answer.get("errors"))] + list((graph or {}).items()):
        if isinstance(value, list):
            items = ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value)
            text = f"[\n  {items}\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        if value is not None:
            parts.append(f'"{key}": {text}')
    if graph is not None:
        at = 1 if answer.get("errors") else 0
        inner = ",\n ".join(parts[at:])
        parts = parts[:at] + [f'"graph": {{\n {inner}\n}}']
    return "{\n" + ",\n".join(parts) + "\n}\n"


def find_projects(folder):
    """Our own are AREA/NAME; others are known by their settings file."""
    only = os.environ.get("ONLY", "")
    for path, folders, files in os.walk(folder):
        folders.sort()
        name = os.path.relpath(path, folder)
        if name.count("/") == 1 if folder == OURS else set(SETTINGS) & set(files):
            folders.clear()
            if only in name:
                yield name


def accepted_differences(names):
    """Those of the file, each with a row of the page on compatibility."""
    with open(f"{ROOT}/docs/compatibility.md", encoding="utf-8") as file:
        page = file.read()
    accepted = {}
    with open(f"{HERE}/accepted", encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, row = (part.strip() for part in line.split(":", 1))
                if row not in page:
                    sys.exit(f"accepted: docs/compatibility.md has no row {row}")
                if not os.path.isdir(f"{OURS}/{name}"):
                    sys.exit(f"accepted: there is no project {name}")
                accepted[name] = row
    return {name: row for name, row in accepted.items() if name in names}


def record(folder, names):
    with Official() as official:
        for name in names:
            text = as_text(official.compile(f"{folder}/{name}"))
            with open(f"{folder}/{name}/{RECORDED}", "w", encoding="utf-8") as file:
                file.write(text)


def official_answers(folder, names):
    if folder == OURS:
        for name in names:
            with open(f"{folder}/{name}/{RECORDED}", encoding="utf-8") as file:
                yield json.load(file)
    else:
        with Official() as official:
            for name in names:
                yield official.compile(f"{folder}/{name}")


def main():
    folder = os.path.abspath(os.environ.get("CONFORMANCE_DIR") or OURS)
    names = list(find_projects(folder))
    if not names:
        sys.exit(f"no projects in {folder}")
    if os.environ.get("UPDATE") and folder == OURS:
        record(folder, names)
    accepted = accepted_differences(names) if folder == OURS else {}
    equal = 0
    failed = 0
    with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        ours = pool.map(lambda name: weir_answer(f"{folder}/{name}"), names)
        for name, mine, other in zip(names, ours, official_answers(folder, names)):
            found = differences(mine, other)
            if found and name not in accepted:
                failed += 1
                print(f"{name}:", *found[:4], sep="\n  ", flush=True)
            elif name in accepted and not found:
                failed += 1
                print(f"{name}: is accepted as different, but is equal")
            elif not found:
                equal += 1
    summary = f"{equal} projects equal, {len(accepted)} accepted differences"
    print(f"{summary}, {failed} FAILED" if failed else summary)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
