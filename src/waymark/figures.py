"""Text → its figures: numbers with their unit and period, in one form whatever their spelling.

"$70k a year" and "$70,000 per year" are one figure; "9 per cent" and "9 jobs", "$20 an hour" and
"$20 a year", "4 months" and "4 years" are two. Knows nothing of sentences or what they mean.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from waymark.sentences import content_words, stem

DATE = "date"  # the unit of a year of the calendar
NAME = "name"  # the unit of a name that holds a digit, such as "F1" or "ICD-11"
PERCENT = "%"

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_ONES += " fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_ONES.split())}
_SMALL |= {word: value for word, value in zip(_TENS.split(), range(20, 100, 10), strict=True)}
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SCALE = _LARGE | {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "trillion": 10**12}
_CURRENCIES = {"dollar": "$", "usd": "$", "euro": "€", "eur": "€", "gbp": "£"}
_UNITS = _CURRENCIES | {
    "%": PERCENT, "percent": PERCENT, "pct": PERCENT, "per cent": PERCENT,
    "year": "year", "yr": "year", "month": "month", "week": "week", "day": "day", "hour": "hour",
    "hr": "hour", "minute": "minute", "min": "minute", "second": "second", "decade": "decade",
    "percentage point": "point", "pound": "pound", "lb": "pound", "kg": "kg", "kilogram": "kg",
    "kilo": "kg", "ton": "ton", "tonne": "tonne", "foot": "foot", "feet": "foot", "ft": "foot",
    "metre": "metre", "meter": "metre", "mile": "mile", "km": "km", "kilometre": "km",
    "kilometer": "km", "third": "third", "quarter": "quarter", "fifth": "fifth", "tenth": "tenth",
}  # fmt: skip
_PERIODS = {"annum": "year", "annual": "year", "daily": "day", "hr": "hour", "yr": "year"}

_SPELT = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_SPELT_NUMBER = re.compile(
    rf"(?<!\d[ -])\b(?:half a (?=dozen)|an? (?={'|'.join(_LARGE)}))?(?:{_SPELT})\b"
    rf"(?:(?:[ -]| and )(?:{_SPELT})\b)*",
    re.IGNORECASE,
)
_HALF = re.compile(r"\bhalf\b(?!-)", re.IGNORECASE)
_GROUP = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME_BEFORE = re.compile(r"[^\W\d_][\w+#]*-?$")
_REST_OF_NAME = re.compile(r"[\w+#]*(?:[.-]\w+)*")
_CURRENCY = re.compile(r"([$£€¥₹])\s?$")
_SIGN = re.compile(r"(?:^|\s)[-−]\s?[$£€¥₹]?\s?$")
_SCALED = re.compile(rf"[ -]?({'|'.join(_SCALE)})\b", re.IGNORECASE)
_UNIT = re.compile(r"[ -]?(%|[^\W\d_]+)(?: ([^\W\d_]+))?")
_PERIOD = re.compile(
    r"(?:\b(?:an?|per|each|every) |/ ?)(year|annum|month|week|day|hour|mile|hr|yr)\b"
    r"|\b(year|month|week|hour)ly\b|\b(annual|daily)(?:ly)?\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r" ?(?:to|or|and|[-–—]) ?(?:about )?[$£€¥₹]?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (?:about )?[$£€¥₹]?$", re.IGNORECASE)
_BOUNDS = {
    ">": r"(?:more than|over|above|exceeding)",
    ">=": r"(?:at least|no (?:less|fewer) than|a minimum of)",
    "<": r"(?:less than|fewer than|under|below)",
    "<=": r"(?:at most|(?:no|not) more than|up to|a maximum of)",
    "~": r"(?:about|around|approximately|roughly|nearly|almost)",
}
_BOUND_BEFORE = re.compile(
    "|".join(rf"(\b{words} (?:[-−]?[$£€¥₹] ?)?$)" for words in _BOUNDS.values()), re.IGNORECASE
)
_OR_MORE = re.compile(r"\+| or (?:more|above|over)\b| plus\b", re.IGNORECASE)
_OR_LESS = re.compile(r" or (?:less|fewer|below|under)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r" of (?:them|these|those|which|whom)\b", re.IGNORECASE)
_PAUSE = re.compile(r"[;:()]")
_NEXT_WORDS = 3  # words after a count among which the counted thing is looked for


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a range, with its unit ("" for a count) and its period ("" for none).

    The ends of a range are joined by "..": "4 or 5 years" is one figure, so that "4 years" is
    another. `bound` is one of >, >=, <, <= and ~ (about). `counted` holds the stems of the first
    words after a count.
    """

    value: str
    unit: str = ""
    per: str = ""
    bound: str = ""
    counted: frozenset[str] = frozenset()

    def states(self, claimed: "Figure") -> bool:
        """Tell whether this figure carries a claimed one; both must count something in common."""
        if (self.value, self.unit, self.per) != (claimed.value, claimed.unit, claimed.per):
            return False
        if claimed.bound not in (self.bound, "~" if not self.bound else self.bound):
            return False
        return not self.counted or not claimed.counted or bool(self.counted & claimed.counted)


