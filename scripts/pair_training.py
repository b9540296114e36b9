"""How a model of pairs is trained: steps of pairs, their loss, and what is held out.

A pair is a question and a sentence under its headings; a model gives it one logit. Needs torch
and numpy only.
"""

import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training_file import Material, Question, noisy

SHARES = {"questions": 0.8, "documents": 0.1, "squad": 0.1}  # of the questions of a step
RIGHT, WRONG = 2, 6  # candidates of a question, at the most
HARD = 12  # of the nearest wrong ones are drawn more often
LIST_WEIGHT = 0.5
WARM_UP = 50  # steps
NEVER = -1e4  # a logit
JUDGED = 8  # nearest wrong candidates of a held-out question
JUDGED_EVERY = 500  # steps
GROUPS = {"cpu": 4, "cuda": 2}  # of pairs of like length, read one after the other
WORKERS = {"cpu": 0, "cuda": 12}  # processes that prepare steps

Batch = dict[str, torch.Tensor]


class PairModel(Protocol):
    """Reads pairs."""

    device: str
    model: Any

    def batch(self, questions: Sequence[str], texts: Sequence[str]) -> Batch:
        """Return padded token ids for pairs, on the processor."""

    def logits(self, batch: Batch) -> torch.Tensor:
        """Return one logit for each pair of a batch that lies on the device."""


@dataclass(frozen=True, slots=True)
class Step:
    """Pairs of one step in groups of like length, and for each question its row of candidates.

    `back` undoes the order of the groups; `at` is the place of each pair in the flattened
    (questions, candidates) table. `real` and `right` are such tables: whether there is a candidate,
    and whether it answers.
    """

    groups: list[Batch]
    back: torch.Tensor
    at: torch.Tensor
    real: torch.Tensor
    right: torch.Tensor

    def to(self, device: str) -> "Step":
        """The same on a device."""
        return Step(
            [{n: t.to(device, non_blocking=True) for n, t in g.items()} for g in self.groups],
            *(t.to(device, non_blocking=True) for t in (self.back, self.at, self.real, self.right)),
        )


