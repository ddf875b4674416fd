#!/usr/bin/env python3
"""Compiles generated projects with weir and with the official Dataform CLI.

Prints wall time, processor time in user mode and peak memory of both, and
their ratios; fails when the two graphs differ. WEIR names the program under
test, BENCH_MODELS the sizes ("100 1000 10000"), BENCH_RUNS how often weir runs
(the best counts). The official CLI runs once: it takes its time.
"""
import ctypes
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "lib"))
import generate  # noqa: E402
import graphs  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
WEIR = os.environ.get("WEIR", f"{ROOT}/weir")
SIZES = [int(n) for n in os.environ.get("BENCH_MODELS", "100 1000 10000").split()]
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
LIMIT_SECONDS, LIMIT_MB = 1.0, 200  # for 10,000 models


def measure(command, out):
    """Runs the command; gives wall and user seconds and peak memory in MB."""
    start = time.monotonic()
    with open(out, "wb") as stdout, open(f"{out}.err", "wb") as stderr:
        pid = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, stdout.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, stderr.fileno(), 2),
            ],
        )
        status, wall, user, peak = reap(pid, start)
    if status != 0:
        with open(f"{out}.err", encoding="utf-8", errors="replace") as file:
            sys.stderr.write(file.read()[-2000:])
        sys.exit(f"bench: {' '.join(command)} failed")
    return wall, user, peak / 1024


def reap(pid, start):
    """Waits for the command and whatever it leaves behind: the official CLI
    compiles in a process of its own, which it does not wait for."""
    status, wall, user, peak = 0, 0.0, 0.0, 0
    while True:
        try:
            ended, how, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return status, wall, user, peak
        user += usage.ru_utime
        peak = max(peak, usage.ru_maxrss)
        if ended == pid:
            status, wall = how, time.monotonic() - start


def compare_size(models, folder):
    project = f"{folder}/project"
    shutil.rmtree(folder, ignore_errors=True)
    generate.generate(project, models)
    graphs.lay_official(project)
    ours = min(
        measure([WEIR, "compile", "--json", project], f"{folder}/weir.json")
        for _ in range(RUNS)
    )
    theirs = measure(graphs.official_command(project), f"{folder}/official.json")
    differences = graphs.differences(f"{folder}/weir.json", f"{folder}/official.json")
    row = [f"{models:,}"]
    for mine, other, form in zip(ours, theirs, ["{:.3f} s", "{:.3f} s", "{:.0f} MB"]):
        row += [form.format(mine), form.format(other), f"{other / mine:.0f}x"]
    row.append("equal" if not differences else f"{len(differences)} differ")
    for line in differences[:10]:
        print(f"  {line}", file=sys.stderr)
    fits = models != 10000 or (ours[0] < LIMIT_SECONDS and ours[2] < LIMIT_MB)
    return row, not differences and fits


def main():
    # What the commands leave behind becomes a child of this process.
    pr_set_child_subreaper = 36
    ctypes.CDLL(None).prctl(pr_set_child_subreaper, 1, 0, 0, 0)
    head = ["models"]
    for what in ["wall", "user", "peak"]:
        head += [f"weir {what}", "official", "ratio"]
    head.append("graphs")
    rows, good = [head], True
    for models in SIZES:
        row, fine = compare_size(models, f"{ROOT}/build/bench/{models}")
        rows.append(row)
        good = good and fine
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    sys.exit(0 if good else "bench: a graph differs, or a limit is exceeded")


if __name__ == "__main__":
    main()
