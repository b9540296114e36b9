"""Question + evidence → do the documents answer it? A decision in code, never the model's.

A logistic model over a few features that can each be explained; its weights are data, fitted by
scripts/fit_answerability.py on questions that no model has learnt from. Conditions of the question
that the evidence does not meet (a place, a year, a kind of figure) count for more than likeness.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from waymark.meaning.figures import DATE, figures, names_money
from waymark.places import HOME_IS_MEANT, is_at_home, is_named, places
from waymark.question_parts import without_background
from waymark.sentences import content_words, share_of_words
from waymark.thoughts import in_context
from waymark.types import Evidence, Retrieval, Scores

# What is asked for (left) and how a sentence that gives it would name it (right). Such a word
# decides what an answer must be about, however much the rest of the question looks alike.
ASKED_FOR = tuple(
    (re.compile(rf"\b(?:{asked})\b", re.I), re.compile(rf"\b(?:{given})", re.I))
    for asked, given in (
        (r"start(?:ing|er)?(?: \w+)? (?:pay|salar\w+|wages?)|first[- ]year|newly[- ]qualified"
         r"|new grad\w*", r"entry[- ]level|first year|beginners? (?:earn|are|get)|newly|junior"),
        (r"(?:in|from|plus|keep) tips|tips .{1,30}(?:get|make|earn)|tipped", r"tips?\b|gratuit"),
        (r"vacations?|holidays?|days? off|time off", r"vacation|holiday|leave|days? off|time off"),
        (r"unemploy\w+|jobless\w*", r"unemploy|jobless|out of work"),
        (r"rank(?:ed|ing|s)?|best (?:universit|school|college|bootcamp|laptop)\w*|top \d+",
         r"rank|best"),
        (r"fees?|tuition|prices?|priced|costs?|how much (?:is|are|does it cost|for)",
         r"fees?\b|tuition|pric|cost"),
        (r"hours? (?:a|per|each) (?:week|day|month)|working hours|how many hours",
         r"\bhours?\b|full[- ]time|part[- ]time|shift|overtime"),
        (r"per ?cent(?:age)?|what (?:share|proportion)|rate of|rates?",
         r"\d|per cent|share|rate\b|proportion"),
        (r"pass(?:ing)? rate\w*", r"pass(?:ing)? rate|per cent pass"),
        (r"pass mark|acceptance|admission\w*|drop[- ]?out\w*", r"pass mark|accept|admission|drop"),
        (r"bonus(?:es)?|commission|overtime pay|stock|equity|pension", r"bonus|commission|overtime"
         r"|stock|equity|pension|retirement"),
        (r"uniforms?|scrubs|dress(?: code)?|laptops?|computer to buy|font", r"uniform|scrubs|dress"
         r"|laptop|font"),
        (r"how (?:long|many (?:weeks|months|years|days))|\bweeks?\b|\bmonths?\b",
         r"\d|years?\b|months?\b|weeks?\b|days?\b|short|long"),
        (r"exams?|retakes?|tests? (?:date|score)", r"exam|test"),
        (r"per (?:mile|project|logo|article|lesson|day)|day rates?|bill(?:ed|ing)?",
         r"per (?:mile|project|day)|day rate|by the mile|bill"),
        (r"(?:what|how (?:much|many)|rates?|cents?)\b[^?.,]*\b(?:per|a) mile|per mile rate",
         r"(?:per|a) mile"),
        (r"phone number|address|e-?mail of|website of|open(?:ing)? hours", r"phone|address|site"),
    )
)  # fmt: skip
_AMOUNT = re.compile(
    r"\bhow much\b.*\b(?:earn|make|paid|payed|pay|get)\b"
    r"|\bwhat (?:do|does|did|can|could|would|will|might)\b[^?.,]+"
    r"\b(?:earn|(?:get|be) paid)\b"
    r"|\b(?:salary|wages?|pay) (?:of|for) (?:an?|the)\b",
    re.I,
)
_COUNT = re.compile(r"\bhow (?:many|old|tall|often|far)\b", re.I)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|dozen)\b", re.I
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_THERE = re.compile(
    r"\b(?:(?:there|here)(?=\W*$)|(?:my|this|that) (?:state|country|city|town|area)|locally)\b",
    re.I,
)


Score = Callable[[str, Sequence[str]], Scores]


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
def fitted_decisions() -> tuple[Decision, Decision]:
    """Return the decisions that the package ships: for questions that stand alone, and for
    messages that are read with what was said before. Both have the same threshold."""
    stored: Any = json.loads(files("waymark").joinpath("answerability.json").read_text())
    alone, said = (
        Decision(stored[name]["weights"], stored[name]["bias"], stored[name]["threshold"])
        for name in ("alone", "in conversation")
    )
    return alone, said


def features(
    question: str,
    wordings: Sequence[str],
    retrieval: Retrieval,
    evidence: Sequence[Evidence],
    score: Score,
) -> dict[str, float]:
    """Return what the decision is made from.

    `score` is the cross-encoder's, alone or in a conversation. `read` and `second` are what it says
    of the best two pieces of evidence, in log-odds, the mean for all `wordings` of the question,
    itself among them. `passage` is the cosine of the nearest passage; `shared` is the share of the
    question's content words in the best piece under its headings, and counts against an answer,
    because the cross-encoder thinks too well of a sentence that only repeats them. `place`, `year`,
    `asked_for` and `figure` are 1 when the question sets such a condition and the evidence does not
    meet it. Background sets none ("I have been a cab driver since 1994"), but for a place that
    matters to what the evidence says.
    """
    asked = without_background(question)
    said = " ".join(e.text for e in evidence)
    around = _around(evidence)
    texts = [in_context(e) for e in evidence]
    scores = [score(wording, texts) for wording in wordings]
    read = sorted(np.mean(scores, axis=0), reverse=True)
    return {
        "read": float(read[0]),
        "second": float(read[min(1, len(read) - 1)]),
        "passage": retrieval.similarity,
        "shared": share_of_words(question, texts[0]),
        "place": float(bool(_absent(_places(question, evidence), around))),
        "year": float(bool(_absent(_years(asked), around))),
        "asked_for": float(_asked_for_missing(asked, said)),
        "figure": float(_figure_missing(asked, said)),
    }


def unmet_conditions(question: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the places and years that the question names and no passage of the evidence does."""
    asked = without_background(question)
    return _absent((*_places(question, evidence), *_years(asked)), _around(evidence))


