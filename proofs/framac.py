"""Runs frama-c and reads what it says: the analysis of a unit, its two proof jobs, and the committed cache.

A unit is one concept: src/NAME.c (or a header of static inline functions), src/NAME.h and spec/NAME.acsl; each file of
theorems is a unit too. A unit has several jobs, each a process of its own: shares of its functions (goals, then smoke
tests) and its lemmas."""

import csv
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

COMMENT = re.compile(r"//[^\n]*")
ACSL = re.compile(r"/\*@(.*?)\*/|//@([^\n]*)", re.S)
LEMMA = re.compile(r"\blemma\s+(\w+)")
GOAL = re.compile(r"^\[wp\] \[([^\]]+)\] Goal (?:typed_)?(\S+) : Valid(.*)$", re.M)
SECONDS = re.compile(r"\((Qed:)?([\d.]+)(ms|s|min)\)")
TIMES = {"ms": 0.001, "s": 1.0, "min": 60.0}
PROCESS_LIMIT = 3600
SHARE = 6  # functions a job: few enough that no job outlasts the others by much


@dataclass
class Unit:
    name: str
    source: str
    files: list  # the files whose functions and lemmas this unit proves
    functions: dict = field(default_factory=dict)  # name -> number of loops; those defined in `files`
    lemmas: list = field(default_factory=list)  # names; those stated in `files`
    defined: dict = field(default_factory=dict)  # every function that frama-c saw defined -> its file
    printed: str = ""  # the program as frama-c prints it back, macros expanded and clauses normalised
    log: str = ""  # of the analysis


@dataclass
class Item:
    """A function or a lemma: its goals, how many each solver proved, seconds, and how many came from the cache."""

    goals: int = 0
    proved: int = 0
    by: Counter = field(default_factory=Counter)
    seconds: float = 0.0
    cached: int = 0
    open: list = field(default_factory=list)


@dataclass
class Job:
    unit: Unit
    kind: str  # functions | lemmas
    names: list  # of the functions or lemmas to prove
    share: int = 0  # which share of the unit's functions
    items: dict = field(default_factory=dict)  # name -> Item
    smoke: int = 0
    smoke_failed: list = field(default_factory=list)  # (file, line)
    slow: list = field(default_factory=list)  # (seconds, goal)
    properties: list = field(default_factory=list)  # rows of frama-c's list of all properties
    log: str = ""
    status: int = 0
    sessions: list = field(default_factory=list)  # the session folders that this run used
    stray: list = field(default_factory=list)  # goals reported where none are expected

    @property
    def name(self):
        return f"{self.unit.name}-{self.kind}" + (f"-{self.share}" if self.share else "")

    @property
    def cache(self):
        """The file of the committed cache, one for all shares."""
        return f"{self.unit.name}-{self.kind}.txt"


