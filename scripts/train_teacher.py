"""Let the language model judge how well sentences answer the training questions.

    python scripts/train_teacher.py --data FOLDER --lm ADAPTER_FOLDER --minutes 2 --device cuda
        [--init adapter.gguf]

FOLDER is made by prepare_encoders.py, ADAPTER_FOLDER by prepare_adapter.py. The language model is
six times as large as the cross-encoder and has read far more, but is too slow to read twenty
sentences for every question. So it teaches: two of them are trained, each on half of the
questions, read as question and sentence with one logit after the last token (Ma et al. 2023,
arXiv:2310.08319), and each judges the half that it has not seen. Labels that miss a sentence which
answers as well do less harm then. What they say is written into FOLDER, for
train_reranker.py --taught (Hinton, Vinyals, Dean 2015, arXiv:1503.02531).
"""

import argparse
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pair_training import Batch, fit, score
from train_adapter import BASE, add_lora, load_base, read_adapter
from training_file import Material, Question, Tokens, load_material, padded

TOKENIZER = "tokenizer"  # folder beside the base model
RATE = 4e-5
QUESTIONS = 64  # a step
AT_ONCE = 400  # questions that are judged at once


class Teacher:
    """A language model with one number for its head."""

    def __init__(self, folder: Path, device: str, adapter: Path | None) -> None:
        self.tokens = Tokens(folder / TOKENIZER)
        self.device = device
        whole = load_base(folder / BASE).float()
        if adapter:
            wrapped = add_lora(whole)
            read_adapter(adapter, wrapped)
            for layer in whole.model.layers:
                _merge(layer.self_attn)
                _merge(layer.mlp)
        self.model = torch.nn.ModuleDict(
            {"body": whole.model, "head": torch.nn.Linear(whole.config.hidden_size, 1)}
        ).to(device)
        self.model.requires_grad_(True)
        self.model["body"].embed_tokens.requires_grad_(False)

    def batch(self, questions: Sequence[str], texts: Sequence[str]) -> Batch:
        """Return padded token ids for pairs and where each ends."""
        rows = [
            [*self.tokens.ids(question + "\n"), *self.tokens.ids(text)]
            for question, text in zip(questions, texts, strict=True)
        ]
        ids = padded(rows)
        return {"ids": ids, "last": torch.tensor([min(len(r), ids.shape[1]) - 1 for r in rows])}

    def logits(self, batch: Batch) -> torch.Tensor:
        """Return one logit for each pair."""
        hidden = self.model["body"](input_ids=batch["ids"], use_cache=False).last_hidden_state
        last = hidden[torch.arange(len(hidden), device=hidden.device), batch["last"]]
        return self.model["head"](last.float())[:, 0]  # type: ignore[no-any-return]


def _merge(part: Any) -> None:
    """Put what an adapter has learnt into the layers that it wraps."""
    for name, lora in list(part.named_children()):
        if hasattr(lora, "base"):
            lora.base.weight.data += lora.b.data @ lora.a.data
            setattr(part, name, lora.base)


def half(question: Question) -> int:
    """Which of the two halves a question is in, known from its wording."""
    return zlib.crc32(question.question.lower().encode()) // 16 % 2


def judge(teacher: Teacher, material: Material, asked: Sequence[Question]) -> list[list[float]]:
    """Return for each question the log-odds of its right candidates and then of the near ones."""
    said: list[list[float]] = []
    for begin in range(0, len(asked), AT_ONCE):
        some = asked[begin : begin + AT_ONCE]
        lists = [[*q.right, *q.near] for q in some]
        logits = score(
            teacher,
            [q.question for q, rows in zip(some, lists, strict=True) for _ in rows],
            [material.texts[row] for rows in lists for row in rows],
            32,
        )
        each = np.split(logits, np.cumsum([len(rows) for rows in lists])[:-1])
        said += [[round(float(x), 3) for x in row] for row in each]
    return said


def main() -> None:
    """Train both, let each judge, and write what they say."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lm", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="for each of the two")
    parser.add_argument("--init", type=Path, help="adapter to start from")
    parser.add_argument("--device", default="cpu")
    chosen = parser.parse_args()
    material = load_material(chosen.data)
    questions = list(material.questions)
    learnt = [q for q in questions if not q.held_out]
    for number in (0, 1):
        teacher = Teacher(chosen.lm, chosen.device, chosen.init)
        teacher.tokens.remember(material.texts)
        own = [q for q in learnt if half(q) == number or q.source != "questions"]
        fit(teacher, material, own, seconds=60 * chosen.minutes, rate=RATE, size=QUESTIONS)
        others = [
            n for n, q in enumerate(questions)
            if q.source == "questions" and not q.held_out and half(q) != number
        ]  # fmt: skip
        said = judge(teacher, material, [questions[n] for n in others])
        for n, row in zip(others, said, strict=True):
            questions[n] = replace(questions[n], judged=row)
    Material(material.texts, material.corpus, questions).save(chosen.data)


if __name__ == "__main__":
    main()
