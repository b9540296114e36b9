"""Fine-tune all-MiniLM-L6-v2 into the cross-encoder that tells which sentences answer a question.

    python scripts/train_reranker.py --minutes 20 [--squad FILE] [--init FILE] --out FILE

A pair of question and sentence under its headings gives one logit (Nogueira, Cho 2019,
arXiv:1901.04085). The loss of a question is the cross-entropy of each pair, which calibrates, and
of the list, which ranks. Half of the wrong candidates are the nearest ones by embedding, also from
other documents; of those, what the embedding holds for nearer than a right one is left out, since
it may well be right. To each logit `PRIOR` times the cosine of the embeddings is added in training:
the embedding knows which words are alike, from far more text, and the layers have to learn only
what it misses. Word embeddings stay as they are, so that only the layers above are stored.
"""

import argparse
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BertForSequenceClassification

from training_examples import Example, from_documents, from_questions, from_squad, noisy
from waymark import models
from waymark.embedding import SentenceTransformerEmbedder
from waymark.settings import PROJECT
from waymark.thoughts import in_context

PRIOR = 12.0  # logits for a cosine of 1
QUESTIONS = 8  # a step
BATCH = 14  # pairs that are read at once
MAX_TOKENS = 192  # of a pair
RIGHT, WRONG = 2, 5  # candidates of a question, at the most
ELSEWHERE = 8  # nearest sentences of other documents that may be drawn
MARGIN = 0.03  # of cosine below a right candidate
LIST_WEIGHT = 0.5
RATE = 6e-5
SQUAD_SHARE = 0.15  # of its questions; the rest adds time and little else
REPEATS = 2  # questions about the corpus are asked so often in one pass

Vector = NDArray[np.float32]


