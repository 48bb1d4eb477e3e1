"""Findings: what an input does to a target, the smallest input that still does it, and where it is kept."""

import hashlib
import re
import subprocess
import time
from pathlib import Path

from engine import RSS_LIMIT_MB, UNIT_SECONDS, environment, options, ROOT

PLACE = ROOT / "fuzz" / "findings"


class Outcome:
    """What became of one run: `kind` is crash, timeout, oom, leak or, if nothing happened, None. `what` names it: two
    inputs with the same kind and name show the same finding."""

    def __init__(self, kind, what, output):
        self.kind, self.what, self.output = kind, what, output

    def same(self, other):
        return self.kind == other.kind and self.what == other.what


def name_of(target, output):
    """Which rule is broken, or else what the sanitizer calls it and in which function."""
    broken = re.search(rf"^{re.escape(target)}: .*\(([A-Z0-9][A-Z0-9, -]*)\)$", output, re.M)
    if broken:
        return broken[1]
    summary = re.search(r"^SUMMARY: (\w+): ([\w-]+)(?:.* in (\w+))?", output, re.M)
    if summary:
        return " ".join(part for part in summary.groups() if part)
    wrong = re.search(r"runtime error: (.*)$", output, re.M)
    return wrong[1] if wrong else ""


def kind_of(output):
    for word, kind in (("libFuzzer: timeout", "timeout"), ("libFuzzer: out-of-memory", "oom"),
                       ("allocation-size-too-big", "oom"), ("detected memory leaks", "leak")):
        if word in output:
            return kind
    return "crash"


def try_input(engine, target, path, root=ROOT, seconds=None):
    """Runs one input on its own."""
    flags = {"timeout": UNIT_SECONDS, "rss_limit_mb": RSS_LIMIT_MB, **options(target, root=root)}
    if seconds:
        flags["timeout"] = seconds
    keep = [f"-{k}={flags[k]}" for k in ("timeout", "rss_limit_mb", "malloc_limit_mb", "max_len") if k in flags]
    binary = root / "build" / "fuzz" / ("libfuzzer" if engine == "afl" else engine) / target
    command = [binary, *keep, "-exact_artifact_path=/dev/null", path]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(target, root),
                              timeout=4 * int(flags["timeout"]) + 60)
    except subprocess.TimeoutExpired as late:
        return Outcome("timeout", "does not end", (late.stderr or b"").decode(errors="replace"))
    output = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode == 0:
        return Outcome(None, "", output)
    kind = kind_of(output)
    what = name_of(target, output) or f"exit status {done.returncode}"
    return Outcome(kind, "does not end" if kind == "timeout" else what, output)


def minimise(engine, target, content, wanted, scratch, root=ROOT, budget=40):
    """The smallest input that could be made within `budget` seconds by taking pieces out, and then by putting zeroes
    in, and that still shows the same."""
    end = time.monotonic() + budget

    def shows(candidate):
        scratch.write_bytes(candidate)
        return wanted.same(try_input(engine, target, scratch, root, 2 if wanted.kind == "timeout" else None))

    piece = max(1, len(content) // 2)
    while piece > 0 and time.monotonic() < end:
        at, smaller = 0, False
        while at < len(content) and time.monotonic() < end:
            candidate = content[:at] + content[at + piece:]
            if shows(candidate):
                content, smaller = candidate, True
            else:
                at += piece
        if not smaller or piece > len(content):
            piece //= 2
    for at in range(len(content)):
        if time.monotonic() >= end:
            break
        candidate = content[:at] + b"\0" + content[at + 1:]
        if content[at] != 0 and shows(candidate):
            content = candidate
    scratch.unlink(missing_ok=True)
    return content


def report(engine, target, name, content, size, outcome):
    """The text that is kept beside a finding."""
    return "\n".join([
        f"target   {target}", f"found by {engine}", f"kind     {outcome.kind}: {outcome.what}",
        f"input    {name}, {len(content)} bytes (found with {size})",
        f"again    make fuzz-repro FILE=fuzz/findings/{name}",
        "", outcome.output.replace(str(ROOT) + "/", "")])


def store(engine, target, path, scratch, place=PLACE, root=ROOT):
    """Looks at an input that an engine says is a finding, minimises it and keeps it. Returns (kind, what, file), or
    None if the input was only slow. One that does nothing when it runs alone is kept as it is and said to be
    unsteady."""
    content = path.read_bytes()
    outcome = try_input(engine, target, path, root)
    if outcome.kind is None:
        if path.parent.name == "hangs":
            return None
        outcome = Outcome("unsteady", "nothing happens when it runs alone", outcome.output)
        smallest = content
    else:
        smallest = minimise(engine, target, content, outcome, scratch, root)
        scratch.write_bytes(smallest)
        outcome = try_input(engine, target, scratch, root)
        scratch.unlink()
    name = f"{target}-{hashlib.sha1(smallest).hexdigest()[:12]}"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(smallest)
    (place / f"{name}.txt").write_text(report(engine, target, name, smallest, len(content), outcome))
    return outcome.kind, outcome.what, place / name


def target_of(path, names):
    """The target that a file belongs to: TARGET-HASH, or the folder it lies in."""
    path = Path(path)
    for name in sorted(names, key=len, reverse=True):
        if path.name.startswith(f"{name}-") or path.resolve().parent.name == name:
            return name
    return None
