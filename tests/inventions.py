"""Figures and names as people and models write them, for tests that invent them.

A figure is its meaning and one way to write it; two with one meaning are one figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
MONTHS = (
    "January February March April May June July August September October November December"
).split()
SIGNS = {"$": ("USD", "dollars"), "€": ("EUR", "euros"), "£": ("GBP", "")}
DURATIONS = ("hour", "day", "week", "month", "year", "decade")
SHARES = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}


@dataclass(frozen=True)
class Invented:
    """A figure: what it means, and how it is written here."""

    meaning: tuple[object, ...]
    text: str

    def follows_from(self, true: "Invented") -> bool:
        """Tell whether a true figure makes this one true: 5 years are about 5 years."""
        vague = ("bound", "~", *true.meaning[1:])
        return self.meaning == true.meaning or self.meaning == vague


def spelt(n: int) -> str:
    """A whole number below a billion in words."""
    if n < 20:
        return _ONES[n]
    if n < 100:
        return _TENS[n // 10] + (f"-{_ONES[n % 10]}" if n % 10 else "")
    for size, name in ((10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if n >= size:
            rest = n % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{spelt(n // size)} {name}{joint + spelt(rest) if rest else ''}"
    raise ValueError(n)


def _grouped(n: int) -> list[str]:
    commas = f"{n:,}"
    spaces = [commas.replace(",", gap) for gap in (" ", "\u00a0", "\u202f", "'")]
    return [str(n), commas, *spaces]


def _ways(meaning: tuple[object, ...], ways: Sequence[str]) -> st.SearchStrategy[Invented]:
    return st.sampled_from([Invented(meaning, way) for way in ways])


def amounts_of(n: int, sign: str) -> st.SearchStrategy[Invented]:
    """Money, in signs, codes, words and magnitudes."""
    code, word = SIGNS[sign]
    ways = [f"{sign}{number}" for number in _grouped(n)]
    ways += [f"{code} {n:,}", f"{n:,} {code}", f"{n:,} {sign}", f"{sign} {n:,}"]
    ways += [f"{spelt(n)} {word}", f"{n:,} {word}"] if word else []
    if n >= 1000:
        ways += [f"{sign}{n:,}".replace(",", "."), f"{n:,} {sign}".replace(",", ".")]
    if n % 1000 == 0:
        ways += [f"{sign}{n // 1000}k", f"{sign}{n // 1000}K", f"{sign}{n // 1000} thousand"]
    if n % 100_000 == 0 and n >= 10**6:
        ways += [f"{sign}{n / 10**6:g}{m}" for m in ("m", " million", "mn")]
    return _ways(("money", sign, n), ways)


def shares_of(share: Fraction) -> st.SearchStrategy[Invented]:
    """A part of a whole, in per cent and as a fraction."""
    percent = 100 * share
    ways: list[str] = []
    if percent.denominator == 1:
        n = int(percent)
        ways = [f"{n}%", f"{n} %", f"{n} per cent", f"{n} percent", f"{spelt(n)} per cent"]
        ways += [f"{n}.0 %", f"{n} pct"]
    top, bottom = share.numerator, share.denominator
    if 1 < bottom <= 100:
        ways += [f"{top} in {bottom}", f"{top} out of {bottom}", f"{top}/{bottom}"]
        ways += [f"{spelt(top)} in {spelt(bottom)}", f"{spelt(top)} out of {spelt(bottom)}"]
    if bottom in SHARES and bottom > 2:
        name = SHARES[bottom]
        ways += [f"one {name}", f"a {name}"] if top == 1 else [f"{spelt(top)} {name}s"]
    return _ways(("share", share), ways + (["half", "½"] if share == Fraction(1, 2) else []))


def counts_of(n: int) -> st.SearchStrategy[Invented]:
    """A number of things; 1 is left out, because "one" is mostly a pronoun."""
    return _ways(("count", n), [*_grouped(n), spelt(n), *(["a dozen"] if n == 12 else [])])


def durations_of(n: int, unit: str) -> st.SearchStrategy[Invented]:
    """A number of years, hours …"""
    units = unit if n == 1 else f"{unit}s"
    ways = [f"{n} {units}", f"{spelt(n)} {units}", f"{n}.0 {units}"]
    return _ways(("duration", n, unit), ways + ([f"a {unit}"] if n == 1 and unit != "hour" else []))


def ranges_of(low: int, high: int, unit: str) -> st.SearchStrategy[Invented]:
    """From so many to so many hours …"""
    ways = [f"{low} to {high}", f"{low}-{high}", f"{low}–{high}", f"between {low} and {high}"]
    ways += [f"{spelt(low)} to {spelt(high)}"]
    return _ways(("range", low, high, unit), [f"{way} {unit}s" for way in ways])


def bounds_of(n: int, kind: str, unit: str) -> st.SearchStrategy[Invented]:
    """At least, at most, more than, less than or about so many years …"""
    words = {
        ">=": ("at least", "no less than"),
        "<=": ("at most", "no more than", "up to"),
        ">": ("more than", "over"),
        "<": ("less than", "under"),
        "~": ("about", "around", "roughly"),
    }[kind]
    return _ways(("bound", kind, n, unit), [f"{word} {n} {unit}s" for word in words])


def dates_of(day: int, month: int) -> st.SearchStrategy[Invented]:
    """A day of the year."""
    name = MONTHS[month - 1]
    return _ways(("date", day, month), [f"{day} {name}", f"{name} {day}", f"the {day}th of {name}"])


def years_of(year: int) -> st.SearchStrategy[Invented]:
    """A year of the calendar."""
    return _ways(("year", year), [str(year)])


def ordinals_of(n: int) -> st.SearchStrategy[Invented]:
    """A place in a row."""
    ending = "th" if 10 < n % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return _ways(("ordinal", n), [f"the {n}{ending}"])


def again(meaning: tuple[object, ...]) -> st.SearchStrategy[Invented]:
    """The same figure in any way of writing it."""
    kind, *parts = meaning
    return _KINDS[str(kind)](*parts)


_KINDS: dict[str, Callable[..., st.SearchStrategy[Invented]]] = {
    "money": lambda sign, n: amounts_of(n, sign),
    "share": shares_of,
    "count": counts_of,
    "duration": durations_of,
    "range": ranges_of,
    "bound": lambda kind, n, unit: bounds_of(n, kind, unit),
    "date": dates_of,
    "year": years_of,
    "ordinal": ordinals_of,
}
AMOUNTS = st.tuples(
    st.one_of(st.integers(2, 10**6), st.integers(1, 900).map(lambda n: n * 1000),
              st.integers(10, 999).map(lambda n: n * 100_000)),
    st.sampled_from(list(SIGNS)),
).flatmap(lambda drawn: amounts_of(*drawn))  # fmt: skip
FRACTIONS = st.tuples(st.integers(1, 12), st.integers(1, 12)).map(
    lambda drawn: Fraction(drawn[0], sum(drawn))
)
SHARE = st.one_of(
    st.integers(1, 99).map(lambda n: Fraction(n, 100)), FRACTIONS
).flatmap(shares_of)  # fmt: skip
COUNTS = st.one_of(  # a count between them reads as a year
    st.integers(2, 1899), st.integers(2100, 100_000)
).flatmap(counts_of)
LENGTHS = st.tuples(st.integers(1, 60), st.sampled_from(DURATIONS))
TIMES = LENGTHS.flatmap(lambda drawn: durations_of(*drawn))
RANGES = st.tuples(st.integers(2, 20), st.integers(1, 20), st.sampled_from(DURATIONS)).flatmap(
    lambda drawn: ranges_of(drawn[0], drawn[0] + drawn[1], drawn[2])
)
BOUNDS = st.tuples(
    st.integers(2, 60), st.sampled_from([">=", "<=", ">", "<", "~"]), st.sampled_from(DURATIONS)
).flatmap(lambda drawn: bounds_of(*drawn))
DATES = st.tuples(st.integers(4, 20), st.integers(1, 12)).flatmap(lambda drawn: dates_of(*drawn))
YEARS = st.integers(1900, 2099).flatmap(years_of)
ORDINALS = st.integers(1, 120).flatmap(ordinals_of)
MULTIPLES = st.sampled_from(
    [Invented(("multiple", word), word) for word in
     ("double", "twice", "triple", "three times", "tenfold", "dozens of times", "a million times")]
)  # fmt: skip

# Each slot of a sentence, and the figures that make sense in it.
SLOTS = {
    "A nurse has a median pay of {} a year.": AMOUNTS,
    "The share of nurses who work nights is {}.": SHARE,
    "A hospital employs {} nurses.": COUNTS,
    "The training of a nurse takes {}.": st.one_of(TIMES, RANGES, BOUNDS),
    "The nursing school opened in {}.": YEARS,
    "The exam for a nurse licence is held on {}.": DATES,
    "The nurse works on {} floor.": ORDINALS,
}
FIGURES = st.one_of(
    AMOUNTS, SHARE, COUNTS, TIMES, RANGES, BOUNDS, DATES, YEARS, ORDINALS, MULTIPLES
)
NAMES = st.one_of(
    st.sampled_from(
        "Go IT WHO R C US Will May Mark Kubernetes Python Siemens Oxford Texas Will-Smith NHS A&E "
        "New-York Who OR ME AND Like Make She Next.js Node.js C++ C# .NET X 3M F1 McKinsey Überall "
        "Łódź 東京 Москва".replace("Will-Smith", "Will_Smith").split()
    ).map(lambda name: name.replace("-", " ").replace("_", " ")),
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=10).map(str.capitalize),
)
