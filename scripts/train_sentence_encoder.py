"""Fine-tune all-MiniLM-L6-v2 so that a question lies near the sentences that answer it.

    python scripts/train_sentence_encoder.py --minutes 40 [--init FILE] --out FILE

Question and sentence, each read alone, become unit vectors (Reimers, Gurevych 2019,
doi:10.18653/v1/D19-1410); the cosine is how well the one answers the other. Each question is
contrasted with all sentences of the corpus at once: their vectors are kept from the last pass and
only those of the right and of some near wrong ones are made anew, with a gradient (a memory bank;
Wu et al. 2018, doi:10.1109/CVPR.2018.00393). Questions about the documents written for training
join in at times, so that the encoder stays of use beyond this corpus. Word embeddings stay as
they are, so that only the layers above are stored.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer

from training_examples import Example, from_documents, noisy, supports
from waymark import models
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.corpus import load_corpus
from waymark.settings import PROJECT
from waymark.thoughts import in_context, thoughts_of
from waymark.types import Passage

QUESTIONS = 24  # a step
RIGHT, NEAR = 2, 2  # sentences of a question that are made anew, at the most
NEAREST = 24  # of which the near wrong ones are drawn
TEMPERATURE = 0.05
DOCUMENTS = 0.1  # of the steps also learn from questions about documents
OF_DOCUMENTS = 4  # questions in such a step
DOCUMENT_WEIGHT = 0.5
CANDIDATES = 40  # sentences of a document, at the most
RATE = 5e-5
WARM_UP = 30  # steps
MAX_TOKENS = 160
BATCH = 32
SAVE_EVERY = 100  # steps
LEFT_OUT = "embeddings.word_embeddings.weight"
NEVER = -1e4  # a logit


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the corpus: rows of the sentences that answer it, and of unclear ones."""

    question: str
    right: tuple[int, ...]
    unclear: frozenset[int]


