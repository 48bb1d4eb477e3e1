"""Gathers what the report shows: from the texts of the definition (tests/definition.py), from proofs/results.json, and
from what `tests/report/measure` and the coverage targets have left under build/."""

import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import definition


class Fault(Exception):
    """A file that cannot be used: its name and why."""


def read_json(path, use):
    """What use makes of a file of JSON."""
    try:
        return use(json.loads(Path(path).read_text()))
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Fault(f"{path}: not what it should be: {type(error).__name__}: {error}") from error


@dataclass
class Name:
    """A predicate or a function: where it is, and, if it is proved, by which unit and how many goals."""

    name: str
    file: str
    unit: str = ""
    goals: int = 0


@dataclass
class Rule:
    id: str
    text: str
    logic: list
    contracts: list
    vectors: dict  # system -> how many
    fuzz: list  # targets
    kept: dict = field(default_factory=dict)  # system -> (vectors of `strict` with the outcome wanted, all asked)

    @property
    def goals(self):
        return sum(f.goals for f in self.contracts)

    @property
    def tested(self):
        """The functions that no proof stands behind."""
        return [f for f in self.contracts if not f.unit]

    @property
    def proof(self):
        if not self.goals:
            return "only tested"
        return "proved in part" if self.tested else "proved"


def proved(results):
    """{function: (unit, goals)} of the functions all of whose goals are proved."""
    return {name: (unit, item["goals"]) for unit, entry in results["units"].items()
            for name, item in entry["functions"].items() if 0 < item["goals"] == sum(item["by"].values())}


def proofs(results):
    """The rows of the table of proofs, and what is below it."""
    units = []
    for name, unit in results["units"].items():
        items = [*unit["functions"].values(), *unit["lemmas"].values()]
        units.append({"name": name, "files": unit["files"], "functions": len(unit["functions"]),
                      "lemmas": len(unit["lemmas"]), "goals": sum(item["goals"] for item in items),
                      "open": sum(item["goals"] - sum(item["by"].values()) for item in items), "smoke": unit["smoke"]})
    total = {key: sum(unit[key] for unit in units) for key in ("functions", "lemmas", "goals", "open", "smoke")}
    by = Counter()
    for unit in results["units"].values():
        for item in [*unit["functions"].values(), *unit["lemmas"].values()]:
            by.update(item["by"])
    if any(total[key] != results["totals"][key] for key in ("functions", "lemmas", "goals", "smoke")):
        raise ValueError("its totals are not the sums of its units")
    return {"units": units, "total": total, "by": sorted(by.items()), "tools": results["tools"],
            "functions": proved(results)}


def measured(path, wanted):
    """What `conform --json` says of a recorder that was given the vectors: {rule: (as wanted, asked)}, the sum, and how
    many vectors differ for which reason."""
    def use(run):
        cases = {case["id"]: case["result"] in ("passed", "unexpected") for case in run["cases"] if not case["random"]}
        if run["system"] != "strict" or not cases or set(cases) - set(wanted):
            raise ValueError("its cases are not the vectors of strict")
        kept, asked = Counter(), Counter()
        for case, good in cases.items():
            asked.update(wanted[case])
            kept.update(wanted[case] if good else [])
        reasons = Counter(case["reason"] for case in run["cases"] if case["result"] == "known" and not case["random"])
        missing, good = len(wanted) - len(cases), sum(cases.values())
        return {"rules": {rule: (kept[rule], n) for rule, n in asked.items()}, "kept": good, "asked": len(cases),
                "reasons": reasons.most_common(), "unlisted": len(cases) - good - reasons.total(),
                "why": f"{missing} vectors were not asked" if missing else ""}
    return read_json(path, use)


