#!/usr/bin/env python3
"""Looks for projects that weir and the official CLI compile to different graphs.

fuzz.py [SECONDS]         SEED=N chooses the inputs, else the clock does
SEED=N INPUT=I fuzz.py    only the I-th input of that seed

An input is one of our projects after a few changes: lines and tokens deleted,
doubled, swapped, or taken from another project; values and keys of configs
and settings replaced; files renamed; calls chained on. Each difference of a
new kind is made as small as it can be, printed, and left as a project in
build/conformance/, which make conformance CONFORMANCE_DIR=... compares again.
"""
import os
import random
import re
import shutil
import sys
import tempfile
import time

from fuzz_words import CALLS, KEYS, OPTIONS, SETTINGS_LINES, VALUES
from official import ROOT, Official
from projects import OURS, RECORDED, accepted_differences, differences, find_projects, weir_answer

FOUND = f"{ROOT}/build/conformance"
SMALLER_TRIES = 150
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
LITERAL = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|\b\d+(?:\.\d+)?\b|\b(?:true|false|null)\b|\[[^\[\]\n]*\]')
KEY = re.compile(r"\b([A-Za-z]\w*)(?=\s*:)")
CALL_END = re.compile(r"\)(?=;?\s*$)", re.MULTILINE)
BLOCK = re.compile(r"(?:config|js|pre_operations|post_operations|incremental_where) \{.*?\n?\}", re.DOTALL)

# Differences that docs/compatibility.md lists: what weir says of them.
ON_PURPOSE = re.compile(
    r"is not closed|is not UTF-8|no action matches|must be an object, not a number"
    r"|\"columns\" must be an object, not a string"
    r"|is no value of \"(onSchemaChange|incrementalStrategy)\""
)


def read_project(path):
    files = {}
    for folder, _, names in os.walk(path):
        for name in names:
            full = f"{folder}/{name}"
            if name != RECORDED:
                with open(full, encoding="utf-8", newline="") as file:
                    files[os.path.relpath(full, path)] = file.read()
    return files


