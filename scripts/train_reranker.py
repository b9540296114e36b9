"""Fine-tune all-MiniLM-L6-v2 into the cross-encoder that tells which sentences answer a question.

    python scripts/train_reranker.py --data FOLDER --minutes 20 --out models/reranker.safetensors
        [--init models/reranker.safetensors] [--device cuda]

FOLDER is made by prepare_encoders.py; layers made before may be trained further. A pair of
question and sentence under its headings gives one logit (Nogueira, Cho 2019, arXiv:1901.04085).
The loss of a question is the cross-entropy of each pair, which calibrates, and of the list, which
ranks. Most of the wrong candidates are the nearest ones. Word embeddings stay as they are, so that
only the layers above are stored.
"""

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import BertForSequenceClassification

from training_file import BASE, Material, Question, Tokens, by_length, load_material, noisy

SHARES = {"questions": 0.8, "documents": 0.1, "squad": 0.1}  # of the questions of a step
RIGHT, WRONG = 2, 6  # candidates of a question, at the most
HARD = 12  # of the nearest wrong ones are drawn more often
LIST_WEIGHT = 0.5
WARM_UP = 50  # steps
NEVER = -1e4  # a logit
JUDGED = 8  # nearest wrong candidates of a held-out question
JUDGED_EVERY = 500  # steps; the layers are written then, too
BATCH = 512  # pairs that are read at once on a GPU


def draw(question: Question, rng: random.Random) -> tuple[list[int], list[int]]:
    """Return rows and labels of one question's candidates for one step."""
    right = rng.sample(question.right, min(RIGHT, len(question.right)))
    hard, easy = question.near[:HARD], question.near[HARD:]
    wrong = rng.sample(hard, min(WRONG * 2 // 3, len(hard)))
    wrong += rng.sample(easy, min(WRONG - len(wrong), len(easy)))
    return [*right, *wrong], [1] * len(right) + [0] * len(wrong)


def loss_of(logits: torch.Tensor, labels: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """The mean over questions of pair and list cross-entropy; `sizes` are candidates a question."""
    owner = torch.repeat_interleave(torch.tensor(sizes)).to(logits.device)
    place = torch.cat([torch.arange(size) for size in sizes]).to(logits.device)
    shape = (len(sizes), max(sizes))
    scores = torch.full(shape, NEVER, device=logits.device).index_put((owner, place), logits)
    right = torch.zeros(shape, device=logits.device).index_put((owner, place), labels)
    pair = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    counts = torch.tensor(sizes, device=logits.device)
    pairs = torch.zeros(len(sizes), device=logits.device).index_add(0, owner, pair) / counts
    listed = torch.logsumexp(scores, 1) - torch.logsumexp(scores + NEVER * (1 - right), 1)
    return (pairs + LIST_WEIGHT * listed * right.amax(1)).mean()


class CrossEncoder:
    """The model in training."""

    def __init__(self, folder: Path, device: str, layers: Path | None) -> None:
        self.tokens = Tokens(folder, device)
        self.device = device
        model: Any = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
        if layers:
            model.load_state_dict(load_file(layers), strict=False)
        self.model = model.float().to(device)
        for parameter in model.bert.embeddings.parameters():
            parameter.requires_grad_(False)

    def __call__(self, questions: Sequence[str], texts: Sequence[str]) -> torch.Tensor:
        """Return one logit for each pair."""
        size = BATCH if self.device == "cuda" else 14
        batches, back = by_length([q + t for q, t in zip(questions, texts, strict=True)], size)
        parts = []
        for rows in batches:
            batch = self.tokens.batch([questions[n] for n in rows], [texts[n] for n in rows])
            with torch.autocast(self.device, dtype=torch.bfloat16):
                parts.append(self.model(**batch).logits[:, 0].float())
        return torch.cat(parts)[back.to(self.device)]

    def save(self, out: Path) -> None:
        """Write all but the word embeddings, as float16."""
        kept = {
            name: tensor.to(torch.float16).contiguous().cpu()
            for name, tensor in self.model.state_dict().items()
            if not name.startswith("bert.embeddings.")
        }
        save_file(kept, out)


def held_out(encoder: CrossEncoder, material: Material) -> dict[str, float]:
    """Return, of held-out questions about the corpus, how often a right candidate comes first,
    and the area under the ROC curve of the best logit: with an answer against without."""
    from sklearn.metrics import roc_auc_score

    encoder.model.eval()
    kept = [q for q in material.questions if q.held_out and q.source == "questions"]
    lists = [[*q.right, *q.near[:JUDGED]] for q in kept]
    with torch.no_grad():
        logits = encoder(
            [q.question for q, rows in zip(kept, lists, strict=True) for _ in rows],
            [material.texts[r] for rows in lists for r in rows],
        )
    encoder.model.train()
    each = torch.split(logits, [len(rows) for rows in lists])
    first = [int(s.argmax()) < len(q.right) for q, s in zip(kept, each, strict=True) if q.right]
    best = [float(scores.max()) for scores in each]
    answered = [bool(q.right) for q in kept]
    return {"first": float(np.mean(first)), "area": float(roc_auc_score(answered, best))}


def steps(material: Material, size: int, rng: random.Random) -> Iterator[list[Question]]:
    """Questions for each step, of each source its share, every one once before any twice."""
    asked = [q for q in material.questions if not q.held_out]
    pools = {name: [q for q in asked if q.source == name] for name in SHARES}
    orders: dict[str, list[Question]] = {name: [] for name in SHARES}
    names = [name for name, pool in pools.items() if pool]
    while True:
        chosen = []
        for name in rng.choices(names, [SHARES[name] for name in names], k=size):
            orders[name] = orders[name] or rng.sample(pools[name], len(pools[name]))
            chosen.append(orders[name].pop())
        yield chosen


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--questions", type=int, default=8, help="a step")
    parser.add_argument("--init", type=Path, help="layers to start from")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    material = load_material(chosen.data)
    encoder = CrossEncoder(chosen.data / BASE, chosen.device, chosen.init)
    optimiser = torch.optim.AdamW(
        [p for p in encoder.model.parameters() if p.requires_grad],
        lr=chosen.rate, weight_decay=0.01, fused=True,
    )  # fmt: skip
    losses: list[torch.Tensor] = []
    started = time.time()
    for picked in steps(material, chosen.questions, rng):
        done = (time.time() - started) / (60 * chosen.minutes)
        if done >= 1:
            break
        questions, texts, labels, sizes = [], [], [], []
        for question in picked:
            rows, right = draw(question, rng)
            questions += [noisy(question.question, rng)] * len(rows)
            texts += [material.texts[r] for r in rows]
            labels += right
            sizes.append(len(rows))
        warm = min(1, (len(losses) + 1) / WARM_UP)
        for group in optimiser.param_groups:
            group["lr"] = chosen.rate * warm * (1 + math.cos(math.pi * done)) / 2
        target = torch.tensor(labels, dtype=torch.float32, device=chosen.device)
        loss = loss_of(encoder(questions, texts), target, sizes)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.detach())
        if len(losses) % 200 == 0:
            read, mean = len(losses) * chosen.questions, float(torch.stack(losses[-200:]).mean())
            print(f"{read} questions, loss {mean:.4f}", flush=True)
        if len(losses) % JUDGED_EVERY == 0:
            encoder.save(chosen.out)
            print("held out:", json.dumps(held_out(encoder, material)), flush=True)
    encoder.save(chosen.out)
    print("held out:", json.dumps(held_out(encoder, material)), flush=True)


if __name__ == "__main__":
    main()
