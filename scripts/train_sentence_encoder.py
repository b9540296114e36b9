"""Fine-tune all-MiniLM-L6-v2 so that a question lies near the sentences that answer it.

    python scripts/train_sentence_encoder.py --data FOLDER --minutes 40
        --out models/sentences.safetensors [--device cuda]

FOLDER is made by prepare_encoders.py. Question and sentence, each read alone, become unit vectors
(Reimers, Gurevych 2019, doi:10.18653/v1/D19-1410); the cosine is how well the one answers the
other. Each question is contrasted with all sentences of the corpus at once: their vectors are
kept from the last pass and only those of the right and of some near wrong ones are made anew,
with a gradient (a memory bank; Wu et al. 2018, doi:10.1109/CVPR.2018.00393). Questions about
other texts join in, so that the encoder stays of use beyond this corpus. Word embeddings stay as
they are, so that only the layers above are stored.
"""

import argparse
import itertools
import json
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional
from transformers import AutoModel

from training_file import (
    ABOUT_CORPUS,
    ATTENTION,
    BASE,
    OTHER_TEXTS,
    Material,
    Question,
    Tokens,
    by_length,
    load_material,
    noisy,
)

# Right and near wrong sentences of a question that are made anew, at the most: on a CPU the vectors
# of sentences cost more than what they bring there.
RENEWED = {"cpu": (1, 1), "cuda": (2, 3)}
RIGHT = 2  # sentences of a question about another text
NEAREST = 24  # of which the near wrong ones are drawn
TEMPERATURE = 0.05
OTHERS = 0.15  # of the questions of a step are about other texts
OTHER_WEIGHT = 0.5
OF_OTHERS = 12  # wrong candidates of such a question
WARM_UP = 30  # steps
JUDGED_EVERY = 250  # steps
BATCH = 512  # texts that are read at once on a GPU
LEFT_OUT = "embeddings.word_embeddings.weight"
NEVER = -1e4  # a logit


class Encoder:
    """The model in training: texts to unit rows."""

    def __init__(self, folder: Path, device: str) -> None:
        self.tokens = Tokens(folder)
        self.device = device
        model: Any = AutoModel.from_pretrained(folder, attn_implementation=ATTENTION[device])
        self.model = model.float().to(device)
        self.model.embeddings.word_embeddings.weight.requires_grad_(False)

    def embed(self, texts: Sequence[str]) -> torch.Tensor:
        """Return (n, d) unit rows in the order of `texts`, the mean over their tokens."""
        batches, back = by_length(texts, BATCH if self.device == "cuda" else 32)
        parts = []
        for rows in batches:
            ids = self.tokens.batch([texts[n] for n in rows])
            batch = {name: table.to(self.device) for name, table in ids.items()}
            with torch.autocast(self.device, dtype=torch.bfloat16):
                hidden = self.model(**batch).last_hidden_state.float()
            mask = batch["attention_mask"][..., None].float()
            parts.append(functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1))
        return torch.cat(parts)[back.to(self.device)]

    def embed_all(self, texts: Sequence[str]) -> torch.Tensor:
        """The same without a gradient and without dropout."""
        self.model.eval()
        with torch.no_grad():
            rows = self.embed(texts)
        self.model.train()
        return rows

    def save(self, out: Path) -> None:
        """Write all but the word embeddings, as float16."""
        kept = {
            name: tensor.to(torch.float16).contiguous().cpu()
            for name, tensor in self.model.state_dict().items()
            if name != LEFT_OUT
        }
        save_file(kept, out)