@dataclass(frozen=True, slots=True)
class _Found:
    figure: Figure
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """Return the figures of `text` in reading order; "one" on its own counts as a pronoun."""
    plain = _GROUP.sub("", _plain_digits(text))
    plain = _HALF.sub("50 per cent", _SPELT_NUMBER.sub(_in_digits, plain))
    found = [_read(plain, match) for match in _NUMBER.finditer(plain)]
    found = _with_periods(plain, _with_ranges(plain, _with_shared_units(plain, found)))
    return [entry.figure for entry in _counted(plain, found)]


def numbers(text: str) -> frozenset[str]:
    """Return the values of the figures of `text`: "$70k", "$70,000" and "70 000" agree."""
    return frozenset(end for figure in figures(text) for end in figure.value.split(".."))


def holds(support: Iterable[Figure], claimed: Iterable[Figure]) -> bool:
    """Tell whether each claimed figure is one of the support's."""
    known = list(support)
    return all(any(figure.states(claim) for figure in known) for claim in claimed)


def _plain_digits(text: str) -> str:
    """NFKC, white space made single and plain, digits of every script as 0 to 9."""
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    return "".join(str(unicodedata.decimal(c, c)) for c in folded)


def _in_digits(match: re.Match[str]) -> str:
    spelt = match[0].casefold()
    if spelt == "one":
        return match[0]
    if spelt.startswith("half a"):
        return "6"
    total, current = 0, 0
    for word in re.findall(_SPELT, spelt):
        if word in _SMALL:
            current += _SMALL[word]
        elif _LARGE[word] < 1000:
            current = max(current, 1) * _LARGE[word]
        else:
            total, current = total + max(current, 1) * _LARGE[word], 0
    return str(total + current)


def _read(text: str, match: re.Match[str]) -> _Found:
    """Read the figure whose digits `match` found, with what stands directly around it."""
    start, end = match.span()
    named = _NAME_BEFORE.search(text, 0, start)
    if named:
        rest = _REST_OF_NAME.match(text, end)
        end = rest.end() if rest else end
        return _Found(Figure(text[named.start() : end].casefold(), NAME), start, end)
    value = _value(match[0])
    currency = _CURRENCY.search(text, 0, start)
    if scaled := _SCALED.match(text, end):
        value *= _SCALE[scaled[1].casefold()]
        end = scaled.end()
    unit, end = (currency[1], end) if currency else _unit(text, end)
    if not unit and re.fullmatch(r"(?:19|20)\d\d", match[0]) and not scaled:
        unit = DATE
    sign = "-" if _SIGN.search(text, 0, start) else ""
    bound, end = _bound(text, start, end)
    return _Found(Figure(sign + _shown(value), unit, bound=bound), start, end)


