#!/usr/bin/env python3
"""What an action costs that does nothing: 1,000 views of "select 1".

weir runs them, and the same statements go through psql and through DuckDB's
library, over as many connections, to the same warehouse, in turns. The median of
the turns' ratios counts, as a machine has slower minutes. Whole processes are
timed: of weir the compile, the journal and the results, too. PostgreSQL is
$PGURL, and syncs as a server does by default. WEIR names the program, DIRECT what calls DuckDB (direct.c), BENCH_VIEWS how many
views, BENCH_RUNS how often.
"""
import json
import os
import shutil
import subprocess
import sys
import time
from statistics import median

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
WEIR = os.environ.get("WEIR", f"{ROOT}/weir")
DIRECT = os.environ["DIRECT"]
VIEWS = int(os.environ.get("BENCH_VIEWS", "1000"))
RUNS = int(os.environ.get("BENCH_RUNS", "7"))
JOBS = {"duckdb": 2, "postgres": 4}  # weir's own defaults, given to both
LIMIT = 1.5
FOLDER = f"{ROOT}/build/bench/views"
DATABASE = f"{FOLDER}/views.duckdb"


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_project():
    shutil.rmtree(FOLDER, ignore_errors=True)
    write(
        f"{FOLDER}/workflow_settings.yaml",
        "defaultProject: bench\ndefaultLocation: US\ndefaultDataset: bench\n",
    )
    write(
        f"{FOLDER}/weir.yaml",
        "targets:\n  duckdb: { warehouse: duckdb, path: views.duckdb }\n"
        '  postgres: { warehouse: postgres, connection: "${env:PGURL}" }\n',
    )
    for i in range(VIEWS):
        write(
            f"{FOLDER}/definitions/view_{i:04}.sqlx",
            'config { type: "view" }\nselect 1 as one\n',
        )


def weir(target, *options):
    done = subprocess.run(
        [WEIR, "run", FOLDER, "--target", target, *options],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"bench: weir run failed\n{done.stdout[:2000]}{done.stderr[:2000]}")
    return done.stdout


def statements(target):
    plan = json.loads(weir(target, "--dry-run", "--json"))
    return [action["sql"] for action in plan["actions"]]


def time_of(act):
    start = time.monotonic()
    act()
    return time.monotonic() - start


def write_parts(texts):
    paths = [f"{FOLDER}/part_{i}.sql" for i in range(len(texts))]
    for path, text in zip(paths, texts):
        write(path, text)
    return paths


def psql(texts):
    """Each text goes through a psql of its own, all at once."""
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", os.environ["PGURL"]]
    running = []
    for path in write_parts(texts):
        running.append(subprocess.Popen(command + ["-f", path]))
    if any(process.wait() for process in running):
        sys.exit("bench: psql failed")


def duckdb(texts):
    """Each text goes through a connection of its own, all at once."""
    if subprocess.call([DIRECT, DATABASE, *write_parts(texts)]) != 0:
        sys.exit("bench: DuckDB refused a statement")


def empty(target):
    """Leaves the schema, and nothing in it."""
    schema = 'drop schema if exists "bench" cascade; create schema "bench"'
    if target == "postgres":
        psql(["set client_min_messages = error; " + schema])
        return
    for name in (DATABASE, f"{DATABASE}.wal"):
        if os.path.exists(name):
            os.remove(name)
    duckdb([schema])


def compare(target, again):
    """Seconds of weir and of the peer, turn by turn; again: the views are there."""
    run_directly = psql if target == "postgres" else duckdb
    lines = [" ".join(sql.split()) + "\n" for sql in statements(target)]
    texts = ["".join(lines[i :: JOBS[target]]) for i in range(JOBS[target])]
    jobs = ("--jobs", str(JOBS[target]))
    ours, theirs = [], []
    for _ in range(RUNS):
        empty(target)
        if again:
            weir(target, *jobs)
        ours.append(time_of(lambda: weir(target, *jobs)))
        if not again:
            empty(target)
        theirs.append(time_of(lambda: run_directly(texts)))
    return ours, theirs


def main():
    make_project()
    fine = True
    print(f"{VIEWS:,} views           weir     peer   ratio  (at most {LIMIT})")
    for target, peer in (("postgres", "psql"), ("duckdb", "library")):
        for again in (False, True):
            ours, theirs = compare(target, again)
            ratio = median(our / their for our, their in zip(ours, theirs))
            fine = fine and ratio <= LIMIT
            what = "replaced" if again else "new"
            print(
                f"{target:8} {what:9} {median(ours):8.3f} s {median(theirs):6.3f} s "
                f"{ratio:6.2f}  beside {peer}, {JOBS[target]} connections"
            )
    sys.exit(0 if fine else "bench: an action that does nothing costs too much")


if __name__ == "__main__":
    main()