def contrast(logits: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """The mean over the rows of `logits`, and in each over the right candidates, of the
    cross-entropy of one against the wrong ones. `right` is true or false, of the same shape."""
    wrong = torch.logsumexp(logits.masked_fill(right, NEVER), 1, keepdim=True)
    each = torch.logaddexp(logits, wrong) - logits
    return ((each * right).sum(1) / right.sum(1)).mean()


def marks(rows: Sequence[Sequence[int]], like: torch.Tensor) -> torch.Tensor:
    """True at the given columns of each row, in the shape of `like`."""
    true = torch.zeros(like.shape, dtype=torch.bool)
    for number, columns in enumerate(rows):
        true[number, list(columns)] = True
    return true.to(like.device)


def corpus_loss(
    encoder: Encoder,
    chosen: Sequence[Question],
    texts: Sequence[str],
    bank: torch.Tensor,
    rng: random.Random,
) -> torch.Tensor:
    """The loss of some questions; puts the vectors that are made anew into `bank`."""
    vectors = encoder.embed([noisy(asked.question, rng) for asked in chosen])
    near = torch.topk(vectors.detach() @ bank.T, 3 * NEAREST).indices.tolist()
    renewed: set[int] = set()
    most_right, most_near = RENEWED[encoder.device]
    for asked, row in zip(chosen, near, strict=True):
        renewed.update(rng.sample(asked.right, min(most_right, len(asked.right))))
        known = {*asked.unclear, *asked.right}
        wrong = [n for n in row if n not in known][:NEAREST]
        renewed.update(rng.sample(wrong, min(most_near, len(wrong))))
    rows = sorted(renewed)
    fresh = encoder.embed([texts[n] for n in rows])
    bank[rows] = fresh.detach()
    logits = vectors @ bank.T
    logits[:, rows] = vectors @ fresh.T
    logits = logits / TEMPERATURE
    unclear = marks([asked.unclear for asked in chosen], logits)
    right = marks([asked.right for asked in chosen], logits)
    return contrast(logits.masked_fill(unclear, NEVER), right)


def other_loss(
    encoder: Encoder, chosen: Sequence[Question], texts: Sequence[str], rng: random.Random
) -> torch.Tensor:
    """The loss of questions about other texts, each among its own candidates."""
    lists = [[*q.right[:RIGHT], *rng.sample(q.near, min(OF_OTHERS, len(q.near)))] for q in chosen]
    flat = encoder.embed(
        [noisy(q.question, rng) for q in chosen] + [texts[n] for rows in lists for n in rows]
    )
    logits = flat[: len(chosen)] @ flat[len(chosen) :].T / TEMPERATURE
    begins = np.cumsum([0, *map(len, lists)])
    own = marks([range(a, b) for a, b in itertools.pairwise(begins)], logits)
    counts = [len(q.right[:RIGHT]) for q in chosen]
    right = marks([range(a, a + n) for a, n in zip(begins, counts, strict=False)], logits)
    return contrast(logits.masked_fill(~own, NEVER), right)


def held_out(encoder: Encoder, material: Material) -> dict[str, float]:
    """Return how often a right sentence is first, and among the first three of the corpus."""
    bank = encoder.embed_all(material.texts[: material.corpus])
    kept = [q for q in material.questions if q.held_out and q.source in ABOUT_CORPUS]
    asked = [q for q in kept if q.right]
    vectors = encoder.embed_all([q.question for q in asked])
    best = torch.topk(vectors @ bank.T, 3).indices.tolist()
    found = [[n in q.right for n in row] for q, row in zip(asked, best, strict=True)]
    return {
        "first": float(np.mean([row[0] for row in found])),
        "third": float(np.mean([any(row) for row in found])),
    }


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--questions", type=int, default=24, help="a step")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(0)
    rng = random.Random(0)
    material = load_material(chosen.data)
    encoder = Encoder(chosen.data / BASE, chosen.device)
    answered = [q for q in material.questions if q.right and q.near and not q.held_out]
    asked = [q for q in answered if q.source in ("questions", "rewordings")]
    follow_ups = [q for q in answered if q.source == "follow_ups"]
    others = [q for q in answered if q.source in OTHER_TEXTS]
    print("held out before:", json.dumps(held_out(encoder, material)), flush=True)
    optimiser = torch.optim.AdamW(
        [p for p in encoder.model.parameters() if p.requires_grad], lr=chosen.rate, fused=True
    )
    order: list[Question] = []
    losses: list[torch.Tensor] = []
    bank = torch.zeros(0)
    started = time.time()
    while (done := (time.time() - started) / (60 * chosen.minutes)) < 1:
        if len(order) < chosen.questions:
            share = min(len(asked), len(follow_ups)) or len(asked)
            order = [*rng.sample(asked, share), *follow_ups]
            rng.shuffle(order)
            bank = encoder.embed_all(material.texts[: material.corpus])
        picked, order = order[: chosen.questions], order[chosen.questions :]
        loss = corpus_loss(encoder, picked, material.texts, bank, rng)
        some = rng.sample(others, max(1, round(OTHERS * chosen.questions)))
        loss = loss + OTHER_WEIGHT * other_loss(encoder, some, material.texts, rng)
        rate = chosen.rate * min(1, (len(losses) + 1) / WARM_UP)
        for group in optimiser.param_groups:
            group["lr"] = rate * (0.02 + 0.49 * (1 + math.cos(math.pi * done)))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.detach())
        if len(losses) % 50 == 0:
            mean = float(torch.stack(losses[-50:]).mean())
            print(f"{len(losses) * chosen.questions} questions, loss {mean:.4f}", flush=True)
        if len(losses) % JUDGED_EVERY == 0:
            print("held out:", json.dumps(held_out(encoder, material)), flush=True)
    encoder.save(chosen.out)
    print("held out:", json.dumps(held_out(encoder, material)), flush=True)


if __name__ == "__main__":
    main()
