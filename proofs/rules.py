"""What makes a proof run fail. Each function yields problems: (kind, where, what). A run without problems is a proof."""

import re

# The clauses that end in no effect: frama-c lists `exits \\false` as a postcondition.
NEVER_EXITS = "\\false"
ADMIT = re.compile(r"\badmit\b(?!\s*:)")
CHECK = re.compile(r"\bcheck\s+(?:\w+\s*:|lemma|requires|ensures|loop|invariant|assert)")
AXIOM = re.compile(r"\baxiom\s+(\w+)")
UNDEFINED = re.compile(r"\b(?:logic|predicate)\b[^=;]*;")
VARIANT = re.compile(r"\bloop variant\b")


def project(root, units, asked, unproved):
    """Every source file, logic file and proof file belongs to exactly one unit, and a unit that is asked for exists.
    Files of `unproved` belong to none, and each run says so."""
    owned = {f for unit in units for f in unit.files} | {f for n in unproved for f in (f"src/{n}.c", f"spec/{n}.acsl")}
    for pattern in ("src/*.c", "spec/*.acsl", "proofs/*.c"):
        for path in sorted(root.glob(pattern)):
            if str(path.relative_to(root)) not in owned:
                yield "unit", str(path.relative_to(root)), "belongs to no unit of proofs/units.json"
    for unit in asked:
        if not (root / unit.source).exists():
            yield "unit", unit.name, f"there is no {unit.source}"


def analysis(unit, units):
    """What the program text alone shows: trusted statements, functions without an owner, loops that may not end."""
    owners = {f for other in units for f in other.files}
    for place in sorted(set(unit.defined.values()) - owners):
        yield "unit", unit.name, f"functions of {place} are proved by no unit"
    for match in AXIOM.finditer(unit.printed):
        yield "axiom", unit.name, match.group(0)
    for match in ADMIT.finditer(unit.printed):
        yield "admit", unit.name, unit.printed[match.start():].splitlines()[0]
    for match in CHECK.finditer(unit.printed):
        yield "check", unit.name, unit.printed[match.start():].splitlines()[0]
    for match in UNDEFINED.finditer(unit.printed):
        yield "axiom", unit.name, "declared without a definition: " + " ".join(match.group(0).split())
    known = [lemma for other in units for lemma in other.lemmas]
    for lemma in sorted(set(re.findall(r"\blemma\s+(\w+)", unit.printed)) - set(known)):
        yield "lemma", unit.name, f"{lemma} is stated in no file of a unit"
    for lemma in sorted({x for x in unit.lemmas if known.count(x) > 1}):
        yield "lemma", unit.name, f"{lemma} is stated twice"
    for name, loops in unit.functions.items():
        if loops > len(VARIANT.findall(body(unit.printed, name))):
            yield "no-variant", f"{unit.name}: {name}", "a loop without a variant"
    if not unit.functions and not unit.lemmas:
        yield "empty", unit.name, "neither a function nor a lemma in it"


def body(printed, name):
    """The definition of a function in frama-c's own output: from its heading to the closing brace in the same column."""
    match = re.search(rf"^( *)(?:[\w*]+[\s*]+)+{name}\([^;{{]*\)\s*\n\1\{{\n(.*?)^\1\}}", printed, re.M | re.S)
    return match.group(2) if match else ""


def log_warnings(where, log):
    """No warning is accepted."""
    lines = log.splitlines()
    for number, line in enumerate(lines):
        if "Failed smoke-test" in line or line == "[wp] Warning: No goal generated":  # rules of their own
            continue
        if re.search(r"\bWarning:|\bUser Error:|\bFailure:|\bFatal\b|Plug-in \w+ aborted|unsupported|[Dd]egenerated", line):
            more = lines[number + 1].strip() if line.endswith(": ") and number + 1 < len(lines) else ""
            yield "warning", where, (line + " " + more).strip()


def contracts(job, everywhere):
    """Each function has a whole contract of its own, and every property of it is proved."""
    rows = {}
    for row in job.properties:
        rows.setdefault(row["function"], []).append(row)
        ours = row["function"] in job.names
        if row["directory"].startswith("FRAMAC_SHARE") or (not ours and row["function"] in everywhere):
            continue
        smoke = row["property"] == "\\false" and row["status"] == "Invalid or unreachable"
        follows = row["status"] == "Partially proven" and any(item.open for item in job.items.values())
        if row["status"] != "Valid" and not (smoke or follows or (ours and row["property kind"] == "precondition")):
            yield ("admit" if row["status"] == "Considered valid" else "open-goal",
                   f"{job.unit.name}: {row['function']}",
                   f"{row['property kind']} is {row['status']}: {row['property']} ({row['file']}:{row['line']})")
    for name in job.names:
        where = f"{job.unit.name}: {name}"
        have = [(row["property kind"], row["property"]) for row in rows.get(name, [])]
        promises = [text for kind, text in have if kind == "postcondition" and text != NEVER_EXITS]
        if not promises:
            yield "no-contract", where, "no ensures"
        if ("termination clause", "\\true") not in have:
            yield "no-contract", where, "no `terminates \\true`"
        if ("postcondition", NEVER_EXITS) not in have:
            yield "no-contract", where, "no `exits \\false`"
        if not any(kind == "assigns clause" for kind, _ in have):
            yield "no-contract", where, "no assigns"
        for text in promises + [text for kind, text in have if kind == "precondition"]:
            if not re.match(r"\w+: ", text):
                yield "no-name", where, f"a clause without a name: {text}"


def verdicts(job, config, root):
    """The goals, the smoke tests, and that nothing was left out."""
    where = job.name
    if job.status != 0:
        yield "framac", where, f"frama-c ended with status {job.status}"
        return
    for name in job.names:
        item = job.items.get(name)
        if item is None or item.goals == 0:
            yield "no-goals", where, f"{name}: no goal was made for it"
        elif item.proved < item.goals:
            yield "open-goal", f"{job.unit.name}: {name}", ", ".join(sorted(item.open))
    for name in job.stray:
        yield "stray", where, f"goals of {name}, which is not to be proved here"
    totals = re.findall(r"Proved goals:\s+(\d+) / (\d+)", job.log)
    if not totals:
        yield "framac", where, "no summary of goals"
    else:
        by_rule = len(re.findall(r"^\[wp\] \[CFG\] Goal ", job.log.partition("Proved goals:")[0], re.M))
        counted = sum(item.goals for item in job.items.values()) + by_rule
        if counted != int(totals[0][1]):
            yield "framac", where, f"the report lists {counted} goals, the summary {totals[0][1]}"
    for goal in re.findall(r"\[CFG\] Goal (\S+) : Valid \(Unreachable\)", job.log):
        if not goal.endswith("_exits"):
            yield "unreachable", where, f"{goal} holds only because nothing gets there"
    if job.kind == "functions" and job.smoke == 0:
        yield "smoke", where, "no smoke test was made"
    for name, line in job.smoke_failed:
        text = (root / name).read_text().splitlines()[line - 1].strip()
        if not any(e["file"] == name and e["line"] == text and e["reason"] for e in config["smoke_exceptions"]):
            yield "smoke", where, f"a contradiction or dead code at {name}:{line}: {text}"
