"""The cases of spec/errata.md, the shortest known for each erratum: on the originals that have it, and on `strict`."""

import json
import re

from .support import ERRATA_TEXT, case, family

CASE = re.compile(r"echo '(\{.*\})' \| build/(?:conform/testee-[a-z-]+|flightspec run)\n")


NOT_IN_A_CASE = {"G-6"}  # rules that the text names beside others


def written():
    """Number, title, systems, rules, and cases of each erratum that an original here has and the oracle repeats."""
    for section in ERRATA_TEXT.split("\n## ")[1:]:
        number, title = re.match(r"(E[0-9]+): (.*)", section).groups()
        systems = re.search(r"^Systems: (.*)\.$", section, re.M)[1].split(", ")
        prose = section.split("```")[0]
        cases = [json.loads(text) for text in CASE.findall(section)]
        seen = any(one["system"] != "strict" for one in cases)
        if seen and "The oracle does not repeat it." not in prose:
            rules = dict.fromkeys(re.findall(r"\b[VBCGPSLM]-[0-9]+\b", prose))
            yield number, title, systems, " ".join(rule for rule in rules if rule not in NOT_IN_A_CASE), cases


def cases_for(s, systems, cases):
    """Those of the system; one of x/exp that has none takes those of exp-write."""
    own = [one for one in cases if one["system"] == s.name]
    if not own and s.exp and s.name in systems:
        own = [one for one in cases if one["system"] == "exp-write"]
    return own


@family()
def from_the_text(s):
    for number, title, systems, rules, cases in written():
        for i, one in enumerate(cases_for(s, systems, cases)):
            config = {key: one[key] for key in ("max_bytes", "min_age_ns", "ticks_per_second") if key in one}
            name = number.lower() + (f"-{i + 1}" if i else "")
            yield case(name, f"{number}: {title}", rules, one["ops"], number, **config)
