"""Fit the decision whether the documents answer a question.

    python scripts/fit_answerability.py

On the dev half of the question sets and a third of the training questions held out of the
encoders.

Writes src/waymark/answerability.json. Questions that a safeguard stops are left out, because they
never reach the decision. The threshold lets `WRONGLY` of the covered questions go unanswered, by
cross-validated probabilities, so that it is not tuned on what the weights have seen.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training_examples import HELD_OUT, checksum, entries_about_corpus, is_kept
from training_file import stands_alone
from waymark.assembly import load_answerer
from waymark.question_sets import Case, load_cases
from waymark.retrieval import TOP_K
from waymark.safeguards import safeguard
from waymark.settings import PROJECT, Settings
from waymark.single_reading import SingleReader

TARGET = PROJECT / "src" / "waymark" / "answerability.json"
SETS = ("questions", "unanswerable")
WRONGLY = 0.07
STRENGTH = 0.3  # inverse of the L2 penalty
FOLDS = 10
EACH = 3  # one in so many of the held-out training questions, so that the dev half has its say
# A condition that the evidence does not meet counts against an answer even where too few questions
# of the dev half set one to show it: weights in log-odds are at most this.
CONDITIONS = ("place", "year", "asked_for", "figure")
UNMET = -1.0


def labelled() -> list[tuple[str, bool]]:
    """Return the questions, and whether the documents answer them."""
    cases = [
        case
        for name in SETS
        for case in load_cases(PROJECT / "evaluation" / f"{name}.jsonl")
        if isinstance(case, Case) and case.split == "dev"
    ]
    kept = [
        (stands_alone(entry), bool(entry["support"]))
        for entry in entries_about_corpus(PROJECT / "training")
        if is_kept(entry) and checksum(entry) // HELD_OUT % EACH == 0
    ]
    asked = [*((case.question, bool(case.gold)) for case in cases), *kept]
    return [(question, covered) for question, covered in asked if not safeguard(question)]


def measured(asked: str, reader: SingleReader) -> dict[str, float]:
    """Return the features of one question."""
    return reader.features(reader.vocabulary.correct(asked), TOP_K)


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
    known = [(measured(asked, answerer.single), covered) for asked, covered in labelled()]
    rows = [(row, covered) for row, covered in known if row]
    names = list(rows[0][0])
    data = np.array([[row[name] for name in names] for row, _ in rows])
    covered = np.array([covered for _, covered in rows])
    found = cross_validated(data, covered, names)
    limit = float(np.quantile(found[covered], WRONGLY))
    reached = {
        "cases": len(rows),
        "area": float(roc_auc_score(covered, found)),
        "rightly": float(np.mean(found[~covered] < limit)),
    }
    write(names, *fit(data, covered, names), 1 / (1 + math.exp(-limit)), reached)


def write(
    names: list[str], weights: np.ndarray, bias: float, threshold: float, reached: dict[str, float]
) -> None:
    """Write the decision with its provenance."""
    assert all(map(math.isfinite, (*weights, bias, threshold)))
    provenance = {
        "fitted on": [f"evaluation/{name}.jsonl, dev" for name in SETS] + ["training/, held out"],
        "questions": reached["cases"],
        "area under ROC, cross-validated": round(reached["area"], 3),
        "wrongly unanswered": WRONGLY,
        "rightly unanswered, cross-validated": round(reached["rightly"], 3),
    }
    decision = {
        "provenance": provenance,
        "weights": {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)},
        "bias": round(bias, 4),
        "threshold": round(threshold, 4),
    }
    TARGET.write_text(json.dumps(decision, indent=1) + "\n", encoding="utf-8")
    print(Path(TARGET).read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
