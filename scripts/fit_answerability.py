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
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from training_examples import HELD_OUT, checksum, entries_about_corpus, is_kept
from training_file import stands_alone
from waymark.answerability import features
from waymark.answering import Answerer
from waymark.assembly import load_answerer
from waymark.evidence import select_evidence
from waymark.question_sets import Case, load_cases
from waymark.safeguards import safeguard
from waymark.settings import PROJECT, Settings

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


def measured(asked: str, answerer: Answerer) -> dict[str, float]:
    """Return the features of one question."""
    reader = answerer.reader
    question = reader.vocabulary.correct(asked)
    query = reader.vocabulary.expand(question)
    found = answerer.search(asked)
    evidence = select_evidence(query, "", found.passages, answerer.embedder, reader.reranker)
    return features(question, reader.wordings(question), found, evidence, reader.reranker)


def main() -> None:
    """Fit, write the weights and print what they reach in cross-validation."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    answerer, _ = load_answerer(Settings())
    cases = labelled()
    rows = [measured(asked, answerer) for asked, _ in cases]
    names = list(rows[0])
    data = np.array([[row[name] for name in names] for row in rows])
    covered = np.array([covered for _, covered in cases])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=2000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    probability = cross_val_predict(model, data, covered, cv=folds, method="predict_proba")[:, 1]
    threshold = float(np.quantile(probability[covered], WRONGLY))
    rightly = float(np.mean(probability[~covered] < threshold))
    model.fit(data, covered)
    scale, fitted = model[0], model[1]
    weights = fitted.coef_[0] / scale.scale_
    bias = float(fitted.intercept_[0] - np.sum(weights * scale.mean_))
    for n, name in enumerate(names):
        if name in CONDITIONS:
            weights[n] = min(weights[n], UNMET)
    area = float(roc_auc_score(covered, probability))
    write(names, weights, bias, threshold, {"cases": len(cases), "area": area, "rightly": rightly})


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