def states_what_is_asked(question: str, text: str) -> bool:
    """Tell whether `text` has most words of a question, if it has any that are searched for, and
    the kind of thing that it asks for."""
    missing = _asked_for_missing(question, text) or _figure_missing(question, text)
    stated = share_of_words(question, text) > 0.5 or not content_words(question)
    return stated and not missing


def _places(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """The places that a question is about: "I'm in Manila. What is the pay in the US?"

    One that is only told matters where it is pointed at ("a licence there?"); else one abroad where
    the evidence is of the United States, and one of theirs where the evidence is of money.
    """
    asked = without_background(question)
    named = places(asked)
    if named or HOME_IS_MEANT.search(asked):
        return named
    told = places(question)
    if not told or _THERE.search(asked):
        return told
    abroad = bool(HOME_IS_MEANT.search(_around(evidence)))
    local = any(names_money(e.text) for e in evidence)
    return [name for name in told if (local if is_at_home(name) else abroad)]


def _years(question: str) -> list[str]:
    """The years that a question names: not the 2000 of "$2000" or of "2000 hours"."""
    dates = (figure.value for figure in figures(question) if figure.unit == DATE)
    return [year for value in dates for year in _YEAR.findall(value)]


def _absent(names: Sequence[str], around: str) -> tuple[str, ...]:
    return tuple(name for name in names if not is_named(name, around))


def _around(evidence: Sequence[Evidence]) -> str:
    """Titles, headings and passages of the evidence."""
    chunks = [e.passage.chunk for e in evidence]
    return " ".join(f"{chunk.full_heading} {chunk.text}" for chunk in chunks)


def _asked_for_missing(question: str, said: str) -> bool:
    return any(asked.search(question) and not given.search(said) for asked, given in ASKED_FOR)


def _figure_missing(question: str, said: str) -> bool:
    if _AMOUNT.search(question) and not names_money(said):
        return True
    return bool(_COUNT.search(question) and not _NUMBER.search(said))
