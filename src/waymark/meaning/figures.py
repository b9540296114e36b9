"""Text → its figures: numbers with their unit and period, in one form whatever their spelling.

"$70k a year" and "$70,000 per year" are one figure; "9 per cent" and "9 jobs", "$20 an hour" and
"$20 a year", "4 months" and "4 years" are two. Knows nothing of sentences or what they mean.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from waymark.meaning.numerals import LARGE, in_digits
from waymark.sentences import content_words, stem

DATE = "date"  # the unit of a year of the calendar
NAME = "name"  # the unit of a name that holds a digit, such as "F1" or "ICD-11"
PERCENT = "%"

_SCALE = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9} | LARGE
_MONEY = "$£€¥₹₩₪₽₺₫₴฿"
_UNITS = {sign: sign for sign in _MONEY} | {
    "%": PERCENT, "percent": PERCENT, "per cent": PERCENT,
    "year": "year", "yr": "year", "month": "month", "week": "week", "day": "day", "hour": "hour",
    "hr": "hour", "minute": "minute", "min": "minute", "second": "second", "decade": "decade",
    "percentage point": "point", "pound": "pound", "lb": "pound", "kg": "kg", "kilogram": "kg",
    "kilo": "kg", "ton": "ton", "tonne": "tonne", "foot": "foot", "feet": "foot", "ft": "foot",
    "metre": "metre", "meter": "metre", "mile": "mile", "km": "km", "kilometre": "km",
    "kilometer": "km", "time": "time", "x": "time", "fold": "time", "fortnight": "fortnight",
    "quarter": "quarter", "st": "th", "nd": "th", "rd": "th", "th": "th", "am": "am", "pm": "pm",
}  # fmt: skip
_PERIODS = {"annum": "year", "annual": "year", "daily": "day", "hr": "hour", "yr": "year"}

_SIGNS = f"[{_MONEY}]"
_LARGE_SUM = (  # bounded, so that long numbers take no time
    r"(?:\d{1,3}(?:[.,'’\s]\d{3}){1,5}|\d{3,15}|\d{1,15}[.,]\d\d"
    r"|\d{1,15}\s?(?:k|K|lakh|crore|million)\b)"
)
_CODES = (
    r"(?:USD|GBP|EUR|INR|CHF|JPY|CNY|AUD|NZD|SGD|HKD|SEK|NOK|DKK|PLN|CZK|HUF|ZAR|NGN|KES|GHS|EGP"
    r"|AED|SAR|PKR|BDT|LKR|IDR|MYR|THB|VND|KRW|TWD|BRL|MXN|Rs\.?|kr)"
)
# "50 pounds" may be a weight.
_COINS = (
    r"(?:dollars?|euros?|cents?|pence|rupees?|francs?|yen|yuan|kron(?:a|e|or|er)|zloty(?:s|ch)?|rand"
    r"|naira|shillings?|pesos?|reais|dirhams?|baht|ringgit|pounds? sterling)"
)
_AMOUNT_OF_MONEY = re.compile(
    rf"{_SIGNS}\s?\d|\d\s?{_SIGNS}|\b{_CODES}\s?{_LARGE_SUM}"
    rf"|{_LARGE_SUM}\s?{_CODES}(?!\w)"
    r"|\b(?:CAD|PHP)\s?\d{1,3}[.,]\d{3}"  # "20 CAD technicians", "PHP 8"
    rf"|\d(?:\s?[kK]|\s(?:thousand|million|billion|lakh|crore))?(?:\s(?:US|[A-Z][a-z]+))?"
    rf"\s(?i:{_COINS})\b"
)
_NUMBER = re.compile(
    r"(?P<day>\d{1,4}([-./])\d{1,2}\2\d{2,4}\b)|(?P<clock>\d{1,2}:\d\d)"
    r"|(?P<share>(?<![\d/])\d{1,9}/0{0,8}[1-9]\d{0,8}(?![\d/]))|\d+(?:\.\d+)*"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_A_TIME = re.compile(r"(?: (?:an?|per) | ?/ ?)(?:hour|day|week|month|year)\b", re.IGNORECASE)
_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\.? (?:the )?$")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)? (?:of )?{_MONTH}\b")
_NAME_BEFORE = re.compile(r"(?:\b[^\W\d_][\w+#]*-|[^\W\d_][\w+#]*)$")  # no "50k-"
_REST_OF_NAME = re.compile(r"[\w+#]*(?:[.-]\w+)*")
_CURRENCY = re.compile(rf"((?:\b[A-Z]{{1,2}})?{_SIGNS})\s?$")
_SIGN = re.compile(rf"(?:^|[\s(])[-−](?:{_SIGNS}\s?)?$")  # one apart is a dash
_SCALED = re.compile(rf"[ -]?({'|'.join(_SCALE)})\b", re.IGNORECASE)
_UNIT = re.compile(rf"[ -]?(%|{_SIGNS}(?! ?\d)|[^\W\d_]+)(?: ([^\W\d_]+))?")
_PERIOD = re.compile(
    r"(?:\b(?:an?|per|each|every) |/ ?)(year|annum|month|week|day|hour|mile|hr|yr)\b"
    r"|\b(year|month|week|hour)ly\b|\b(annual|daily)(?:ly)?\b",
    re.IGNORECASE,
)
_RANGE = re.compile(rf" ?(?:to|or|and|[-–—]) ?(?:about )?{_SIGNS}?", re.IGNORECASE)
_BETWEEN = re.compile(rf"\bbetween (?:about )?{_SIGNS}?$", re.IGNORECASE)
_BOUNDS = {
    ">": r"\b(?:more than|over|above|exceed(?:s|ing)?|greater than|higher than|upwards of"
    r"|in excess of|beyond)|>",
    ">=": r"\b(?:at least|(?:no|not) (?:less|fewer) than|a minimum of|starting (?:at|from))|≥|>=",
    "<": r"\b(?:less than|fewer than|under|below|lower than)|<",
    "<=": r"\b(?:at most|(?:no|not) more than|up to|a maximum of|as (?:many|much) as)|≤|<=",
    "~": r"\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|circa|close to)|~|≈",
    "several": r"\b(?:several|few|many|couple of)",
}
_BOUND_BEFORE = re.compile(
    "|".join(rf"((?:{words}) ?(?:[-−]?{_SIGNS} ?)?$)" for words in _BOUNDS.values()), re.IGNORECASE
)
_OR_MORE = re.compile(r" ?\+(?!\w)| or (?:more|above|over)\b| plus\b", re.IGNORECASE)
_OR_LESS = re.compile(r" or (?:less|fewer|below|under)\b", re.IGNORECASE)
_POINTS_BACK = re.compile(r" of (?:them|these|those|which|whom)\b", re.IGNORECASE)
_PAUSE = re.compile(r"[;:()]")
_NEXT_WORDS = 3  # words after a count among which the counted thing is looked for
_BESIDE = 40  # characters that any phrase beside a number has at most: bounds the time


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
    plain = in_digits(text)
    # "2,000" and "two thousand" are counts: nobody writes a year so.
    years = frozenset(map(int, _YEAR.findall(text)))
    found = [_read(plain, match, years) for match in _NUMBER.finditer(plain)]
    found = _with_periods(plain, _with_ranges(plain, _with_shared_units(plain, found)))
    return [entry.figure for entry in _counted(plain, found)]


def names_money(text: str) -> bool:
    """Tell whether `text` holds an amount of money in digits, by the sign, the code or the name of
    its currency."""
    return bool(_AMOUNT_OF_MONEY.search(text))


def numbers(text: str) -> frozenset[str]:
    """Return the values of the figures of `text`: "$70k", "$70,000" and "70 000" agree."""
    return frozenset(end for figure in figures(text) for end in figure.value.split(".."))


def holds(support: Iterable[Figure], claimed: Iterable[Figure]) -> bool:
    """Tell whether each claimed figure is one of the support's."""
    known = list(support)
    return all(any(figure.states(claim) for figure in known) for claim in claimed)