class Pools:
    """For each example its wrong candidates, nearest first: (own and elsewhere)."""

    def __init__(self, examples: Sequence[Example]) -> None:
        folder = models.embedding_folder()
        embedder = SentenceTransformerEmbedder(folder, models.EMBEDDING_ID)
        texts = list(dict.fromkeys(in_context(c) for e in examples for c in e.candidates))
        row = {text: n for n, text in enumerate(texts)}
        title = np.array([text.partition(":")[0] for text in texts])
        vectors = embedder.embed_passages(texts)
        asked = embedder.embed_passages([e.question for e in examples])
        self.texts = texts
        self.row = row
        self.vectors, self.asked = vectors, asked
        self.wrong = [
            self._wrong(example, question @ vectors.T, row, title)
            for example, question in zip(examples, asked, strict=True)
        ]

    def prior(self, n: int, texts: Sequence[str]) -> torch.Tensor:
        """Return what the embedding adds to the logits of question `n` and each of `texts`."""
        rows = [self.row[text] for text in texts]
        return torch.from_numpy(PRIOR * (self.vectors[rows] @ self.asked[n]))

    def _wrong(
        self, example: Example, near: Vector, row: dict[str, int], title: NDArray[np.str_]
    ) -> list[int]:
        rows = [row[in_context(c)] for c in example.candidates]
        own = [r for r, label in zip(rows, example.labels, strict=True) if label == 0]
        right = [near[r] for r, label in zip(rows, example.labels, strict=True) if label == 1]
        limit = max(right) - MARGIN if right else 1.0
        titles = {title[r] for r in rows}
        elsewhere = [
            int(r) for r in np.argsort(-near)[:200] if title[r] not in titles and near[r] < limit
        ]
        if example.source == "squad" or not example.answer:
            elsewhere = elsewhere[: ELSEWHERE // 2]
        chosen = dict.fromkeys(own + elsewhere[:ELSEWHERE])
        return sorted(chosen, key=lambda r: -near[r])


def draw(
    example: Example, wrong: Sequence[int], texts: Sequence[str], rng: random.Random
) -> tuple[list[str], list[int]]:
    """Return texts and labels of one question's candidates for one step."""
    right = [in_context(c) for c in example.gold]
    right = rng.sample(right, min(RIGHT, len(right)))
    hard, easy = list(wrong[: WRONG * 2]), list(wrong[WRONG * 2 :])
    chosen = rng.sample(hard, min(WRONG * 3 // 4, len(hard)))
    chosen += rng.sample(easy, min(WRONG - len(chosen), len(easy)))
    return right + [texts[r] for r in chosen], [1] * len(right) + [0] * len(chosen)


def loss_of(logits: torch.Tensor, labels: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """The mean over questions of pair and list cross-entropy; `sizes` are candidates a question."""
    parts = []
    for scores, right in zip(
        torch.split(logits, list(sizes)), torch.split(labels, list(sizes)), strict=True
    ):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, right)
        if right.any():
            log = torch.log_softmax(scores, dim=0)
            loss = loss - LIST_WEIGHT * torch.logsumexp(log[right > 0], dim=0)
        parts.append(loss)
    return torch.stack(parts).mean()


def load(init: Path | None) -> tuple[Any, Any]:
    """Return tokenizer and model, the word embeddings frozen."""
    folder = models.embedding_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model: Any = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
    if init:
        model.load_state_dict({k: v.float() for k, v in load_file(init).items()}, strict=False)
    for parameter in model.bert.embeddings.parameters():
        parameter.requires_grad_(False)
    return tokenizer, model


def save(model: Any, out: Path) -> None:
    """Write all but the word embeddings, as float16."""
    kept = {
        name: tensor.to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if not name.startswith("bert.embeddings.")
    }
    save_file(kept, out)


def held_out_accuracy(
    examples: Sequence[Example],
    pools: Pools,
    tokenizer: Any,
    model: Any,
    chosen: Sequence[int],
) -> tuple[float, float]:
    """Return how often a right candidate comes first, and the AUC of the best logit of questions
    with an answer against that of questions without."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    first, best, answered = [], [], []
    with torch.no_grad():
        for n in chosen:
            example = examples[n]
            right = [in_context(c) for c in example.gold]
            texts = right + [pools.texts[r] for r in pools.wrong[n][:24]]
            logits = forward(model, tokenizer, [example.question] * len(texts), texts)
            logits += pools.prior(n, texts)
            best.append(float(logits.max()))
            answered.append(bool(right))
            if right:
                first.append(int(logits.argmax()) < len(right))
    model.train()
    return float(np.mean(first)), float(roc_auc_score(answered, best))


def forward(
    model: Any,
    tokenizer: Any,
    questions: list[str],
    texts: list[str],
) -> torch.Tensor:
    """Return one logit for each pair; pairs of like length share a batch, to save padding."""
    order = sorted(range(len(texts)), key=lambda n: len(questions[n]) + len(texts[n]))
    parts = []
    for begin in range(0, len(order), BATCH):
        rows = order[begin : begin + BATCH]
        batch = tokenizer(
            [questions[n] for n in rows],
            [texts[n] for n in rows],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            parts.append(model(**batch).logits[:, 0].float())
    return torch.cat(parts)[torch.tensor(order).argsort()]


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--squad", type=Path)
    parser.add_argument("--init", type=Path)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    examples = list(from_documents(PROJECT / "training" / "documents"))
    examples += from_questions(PROJECT / "training" / "questions", PROJECT / "corpus")
    if chosen.squad:
        examples += [e for e in from_squad(chosen.squad) if rng.random() < SQUAD_SHARE]
    pools = Pools(examples)
    tokenizer, model = load(chosen.init)
    train = [n for n, e in enumerate(examples) if not e.held_out]
    train += [n for n in train if examples[n].source == "questions"] * (REPEATS - 1)
    held = [n for n, e in enumerate(examples) if e.held_out]
    print(f"{len(train)} questions, {len(held)} held out", flush=True)
    optimiser = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=chosen.rate, weight_decay=0.01
    )
    order: list[int] = []
    losses: list[float] = []
    started = time.time()
    while (done := (time.time() - started) / (60 * chosen.minutes)) < 1:
        if len(order) < QUESTIONS:
            order = rng.sample(train, len(train))
        picked, order = order[:QUESTIONS], order[QUESTIONS:]
        questions, texts, labels, sizes, prior = [], [], [], [], []
        for n in picked:
            these, right = draw(examples[n], pools.wrong[n], pools.texts, rng)
            questions += [noisy(examples[n].question, rng)] * len(these)
            texts += these
            labels += right
            sizes.append(len(these))
            prior.append(pools.prior(n, these))
        rate = chosen.rate * min(1, (len(losses) + 1) / 50) * (1 + math.cos(math.pi * done)) / 2
        for group in optimiser.param_groups:
            group["lr"] = rate
        logits = forward(model, tokenizer, questions, texts) + torch.cat(prior)
        loss = loss_of(logits, torch.tensor(labels, dtype=torch.float32), sizes)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(float(loss.detach()))
        if len(losses) % 50 == 0:
            print(
                f"step {len(losses)} pass {len(losses) * QUESTIONS / len(train):.2f} "
                f"loss {np.mean(losses[-50:]):.4f} {time.time() - started:.0f} s",
                flush=True,
            )
    print("held out: first, AUC", held_out_accuracy(examples, pools, tokenizer, model, held))
    save(model, chosen.out)


if __name__ == "__main__":
    main()
