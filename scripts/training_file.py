"""The file that the two small encoders are trained from, and how its texts become tokens.

Made by prepare_encoders.py. Needs torch and transformers only, so that training runs on any
machine to which the file and the base model are copied.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

NAME = "questions.json"
# sources of questions that stand alone
ABOUT_CORPUS = ("questions", "contrasts", "rewordings", "follow_ups")
OTHER_TEXTS = ("documents", "squad")
IN_CONVERSATION = "said"  # source of follow-ups with what was said before them
CLAIMS = "claims"  # source of written claims, which their sentence carries or not
BASE = "base"  # folder of the base model, beside the file
MAX_TOKENS = 256
# torch takes more than half of a step on a CPU for the gradient of fused attention
ATTENTION = {"cpu": "eager", "cuda": "sdpa"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question: rows of the texts that answer it, of unclear ones, and of the nearest others.

    `source` is the material it is from: one of `ABOUT_CORPUS` (follow-ups as they stand alone) or
    `OTHER_TEXTS`; "said", "made" or "changes": with what was said before
    (`training_conversations`); or "claims" or "answers": claims in place of questions
    (`training_claims`).
    """

    question: str
    right: Sequence[int]
    unclear: Sequence[int]
    near: Sequence[int]
    source: str
    held_out: bool


@dataclass(frozen=True, slots=True)
class Material:
    """All texts, those of the corpus first, and the questions about them."""

    texts: list[str]
    corpus: int
    questions: list[Question]

    def save(self, folder: Path) -> None:
        """Write to `folder`."""
        (folder / NAME).write_text(json.dumps(asdict(self)), encoding="utf-8")


def load_material(folder: Path) -> Material:
    """Read what `Material.save` wrote."""
    stored = json.loads((folder / NAME).read_text(encoding="utf-8"))
    questions = [Question(**entry) for entry in stored["questions"]]
    return Material(stored["texts"], stored["corpus"], questions)


def stands_alone(entry: dict[str, Any]) -> str:
    """The question, a follow-up as it would be asked without its conversation."""
    return str(entry.get("standalone", entry["question"]))


class Tokens:
    """Texts to padded batches of token ids, for one text or a pair, as BERT reads them."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer

        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self._known: dict[str, list[int]] = {}

    def remember(self, texts: Sequence[str]) -> None:
        """Tokenise `texts` ahead, all at once."""
        ids = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        self._known.update(zip(texts, ids, strict=True))

    def batch(self, texts: Sequence[str], second: Sequence[str] = ()) -> dict[str, torch.Tensor]:
        """Return ids, mask and types of `texts`, each joined with one of `second` if given."""
        begin, end = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        rows = [[begin, *self.ids(text), end] for text in texts]
        kinds = [[0] * len(row) for row in rows]
        for row, kind, other in zip(rows, kinds, second, strict=bool(second)):
            row += [*self.ids(other), end]
            kind += [1] * (len(row) - len(kind))
        rows = [row[:MAX_TOKENS] for row in rows]
        ones = [[1] * len(row) for row in rows]
        named = {"input_ids": rows, "attention_mask": ones, "token_type_ids": kinds}
        return {name: padded(table) for name, table in named.items()}

    def ids(self, text: str) -> list[int]:
        """The ids of a text without any mark, kept."""
        if text not in self._known:
            self.remember([text])
        return self._known[text]


def padded(rows: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return rows of up to `MAX_TOKENS` as one table, zeros after their ends."""
    table = np.zeros((len(rows), min(MAX_TOKENS, max(map(len, rows)))), np.int64)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row[: table.shape[1]]
    return torch.from_numpy(table)


def by_length(texts: Sequence[str], size: int) -> tuple[list[list[int]], torch.Tensor]:
    """Return batches of up to `size` rows of like length, and the order that undoes it."""
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    batches = [order[begin : begin + size] for begin in range(0, len(order), size)]
    return batches, torch.tensor(order).argsort()


def noisy(question: str, rng: random.Random) -> str:
    """Return `question` as it might be typed in a hurry: lower case, no mark, a slip."""
    draw = rng.random()
    if draw < 0.15:
        question = question.lower().rstrip("?.! ")
    elif draw < 0.22:
        question = question.rstrip("?")
    if draw > 0.9 and len(question) > 12:
        at = rng.randrange(2, len(question) - 2)
        question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question