def _read(text: str, match: re.Match[str], years: frozenset[int]) -> _Found:
    """Read the figure whose digits `match` found, with what stands directly around it. A year can
    only be one of `years`."""
    start, end = match.span()
    if match["day"] or match["clock"]:
        return _Found(Figure(match[0].replace("/", "-"), "calendar"), start, end)
    currency = _just_before(_CURRENCY, text, start)
    if not currency and (named := _just_before(_NAME_BEFORE, text, start)):
        rest = _REST_OF_NAME.match(text, end, end + _BESIDE)
        end = rest.end() if rest else end
        return _Found(Figure(text[named.start() : end].casefold(), NAME), start, end)
    if month := _month(text, match):
        return _Found(Figure(f"{int(match[0])} {month}", "calendar"), start, end)
    if match["share"]:
        return _share(text, match)
    return _amount(text, match, currency[1] if currency else "", years)


def _just_before(pattern: re.Pattern[str], text: str, start: int) -> re.Match[str] | None:
    return pattern.search(text, max(0, start - _BESIDE), start)


def _month(text: str, match: re.Match[str]) -> str:
    """The month of which a number is the day, or ""."""
    if not re.fullmatch(r"\d{1,2}", match[0]):
        return ""
    before = _just_before(_MONTH_BEFORE, text, match.start())
    found = before or _MONTH_AFTER.match(text, match.end())
    return found[1].casefold() if found else ""


