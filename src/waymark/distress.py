"""A message → does despair or danger speak from it? For what no pattern of `safeguards` names.

A logistic model over the embedding of the message, whole and sentence by sentence, because one
clause of a long story may be the one that matters. It only ever leads to kind, fixed words: in
place of an answer where it is clear, beside one where it is possible.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np

from waymark.sentences import sentence_spans
from waymark.types import Embedder, Scores

WEIGHTS = "distress.json"
MOST = 24  # sentences read apart: with the message they are one pass of the model
# Means nothing, and yet "I am 45, btw" would sound like despair: few texts have it.
_SAID_BESIDE = re.compile(r"[\s,]*\b(?:btw|by the way)\b", re.I)

Distress = Literal["none", "possible", "clear"]


@dataclass(frozen=True, slots=True)
class Detector:
    """`weights` (d,) and `bias` give log-odds for an embedding by the model called `model`.

    Above `possible` and above `clear` it says so.
    """

    model: str
    weights: Scores
    bias: float
    possible: float
    clear: float

    def log_odds(self, message: str, embedder: Embedder) -> float:
        """Return the log-odds of the message, or of the sentence in it that sounds most like
        distress; they are those of the training, where every tenth message was such a one."""
        # as queries, which no cache keeps: what people write is to be forgotten
        vectors = embedder.embed_queries(parts_of(message))  # (n, d)
        return float((vectors @ self.weights).max()) + self.bias


def parts_of(message: str) -> list[str]:
    """Return a message and, of several, its sentences.

    Of more than `MOST` the neighbours that are shortest together are joined.
    """
    message = _SAID_BESIDE.sub("", message) or message
    spans = sentence_spans(message)
    while len(spans) > MOST:
        at = min(range(len(spans) - 1), key=lambda n: spans[n + 1][1] - spans[n][0])
        spans[at : at + 2] = [(spans[at][0], spans[at + 1][1])]
    return list(dict.fromkeys([message, *(message[a:b] for a, b in spans)]))


def heard_in(message: str, embedder: Embedder) -> Distress:
    """Tell how surely despair or danger speaks from `message`.

    Always "none" with another embedding model than the one that the weights are for.
    """
    detector = fitted_detector()
    if embedder.model_id != detector.model:
        return "none"
    found = detector.log_odds(message, embedder)
    return (
        "clear" if found > detector.clear else "possible" if found > detector.possible else "none"
    )


@lru_cache(maxsize=1)
def fitted_detector() -> Detector:
    """Return the detector that the package ships."""
    stored: Any = json.loads(files("waymark").joinpath(WEIGHTS).read_text(encoding="utf-8"))
    weights = np.asarray(stored["weights"], np.float32)
    return Detector(stored["model"], weights, stored["bias"], stored["possible"], stored["clear"])
