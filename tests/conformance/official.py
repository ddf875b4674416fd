"""What the official Dataform CLI makes of a project.

Official() keeps one Node process with the CLI in it (official.js), which is
started again after a project that never ends. Projects are compiled in a copy,
because the CLI wants packages in them.
"""
import json
import os
import select
import shutil
import subprocess
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ORACLE = os.environ.get("DATAFORM_ORACLE", f"{ROOT}/.deps/oracle")
CORE = "node_modules/@dataform/core"
RESTART_AFTER = 300


def answer_of(status, stdout, stderr, where):
    """The graph and the errors of a "compile --json", or why there is none."""
    graph = None
    for start in [0] + [at + 1 for at, c in enumerate(stdout) if c == "\n"]:
        if stdout[start : start + 1] == "{":
            try:
                graph, _ = json.JSONDecoder().raw_decode(stdout[start:].replace(where, "$PROJECT"))
                break
            except ValueError:
                pass
    if graph is None:
        lines = [line for line in stderr.replace(where, "$PROJECT").splitlines() if line.strip()]
        return {"refused": lines[0] if lines else "", "status": status}
    found = (graph.pop("graphErrors", None) or {}).get("compilationErrors") or []
    errors = [
        {key: error[key] for key in ("fileName", "message") if key in error} for error in found
    ]
    return {"errors": errors, "graph": graph} if errors else {"graph": graph}


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def lay_packages(project):
    """What the CLI asks for: the core, and package.json instead of a version."""
    core = f"{project}/{CORE}"
    if not os.path.exists(core):
        os.makedirs(core)
        for name in ("bundle.js", "package.json"):
            link_or_copy(f"{ORACLE}/{CORE}/{name}", f"{core}/{name}")
    if not os.path.lexists(f"{project}/package.json"):
        with open(f"{project}/package.json", "w", encoding="utf-8") as file:
            json.dump({"dependencies": {"@dataform/core": "3.0.62"}}, file)
    settings = f"{project}/workflow_settings.yaml"
    if os.path.isfile(settings):
        with open(settings, "rb") as file:
            before = file.readlines()
        after = [line for line in before if not line.startswith(b"dataformCoreVersion:")]
        if after != before:
            with open(settings, "wb") as file:
                file.write(b"".join(after) or b"{}\n")


def arguments(project):
    """Options of the project's own: a file named args, one a line."""
    try:
        with open(f"{project}/args", encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


class Official:
    def __init__(self, seconds=60):
        self.seconds = seconds
        self.folder = tempfile.mkdtemp(prefix="weir-official.")
        self.node = None
        self.served = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        os.makedirs(f"{self.folder}/tmp", exist_ok=True)
        self.served = 0
        self.node = subprocess.Popen(
            ["node", f"{ROOT}/tests/conformance/official.js", f"{ORACLE}/node_modules/@dataform/cli"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(os.environ, NO_COLOR="1", TMPDIR=f"{self.folder}/tmp"),
        )

    def stop(self):
        if self.node:
            self.node.kill()
            self.node.stdin.close()
            self.node.stdout.close()
            self.node.wait()
            self.node = None
        shutil.rmtree(f"{self.folder}/tmp", ignore_errors=True)

    def ask(self, args):
        """The CLI's status, output and errors; None when it did not end."""
        if not self.node or self.served >= RESTART_AFTER:
            self.stop()
            self.start()
        self.served += 1
        self.node.stdin.write(json.dumps({"args": args}).encode() + b"\n")
        self.node.stdin.flush()
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.node.stdout], [], [], self.seconds)
            more = os.read(self.node.stdout.fileno(), 1 << 20) if ready else b""
            if not more:
                self.stop()
                return None
            line += more
        return json.loads(line)

    def compile(self, project):
        copy = f"{self.folder}/project"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(project, copy, symlinks=True)
        lay_packages(copy)
        said = self.ask(["compile", copy, "--json", *arguments(project)])
        if said is None:
            return {"refused": "the compile did not end", "status": 1}
        return answer_of(said["status"], said["stdout"], said["stderr"], copy)