class Encoder:
    """The model in training: texts to unit rows."""

    def __init__(self, init: Path | None) -> None:
        folder = models.embedding_folder()
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model: Any = AutoModel.from_pretrained(folder)
        if init:
            stored = {name: tensor.float() for name, tensor in load_file(init).items()}
            self.model.load_state_dict(stored, strict=False)
        self.model.embeddings.word_embeddings.weight.requires_grad_(False)

    def embed(self, texts: Sequence[str]) -> torch.Tensor:
        """Return (n, d) unit rows in the order of `texts`, the mean over their tokens."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        parts = []
        for begin in range(0, len(order), BATCH):
            batch = self._tokenizer(
                [texts[n] for n in order[begin : begin + BATCH]],
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            with torch.autocast("cpu", dtype=torch.bfloat16):
                hidden = self.model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"][..., None].float()
            parts.append(functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1))
        return torch.cat(parts)[torch.tensor(order).argsort()]

    def save(self, out: Path) -> None:
        """Write all but the word embeddings, as float16."""
        kept = {
            name: tensor.to(torch.float16).contiguous()
            for name, tensor in self.model.state_dict().items()
            if name != LEFT_OUT
        }
        save_file(kept, out)


def sentences_of_corpus(folder: Path) -> tuple[list[str], list[str]]:
    """Return every quotable piece of the corpus, alone and under its title and heading."""
    pieces = [
        piece
        for document in load_corpus(folder).documents
        for chunk in chunk_document(document, ChunkingParameters())
        for piece in thoughts_of(Passage(chunk, 1, 0.0))
    ]
    return [" ".join(p.text.split()) for p in pieces], [in_context(p) for p in pieces]


def questions_about(sentences: Sequence[str], folder: Path) -> list[Asked]:
    """Return the answerable questions of `folder` with the rows of `sentences` they rest on."""
    asked = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            support = [" ".join(text.split()) for text in entry["support"]]
            labels = [supports(sentence, support) for sentence in sentences]
            right = tuple(n for n, label in enumerate(labels) if label == 1)
            unclear = frozenset(n for n, label in enumerate(labels) if label == -1)
            if right:
                asked.append(Asked(entry["question"], right, unclear))
    return asked


def contrast(logits: torch.Tensor, right: Sequence[int]) -> torch.Tensor:
    """The mean over the right candidates of the cross-entropy of each against the wrong ones."""
    wrong = logits.clone()
    wrong[list(right)] = NEVER
    chosen = logits[list(right)]
    return -(chosen - torch.logaddexp(chosen, torch.logsumexp(wrong, 0))).mean()


def corpus_loss(
    encoder: Encoder,
    chosen: Sequence[Asked],
    contexts: Sequence[str],
    bank: torch.Tensor,
    rng: random.Random,
) -> torch.Tensor:
    """The loss of some questions; puts the vectors that are made anew into `bank`."""
    vectors = encoder.embed([noisy(asked.question, rng) for asked in chosen])
    near = (vectors.detach() @ bank.T).numpy()
    renewed: set[int] = set()
    for asked, row in zip(chosen, near, strict=True):
        renewed.update(rng.sample(asked.right, min(RIGHT, len(asked.right))))
        known = asked.unclear.union(asked.right)
        wrong = [int(n) for n in np.argsort(-row)[:NEAREST] if n not in known]
        renewed.update(rng.sample(wrong, min(NEAR, len(wrong))))
    rows = sorted(renewed)
    fresh = encoder.embed([contexts[n] for n in rows])
    bank[rows] = fresh.detach()
    logits = vectors @ bank.T
    logits[:, rows] = vectors @ fresh.T
    logits = logits / TEMPERATURE
    barred = torch.zeros_like(logits, dtype=torch.bool)
    for row, asked in enumerate(chosen):
        barred[row, list(asked.unclear)] = True
    logits = logits.masked_fill(barred, NEVER)
    losses = [contrast(row, asked.right) for row, asked in zip(logits, chosen, strict=True)]
    return torch.stack(losses).mean()


def document_loss(encoder: Encoder, chosen: Sequence[Example], rng: random.Random) -> torch.Tensor:
    """The loss of questions about documents, each among the sentences of its own."""
    losses = []
    for example in chosen:
        pairs = zip(example.candidates, example.labels, strict=True)
        known = [(in_context(c), label) for c, label in pairs if label >= 0][:CANDIDATES]
        right = [n for n, (_, label) in enumerate(known) if label == 1]
        if right:
            vectors = encoder.embed([noisy(example.question, rng), *(text for text, _ in known)])
            losses.append(contrast(vectors[1:] @ vectors[0] / TEMPERATURE, right))
    return torch.stack(losses).mean() if losses else torch.zeros(())


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    encoder = Encoder(chosen.init)
    sentences, contexts = sentences_of_corpus(PROJECT / "corpus")
    asked = questions_about(sentences, PROJECT / "training" / "questions")
    others = [e for e in from_documents(PROJECT / "training" / "documents") if e.gold]
    print(f"{len(sentences)} sentences, {len(asked)} questions", flush=True)
    optimiser = torch.optim.AdamW(
        [p for p in encoder.model.parameters() if p.requires_grad], lr=chosen.rate
    )
    order: list[Asked] = []
    losses: list[float] = []
    bank = torch.zeros(0)
    started = time.time()
    while (done := (time.time() - started) / (60 * chosen.minutes)) < 1:
        if len(order) < QUESTIONS:
            order = rng.sample(asked, len(asked))
            encoder.model.eval()
            with torch.no_grad():
                bank = encoder.embed(contexts)
            encoder.model.train()
        loss = corpus_loss(encoder, order[:QUESTIONS], contexts, bank, rng)
        order = order[QUESTIONS:]
        if rng.random() < DOCUMENTS:
            some = rng.sample(others, OF_DOCUMENTS)
            loss = loss + DOCUMENT_WEIGHT * document_loss(encoder, some, rng)
        rate = chosen.rate * min(1, (len(losses) + 1) / WARM_UP)
        for group in optimiser.param_groups:
            group["lr"] = rate * (0.05 + 0.475 * (1 + math.cos(math.pi * done)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        if len(losses) % 20 == 0:
            passes = len(losses) * QUESTIONS / len(asked)
            print(f"pass {passes:.2f} loss {np.mean(losses[-20:]):.4f}", flush=True)
        if len(losses) % SAVE_EVERY == 0:
            encoder.save(chosen.out)
    encoder.save(chosen.out)


if __name__ == "__main__":
    main()
