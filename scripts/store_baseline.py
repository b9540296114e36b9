"""Measure the dev half without the language model and store what later versions must not lose.

    python scripts/store_baseline.py

Writes evaluation/baseline.json; tests/test_baseline.py fails when a gated figure leaves its
interval for the worse.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from waymark.assembly import load_answerer
from waymark.evaluation.question_sets import load_cases
from waymark.evaluation.reporting import evaluate, summarise
from waymark.generation import QuotationGenerator
from waymark.settings import PROJECT, Settings

SETS = ("questions", "unanswerable", "dialogues", "safety")
GATED = ("Success@4", "facts", "abstained", "as_expected", "citations_valid")
TARGET = PROJECT / "evaluation" / "baseline.json"
Figures = dict[str, dict[str, dict[str, float]]]


def measured(settings: Settings) -> Figures:
    """Return the gated figures of the dev half: set → measure → mean, low, high, n."""
    answerer, _ = load_answerer(settings)
    answerer.generator = QuotationGenerator()
    folder = PROJECT / "evaluation"
    cases = [c for name in SETS for c in load_cases(folder / f"{name}.jsonl") if c.split == "dev"]
    with TemporaryDirectory() as runs:
        results = evaluate(cases, answerer, Path(runs), lambda *_: None)
    answerer.index.close()
    return {
        part.split(",")[0]: {m: asdict(e) for m, e in groups["all"].items() if m in GATED}
        for part, groups in summarise(cases, results).items()
    }


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    TARGET.write_text(json.dumps(measured(Settings()), indent=1) + "\n", encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))
