"""What the files of the definition say of each other: rules, logic, contracts, vectors, fuzz targets and errata.

A tree is a dictionary of texts by name, as `load` reads it; the others take what they need from it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TEXTS = ["*.md", *(f"{folder}/**/*.md" for folder in ("spec", "src", "proofs", "fuzz", "corpus", "tests"))]
ROW = r"^\| ([A-Z]-[0-9]+) \|(.*)\|$"
NAME = r"`([a-z0-9]+_[a-z0-9_]+)`"
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ |```).*\n)*)", re.M)


def load(top=TOP):
    names = {path for glob in [*TEXTS, "src/**/*", "spec/*", "proofs/*.c", "tests/**/*", "fuzz/*.[ch]", "Makefile",
                                "fuzz/*.mk", "packaging/*.mk", "tests/machines/*.mk", "corpus/vectors/*.json"]
             for path in top.glob(glob) if path.is_file()}
    texts = {}
    for path in sorted(names):
        try:
            texts[str(path.relative_to(top))] = path.read_text()
        except UnicodeDecodeError:
            pass
    return texts


def files(texts, *globs):
    return {name: text for name, text in texts.items() if any(Path(name).match(glob) for glob in globs)}


def read(texts, *globs):
    return "\n".join(files(texts, *globs).values())


def spread(text):
    """Ids in a text; `M-1 to M-4` are four."""
    for kind, a, b in re.findall(r"\b([A-Z])-([0-9]+)(?: to [A-Z]-([0-9]+))?", text):
        yield from (f"{kind}-{i}" for i in range(int(a), int(b or a) + 1))


def rules(texts):
    """The rows of spec/rules.md behind the id: {id: text}."""
    return dict(re.findall(ROW, texts["spec/rules.md"], re.M))


def names(row):
    """The names in the last column of a rule."""
    return re.findall(NAME, row.split(" | ")[-1])


def hidden(texts):
    """The rules that no case can show."""
    return set(spread(re.search(r"no case can\s+show ([^.]*)\.", texts["spec/rules.md"])[1]))


def places(texts, pattern, *globs):
    """{name: file} of what the pattern finds; a name that is there several times is where it comes first."""
    found = {}
    for file, text in files(texts, *globs).items():
        for name in re.findall(pattern, text, re.M):
            found.setdefault(name, file)
    return found


def logic(texts):
    return places(texts, r"^\s*(?:logic|predicate)\b.*?(\w+)(?:\{[^}]*\})?\(", "spec/*.acsl")


def contracts(texts):
    """The public functions of the core."""
    return places(texts, r"^[a-z].*?\b(fr_\w+)\(", "src/*.h")


def vectors(texts):
    """Pairs of file and vector."""
    return [(name, v) for name, text in texts.items() if name.startswith("corpus/vectors/") and name.endswith(".json")
            and "schema" not in name for v in json.loads(text)]


def fuzz_targets(texts):
    """{target: the rules that its text names}."""
    return {Path(name).stem.removeprefix("target_"): set(spread(text))
            for name, text in files(texts, "fuzz/target_*.c").items()}


@dataclass
class Erratum:
    id: str
    title: str
    body: str
    systems: list = field(default_factory=list)
    commands: list = field(default_factory=list)  # pairs of a command and what it prints

    @property
    def prose(self):
        """What it says, without the line of the systems and without the commands."""
        return re.sub(r"^```.*?^```$", "", re.sub(r"^\n*Systems: .*\n", "", self.body), flags=re.M | re.S).strip()


def errata(text):
    parts = re.split(r"^## (E[0-9]+): (.*)\n", text, flags=re.M)
    found = [Erratum(*three) for three in zip(parts[1::3], parts[2::3], parts[3::3])]
    for erratum in found:
        systems = re.match(r"\n*Systems: ([a-z, -]+)\.\n", erratum.body)
        erratum.systems = systems[1].split(", ") if systems else []
        erratum.commands = COMMAND.findall(erratum.body)
    return found


def table_in_code(texts):
    """src/system.c as spec/systems.md shows it: {column: [a cell for each system]}."""
    struct = texts["src/system.h"].split("typedef struct {")[1].split("} fr_system;")[0]
    rows = [dict(re.findall(r"\.(\w+) = ([^,]*),", row))
            for row in re.findall(r"\[FR_\w+\] =\s*\{(.*?)\n    \}", texts["src/system.c"], re.S)]
    table = {"column": [row["name"].strip('"') for row in rows]}
    for kind, column in re.findall(r"^  (?:const )?(\w+) \*?(\w+);", struct, re.M):
        first = re.search(r"\{\s*(\w+)[^{}]*\} " + kind + ";", texts["src/system.h"])
        left_out = "false" if kind == "bool" else first[1] if first else "0"
        words = {"false": "no", "true": "yes", "FR_NEVER": "never"}
        table[f"`{column}`"] = [words.get(v, v.rsplit("_", 1)[-1].lower())
                                for v in (row.get(column, left_out) for row in rows)]
    del table["`name`"]
    return table
