"""Readers whose decision can be worked out by hand."""

from datetime import date

from fakes import OverlapReranker, WordEmbedder
from waymark.answerability import Decision
from waymark.single_reading import SingleReader
from waymark.store.index import Index
from waymark.vocabulary import Vocabulary

PAY = "What is the median pay of a nurse?"

# The share of the question's words in one sentence decides.
BY_WORDS = Decision({"read": 2.0}, -2.0, 0.5)


def by_words(index: Index) -> SingleReader:
    """Return a reader of `index` that decides `BY_WORDS`."""
    return SingleReader(
        index,
        Vocabulary(index.documents()),
        WordEmbedder(),
        OverlapReranker(),
        BY_WORDS,
        BY_WORDS,
        lambda: date(2026, 2, 1),
    )
