#!/usr/bin/env python3
"""Kills `weir run` wherever it leaves something behind, and resumes it.

A run under kill.so writes down its moments: before and after each change of a
file and each call of the warehouse. Then, for each of them, the same run is
killed there and resumed, and every table must have the rows that it has after
a run that nobody disturbed. Some of the runs that resume are killed, too.

WEIR, QUERY and KILL_LIBRARY name the programs, PGURL the server.
KILL_EVERY=N tries one moment of N; KILL="wikimedia dev 1 17 after" that one, and
KILL=wikimedia or KILL="wikimedia pg" all of a project.
"""
import collections
import concurrent.futures
import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
WEIR = os.environ["WEIR"]
QUERY = os.environ["QUERY"]
LIBRARY = os.environ["KILL_LIBRARY"]
SERVER = os.environ["PGURL"]
EVERY = int(os.environ.get("KILL_EVERY", "1"))
ONLY = os.environ.get("KILL", "").split()
WORKERS = int(os.environ.get("JOBS", "2"))
EVENTS = 3000  # of each batch; DuckDB takes 2048 rows at a time
TWICE = 5  # of so many resumed runs one is killed as well
SHOWN = 5

# Of our own tables, what may differ: when, and by which run.
VOLATILE = {"run", "done", "loaded_at", "done_at"}

Case = collections.namedtuple("Case", "name target jobs")
Moment = collections.namedtuple("Moment", "number side what")


class Failed(Exception):
    pass


