"""Records and documents → what editors should write, check or renew next. Pure functions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from waymark.service.question_log import Cited, Refused
from waymark.types import Document, Embedder

ALIKE = 0.6  # cosine of one gap; of questions about other passages, 2 pairs in 1,000 reach it
EXAMPLES = 3
TOP = 20
SOON = timedelta(days=30)

State = Literal["past", "soon", "no date"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that the documents do not cover, under the one asked most often."""

    question: str
    asked: int
    first: date
    last: date
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """A document that many answers rest on, and when it was reviewed."""

    document_id: str
    title: str
    answers: int
    reviewed: date | None
    review_by: date | None


@dataclass(frozen=True, slots=True)
class Due:
    """A document whose review is over, soon over, or has no date."""

    document_id: str
    title: str
    state: State
    reviewed: date | None
    review_by: date | None


def gaps(refused: Sequence[Refused], embedder: Embedder) -> tuple[Gap, ...]:
    """Group refused questions by likeness; return all groups, the most asked first.

    Leader clustering (Hartigan 1975): from the most frequent wording on, each joins the nearest
    group that is near enough, or begins one. The result depends on the records only.
    """
    wordings = Counter(" ".join(entry.question.split()).casefold() for entry in refused)
    ordered = sorted(wordings, key=lambda wording: (-wordings[wording], wording))
    vectors = embedder.embed_passages(ordered)  # (n, d)
    leaders: list[int] = []
    groups: dict[int, list[str]] = defaultdict(list)
    for row, wording in enumerate(ordered):
        likeness = vectors[leaders] @ vectors[row]
        if leaders and likeness.max() >= ALIKE:
            groups[leaders[int(np.argmax(likeness))]].append(wording)
        else:
            leaders.append(row)
            groups[row].append(wording)
    days: dict[str, list[date]] = defaultdict(list)
    shown: dict[str, str] = {}
    for entry in refused:
        wording = " ".join(entry.question.split()).casefold()
        days[wording].append(entry.day)
        shown.setdefault(wording, entry.question)
    found = [_gap(group, days, shown) for group in groups.values()]
    return tuple(sorted(found, key=lambda gap: (-gap.asked, gap.question)))


def _gap(group: Sequence[str], days: dict[str, list[date]], shown: dict[str, str]) -> Gap:
    asked = sorted(day for wording in group for day in days[wording])
    return Gap(
        question=shown[group[0]],
        asked=len(asked),
        first=asked[0],
        last=asked[-1],
        others=tuple(shown[wording] for wording in group[1 : EXAMPLES + 1]),
    )


def impact(
    cited: Sequence[Cited], documents: Sequence[Document], top: int = TOP
) -> tuple[Impact, ...]:
    """Return the `top` documents by answers, the one reviewed longest ago first.

    A document that was never reviewed comes before all others; one that is gone is left out.
    """
    answers: Counter[str] = Counter()
    for entry in cited:
        answers[entry.document_id] += entry.answers
    found = [
        Impact(d.id, d.title, answers[d.id], d.reviewed, d.review_by)
        for d in documents
        if answers[d.id]
    ]
    most = sorted(found, key=lambda entry: (-entry.answers, entry.document_id))[:top]
    return tuple(sorted(most, key=lambda entry: (entry.reviewed or date.min, -entry.answers)))


def stale(documents: Sequence[Document], today: date) -> tuple[Due, ...]:
    """Return the documents to review: past their date, within 30 days of it, without one."""
    due = [
        Due(d.id, d.title, state, d.reviewed, d.review_by)
        for d in documents
        if (state := _state(d, today))
    ]
    order = {"past": 0, "soon": 1, "no date": 2}
    return tuple(
        sorted(due, key=lambda d: (order[d.state], d.review_by or date.max, d.document_id))
    )


def _state(document: Document, today: date) -> State | None:
    if document.review_by is None:
        return "no date"
    if document.review_by < today:
        return "past"
    return "soon" if document.review_by - today <= SOON else None
