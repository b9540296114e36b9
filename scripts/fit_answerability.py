"""Fit the decision whether the documents answer a question.

    python scripts/fit_answerability.py

On the dev half of the question sets and a third of the training questions held out of the
encoders; for messages in a conversation, which are read with what was said before, on the dev half
of the dialogues and all follow-ups held out.

Writes src/waymark/answerability.json. Questions that a safeguard stops are left out, because they
never reach the decision. The threshold lets `WRONGLY` of the covered questions go unanswered, by
cross-validated probabilities, so that it is not tuned on what the weights have seen.
"""

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training_examples import HELD_OUT, checksum, entries_about_corpus, history_of, is_kept
from training_file import stands_alone
from waymark.assembly import load_answerer
from waymark.evaluation.question_sets import Case, load_cases
from waymark.reading import Reader
from waymark.retrieval import TOP_K
from waymark.safeguards import safeguard
from waymark.settings import PROJECT, Settings
from waymark.types import Turn

TARGET = PROJECT / "src" / "waymark" / "answerability.json"
ALONE = ("questions", "unanswerable")  # question sets
IN_CONVERSATION = ("dialogues",)
WRONGLY = 0.07
STRENGTH = 0.3  # inverse of the L2 penalty
FOLDS = 10
EACH = 3  # one in so many of the held-out training questions, so that the dev half has its say
# A condition that the evidence does not meet counts against an answer even where too few questions
# of the dev half set one to show it: weights in log-odds are at most this.
CONDITIONS = ("place", "year", "asked_for", "figure")
UNMET = -1.0

Rows = list[tuple[dict[str, float], bool]]


def labelled() -> list[tuple[str, bool]]:
    """Return the questions that stand alone, and whether the documents answer them."""
    kept = [
        (stands_alone(entry), bool(entry["support"]))
        for entry in entries_about_corpus(PROJECT / "training")
        if is_kept(entry) and checksum(entry) // HELD_OUT % EACH == 0
    ]
    asked = [*((case.question, bool(case.gold)) for case in dev_half(ALONE)), *kept]
    return [(question, covered) for question, covered in asked if not safeguard(question)]


def labelled_follow_ups() -> list[tuple[str, Sequence[Turn], bool]]:
    """Return follow-ups with what was said before, and whether the documents answer them."""
    cases = [(case.question, case.history, bool(case.gold)) for case in dev_half(IN_CONVERSATION)]
    kept = [
        (entry["question"], history_of(entry), bool(entry["support"]))
        for entry in entries_about_corpus(PROJECT / "training")
        if "history" in entry and is_kept(entry)
    ]
    return [row for row in (*cases, *kept) if not safeguard(row[0])]


def dev_half(names: Sequence[str]) -> list[Case]:
    """The cases of some question sets that may be tuned on."""
    cases = [c for name in names for c in load_cases(PROJECT / "evaluation" / f"{name}.jsonl")]
    return [case for case in cases if isinstance(case, Case) and case.split == "dev"]


def measured(reader: Reader) -> tuple[Rows, Rows]:
    """Return the features of all questions, and whether they are covered: of those that stand
    alone, and of follow-ups."""
    alone = [
        (reader.single.features(reader.vocabulary.correct(asked), TOP_K), covered)
        for asked, covered in labelled()
    ]
    said = [
        (reader.features_in_conversation(asked, history, TOP_K), covered)
        for asked, history, covered in labelled_follow_ups()
    ]
    return [row for row in alone if row[0]], [row for row in said if row[0]]


def fit(data: np.ndarray, covered: np.ndarray, names: list[str]) -> tuple[np.ndarray, float]:
    """Return weights (d,) and bias for features (n, d) as they are, the conditions held down."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000))
    model.fit(data, covered)
    scale, fitted = model[0], model[1]
    weights = fitted.coef_[0] / scale.scale_
    bias = float(fitted.intercept_[0] - np.sum(weights * scale.mean_))
    conditions = [name in CONDITIONS for name in names]
    return np.where(conditions, np.minimum(weights, UNMET), weights), bias


def cross_validated(data: np.ndarray, covered: np.ndarray, names: list[str]) -> np.ndarray:
    """(n,) log-odds, each by weights that were fitted without its question."""
    found = np.zeros(len(data))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for learnt, left in folds.split(data, covered):
        weights, bias = fit(data[learnt], covered[learnt], names)
        found[left] = data[left] @ weights + bias
    return found


def main() -> None:
    """Fit, write the weights and print what they reach in cross-validation."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    answerer, _ = load_answerer(Settings())
    alone, said = measured(Reader(answerer.single))
    first = decision(alone, ALONE)
    second = decision(said, IN_CONVERSATION)
    # The service compares with one threshold: the bias makes up for the difference.
    second["bias"] = round(
        second["bias"] + log_odds(first["threshold"]) - log_odds(second["threshold"]), 4
    )
    second["threshold"] = first["threshold"]
    decisions = {"alone": first, "in conversation": second}
    TARGET.write_text(json.dumps(decisions, indent=1) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


def decision(rows: Rows, sets: Sequence[str]) -> dict[str, Any]:
    """Fit weights and threshold; return them with their provenance."""
    names = list(rows[0][0])
    data = np.array([[row[name] for name in names] for row, _ in rows])
    covered = np.array([covered for _, covered in rows])
    found = cross_validated(data, covered, names)
    limit = float(np.quantile(found[covered], WRONGLY))
    weights, bias = fit(data, covered, names)
    assert all(map(math.isfinite, (*weights, bias, limit)))
    return {
        "provenance": {
            "fitted on": [f"evaluation/{name}.jsonl, dev" for name in sets]
            + ["training/, held out"],
            "questions": len(rows),
            "area under ROC, cross-validated": round(float(roc_auc_score(covered, found)), 3),
            "wrongly unanswered": WRONGLY,
            "rightly unanswered, cross-validated": round(
                float(np.mean(found[~covered] < limit)), 3
            ),
        },
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "bias": round(bias, 4),
        "threshold": round(1 / (1 + math.exp(-limit)), 4),
    }


def log_odds(probability: float) -> float:
    """The log-odds of a probability."""
    return math.log(probability / (1 - probability))


if __name__ == "__main__":
    main()