def draw(question: Question, rng: random.Random) -> tuple[list[int], list[int]]:
    """Return rows and labels of one question's candidates for one step."""
    right = rng.sample(question.right, min(RIGHT, len(question.right)))
    hard, easy = question.near[:HARD], question.near[HARD:]
    wrong = rng.sample(hard, min(WRONG * 2 // 3, len(hard)))
    wrong += rng.sample(easy, min(WRONG - len(wrong), len(easy)))
    return [*right, *wrong], [1] * len(right) + [0] * len(wrong)


def in_groups(
    model: PairModel, questions: Sequence[str], texts: Sequence[str], groups: int
) -> tuple[list[Batch], torch.Tensor]:
    """Return batches of pairs of like length and the order that undoes the sorting."""
    order = sorted(range(len(texts)), key=lambda n: len(questions[n]) + len(texts[n]))
    size = math.ceil(len(order) / groups)
    cut = [order[begin : begin + size] for begin in range(0, len(order), size)]
    batches = [model.batch([questions[n] for n in c], [texts[n] for n in c]) for c in cut]
    return batches, torch.tensor(order).argsort()


class Steps(IterableDataset[Step]):
    """Endless steps. Each worker draws of its own share of the questions, every one once before
    any twice, of each source its share."""

    def __init__(
        self, model: PairModel, material: Material, asked: Sequence[Question], size: int, seed: int
    ) -> None:
        super().__init__()
        self.model, self.material, self.asked = model, material, asked
        self.size, self.seed = size, seed

    def __iter__(self) -> Iterator[Step]:
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        rng = random.Random(f"{self.seed} {number}")
        own = self.asked[number::of]
        pools = {name: [q for q in own if q.source == name] for name in SHARES}
        orders: dict[str, list[Question]] = {name: [] for name in SHARES}
        names = [name for name, pool in pools.items() if pool]
        while True:
            chosen = []
            for name in rng.choices(names, [SHARES[name] for name in names], k=self.size):
                orders[name] = orders[name] or rng.sample(pools[name], len(pools[name]))
                chosen.append(orders[name].pop())
            yield self.step(chosen, rng)

    def step(self, chosen: Sequence[Question], rng: random.Random) -> Step:
        """Draw candidates for some questions and lay them out."""
        width = RIGHT + WRONG
        real, right = (np.zeros((len(chosen), width), np.float32) for _ in range(2))
        questions: list[str] = []
        texts: list[str] = []
        at: list[int] = []
        for n, question in enumerate(chosen):
            rows, labels = draw(question, rng)
            questions += [noisy(question.question, rng)] * len(rows)
            texts += [self.material.texts[row] for row in rows]
            at += range(n * width, n * width + len(rows))
            real[n, : len(rows)] = 1
            right[n, : len(rows)] = labels
        tables = (torch.from_numpy(table) for table in (real, right))
        groups = in_groups(self.model, questions, texts, GROUPS[self.model.device])
        return Step(*groups, torch.tensor(at), *tables)


def loss_of(logits: torch.Tensor, step: Step) -> torch.Tensor:
    """The mean over questions of pair and list cross-entropy."""
    scores = torch.full((step.real.numel(),), NEVER, device=logits.device)
    scores = scores.index_put((step.at,), logits).reshape(step.real.shape)
    pair = functional.binary_cross_entropy_with_logits(scores, step.right, reduction="none")
    pairs = (pair * step.real).sum(1) / step.real.sum(1)
    listed = torch.logsumexp(scores, 1) - torch.logsumexp(scores + NEVER * (1 - step.right), 1)
    return (pairs + LIST_WEIGHT * listed * step.right.amax(1)).mean()


def read(model: PairModel, step: Step) -> torch.Tensor:
    """Return the logits of all pairs of a step that lies on the device, in their order."""
    with torch.autocast(model.device, dtype=torch.bfloat16):
        parts = [model.logits(group).float() for group in step.groups]
    return torch.cat(parts)[step.back]


def score(model: PairModel, questions: Sequence[str], texts: Sequence[str], groups: int) -> Any:
    """Return (n,) logits of pairs without a gradient, as numpy."""
    batches, back = in_groups(model, questions, texts, groups)
    model.model.eval()
    with torch.no_grad(), torch.autocast(model.device, dtype=torch.bfloat16):
        parts = [
            model.logits({n: t.to(model.device) for n, t in batch.items()}).float().cpu()
            for batch in batches
        ]
    model.model.train()
    return torch.cat(parts)[back].numpy()


def held_out(model: PairModel, material: Material) -> dict[str, float]:
    """Return, of held-out questions about the corpus, how often a right candidate comes first,
    and the area under the ROC curve of the best logit: with an answer against without."""
    from sklearn.metrics import roc_auc_score

    kept = [q for q in material.questions if q.held_out and q.source == "questions"]
    lists = [[*q.right, *q.near[:JUDGED]] for q in kept]
    logits = score(
        model,
        [q.question for q, rows in zip(kept, lists, strict=True) for _ in rows],
        [material.texts[row] for rows in lists for row in rows],
        GROUPS[model.device] * 8,
    )
    each = np.split(logits, np.cumsum([len(rows) for rows in lists])[:-1])
    first = [int(s.argmax()) < len(q.right) for q, s in zip(kept, each, strict=True) if q.right]
    best = [float(scores.max()) for scores in each]
    answered = [bool(q.right) for q in kept]
    return {"first": float(np.mean(first)), "area": float(roc_auc_score(answered, best))}


def fit(
    model: PairModel, material: Material, asked: Sequence[Question], *, seconds: float,
    rate: float, size: int, seed: int = 0,
) -> None:  # fmt: skip
    """Train for the given time on the questions that are not held out; report as it goes."""
    torch.manual_seed(seed)
    workers = WORKERS[model.device]
    steps = DataLoader(
        Steps(model, material, asked, size, seed), batch_size=None, num_workers=workers,
        prefetch_factor=4 if workers else None,
    )  # fmt: skip
    optimiser = torch.optim.AdamW(
        [p for p in model.model.parameters() if p.requires_grad],
        lr=rate, weight_decay=0.01, fused=True,
    )  # fmt: skip
    losses: list[torch.Tensor] = []
    started = time.time()
    for step in steps:
        done = (time.time() - started) / seconds
        if done >= 1:
            break
        warm = min(1, (len(losses) + 1) / WARM_UP)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (1 + math.cos(math.pi * done)) / 2
        on_device = step.to(model.device)
        loss = loss_of(read(model, on_device), on_device)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.detach())
        if len(losses) % JUDGED_EVERY == 0:
            mean = float(torch.stack(losses[-200:]).mean())
            print(f"{len(losses) * size} questions, loss {mean:.4f},", end=" ")
            print("held out:", json.dumps(held_out(model, material)), flush=True)
    print(f"{len(losses)} steps; held out:", json.dumps(held_out(model, material)), flush=True)
