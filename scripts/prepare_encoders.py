"""Training material → one file that the small encoders are trained from, on any machine.

    python scripts/prepare_encoders.py [--squad FILE] [--layers FILE] --out FOLDER

Writes every quotable sentence under its title and heading, and for each question the rows of the
sentences that answer it, of unclear ones, and of the nearest that do not. "Nearest" is by the
sentence encoder in use. A sentence of another page that lies nearer than one that answers may
well answer too, and is left out. The base model is copied beside the file, with other layers to
start from if they are given.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training_claims import Claims
from training_conversations import Conversations
from training_examples import (
    Example,
    entries_about_corpus,
    from_documents,
    from_squad,
    is_kept,
    supports,
)
from training_file import BASE, Material, Question, stands_alone
from waymark import models
from waymark.assembly import load_embedder
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.corpus import load_corpus
from waymark.settings import PROJECT, Settings
from waymark.thoughts import in_context, thoughts_of
from waymark.types import Document, Passage, Scores
from waymark.vocabulary import Vocabulary

NEAR = 40  # rows kept of those that do not answer
ELSEWHERE = 12  # of which from other texts, for a question about a document
SQUAD_SHARE = 0.5
MARGIN = 0.02  # of cosine


class Texts:
    """The quotable sentences: under their headings, alone, and whose they are."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.row: dict[str, int] = {}
        self.alone: list[str] = []
        self.document: list[str] = []
        for document in documents:
            for chunk in chunk_document(document, ChunkingParameters()):
                for piece in thoughts_of(Passage(chunk, 1, 0.0)):
                    if self.row.setdefault(in_context(piece), len(self.row)) == len(self.alone):
                        self.alone.append(" ".join(piece.text.split()))
                        self.document.append(document.id)

    def add(self, examples: Sequence[Example]) -> list[list[int]]:
        """Take in the candidates of `examples`; return their rows."""
        return [
            [self.row.setdefault(in_context(c), len(self.row)) for c in example.candidates]
            for example in examples
        ]


def about_corpus(entry: dict[str, Any], texts: Texts, near: Scores) -> Question:
    """Label the sentences of the corpus for one question; `near` are their cosines to it."""
    support = [" ".join(text.split()) for text in entry["support"]]
    known = dict.fromkeys(entry.get("unclear", ()), -1) | dict.fromkeys(entry.get("also", ()), 1)
    labels = np.array([supports(text, support) or known.get(text, 0) for text in texts.alone])
    limit = near[labels == 1].max() - MARGIN if (labels == 1).any() else 1.0
    order = [
        int(r)
        for r in np.argsort(-near)
        if labels[r] == 0 and (texts.document[r] == entry["document"] or near[r] < limit)
    ]
    return Question(stands_alone(entry), rows(labels == 1), rows(labels == -1),
                    tuple(order[:NEAR]), entry["source"], is_kept(entry))  # fmt: skip


def about_another(example: Example, own: Sequence[int], near: Scores, corpus: int) -> Question:
    """Label the candidates of one question about another text, and near ones of yet others."""
    labels = np.array(example.labels)
    of_text = np.array(own)
    limit = near[of_text[labels == 1]].max() - MARGIN if (labels == 1).any() else 1.0
    known = set(own)
    wrong = sorted({int(r) for r in of_text[labels == 0]}, key=lambda r: -near[r])
    others = corpus + np.argsort(-near[corpus:])[: 20 * ELSEWHERE]
    far = [int(r) for r in others if int(r) not in known and near[r] < limit]
    return Question(
        example.question,
        tuple(sorted({int(r) for r in of_text[labels == 1]})),
        tuple(sorted({int(r) for r in of_text[labels == -1]})),
        (*wrong[: NEAR - ELSEWHERE], *far[:ELSEWHERE]),
        example.source,
        example.held_out,
    )


def rows(chosen: np.ndarray) -> tuple[int, ...]:
    """The places that are true."""
    return tuple(int(r) for r in np.flatnonzero(chosen))


def save_base(folder: Path, layers: Path | None) -> None:
    """Write the base model, with `layers` in place of its own, in half precision."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    source = models.embedding_folder()
    model: Any = AutoModel.from_pretrained(source, dtype=torch.float16)
    if layers:
        model.load_state_dict(load_file(layers), strict=False)
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)


def main() -> None:
    """Write the file and the base model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--layers", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    training = PROJECT / "training"
    documents = load_corpus(PROJECT / "corpus").documents
    texts = Texts(documents)
    corpus = len(texts.row)
    examples = list(from_documents(training / "documents"))
    if chosen.squad:
        rng = random.Random(0)
        examples += [e for e in from_squad(chosen.squad) if rng.random() < SQUAD_SHARE]
    own = texts.add(examples)
    asked = list(entries_about_corpus(training))
    embedder = load_embedder(Settings())
    vectors = embedder.embed_passages(list(texts.row))
    of_corpus = embedder.embed_passages([stands_alone(e) for e in asked]) @ vectors[:corpus].T
    of_others = embedder.embed_passages([e.question for e in examples]) @ vectors.T
    questions = [about_corpus(e, texts, near) for e, near in zip(asked, of_corpus, strict=True)]
    known = {question.question: question for question in questions}
    questions += Conversations(asked, known, Vocabulary(documents)).questions()
    claims = Claims(documents, texts.row)
    questions += [*claims.written(training / "claims"), *claims.answers(asked, known)]
    questions += [
        about_another(e, o, near, corpus)
        for e, o, near in zip(examples, own, of_others, strict=True)
        if any(label >= 0 for label in e.labels)
    ]
    chosen.out.mkdir(parents=True, exist_ok=True)
    Material(list(texts.row), corpus, questions).save(chosen.out)
    save_base(chosen.out / BASE, chosen.layers)
    print(f"{corpus} sentences of the corpus, {len(texts.row)} in all, {len(questions)} questions")


if __name__ == "__main__":
    main()