def _bound(text: str, start: int, end: int) -> tuple[str, int]:
    """Return what a figure is a bound of, and where it ends with "or more"."""
    if before := _BOUND_BEFORE.search(text, 0, start):
        return list(_BOUNDS)[(before.lastindex or 1) - 1], end
    for pattern, bound in ((_OR_MORE, ">="), (_OR_LESS, "<=")):
        if after := pattern.match(text, end):
            return bound, after.end()
    return "", end


def _unit(text: str, end: int) -> tuple[str, int]:
    """Return the unit that stands at `end`, and where it ends; letters that touch are one."""
    match = _UNIT.match(text, end)
    if not match:
        return "", end
    first, second = match[1].casefold(), (match[2] or "").casefold()
    for name, stop in ((f"{first} {second.removesuffix('s')}", match.end()), (first, match.end(1))):
        unit = _UNITS.get(name) or _UNITS.get(name.removesuffix("s"))
        if unit:
            return unit, stop
    touching = match.start(1) == end and first != "%"
    return (first, match.end(1)) if touching else ("", end)


def _value(digits: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    parts = re.split(r"[.,]", digits)
    return Decimal(parts[0] + "." + "".join(parts[1:]) if len(parts) > 1 else parts[0])


def _shown(value: Decimal) -> str:
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _with_shared_units(text: str, found: list[_Found]) -> list[_Found]:
    """In "4 or 5 years" and "$70 to 90" both figures have the unit that one of them shows."""
    shared = list(found)
    for i in range(len(shared) - 1, 0, -1):
        first, second = shared[i - 1], shared[i]
        if not _RANGE.fullmatch(text, first.end, second.start):
            continue
        if first.figure.unit in ("", DATE) and second.figure.unit not in ("", DATE, NAME):
            shared[i - 1] = replace(first, figure=replace(first.figure, unit=second.figure.unit))
        elif first.figure.unit in _CURRENCIES.values() and second.figure.unit == "":
            shared[i] = replace(second, figure=replace(second.figure, unit=first.figure.unit))
    return shared


def _with_ranges(text: str, found: list[_Found]) -> list[_Found]:
    """Join the ends of a range; "and" joins them only after "between"."""
    joined: list[_Found] = []
    for entry in found:
        last = joined[-1] if joined else None
        link = last and _RANGE.fullmatch(text, last.end, entry.start)
        if last and link and last.figure.unit == entry.figure.unit != NAME:
            between = _BETWEEN.search(text, 0, last.start)
            if "and" not in link[0] or between:
                value = f"{last.figure.value}..{entry.figure.value}"
                joined[-1] = _Found(replace(last.figure, value=value), last.start, entry.end)
                continue
        joined.append(entry)
    return joined


def _with_periods(text: str, found: list[_Found]) -> list[_Found]:
    """Give "a year" to the figure before it."""
    dated = list(found)
    for match in _PERIOD.finditer(text):
        per = next(group for group in match.groups() if group).casefold()
        counts = [i for i, entry in enumerate(dated) if entry.figure.unit not in (DATE, NAME)]
        before = [i for i in counts if dated[i].end <= match.start() + 1]
        if before and not _PAUSE.search(text, dated[before[-1]].end, match.start()):
            figure = replace(dated[before[-1]].figure, per=_PERIODS.get(per, per))
            dated[before[-1]] = replace(dated[before[-1]], figure=figure)
    return dated


def _counted(text: str, found: list[_Found]) -> list[_Found]:
    """Add what is counted to the figures without a unit."""
    stops = [*(entry.start for entry in found), len(text)][1:]
    return [
        replace(entry, figure=replace(entry.figure, counted=_next_words(text[entry.end : stop])))
        if entry.figure.unit == ""
        else entry
        for entry, stop in zip(found, stops, strict=True)
    ]


def _next_words(text: str) -> frozenset[str]:
    if _POINTS_BACK.match(text):
        return frozenset()
    return frozenset(stem(word) for word in content_words(text)[:_NEXT_WORDS])
