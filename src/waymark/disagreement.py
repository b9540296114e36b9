"""Quotes → where two documents give different figures for the same thing, with their dates.

An old page beside a new one is the usual cause. Two sentences count as statements of the same
thing only where their words differ in nothing but figures and small words, because a note that two
sources disagree where they do not would do harm of its own.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from waymark.meaning.figures import DATE, NAME, Figure
from waymark.meaning.statements import read
from waymark.meaning.wording import MEASURES, root
from waymark.places import places
from waymark.sentences import sentence_spans
from waymark.types import Disagreement, Quote

_IN_BRACKETS = re.compile(r"\([^)]*\)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_UNCOUNTED = frozenset({DATE, NAME, "calendar"})
# Which of many figures of one thing it is.
_MEASURES = MEASURES | frozenset(
    root(word)
    for word in "mean lowest highest top bottom half total entry newly overtime bonus commission "
    "part-time full-time freelance self-employed growth opening hour".split()
)
# What says nothing about which thing it is: of time, of statistics, of who reports.
_GENERIC = _MEASURES | frozenset(
    root(word)
    for word in "pay year annual annually yearly month month-may week employment job united states "
    "country nationally worker people guide source site report survey figure fast average "
    "occupation".split()
)

_Slot = tuple[str, str]  # unit and period


@dataclass(frozen=True, slots=True)
class _Stated:
    """A sentence of a quote with figures, as far as it matters here."""

    quote: Quote
    text: str
    slots: dict[_Slot, Figure]
    measures: frozenset[str]
    subject: frozenset[str]
    heading: frozenset[str]
    places: frozenset[str]


def disagreements(quotes: Sequence[Quote]) -> tuple[Disagreement, ...]:
    """Return the pairs of `quotes` from different documents that give one thing other figures.

    Each pair once, in the order of the quotes. Ranges that hold the other figure and bounds ("more
    than") agree, and so do amounts of which one is "about" and within a twentieth of the other.
    """
    stated = [sentence for quote in quotes for sentence in _statements(quote)]
    found = {
        (one.quote.citation.marker, other.quote.citation.marker): (_dated(one), _dated(other))
        for one, other in itertools.combinations(stated, 2)
        if one.quote.citation.document_id != other.quote.citation.document_id
        and _same_thing(one, other)
        and _other_figure(one, other)
    }
    return tuple(Disagreement(markers, dates) for markers, dates in found.items())


def _statements(quote: Quote) -> Iterator[_Stated]:
    heading = frozenset(read(f"{quote.citation.title} {quote.citation.heading}").content)
    for start, end in sentence_spans(quote.text):
        text = quote.text[start:end]
        plain = _IN_BRACKETS.sub("", text)
        said = read(plain)
        slots: dict[_Slot, list[Figure]] = {}
        for figure in said.figures:
            if figure.unit not in _UNCOUNTED:
                slots.setdefault((figure.unit, figure.per), []).append(figure)
        if not slots:
            continue
        roots = frozenset(said.content)
        yield _Stated(
            quote,
            text,
            {slot: several[0] for slot, several in slots.items() if len(several) == 1},
            roots & _MEASURES,
            roots - _GENERIC,
            heading,
            frozenset(places(plain)),
        )


def _same_thing(one: _Stated, other: _Stated) -> bool:
    """Tell whether two sentences speak of the same: what one names and the other does not has to
    stand over the other."""
    return (
        one.measures == other.measures
        and one.places == other.places
        and bool(one.subject & other.subject)
        and one.subject - other.subject <= other.heading
        and other.subject - one.subject <= one.heading
    )


def _other_figure(one: _Stated, other: _Stated) -> bool:
    return any(
        _differ(figure, other.slots[slot])
        for slot, figure in one.slots.items()
        if slot in other.slots
    )


def _differ(one: Figure, other: Figure) -> bool:
    if {one.bound, other.bound} - {"", "~"}:
        return False
    if not one.unit and not one.counted & other.counted:
        return False
    (low, high), (least, most) = _ends(one), _ends(other)
    about = "~" in (one.bound, other.bound)
    slack = max(abs(high), abs(most)) / 20 if about else 0.0
    return high + slack < least or most + slack < low


def _ends(figure: Figure) -> tuple[float, float]:
    """Both ends of a range; of a share, which is no decimal number, nothing that could differ."""
    try:
        ends = [float(end) for end in figure.value.split("..")]
    except ValueError:
        return float("-inf"), float("inf")
    return min(ends), max(ends)


def _dated(stated: _Stated) -> str:
    """The years that a sentence names, else those of its source, and when its page was reviewed."""
    years = _YEAR.findall(_IN_BRACKETS.sub("", stated.text)) or _YEAR.findall(stated.text)
    reviewed = stated.quote.citation.reviewed
    parts = [" and ".join(dict.fromkeys(years))] if years else []
    parts += [f"reviewed {reviewed}"] if reviewed else []
    return ", ".join(parts) or "no date"
