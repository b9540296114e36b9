"""Readers whose decision can be worked out by hand."""

from datetime import date
from typing import TypeVar

from fakes import OverlapReranker, WordEmbedder
from waymark.answerability import Decision
from waymark.index import Index
from waymark.single_reading import SingleReader
from waymark.vocabulary import Vocabulary

PAY = "What is the median pay of a nurse?"

# The share of the question's words in one sentence decides.
BY_WORDS = Decision({"read": 2.0}, -2.0, 0.5)

R = TypeVar("R", bound=SingleReader)


def by_words(reader: type[R], index: Index) -> R:
    """Return a `reader` of `index` that decides `BY_WORDS`."""
    return reader(
        index,
        Vocabulary(index.documents()),
        WordEmbedder(),
        OverlapReranker(),
        BY_WORDS,
        lambda: date(2026, 2, 1),
    )