def _share(text: str, match: re.Match[str]) -> _Found:
    """A share as a percentage where that is exact: "1/5" is 20 per cent, "2/3" stays."""
    percent = 100 * Fraction(match[0])
    value = _shown(Decimal(percent.numerator) / percent.denominator)
    exact = Fraction(value) == percent
    bound, end = _bound(text, match.start(), match.end())
    shown = Figure(value if exact else str(percent / 100), PERCENT if exact else "share")
    return _Found(replace(shown, bound=bound), match.start(), end)


def _amount(text: str, match: re.Match[str], currency: str, years: frozenset[int]) -> _Found:
    start, end = match.span()
    value, scaled = _value(match[0]), _SCALED.match(text, end)
    if scaled and (currency or scaled[0].strip(" -") != "m" or scaled.start(1) == end):
        value *= _SCALE[scaled[1].casefold()]
        end = scaled.end()
    after_number, end = _bound_after(text, end)
    unit, end = _unit(text, end)
    unit = currency or unit
    called_year = re.fullmatch(r"(?:19|20)\d\d", match[0]) and int(match[0]) in years
    if called_year and not (unit or scaled or _A_TIME.match(text, end)):
        unit = DATE
    sign = "-" if _just_before(_SIGN, text, start) else ""
    bound, end = _bound(text, start, end)
    return _Found(Figure(sign + _shown(value), unit, bound=after_number or bound), start, end)


def _bound(text: str, start: int, end: int) -> tuple[str, int]:
    """Return what a figure is a bound of, and where it ends with "or more"."""
    if before := _just_before(_BOUND_BEFORE, text, start):
        return list(_BOUNDS)[(before.lastindex or 1) - 1], end
    return _bound_after(text, end)


def _bound_after(text: str, end: int) -> tuple[str, int]:
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
    whole, *rest = digits.split(".")
    return Decimal(f"{whole}.{''.join(rest)}" if rest else whole)


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
        elif first.figure.unit[-1:] in [*_MONEY] and second.figure.unit == "":
            shared[i] = replace(second, figure=replace(second.figure, unit=first.figure.unit))
    return shared


def _with_ranges(text: str, found: list[_Found]) -> list[_Found]:
    """Join the ends of a range; "and" joins them only after "between"."""
    joined: list[_Found] = []
    for entry in found:
        last = joined[-1] if joined else None
        link = last and _RANGE.fullmatch(text, last.end, entry.start)
        if last and link and last.figure.unit == entry.figure.unit != NAME:
            between = _just_before(_BETWEEN, text, last.start)
            if "and" not in link[0] or between:
                value = f"{last.figure.value}..{entry.figure.value}"
                joined[-1] = _Found(replace(last.figure, value=value), last.start, entry.end)
                continue
        joined.append(entry)
    return joined


def _with_periods(text: str, found: list[_Found]) -> list[_Found]:
    """Give "a year" to the figure before it."""
    dated = list(found)
    counts = [i for i, entry in enumerate(dated) if entry.figure.unit not in (DATE, NAME)]
    ends = [dated[i].end for i in counts]
    for match in _PERIOD.finditer(text):
        per = next(group for group in match.groups() if group).casefold()
        before = bisect_right(ends, match.start() + 1)
        if before and not _PAUSE.search(text, ends[before - 1], match.start()):
            entry = dated[counts[before - 1]]
            figure = replace(entry.figure, per=_PERIODS.get(per, per))
            dated[counts[before - 1]] = replace(entry, figure=figure)
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
