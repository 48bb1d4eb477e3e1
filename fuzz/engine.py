"""How a target runs on an engine: its command line, what it says of itself while it runs, and what it leaves behind.

Engines are libfuzzer, msan (libFuzzer with the memory sanitizer) and afl. A target's binary is
build/fuzz/ENGINE/TARGET, its corpus corpus/seeds/TARGET, what it found earlier build/fuzz/corpus/TARGET, its options
fuzz/TARGET.options."""

import configparser
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"
AFL_ENVIRONMENT = {
    "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1", "AFL_NO_UI": "1",
    "AFL_NO_COLOR": "1", "AFL_SKIP_CRASHES": "1", "AFL_IGNORE_UNKNOWN_ENVS": "1", "AFL_QUIET": "1",
}
RSS_LIMIT_MB = 2048
UNIT_SECONDS = 10  # one input that runs longer than this is a finding


def targets(root=ROOT):
    """All targets: the names of fuzz/target_*.c."""
    return sorted(p.stem.removeprefix("target_") for p in (root / "fuzz").glob("target_*.c"))


def build(engine, names, root=ROOT):
    """Makes the binaries; if that fails, says so in make's words and ends with status 2."""
    goals = [f"build/fuzz/{engine}/{n}" for n in names]
    if engine == "afl" and (root / "fuzz" / "mutator_afl.c").exists():
        goals.append("build/fuzz/afl/mutator.so")
    done = subprocess.run(["make", "-s", "-j2", *goals], cwd=root, text=True, capture_output=True)
    if done.returncode != 0:
        print(f"{done.stdout}{done.stderr}cannot build {' '.join(names)} for {engine}", file=sys.stderr)
        sys.exit(2)


def options(target, section="libfuzzer", root=ROOT):
    """What fuzz/TARGET.options says for an engine or a sanitizer."""
    parser = configparser.ConfigParser()
    parser.read(root / "fuzz" / f"{target}.options")
    return dict(parser[section]) if parser.has_section(section) else {}


def dictionary(target, root=ROOT):
    path = root / "fuzz" / f"{target}.dict"
    return path if path.exists() else None


def environment(target, root=ROOT):
    """The sanitizers' options, as the target's file has them."""
    out = dict(os.environ)
    for section, variable in (("asan", "ASAN_OPTIONS"), ("msan", "MSAN_OPTIONS"), ("ubsan", "UBSAN_OPTIONS")):
        given = ":".join(f"{k}={v}" for k, v in options(target, section, root).items())
        if given:
            out[variable] = given
    return out


def tail(path, size=1 << 16):
    """The end of a file as text."""
    try:
        with open(path, "rb") as f:
            f.seek(max(0, path.stat().st_size - size))
            return f.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