def ask(warehouse, where, sql):
    """The rows of a query, sorted, one a line."""
    done = subprocess.run(
        [QUERY, warehouse, where, sql], capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Failed(f"{sql}: {done.stderr.strip()}")
    return sorted(done.stdout.splitlines())


class DuckDB:
    """A database is a file in the project's folder, copied along with it."""

    name = "duckdb"

    def settings(self, database):
        return {}

    def copy(self, old, new):
        pass

    def drop(self, database):
        pass

    def ask(self, folder, database, sql):
        return ask("duckdb", f"{folder}/.weir/dev.duckdb", sql)

    def check_quiet(self, database):
        pass


class Postgres:
    """A database of the server's own, copied as a template."""

    name = "postgres"

    def __init__(self):
        self.host = re.search(r"host=(\S+)", SERVER).group(1)
        self.user = re.search(r"user=(\S+)", SERVER).group(1)

    def settings(self, database):
        return {"PGHOST": self.host, "PGUSER": self.user, "PGDATABASE": database}

    def server(self, sql):
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-d", SERVER, "-c", sql],
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise Failed(f"{sql}: {done.stderr.strip()}")
        return done.stdout.strip()

    def copy(self, old, new):
        template = f"template {old}" if old else ""
        self.server(f"create database {new} {template}")

    def drop(self, database):
        self.server(f"drop database if exists {database} with (force)")

    def ask(self, folder, database, sql):
        return ask(
            "postgres", f"host={self.host} user={self.user} dbname={database}", sql
        )

    def check_quiet(self, database):
        """Nothing of a run that ended still works in the server, whose own
        autovacuum may."""
        busy = self.server(
            "select query from pg_stat_activity where datname = "
            f"'{database}' and state <> 'idle' and backend_type = 'client backend'"
        )
        if busy:
            raise Failed(f"still runs in the server: {busy}")


WAREHOUSES = {"dev": DuckDB(), "pg": Postgres()}


class Place:
    """A copy of a project with a database of its own."""

    def __init__(self, case, name, original=None):
        self.case = case
        self.warehouse = WAREHOUSES[case.target]
        self.folder = os.path.join(TEMP, name)
        self.database = re.sub(r"\W", "_", name)
        self.name = name
        if original:
            shutil.copytree(original.folder, self.folder)
            self.warehouse.copy(original.database, self.database)
        else:
            self.warehouse.copy(None, self.database)

    def end(self):
        self.warehouse.drop(self.database)
        shutil.rmtree(self.folder)

    def run(self, *args, **kill):
        """weir's exit status and what it printed."""
        env = dict(os.environ, **self.warehouse.settings(self.database))
        if kill:
            env["LD_PRELOAD"] = LIBRARY
            env.update({k: str(v) for k, v in kill.items()})
        done = subprocess.run(
            [WEIR, "run", "--target", self.case.target]
            + ["--jobs", str(self.case.jobs), *args],
            cwd=self.folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    def must_run(self, *args):
        status, text = self.run(*args)
        if status != 0:
            raise Failed(f"weir run {' '.join(args)} exits {status}: {text}")

    def ask(self, sql):
        return self.warehouse.ask(self.folder, self.database, sql)

    def columns(self):
        """By relation: the columns that must be the same."""
        found = collections.defaultdict(list)
        for line in self.ask(
            "select table_schema, table_name, column_name "
            "from information_schema.columns where table_schema not in "
            "('information_schema', 'pg_catalog') "
            "order by 1, 2, ordinal_position"
        ):
            schema, table, column = line.split("|")
            name = f'"{schema}"."{table}"'
            if not table.startswith("weir_") or column not in VOLATILE:
                found[name].append(f'"{column}"')
        return found

    def rows(self):
        """All rows of all relations, sorted."""
        parts = []
        for name, columns in self.columns().items():
            if name.endswith('."weir_steps"'):
                continue
            values = ", '|', ".join(f"coalesce({c}::text, 'NULL')" for c in columns)
            parts.append(f"select '{name} ' || concat({values}) as line from {name}")
        return self.ask("\nunion all ".join(sorted(parts))) if parts else []

    def check_leftovers(self):
        left = [n for n in self.columns() if "weir_tmp_" in n or "weir_stage_" in n]
        if left:
            raise Failed(f"left over: {' '.join(left)}")
        self.warehouse.check_quiet(self.database)

    def journals(self):
        for path in glob.glob(f"{self.folder}/.weir/runs/*/journal.jsonl"):
            with open(path, encoding="utf-8") as f:
                yield f.read()

    def has_journal(self):
        return any("\n" in text for text in self.journals())

    def is_over(self):
        """Its run ended well, and was killed when it had said so."""
        end = '"event":"end","status":"ok"}\n'
        return any(text.endswith(end) for text in self.journals())


def wikimedia(folder):
    shutil.copytree(f"{ROOT}/examples/wikimedia", folder)
    os.mkdir(f"{folder}/data")
    add_batch(folder, 1)


def add_batch(folder, number):
    done = subprocess.run(
        [f"{folder}/make_events.sh", str(number)], stdout=subprocess.PIPE, check=True
    )
    lines = done.stdout.splitlines(keepends=True)
    with open(f"{folder}/data/batch{number}.ndjson", "wb") as f:
        f.writelines(lines[:EVENTS] + lines[-40:])


def ledger(folder):
    shutil.copytree(f"{ROOT}/tests/fault/ledger", folder)


def base_of(case, name):
    """The project as it stands before the run that is killed."""
    place = Place(case, name)
    if case.name == "ledger":
        ledger(place.folder)
        place.must_run()
        os.rename(f"{place.folder}/later.csv", f"{place.folder}/data/later.csv")
    else:
        wikimedia(place.folder)
        if case.name == "wikimedia-again":
            place.must_run()
        add_batch(place.folder, 2)
    shutil.rmtree(f"{place.folder}/.weir/runs", ignore_errors=True)
    return place


CASES = [
    Case(name, target, jobs)
    for name in ("wikimedia", "wikimedia-again", "ledger")
    for target in ("dev", "pg")
    for jobs in (1, 2)
]


def moments_of(case, base, name):
    """What an undisturbed run gives, and the moments it has."""
    place = Place(case, name, base)
    log = os.path.join(TEMP, f"{name}.log")
    status, text = place.run(KILL_LOG=log)
    if status != 0:
        raise Failed(f"the undisturbed run exits {status}: {text}")
    rows = place.rows()
    place.end()
    moments = []
    with open(log, encoding="utf-8") as f:
        for line in f:
            number, kind, what = line.rstrip("\n").split("\t", 2)
            for side in ["before", "after"] + ["torn"] * (kind == "write"):
                moments.append(Moment(int(number), side, f"{kind} {what}"))
    return rows, moments


def kill(place, moment, args=()):
    """Whether the run came to that moment; else it must have gone well."""
    status, text = place.run(*args, KILL_AT=moment.number, KILL_SIDE=moment.side)
    if status == -signal.SIGKILL:
        return True
    if status != 0:
        raise Failed(f"the run that is not killed exits {status}: {text}")
    return False


def resume_args(place):
    return ["--resume"] if place.has_journal() else []


def try_moment(case, base, rows, moment, last):
    """How many runs were killed."""
    name = f"{base.name}_{moment.number}{moment.side}"
    place = Place(case, name, base)
    killed = kill(place, moment)
    luck = random.Random(name)
    if killed and not place.is_over() and luck.randrange(TWICE) == 0:
        again = Moment(luck.randint(1, last), luck.choice(["before", "after"]), "")
        killed += kill(place, again, resume_args(place))
    if killed and not place.is_over():
        place.must_run(*resume_args(place))
    place.check_leftovers()
    found = place.rows()
    if found != rows:
        raise Failed(difference(rows, found))
    place.end()
    return int(killed)


def difference(wanted, found):
    a, b = collections.Counter(wanted), collections.Counter(found)
    return "\n".join(
        ["rows differ"]
        + [f"missing: {line} x {n}" for line, n in list((a - b).items())[:SHOWN]]
        + [f"too many: {line} x {n}" for line, n in list((b - a).items())[:SHOWN]]
    )


def try_case(case, number):
    """The number of kills; what failed is printed."""
    base = base_of(case, f"kill{number}")
    rows, moments = moments_of(case, base, f"kill{number}_calm")
    if ONLY[3:]:
        moments = [m for m in moments if [str(m.number), m.side] == ONLY[3:]]
    failures, kills = [], 0
    last = moments[-1].number
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        jobs = {
            pool.submit(try_moment, case, base, rows, m, last): m
            for m in moments[number % EVERY :: EVERY]
        }
        for job in concurrent.futures.as_completed(jobs):
            try:
                kills += job.result()
            except Failed as e:
                failures.append((jobs[job], str(e)))
    base.end()
    return kills, sorted(failures)


def complain(text):
    """For people: prove shows it when it shows no more than a failure."""
    print(text, file=sys.stderr)


def report(number, case, kills, failures):
    words = "not ok" if failures or not kills else "ok"
    print(
        f"{words} {number} - {case.name} on {WAREHOUSES[case.target].name}, "
        f"{case.jobs} at once: killed {kills} times and resumed"
    )
    for moment, why in failures[:SHOWN]:
        complain(f"# {moment.what}")
        where = f"{case.name} {case.target} {case.jobs} {moment.number} {moment.side}"
        complain(f'# again: make fault ONLY=kill KILL="{where}"')
        complain("\n".join("#   " + line for line in why.splitlines()))
    if failures:
        complain(f"# {len(failures)} moments in all")
    sys.stdout.flush()
    return not failures


def main():
    asked = ONLY[:3]
    cases = [c for c in CASES if list(map(str, c))[: len(asked)] == asked]
    print(f"1..{len(cases)}")
    good, total = True, 0
    for number, case in enumerate(cases, 1):
        kills, failures = try_case(case, number)
        good &= report(number, case, kills, failures)
        total += kills
    print(f"# killed {total} times")
    return 0 if good else 1


with tempfile.TemporaryDirectory(prefix="weir-kill.") as TEMP:
    STATUS = main()
sys.exit(STATUS)