def jobs(unit):
    """The jobs of a unit that has been analysed."""
    names = list(unit.functions)
    shares = -(-len(names) // SHARE)
    yield from (Job(unit, "functions", names[i::shares], i) for i in range(shares))
    if unit.lemmas:
        yield Job(unit, "lemmas", unit.lemmas)


def units(root, config):
    """The units of units.json in order, then the theorem files."""
    found = []
    for name in config["units"]:
        files = [f for f in (f"src/{name}.c", f"src/{name}.h", f"spec/{name}.acsl") if (root / f).exists()]
        sources = [f for f in files if f.startswith("src/")]
        found.append(Unit(name, sources[0] if sources else f"src/{name}.c", files))
    for path in sorted(root.glob(config["theorems"])):
        source = str(path.relative_to(root))
        found.append(Unit(path.stem, source, [source]))
    return found


def stated_lemmas(text):
    """Names of the lemmas in a file's annotations."""
    notes = "\n".join(COMMENT.sub("", a or b) for a, b in ACSL.findall(text))
    return LEMMA.findall(notes)


class FramaC:
    def __init__(self, root, build, config, why3, mode):
        self.root, self.build, self.config, self.why3, self.mode = root, build, config, why3, mode

    def _run(self, folder, arguments):
        """One frama-c process with a temporary folder of its own; (exit status, what it printed)."""
        tmp = folder / "tmp"
        shutil.rmtree(tmp, ignore_errors=True)
        tmp.mkdir(parents=True)
        # PWD, since frama-c believes it rather than ask the system where it is.
        environment = dict(os.environ, PWD=str(self.root), TMPDIR=str(tmp), WHY3CONFIG=str(self.why3), LC_ALL="C",
                           OCAMLRUNPARAM="s=16M,o=400")  # frama-c's stack is deep: collect rarely, it takes a third less time
        for name in ("FRAMAC_WP_CACHE", "FRAMAC_WP_CACHEDIR"):
            environment.pop(name, None)
        command = ["frama-c", "-machdep", self.config["machdep"], "-cpp-extra-args=-Isrc -Ispec", *arguments]
        try:
            done = subprocess.run(command, cwd=self.root, env=environment, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PROCESS_LIMIT, check=False)
            status, log = done.returncode, done.stdout
        except subprocess.TimeoutExpired:
            status, log = 124, f"frama-c took longer than {PROCESS_LIMIT} s"
        shutil.rmtree(tmp, ignore_errors=True)
        with (folder / "log").open("a") as stream:
            stream.write(" ".join(command) + "\n" + log)
        return status, log

    def analyse(self, unit):
        """Parses a unit and learns what is defined and stated in it."""
        folder = self.build / f"{unit.name}-analysis"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "log").unlink(missing_ok=True)
        printed = folder / "printed.c"
        printed.unlink(missing_ok=True)
        status, unit.log = self._run(folder, [unit.source, "-metrics", "-metrics-by-function",
                                              "-print", "-ocode", str(printed)])
        if status != 0 or not printed.exists():
            return False
        unit.printed = printed.read_text()
        for place, name, body in re.findall(r"Stats for function <([^>]*)/(\w+)>\n(.*?)Cyclomatic", unit.log, re.S):
            unit.defined[name] = place
            if place in unit.files:
                unit.functions[name] = int(re.search(r"Loop = (\d+)", body).group(1))
        for name in unit.files:
            unit.lemmas += stated_lemmas((self.root / name).read_text())
        return True

    def prove(self, job):
        """Runs a job and reads its reports."""
        folder = self.build / job.name
        (folder / "log").unlink(missing_ok=True)
        report, table = folder / "report.json", folder / "properties.csv"
        for old in (report, table):
            old.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        short, whole = min(self.config["timeouts"]), max(self.config["timeouts"])
        if job.kind == "functions":
            self._prove_functions(job, folder, short, whole)
        else:
            self._prove_lemmas(job, folder, short, whole)
        if table.exists():
            with table.open(newline="") as stream:
                rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
                job.properties = [row for row in rows if row["function"]]  # else the next line of a long property

    def _arguments(self, job, session):
        self._session(job, session)
        job.sessions.append(session)
        c = self.config
        return [job.unit.source, "-wp-rte", "-wp-model", c["model"], "-wp-prover", ",".join(c["provers"]),
                "-wp-par", "1", "-wp-session", str(session),
                "-wp-cache", {"cold": "none", "refresh": "cleanup"}.get(self.mode, "update")]

    def _prove_functions(self, job, folder, short, whole):
        """Every goal with a short limit, what is open then with the whole one, and the smoke tests: one process."""
        c = self.config
        again = ["-wp", "-wp-fct", ",".join(job.names), "-wp-report-json", str(folder / "report.json")]
        others = [p for p in c["provers"] if p not in c["smoke_provers"]]
        longer = ["-then", *again, "-wp-timeout", str(whole)] if whole > short else []
        job.status, job.log = self._run(folder, [
            *self._arguments(job, folder / "session"), *again, "-wp-timeout", str(short), *longer,
            "-then", *again, "-wp-timeout", "1", "-wp-smoke-tests", "-wp-smoke-timeout", str(c["smoke_timeout"]),
            "-wp-steps", str(c["smoke_steps"]), "-wp-prover=" + ",".join("-" + p for p in others),
            "-then", "-report-csv", str(folder / "properties.csv")])
        self._read_report(job, folder / "report.json")
        self._read_times(job)

    def _prove_lemmas(self, job, folder, short, whole):
        """The same for lemmas, where WP would prove all of them again: so a second process, if lemmas are open."""
        wanted = job.names
        for limit in sorted({short, whole}):
            status, log = self._run(folder, [
                *self._arguments(job, folder / f"session-{limit}"), "-wp", "-wp-prop", ",".join(wanted),
                "-wp-timeout", str(limit), "-wp-report-json", str(folder / "report.json")])
            job.status, job.log = max(job.status, status), job.log + log
            self._read_report(job, folder / "report.json")
            wanted = [name for name in job.names if name in job.items and job.items[name].open]
            if not wanted or status != 0:
                break
        self._read_times(job)

    def _session(self, job, session):
        """A session folder for one job: the tactic scripts, and the cache unpacked."""
        cache = session / "cache"
        shutil.rmtree(session / "script", ignore_errors=True)
        if self.mode == "cold":
            shutil.rmtree(session, ignore_errors=True)
        cache.mkdir(parents=True, exist_ok=True)
        scripts = self.root / "proofs" / "scripts" / "script"
        if scripts.is_dir():
            shutil.copytree(scripts, session / "script")
        packed = self.root / "proofs" / "cache" / job.cache
        if packed.exists() and self.mode != "cold":
            for line in packed.read_text().splitlines():
                name, prover, verdict, *time = line.split()
                entry = {"prover": prover, "verdict": verdict}
                if verdict == "stepout":
                    entry["steps"] = self.config["smoke_steps"]
                elif time:
                    entry["time"] = float(time[0])
                (cache / f"{name}.json").write_text(json.dumps(entry))

    def pack(self, name, jobs):
        """Writes the entries that these jobs of a refreshing run used to a file of the committed cache, one line each."""
        lines = set()
        for path in (path for job in jobs for session in job.sessions for path in (session / "cache").glob("*.json")):
            entry = json.loads(re.sub(r"(\d\.)(?!\d)", r"\g<1>0", path.read_text()))  # frama-c writes 1. for 1.0
            if entry["verdict"] == "failed":  # a solver that broke down has said nothing
                continue
            time = [f"{entry['time']:g}"] if "time" in entry else []
            lines.add(" ".join([path.stem, entry["prover"], entry["verdict"], *time]))
        (self.root / "proofs" / "cache" / name).write_text("".join(line + "\n" for line in sorted(lines)))

    @staticmethod
    def _read_report(job, path):
        """WP's report: counts by function or lemma, and by prover."""
        if not path.exists():
            return
        report = json.loads(path.read_text())
        if job.kind == "lemmas":
            sections = {"": {k: v for block in report.get("wp:axiomatics", {}).values() for k, v in block.items()}}
            job.stray = sorted(report.get("wp:functions", {}))
        else:
            sections = report.get("wp:functions", {})
            job.stray = sorted(set(report.get("wp:axiomatics", {})) | (set(sections) - set(job.names)))
        for section, goals in sections.items():
            for name in goals:
                job.items.pop(name.removeprefix("lemma_"), None)  # of a first run with a short limit
            for name, results in goals.items():
                if name == "wp:section":
                    continue
                main = results["wp:main"]
                total, valid = main["total"], main.get("valid", 0)
                if "_wp_smoke_" in name:
                    job.smoke += total
                    continue
                item = job.items.setdefault(section or name.removeprefix("lemma_"), Item())
                item.goals += total
                item.proved += valid
                for prover, counts in results.items():
                    if prover != "wp:main" and counts.get("valid"):
                        item.by[prover.split(":")[0].lower()] += counts["valid"]
                if valid < total:
                    item.open.append(name)

    def _read_times(self, job):
        """Seconds and cache hits, which only the log tells, and the smoke tests that failed."""
        seen = {goal: (prover, rest) for prover, goal, rest in GOAL.findall(job.log)}
        for goal, (prover, rest) in seen.items():
            if prover == "CFG":
                continue
            owner = goal.removeprefix("lemma_") if job.kind == "lemmas" else max(
                (f for f in job.names if goal.startswith(f + "_")), key=len, default=None)
            owner = next((o for o in (owner, re.sub(r"_part\d+$", "", owner or "")) if o in job.items), None)
            seconds = sum(float(n) * TIMES[u] for _, n, u in SECONDS.findall(rest))
            if seconds > self.config["slow"]:
                job.slow.append((seconds, goal))
            if owner:
                job.items[owner].seconds += seconds
                job.items[owner].cached += "(cached)" in rest
        places = re.findall(r"^\[wp\] (\S+):(\d+): Warning: Failed smoke-test", job.log, re.M)
        job.smoke_failed = sorted({(name, int(line)) for name, line in places})
