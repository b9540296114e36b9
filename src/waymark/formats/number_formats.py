"""A number and its Excel format code (ECMA-376, part 1, 18.8.31) → what the cell shows.

A currency is what the code names, as it names it: `[$£-809]` is the pound of a British sheet, and
its `$` is no dollar. Fractions, powers of ten and digits in groups keep the value and their unit.
"""

import operator
import re
from collections.abc import Sequence

MAX_DECIMALS = 10  # further ones of a float are noise
_PART = re.compile(
    r'"(?P<quoted>[^"]*)"'
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]"
    r"|\[(?:(?P<relation><=|>=|<>|[<>=])(?P<bound>-?(?:\d+\.?\d*|\.\d+))"  # a condition
    r"|[^\]]*)\]"  # or a colour, or what is neither
    r"|[_*]."  # a gap as wide as a character, or filled with it
    r"|(?P<places>General|@|[0-9#?.,]+)|(?P<percent>%)|(?P<end>;)|\\?(?P<other>.)"
)
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_SIGNS = "+-()"  # how codes tell positive from negative numbers, which here have a minus


def shown_number(value: float, code: str) -> str:
    """Return `value` with minus, currency, percent and unit, as `code` shows it."""
    section = _section(code, value)
    around = ["", ""]
    runs: list[str] = []
    for part in section:
        if part["places"]:
            around[1] = ""
            runs.append(part["places"])
        else:
            other = (part["other"] or "").strip(_SIGNS)
            around[bool(runs)] += part["quoted"] or part["currency"] or part["percent"] or other
    if not runs and any(part["quoted"] for part in section):
        return around[0].strip()
    if any(part["percent"] for part in section):
        value *= 100
    plain = len(runs) != 1 or re.search("[1-9@G]", runs[0])
    digits = _plain(abs(value)) if plain else _in_places(abs(value), runs[0])
    minus = "-" if value < 0 and digits.strip("0.,") else ""
    return f"{minus}{around[0].lstrip()}{digits}{around[1].rstrip()}"


def _section(code: str, value: float) -> Sequence[re.Match[str]]:
    """The part of a code for this value: the first whose condition it meets, else by its sign."""
    sections: list[list[re.Match[str]]] = [[]]
    for part in _PART.finditer(code):
        if part["end"]:
            sections.append([])
        else:
            sections[-1].append(part)
    conditions = [next((p for p in parts if p["relation"]), None) for parts in sections]
    if not any(conditions):
        # "Yes";"Yes";"No": the third section is for zero; one with digits shows it as usual
        if value == 0 and len(sections) > 2 and not any(part["places"] for part in sections[2]):
            return sections[2]
        return sections[1] if value < 0 and len(sections) > 1 else sections[0]
    for section, condition in zip(sections, conditions, strict=True):
        if not condition or _COMPARE[condition["relation"]](value, float(condition["bound"])):
            return section
    return []


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def _in_places(value: float, places: str) -> str:
    """0 is a digit that is always shown, # and ? one that may be; commas at the end divide."""
    whole, _, part = places.partition(".")
    grouped = whole.rstrip(",")
    thousands = len(whole) - len(grouped) + part.count(",")
    decimals = min(len(part.replace(",", "")), MAX_DECIMALS)
    optional = max(0, decimals - part.count("0"))
    width = whole.count("0") + bool(decimals) + decimals
    comma = "," if "," in grouped else ""
    digits = f"{value / 1000**thousands:0{width}{comma}.{decimals}f}"
    end = len(digits) - optional
    return (digits[:end] + digits[end:].rstrip("0")).removesuffix(".")
