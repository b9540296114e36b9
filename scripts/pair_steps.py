"""The steps that a cross-encoder is trained in: drawn, tokenised and laid out as tensors.

A pair is a question or claim and a sentence under its headings. Worker processes prepare steps
ahead, so that a GPU does not wait for Python. Needs torch and numpy only.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import IterableDataset, get_worker_info

from training_file import Material, Question, Tokens, by_length, noisy

# How often a question of each source is drawn, against the others that there are: for layers that
# read whole questions, those that read what was said before as well, and those that read claims.
Shares = Mapping[str, int]
OF_QUESTIONS: Shares = {
    "contrasts": 6,
    "questions": 3,
    "rewordings": 4,
    "follow_ups": 1,
    "documents": 1,
    "squad": 1,
}
OF_CONVERSATIONS: Shares = {
    "contrasts": 2,
    "questions": 2,
    "rewordings": 2,
    "follow_ups": 1,
    "said": 12,
    "made": 5,
    "changes": 3,
    "documents": 1,
    "squad": 1,
}
OF_CLAIMS: Shares = {"claims": 9, "answers": 1}
RIGHT, WRONG = 2, 6  # candidates of a question, at the most
HARD = 12  # of the nearest wrong ones are drawn more often
LIST_WEIGHT = 0.5
NEVER = -1e4  # a logit

Batch = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Step:
    """Pairs of one step in batches of like length, and for each question its row of candidates.

    `back` undoes the order of the batches; `at` is the place of each pair in the flattened
    (questions, candidates) table. `real` and `right` are such tables: whether there is a candidate,
    and whether it answers.
    """

    batches: list[Batch]
    back: torch.Tensor
    at: torch.Tensor
    real: torch.Tensor
    right: torch.Tensor


def draw(question: Question, rng: random.Random) -> tuple[list[int], list[int]]:
    """Return rows and labels of one question's candidates for one step."""
    right = rng.sample(question.right, min(RIGHT, len(question.right)))
    hard, easy = question.near[:HARD], question.near[HARD:]
    wrong = rng.sample(hard, min(WRONG * 2 // 3, len(hard)))
    wrong += rng.sample(easy, min(WRONG - len(wrong), len(easy)))
    return [*right, *wrong], [1] * len(right) + [0] * len(wrong)


def in_batches(
    tokens: Tokens, questions: Sequence[str], texts: Sequence[str], size: int
) -> tuple[list[Batch], torch.Tensor]:
    """Return batches of up to `size` pairs of like length, and the order that undoes it."""
    rows, back = by_length([q + t for q, t in zip(questions, texts, strict=True)], size)
    return [tokens.batch([questions[n] for n in r], [texts[n] for n in r]) for r in rows], back


class Steps(IterableDataset[Step]):
    """Endless steps of `size` questions that are not held out, in batches of up to `pairs` pairs.

    Each worker draws of its own share of the questions, every one once before any twice, of each
    source in `shares` its share.
    """

    def __init__(
        self,
        tokens: Tokens,
        material: Material,
        shares: Shares,
        size: int,
        pairs: int,
        seed: int,
    ) -> None:
        super().__init__()
        self.tokens, self.texts = tokens, material.texts
        self.asked = [q for q in material.questions if not q.held_out and q.source in shares]
        self.shares = shares
        self.size, self.pairs, self.seed = size, pairs, seed

    def __iter__(self) -> Iterator[Step]:
        worker = get_worker_info()
        number, of = (worker.id, worker.num_workers) if worker else (0, 1)
        rng = random.Random(f"{self.seed} {number}")
        own = self.asked[number::of]
        pools: dict[str, list[Question]] = {name: [] for name in self.shares}
        for question in own:
            pools[question.source].append(question)
        orders: dict[str, list[Question]] = {name: [] for name in self.shares}
        names = [name for name, pool in pools.items() if pool]
        while True:
            chosen = []
            for name in rng.choices(names, [self.shares[name] for name in names], k=self.size):
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
            typed = question.source not in OF_CLAIMS  # claims are written by a model
            asked = noisy(question.question, rng) if typed else question.question
            questions += [asked] * len(rows)
            texts += [self.texts[row] for row in rows]
            at += range(n * width, n * width + len(rows))
            real[n, : len(rows)] = 1
            right[n, : len(rows)] = labels
        batches, back = in_batches(self.tokens, questions, texts, self.pairs)
        tables = torch.from_numpy(real), torch.from_numpy(right)
        return Step(batches, back, torch.tensor(at), *tables)


def loss_of(logits: torch.Tensor, step: Step) -> torch.Tensor:
    """The mean over questions of pair and list cross-entropy; `logits` are of the pairs of `step`
    in their order, on any device."""
    at, real, right = (table.to(logits.device) for table in (step.at, step.real, step.right))
    scores = torch.full((real.numel(),), NEVER, device=logits.device)
    scores = scores.index_put((at,), logits).reshape(real.shape)
    pair = functional.binary_cross_entropy_with_logits(scores, right, reduction="none")
    pairs = (pair * real).sum(1) / real.sum(1)
    listed = torch.logsumexp(scores, 1) - torch.logsumexp(scores + NEVER * (1 - right), 1)
    return (pairs + LIST_WEIGHT * listed * right.amax(1)).mean()
