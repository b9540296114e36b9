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

import torch

NAME = "questions.json"
BASE = "base"  # folder of the base model, beside the file
MAX_TOKENS = 192


@dataclass(frozen=True, slots=True)
class Question:
    """A question: rows of the texts that answer it, of unclear ones, and of the nearest others.

    `source` is the material it is from: "questions" (about the corpus), "documents" or "squad".
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


class Tokens:
    """Texts to padded batches of token ids, for one text or a pair, as BERT reads them."""

    def __init__(self, folder: Path, device: str) -> None:
        from transformers import AutoTokenizer

        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder)
        self._known: dict[str, list[int]] = {}
        self._device = device

    def batch(self, texts: Sequence[str], second: Sequence[str] = ()) -> dict[str, torch.Tensor]:
        """Return ids, mask and types of `texts`, each joined with one of `second` if given."""
        rows, types = [], []
        for n, text in enumerate(texts):
            ids = [self._tokenizer.cls_token_id, *self._ids(text), self._tokenizer.sep_token_id]
            kinds = [0] * len(ids)
            if second:
                ids = [*ids, *self._ids(second[n]), self._tokenizer.sep_token_id]
                kinds += [1] * (len(ids) - len(kinds))
            rows.append(ids[:MAX_TOKENS])
            types.append(kinds[:MAX_TOKENS])
        width = max(len(row) for row in rows)
        padded = {
            "input_ids": [row + [0] * (width - len(row)) for row in rows],
            "attention_mask": [[1] * len(row) + [0] * (width - len(row)) for row in rows],
            "token_type_ids": [row + [0] * (width - len(row)) for row in types],
        }
        return {name: torch.tensor(rows).to(self._device) for name, rows in padded.items()}

    def _ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return self._known[text]


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
