"""Question + evidence → do the documents answer it? A decision in code, never the model's.

A logistic model over a few features that can each be explained; its weights are data, fitted on
the dev half of the question sets by scripts/fit_answerability.py. Conditions of the question that
the evidence does not meet (a place, a year, a kind of figure) count for more than likeness.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from waymark.index import Index
from waymark.places import places
from waymark.sentences import content_words, stem, words
from waymark.thoughts import in_context
from waymark.types import Embedder, Evidence, Reranker, Retrieval

# What is asked for (left) and how a sentence that gives it would name it (right). Such a word
# decides what an answer must be about, however much the rest of the question looks alike.
ASKED_FOR = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.I), re.compile(rf"\b(?:{given})", re.I))
    for asked, given in (
        (r"start(?:ing|er)?(?: \w+)? (?:pay|salar\w+|wages?)|first[- ]year|newly[- ]qualified"
         r"|new grad\w*", r"entry[- ]level|first year|beginners? (?:earn|are|get)|newly|junior"),
        (r"tips?|tipped", r"tips?\b|gratuit"),
        (r"vacations?|holidays?|days? off|time off", r"vacation|holiday|leave|days? off|time off"),
        (r"unemploy\w+|jobless\w*", r"unemploy|jobless|out of work"),
        (r"rank(?:ed|ing|s)?|best (?:universit|school|college|bootcamp|laptop)\w*|top \d+",
         r"rank|best"),
        (r"fees?|tuition|prices?|priced|costs?|how much (?:is|are|does it cost|for)",
         r"fees?\b|tuition|pric|cost|[$£€]"),
        (r"hours? (?:a|per|each) (?:week|day|month)|working hours|how many hours",
         r"\bhours?\b|full[- ]time|part[- ]time|shift|overtime"),
        (r"per ?cent(?:age)?|what (?:share|proportion)|rate of|rates?",
         r"\d|per cent|share|rate\b|proportion"),
        (r"pass(?:ing)? rate\w*|pass mark|acceptance|admission\w*|drop[- ]?out\w*",
         r"pass rate|pass mark|accept|admission|drop"),
        (r"bonus(?:es)?|commission|overtime pay|stock|equity|pension", r"bonus|commission|overtime"
         r"|stock|equity|pension|retirement"),
        (r"uniforms?|scrubs|dress(?: code)?|laptops?|computer to buy|font", r"uniform|scrubs|dress"
         r"|laptop|font"),
        (r"how (?:long|many (?:weeks|months|years|days))|\bweeks?\b|\bmonths?\b",
         r"\d|years?\b|months?\b|weeks?\b|days?\b|short|long"),
        (r"exams?|retakes?|tests? (?:date|score)", r"exam|test"),
        (r"per (?:mile|project|logo|article|lesson|day)|day rates?|bill(?:ed|ing)?",
         r"per (?:mile|project|day)|day rate|by the mile|bill"),
        (r"phone number|address|e-?mail of|website of|open(?:ing)? hours", r"phone|address|site"),
    )
)  # fmt: skip
_AMOUNT = re.compile(
    r"\bhow much\b.*\b(?:earn|make|paid|payed|pay|get)\b"
    r"|\b(?:salary|wages?|pay) (?:of|for) (?:an?|the)\b",
    re.I,
)
_COUNT = re.compile(r"\bhow (?:many|old|tall|often|far)\b", re.I)
_MONEY = re.compile(r"[$£€]\s?\d")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|dozen)\b", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Decision:
    """Weights of a logistic model: probability = 1 / (1 + exp(-(bias + Σ weight x feature)))."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1, that the documents answer the question."""
        total = self.bias + sum(self.weights[name] * features[name] for name in self.weights)
        return 1 / (1 + math.exp(-total))


@lru_cache(maxsize=1)
def fitted() -> Decision:
    """Return the decision that the package ships."""
    stored: Any = json.loads(files("waymark").joinpath("answerability.json").read_text())
    return Decision(stored["weights"], stored["bias"], stored["threshold"])


def features(
    question: str,
    query: str,
    retrieval: Retrieval,
    evidence: Sequence[Evidence],
    index: Index,
    embedder: Embedder,
    reranker: Reranker,
) -> dict[str, float]:
    """Return what the decision is made from; `query` is the question as it was searched for.

    Relevance: `sentence` is that of the best evidence, `read` and `second` what the cross-encoder
    alone says of the best two, in log-odds. Likeness: `alone` and `passage` are cosines. Words:
    `quoted` and `covered` are weighted shares of the question's words in the evidence and in its
    passages, `rarest` the weight of the rarest word found in neither. Conditions: `place`, `year`,
    `asked_for`, `figure` are 1 when the question sets one that the evidence does not meet.
    """
    vector = embedder.embed_query(query)[0]
    alone = embedder.embed_passages([e.text for e in evidence]) @ vector
    said = " ".join(e.text for e in evidence)
    named, around = _named(evidence), _around(evidence)
    weights = {stem(word): _weight(word, index) for word in content_words(question)}
    read = sorted(reranker.score(query, [in_context(e) for e in evidence]), reverse=True)
    return {
        "sentence": max(e.score for e in evidence),
        "read": float(read[0]),
        "second": float(read[min(1, len(read) - 1)]),
        "alone": float(np.max(alone)),
        "passage": retrieval.similarity,
        "quoted": _share(weights, f"{named} {said}"),
        "covered": _share(weights, around),
        "rarest": max([w for s, w in weights.items() if s not in _stems(around)], default=0.0),
        "length": math.log(1 + len(weights)),
        "place": float(bool(_absent(places(question), around))),
        "year": float(bool(_absent(_YEAR.findall(question), around))),
        "asked_for": float(_asked_for_missing(question, said)),
        "figure": float(_figure_missing(question, said)),
    }


def unmet_conditions(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the places and years that the question names and no passage of the evidence does."""
    return _absent((*places(question), *_YEAR.findall(question)), _around(evidence))


def _absent(names: Sequence[str], around: str) -> tuple[str, ...]:
    return tuple(name for name in names if name not in around)


def _named(evidence: Sequence[Evidence]) -> str:
    return " ".join(f"{e.passage.chunk.title} {e.passage.chunk.heading}" for e in evidence)


def _around(evidence: Sequence[Evidence]) -> str:
    """Titles, headings and passages of the evidence."""
    return f"{_named(evidence)} {' '.join(e.passage.chunk.text for e in evidence)}"


def _asked_for_missing(question: str, said: str) -> bool:
    return any(asked.search(question) and not given.search(said) for asked, given in ASKED_FOR)


def _figure_missing(question: str, said: str) -> bool:
    if _AMOUNT.search(question) and not _MONEY.search(said):
        return True
    return bool(_COUNT.search(question) and not _NUMBER.search(said))


def _share(weights: Mapping[str, float], text: str) -> float:
    held = _stems(text)
    total = sum(weights.values())
    return sum(w for s, w in weights.items() if s in held) / total if total else 0.0


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def _weight(word: str, index: Index) -> float:
    """Rare words weigh more, and those that no document holds weigh most."""
    return math.log(1 + (index.manifest.chunks + 1) / (index.document_frequency(word) + 1))