def write_project(files, path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    for name, text in files.items():
        full = f"{path}/{name}"
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
            file.write(text)


def replace_match(rng, pattern, text, make):
    found = list(pattern.finditer(text))
    if not found:
        return text
    at = rng.choice(found)
    return text[: at.start()] + make(at.group()) + text[at.end() :]


def change_pieces(rng, pieces, others):
    """Deletes, doubles, swaps or inserts one of the pieces."""
    at = rng.randrange(len(pieces))
    kind = rng.randrange(5)
    if kind == 0:
        del pieces[at]
    elif kind == 1:
        pieces.insert(at, pieces[at])
    elif kind == 2:
        with_ = rng.randrange(len(pieces))
        pieces[at], pieces[with_] = pieces[with_], pieces[at]
    elif kind == 3:
        pieces[at] = rng.choice(others)
    else:
        pieces.insert(at, rng.choice(others))
    return "".join(pieces)


class Mutator:
    def __init__(self, rng, corpus):
        self.rng = rng
        self.corpus = corpus

    def other_text(self, name):
        """A file of the same kind in another project."""
        kind = os.path.splitext(name)[1]
        while True:
            project = self.rng.choice(self.corpus)
            texts = [text for other, text in sorted(project.items()) if other.endswith(kind)]
            if texts:
                return self.rng.choice(texts)

    def lines(self, name, text):
        others = self.other_text(name).splitlines(True) or ["\n"]
        return change_pieces(self.rng, text.splitlines(True) or [""], others)

    def tokens(self, name, text):
        others = TOKEN.findall(self.other_text(name)) or [" "]
        return change_pieces(self.rng, TOKEN.findall(text) or [""], others)

    def value(self, _, text):
        return replace_match(self.rng, LITERAL, text, lambda _: self.rng.choice(VALUES))

    def key(self, _, text):
        return replace_match(self.rng, KEY, text, lambda _: self.rng.choice(KEYS))

    def new_key(self, _, text):
        entry = f"{{ {self.rng.choice(KEYS)}: {self.rng.choice(VALUES)},"
        return replace_match(self.rng, re.compile(r"\{"), text, lambda _: entry)

    def call(self, _, text):
        return replace_match(self.rng, CALL_END, text, lambda _: ")" + self.rng.choice(CALLS))

    def block(self, name, text):
        blocks = BLOCK.findall(self.other_text(name))
        if not blocks:
            return text
        block = self.rng.choice(blocks)
        if self.rng.random() < 0.5:
            return replace_match(self.rng, BLOCK, text, lambda _: block)
        return f"{text}\n{block}\n"

    def settings(self, files):
        name = "workflow_settings.yaml"
        if name in files:
            files[name] += self.rng.choice(SETTINGS_LINES)

    def rename(self, files):
        name = self.rng.choice(sorted(files))
        to = self.rng.choice(
            ["definitions/z.sqlx", "definitions/z.js", "includes/z.js", "definitions/sub/" + name.split("/")[-1]]
        )
        files[to] = files.pop(name)

    def add_file(self, files):
        other = self.rng.choice(self.corpus)
        name = self.rng.choice(sorted(other))
        files.setdefault(name, other[name])

    def options(self, files):
        option = self.rng.choice(OPTIONS)
        if option.split("=")[0] not in files.get("args", ""):
            files["args"] = files.get("args", "") + option + "\n"

    def mutate(self, files):
        whole = [self.settings, self.rename, self.add_file, self.options]
        in_text = [self.lines, self.lines, self.tokens, self.tokens, self.value, self.value]
        in_text += [self.key, self.new_key, self.call, self.block]
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            change = self.rng.choice(whole + in_text * 3)
            if change in whole:
                change(files)
                continue
            names = [name for name in sorted(files) if name != "args"]
            name = self.rng.choice(names)
            files[name] = change(name, files[name])


def make_input(seed, number, corpus):
    rng = random.Random(f"{seed}:{number}")
    files = dict(rng.choice(corpus))
    Mutator(rng, corpus).mutate(files)
    return files


class Comparer:
    def __init__(self, official):
        self.official = official
        self.project = f"{tempfile.mkdtemp(prefix='weir-fuzz.')}/project"
        self.compared = 0

    def compare(self, files):
        write_project(files, self.project)
        self.compared += 1
        mine = weir_answer(self.project, seconds=20)
        found = differences(mine, self.official.compile(self.project))
        said = [error.get("message", "") for error in mine.get("errors", ())]
        if found and any(map(ON_PURPOSE.search, said + [mine.get("refused", "")])):
            return []
        return found


def kind_of(found):
    """What is alike in two differences that have one cause, it is hoped."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"|\d+|\'[^\']*\'', "_", found[0])
    return text[:120]


def without(pieces, start, count):
    return "".join(pieces[:start] + pieces[start + count :])


def smaller_versions(files):
    for name in sorted(files):
        yield {other: text for other, text in files.items() if other != name}
    for split in (lambda text: text.splitlines(True), TOKEN.findall):
        for name in sorted(files):
            pieces = split(files[name])
            count = len(pieces) // 2
            while count:
                for start in range(0, len(pieces), count):
                    yield {**files, name: without(pieces, start, count)}
                count //= 2


def minimise(comparer, files, kind):
    tries = 0
    smaller = True
    while smaller and tries < SMALLER_TRIES:
        smaller = False
        for version in smaller_versions(files):
            tries += 1
            if tries > SMALLER_TRIES:
                break
            found = comparer.compare(version)
            if found and kind_of(found) == kind:
                files, smaller = version, True
                break
    return files


def report(comparer, seed, number, files, kind):
    files = minimise(comparer, files, kind)
    found = comparer.compare(files)
    folder = f"{FOUND}/{seed}-{number}"
    write_project(files, folder)
    print(f"SEED={seed} INPUT={number}, in {os.path.relpath(folder, ROOT)}:")
    for name in sorted(files):
        print(f"--- {name}", files[name].rstrip("\n"), sep="\n")
    print("=>", *found[:3], sep="\n  ")
    print(flush=True)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = os.environ.get("SEED") or str(int(time.time()))
    names = list(find_projects(OURS))
    names = [name for name in names if name not in accepted_differences(names)]
    corpus = [read_project(f"{OURS}/{name}") for name in names]
    only = os.environ.get("INPUT")
    number = int(only or 0)
    end = time.monotonic() + seconds
    kinds = set()
    inputs = 0
    with Official(seconds=20) as official:
        comparer = Comparer(official)
        while time.monotonic() < end and (not only or inputs == 0):
            files = make_input(seed, number, corpus)
            found = comparer.compare(files)
            inputs += 1
            if found and kind_of(found) not in kinds:
                kinds.add(kind_of(found))
                report(comparer, seed, number, files, kind_of(found))
            number += 1
        shutil.rmtree(os.path.dirname(comparer.project))
    print(f"seed {seed}: {inputs} inputs, {len(kinds)} kinds of differences")
    sys.exit(1 if kinds else 0)


if __name__ == "__main__":
    main()