def implementations(texts, folder, wanted):
    """Go's recorders, each with what it is and its results; or why there are none."""
    found, row = {}, r"^\| `([a-z-]+)` \| ([^|]*) \| ([^|]*) \|$"
    for name, what, original in re.findall(row, texts["spec/systems.md"], re.M):
        if original == "none":
            continue
        run, note = folder / f"{name}.json", folder / f"{name}.txt"
        found[name] = {"what": what, "original": original, "kept": 0, "asked": 0, "rules": {}, "reasons": [],
                       "why": "tests/report/measure was not run"}
        if run.exists():
            found[name].update(measured(run, wanted))
        elif note.exists():
            found[name]["why"] = note.read_text().strip()
    return found


def coverage(path, sources):
    """What gcovr has counted; nothing if it was not run. Older than a source, it is of another program."""
    if not path.exists():
        return None
    def use(summary):
        keys = ("line_covered", "line_total", "branch_covered", "branch_total")
        files = [{"name": one["filename"], **{key: one[key] for key in keys}} for one in summary["files"]]
        stale = any(source.stat().st_mtime > path.stat().st_mtime for source in sources)
        return {"files": files, "total": {key: summary[key] for key in keys}, "stale": stale}
    return read_json(path, use)


def rules(texts, functions, systems, go):
    logic, contracts = definition.logic(texts), definition.contracts(texts)
    targets = definition.fuzz_targets(texts)
    shown = {system: Counter() for system in systems}
    for name, vector in definition.vectors(texts):
        shown[Path(name).stem].update(vector["rules"])
    found = []
    for rule, row in definition.rules(texts).items():
        names = definition.names(row)
        found.append(Rule(
            rule, row.split(" | ")[0].strip(),
            [Name(n, logic[n]) for n in names if n in logic],
            [Name(n, contracts[n], *functions.get(n, ("", 0))) for n in names if n in contracts],
            {system: shown[system][rule] for system in systems},
            [target for target, ids in targets.items() if rule in ids],
            {name: system["rules"].get(rule) for name, system in go.items()}))
    return found


def groups(texts, found):
    """The rules under the headings of spec/rules.md."""
    heads = re.findall(r"^## ([A-Z]): (.*)$", texts["spec/rules.md"], re.M)
    return [{"letter": letter, "title": title, "rules": [r for r in found if r.id.startswith(letter + "-")]}
            for letter, title in heads]


def commit(top):
    """The commit of the tree, if it has any."""
    said = subprocess.run(["git", "-C", top, "describe", "--always", "--dirty", "--exclude", "*"],
                          capture_output=True, text=True, check=False)
    return said.stdout.strip()


def gather(options):
    """Everything that the template shows."""
    texts = definition.load()
    systems = definition.table_in_code(texts)["column"]
    proof = read_json(options.results, proofs)
    vectors = definition.vectors(texts)
    wanted = {v["id"]: v["rules"] for name, v in vectors if Path(name).stem == "strict"}
    go = implementations(texts, options.measured, wanted)
    found = rules(texts, proof["functions"], systems, go)
    errata = definition.errata(texts["spec/errata.md"])
    flags = Counter(flag for _, v in vectors for flag in v.get("flags", []))
    sources = [definition.TOP / name for name in definition.files(texts, "src/*.[ch]")]
    return {
        "commit": commit(definition.TOP), "systems": systems, "go": go, "groups": groups(texts, found), "rules": found,
        "proof": proof, "states": Counter(rule.proof for rule in found), "hidden": definition.hidden(texts),
        "unproved": read_json(definition.TOP / "proofs" / "units.json", lambda units: units["unproved"]),
        "vectors": Counter(Path(name).stem for name, _ in vectors), "targets": definition.fuzz_targets(texts),
        "errata": errata, "flags": flags, "of_system": Counter(system for e in errata for system in e.systems),
        "coverage": [("the unit tests", "make coverage", coverage(options.coverage, sources)),
                     ("the committed corpora of the fuzz targets", "make fuzz-coverage",
                      coverage(options.fuzz_coverage, sources))],
    }
