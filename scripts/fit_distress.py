"""Fit what tells a message of despair or danger from an ordinary one.

    python scripts/fit_distress.py

Learns from training/distress and, as ordinary messages, from questions about the corpus that no
safeguard stops, all that tell a story among them. Writes src/waymark/distress.json.

A message of despair is learnt by the part of it that the fit before finds likest to one, all other
messages by all their parts (Andrews, Tsochantaridis, Hofmann 2002, multiple-instance learning).
Despair is clear where `WRONGLY` of the messages that only sound like it would be taken for it, by
cross-validated log-odds, and possible where `BESIDE` of the held-out questions would.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from training_examples import entries_about_corpus, is_kept
from waymark.assembly import load_statement_embedder
from waymark.distress import WEIGHTS, parts_of
from waymark.safeguards import safeguard
from waymark.settings import PROJECT, Settings
from waymark.types import Embedder, Matrix

TARGET = PROJECT / "src" / "waymark" / WEIGHTS
ORDINARY = 6_000  # questions about the corpus that are learnt from, beside the stories
STORIES = ("long", "story", "worry", "mine")  # styles; what a person tells sounds most like despair
WRONGLY = 0.01
BESIDE = 0.01
STRENGTH = 10.0  # inverse of the L2 penalty
ROUNDS = 3
FOLDS = 5
NEIGHBOURS = 40  # messages that stand together in a file and may be alike, in one fold


@dataclass(frozen=True, slots=True)
class Message:
    """The embeddings (n, d) of a message's parts, whether despair speaks from it, and whether a
    pattern stops it."""

    parts: Matrix
    distress: bool
    stopped: bool


def written(embedder: Embedder) -> list[Message]:
    """The messages of training/distress."""
    entries = [
        json.loads(line)
        for path in sorted((PROJECT / "training" / "distress").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return _messages([(entry["message"], entry["distress"]) for entry in entries], embedder)


def ordinary(embedder: Embedder, held_out: bool) -> list[Message]:
    """Questions about the corpus: all that are held out, or of the others all stories and some."""
    asked = [
        (entry["question"], entry.get("style") in STORIES)
        for entry in entries_about_corpus(PROJECT / "training")
        if is_kept(entry) == held_out and not safeguard(entry["question"])
    ]
    told = [question for question, story in asked if story]
    plain = [question for question, story in asked if not story]
    chosen = plain if held_out else random.Random(0).sample(plain, ORDINARY)
    return _messages([(question, False) for question in (*told, *chosen)], embedder)


def _messages(labelled: Sequence[tuple[str, bool]], embedder: Embedder) -> list[Message]:
    """Embed all parts together, which is several times as fast as message by message."""
    parts = [parts_of(text) for text, _ in labelled]
    rows = embedder.embed_passages([part for each in parts for part in each])  # (n, d)
    ends = np.cumsum([len(each) for each in parts])[:-1]
    return [
        Message(vectors, distress, safeguard(text) is not None)
        for vectors, (text, distress) in zip(np.split(rows, ends), labelled, strict=True)
    ]


def fit(messages: Sequence[Message]) -> LogisticRegression:
    """Fit on parts; of a message of despair the likest one counts, at first the whole message."""
    model: LogisticRegression | None = None
    for _ in range(ROUNDS):
        rows, labels = [], []
        for message in messages:
            chosen = message.parts
            if message.distress:
                best = int(model.decision_function(chosen).argmax()) if model else 0
                chosen = chosen[best : best + 1]
            rows.append(chosen)
            labels += [message.distress] * len(chosen)
        model = LogisticRegression(C=STRENGTH, max_iter=1000)
        model.fit(np.concatenate(rows), labels)
    assert model
    return model


def scores(model: LogisticRegression, messages: Sequence[Message]) -> np.ndarray:
    """(n,) log-odds of the likest part of each message."""
    return np.array([model.decision_function(message.parts).max() for message in messages])


def cross_validated(messages: Sequence[Message], others: Sequence[Message]) -> np.ndarray:
    """(n,) log-odds of `messages`, each by a fit that has not learnt from it."""
    found = np.zeros(len(messages))
    groups = np.arange(len(messages)) // NEIGHBOURS
    for learnt, left in GroupKFold(FOLDS).split(messages, groups=groups):
        model = fit([*(messages[n] for n in learnt), *others])
        found[left] = scores(model, [messages[n] for n in left])
    return found


def share(chosen: np.ndarray) -> float:
    """How many of all are true."""
    return round(float(chosen.mean()), 4)


def main() -> None:
    """Fit, write the weights and print what they reach."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    embedder = load_statement_embedder(Settings())
    messages, learnt = written(embedder), ordinary(embedder, held_out=False)
    found = cross_validated(messages, learnt)
    distress = np.array([message.distress for message in messages])
    stopped = np.array([message.stopped for message in messages])
    model = fit([*messages, *learnt])
    usual = scores(model, ordinary(embedder, held_out=True))
    clear = float(np.quantile(found[~distress & ~stopped], 1 - WRONGLY))
    possible = float(np.quantile(usual, 1 - BESIDE))
    provenance = {
        "fitted on": ["training/distress", f"{len(learnt)} questions of training/"],
        "messages of despair": int(distress.sum()),
        "messages that sound like it": int((~distress).sum()),
        "taken for despair of these, cross-validated": WRONGLY,
        "of held-out questions about the corpus": share(usual > clear),
        "found by patterns": share(stopped[distress]),
        "clear, cross-validated": share((found > clear)[distress]),
        "clear, or found by patterns": share((found > clear)[distress] | stopped[distress]),
        "possible of held-out questions": share(usual > possible),
        "possible of messages that sound like it": share((found > possible)[~distress]),
        "possible, or found by patterns": share((found > possible)[distress] | stopped[distress]),
    }
    stored = {
        "provenance": provenance,
        "model": embedder.model_id,
        "bias": round(float(model.intercept_[0]), 4),
        "possible": round(possible, 4),
        "clear": round(clear, 4),
        "weights": [round(float(weight), 4) for weight in model.coef_[0]],
    }
    TARGET.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    print(Path(TARGET).name, json.dumps(provenance, indent=1))


if __name__ == "__main__":
    main()