class Instance:
    """One process that fuzzes a target. `home` is its own folder, which it begins empty."""

    def __init__(self, target, home, seconds, root=ROOT):
        self.target, self.home, self.seconds, self.root = target, home, seconds, root
        self.binary = root / "build" / "fuzz" / self.engine / target
        self.log = home / "log"
        self.process = None
        self.ended = None
        home.mkdir(parents=True)

    def start(self):
        self.started = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.home, env=self.environment(), start_new_session=True)

    def running(self):
        """Whether it still runs; one that runs much longer than it should is ended."""
        if self.ended is None and (self.process.poll() is not None):
            self.ended = time.monotonic()
        if self.ended is None and time.monotonic() - self.started > 2 * self.seconds + 120:
            self.stop()
        return self.ended is None

    def stop(self):
        """Ends it, and what it has started."""
        for sign in (signal.SIGINT, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
                self.process.wait(timeout=10)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self.process.wait()
        self.ended = self.ended or time.monotonic()

    def sweep(self):
        """Ends what it has left running: whatever has its folder, which is nobody else's, for working directory."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(entry / "cwd") == str(self.home):
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                continue  # it is over, or not ours to look at

    def took(self):
        return (self.ended or time.monotonic()) - self.started


class Libfuzzer(Instance):
    engine = "libfuzzer"

    def command(self):
        corpus = self.root / "build" / "fuzz" / "corpus" / self.target
        seeds = self.root / "corpus" / "seeds" / self.target
        corpus.mkdir(parents=True, exist_ok=True)
        flags = {"timeout": UNIT_SECONDS, "rss_limit_mb": RSS_LIMIT_MB, **options(self.target, root=self.root),
                 "max_total_time": self.seconds, "print_final_stats": 1, "reload": 1,
                 "artifact_prefix": f"{self.home}/"}
        if words := dictionary(self.target, self.root):
            flags["dict"] = words
        return [self.binary, *(f"-{k}={v}" for k, v in flags.items()), corpus, *([seeds] if seeds.exists() else [])]

    def environment(self):
        return environment(self.target, self.root)

    def state(self):
        """Executions so far, edges with the corpus alone, edges now."""
        text = tail(self.log)
        head = self.log.read_bytes()[:1 << 20].decode(errors="replace")
        inited = re.search(r"^#\d+\s+INITED cov: (\d+)", head, re.M)
        lines = re.findall(r"^#(\d+)\s.*?cov: (\d+)", text, re.M)
        final = re.findall(r"^stat::number_of_executed_units:\s+(\d+)", text, re.M)
        executions = int(final[-1]) if final else int(lines[-1][0]) if lines else 0
        edges = int(lines[-1][1]) if lines else 0
        return executions, int(inited[1]) if inited else edges, edges

    def edges_all(self):
        """Edges that the binary has."""
        loaded = re.search(r"Loaded \d+ modules?\s+\((\d+) inline", self.log.read_text(errors="replace")[:1 << 16])
        return int(loaded[1]) if loaded else 0

    def artifacts(self):
        """Inputs that ended it."""
        return [p for p in sorted(self.home.iterdir()) if re.match(r"(crash|timeout|oom|leak)-", p.name)]

    def failed(self):
        """It ended badly without an input to show for it, and was not stopped (72: libFuzzer's word for that)."""
        return self.process.returncode not in (0, 72, -signal.SIGINT) and not self.artifacts()


class Msan(Libfuzzer):
    engine = "msan"


class Afl(Instance):
    """One of AFL++'s instances. `role` is -M main, -S NAME, or nothing for one that is alone; `share` is the folder
    that they exchange inputs in."""

    engine = "afl"

    def __init__(self, target, home, seconds, root=ROOT, share=None, role=()):
        super().__init__(target, home, seconds, root)
        self.role, self.share = role, share or home / "share"
        self.out = self.share / (role[1] if role else "default")

    def seeds(self):
        """A folder of all inputs there are: the committed ones and what was found earlier."""
        folder = self.home / "in"
        folder.mkdir(exist_ok=True)
        for place in ("corpus/seeds", "build/fuzz/corpus"):
            for path in (self.root / place / self.target).glob("*"):
                if path.is_file() and path.stat().st_size > 0:
                    shutil.copy(path, folder) # it follows no links
        if not any(folder.iterdir()):
            (folder / "one").write_bytes(b"0")
        return folder

    def command(self):
        limit = int(options(self.target, root=self.root).get("timeout", UNIT_SECONDS))
        words, longest = dictionary(self.target, self.root), options(self.target, root=self.root).get("max_len")
        return ["afl-fuzz", "-i", self.seeds(), "-o", self.share, "-V", str(self.seconds), "-m", "none",
                "-t", f"{1000 * limit}+", *(["-x", words] if words else []), *(["-G", longest] if longest else []),
                *self.role, "--", self.binary]

    def environment(self):
        out = {**environment(self.target, self.root), **AFL_ENVIRONMENT}
        mutator = self.root / "build" / "fuzz" / "afl" / "mutator.so"
        if mutator.exists():
            out["AFL_CUSTOM_MUTATOR_LIBRARY"] = str(mutator)
        for name in ("ASAN_OPTIONS", "MSAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in out:  # what afl-fuzz insists on
                out[name] += ":abort_on_error=1:symbolize=0"
        return out

    def corpus_edges(self):
        """Edges that the committed corpus reaches."""
        command = ["afl-showmap", "-C", "-q", "-m", "none", "-t", "10000", "-i", self.home / "in", "-o", "/dev/null",
                   "--", self.binary]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace",
                              env={**self.environment(), "AFL_QUIET": ""})
        found = re.search(r"coverage of (\d+) edges", done.stdout + done.stderr)
        return int(found[1]) if found else 0

    def stats(self):
        return dict(re.findall(r"^(\w+)\s*: (.*)$", tail(self.out / "fuzzer_stats"), re.M))

    def edges_all(self):
        return int(self.stats().get("total_edges", 0))

    def state(self):
        stats = self.stats()
        plot = [line.split(", ") for line in tail(self.out / "plot_data").splitlines() if line[:1].isdigit()]
        executions, edges = int(stats.get("execs_done", 0)), int(stats.get("edges_found", 0))
        if plot and len(plot[-1]) >= 13:
            executions, edges = max(executions, int(plot[-1][11])), max(edges, int(plot[-1][12]))
        return executions, None, edges

    def artifacts(self):
        return [p for kind in ("crashes", "hangs") for p in sorted((self.out / kind).glob("id:*"))]

    def failed(self):
        return self.process.returncode not in (0, -signal.SIGINT) and not self.artifacts()

    def keep(self):
        """Puts what it found beside what libFuzzer finds, under build/."""
        corpus = self.root / "build" / "fuzz" / "corpus" / self.target
        corpus.mkdir(parents=True, exist_ok=True)
        for path in (self.out / "queue").glob("id:*"):
            if ",orig:" not in path.name and ",sync:" not in path.name:
                content = path.read_bytes()
                (corpus / hashlib.sha1(content).hexdigest()).write_bytes(content)


def instances(engine, target, home, seconds, jobs, root=ROOT):
    """The processes that fuzz one target together."""
    if engine != "afl":
        kind = {"libfuzzer": Libfuzzer, "msan": Msan}[engine]
        return [kind(target, home / str(i), seconds, root) for i in range(jobs)]
    if jobs == 1:
        return [Afl(target, home / "0", seconds, root)]
    roles = [("-M", "main")] + [("-S", f"secondary{i}") for i in range(1, jobs)]
    return [Afl(target, home / str(i), seconds, root, home / "share", role) for i, role in enumerate(roles)]


def totals(running):
    """Of all processes of a target: executions, edges at first, edges now."""
    states = [p.state() for p in running]
    return sum(s[0] for s in states), max(s[1] or 0 for s in states), max(s[2] for s in states)


def hunt(running, say=lambda: None):
    """Starts the processes of one target; returns when their time is over, or one has found something and all have been
    stopped."""
    try:
        for process in running:
            process.start()
        while any([p.running() for p in running]) and not any(p.artifacts() for p in running):
            time.sleep(0.2)
            say()
    finally:
        for process in running:
            if process.process and process.running():
                process.stop()
            process.sweep()
