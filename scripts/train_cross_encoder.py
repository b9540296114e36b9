"""Fine-tune all-MiniLM-L6-v2 to tell which sentences answer a question, or carry a claim.

    python scripts/train_cross_encoder.py --data FOLDER --minutes 20 --out LAYERS
        [--reads conversations|claims] [--init LAYERS] [--still N] [--device cuda]

FOLDER is made by prepare_encoders.py; layers made before may be trained further, the lowest N left
as they are. They learn to read whole questions, messages with what was said before them, or claims.
A pair of question or claim and a sentence under its headings gives one logit (Nogueira, Cho 2019,
arXiv:1901.04085). The loss of one is the cross-entropy of each pair, which calibrates, and
of the list, which ranks. Most of the wrong candidates are the nearest ones. Word embeddings stay as
they are, so that only the layers above are stored.
"""

import argparse
import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader
from transformers import BertForSequenceClassification

from pair_steps import (
    OF_CLAIMS,
    OF_CONVERSATIONS,
    OF_QUESTIONS,
    Batch,
    Shares,
    Steps,
    in_batches,
    loss_of,
)
from training_file import (
    ABOUT_CORPUS,
    ATTENTION,
    BASE,
    CLAIMS,
    IN_CONVERSATION,
    Material,
    Question,
    Tokens,
    load_material,
)

SHARES = {"questions": OF_QUESTIONS, "conversations": OF_CONVERSATIONS, "claims": OF_CLAIMS}
WARM_UP = 50  # steps
JUDGED = 8  # nearest wrong candidates of a held-out question
JUDGED_EVERY = 500  # steps
WRITTEN_EVERY = 50  # steps, so that an interruption loses little
PAIRS = {"cpu": 32, "cuda": 256}  # that are read at once
WORKERS = {"cpu": 0, "cuda": 12}  # processes that prepare steps


class CrossEncoder:
    """The model in training."""

    def __init__(self, folder: Path, device: str, layers: Path | None, still: int = 0) -> None:
        self.tokens = Tokens(folder)
        self.device = device
        model: Any = BertForSequenceClassification.from_pretrained(
            folder, num_labels=1, attn_implementation=ATTENTION[device]
        )
        if layers:
            model.load_state_dict(load_file(layers), strict=False)
        self.model = model.float().to(device)
        for module in (model.bert.embeddings, *model.bert.encoder.layer[:still]):
            module.requires_grad_(False)

    def read(self, batches: Sequence[Batch], back: torch.Tensor) -> torch.Tensor:
        """Return one logit for each pair, on the device; `back` undoes the order of `batches`."""
        parts = []
        for batch in batches:
            on_device = {name: table.to(self.device) for name, table in batch.items()}
            with torch.autocast(self.device, dtype=torch.bfloat16):
                parts.append(self.model(**on_device).logits[:, 0].float())
        return torch.cat(parts)[back.to(self.device)]

    def save(self, out: Path) -> None:
        """Write all but the word embeddings, as float16."""
        kept = {
            name: tensor.to(torch.float16).contiguous().cpu()
            for name, tensor in self.model.state_dict().items()
            if not name.startswith("bert.embeddings.")
        }
        save_file(kept, out)


def held_out(encoder: CrossEncoder, material: Material, shares: Shares) -> dict[str, float]:
    """Return, of held-out questions about the corpus, how often a right candidate comes first,
    and the area under the ROC curve of the best logit: with an answer against without; once more
    for follow-ups with what was said before them, and for claims, where `shares` have them."""
    groups = {"": ABOUT_CORPUS, " in conversation": (IN_CONVERSATION,), " of claims": (CLAIMS,)}
    sources = {source: group for group, all_of in groups.items() for source in all_of}
    kept = [q for q in material.questions if q.held_out and q.source in shares.keys() & sources]
    lists = [[*q.right, *q.near[:JUDGED]] for q in kept]
    questions = [q.question for q, rows in zip(kept, lists, strict=True) for _ in rows]
    texts = [material.texts[row] for rows in lists for row in rows]
    encoder.model.eval()
    with torch.no_grad():
        logits = encoder.read(*in_batches(encoder.tokens, questions, texts, PAIRS[encoder.device]))
    encoder.model.train()
    scored = list(zip(kept, torch.split(logits, [len(rows) for rows in lists]), strict=True))
    return {
        key + group: value
        for group in groups
        if (some := [(q, scores) for q, scores in scored if sources[q.source] == group])
        for key, value in judged(some).items()
    }


def judged(scored: Sequence[tuple[Question, torch.Tensor]]) -> dict[str, float]:
    """Return the two figures of `held_out` for some questions with the logits of their candidates,
    right ones first; the area alone where no right one has a rival, as with claims."""
    from sklearn.metrics import roc_auc_score

    rivals = [(q, scores) for q, scores in scored if 0 < len(q.right) < len(scores)]
    first = [int(scores.argmax()) < len(q.right) for q, scores in rivals]
    best = [float(scores.max()) for _, scores in scored]
    answered = [bool(q.right) for q, _ in scored]
    area = {"area": float(roc_auc_score(answered, best))}
    return {"first": float(np.mean(first))} | area if first else area


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--questions", type=int, default=8, help="a step")
    parser.add_argument("--reads", choices=SHARES, default="questions")
    parser.add_argument("--init", type=Path, help="layers to start from")
    parser.add_argument("--still", type=int, default=0, help="lowest layers that are not trained")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    material = load_material(chosen.data)
    encoder = CrossEncoder(chosen.data / BASE, chosen.device, chosen.init, chosen.still)
    encoder.tokens.remember(material.texts)
    pairs, workers = PAIRS[chosen.device], WORKERS[chosen.device]
    shares = SHARES[chosen.reads]
    steps = Steps(encoder.tokens, material, shares, chosen.questions, pairs, chosen.seed)
    optimiser = torch.optim.AdamW(
        [p for p in encoder.model.parameters() if p.requires_grad],
        lr=chosen.rate, weight_decay=0.01, fused=True,
    )  # fmt: skip
    losses: list[torch.Tensor] = []
    started = time.time()
    for step in DataLoader(steps, batch_size=None, num_workers=workers):
        done = (time.time() - started) / (60 * chosen.minutes)
        if done >= 1:
            break
        warm = min(1, (len(losses) + 1) / WARM_UP)
        for group in optimiser.param_groups:
            group["lr"] = chosen.rate * warm * (1 + math.cos(math.pi * done)) / 2
        loss = loss_of(encoder.read(step.batches, step.back), step)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(encoder.model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.detach())
        if len(losses) % WRITTEN_EVERY == 0:
            encoder.save(chosen.out)
            mean = float(torch.stack(losses[-200:]).mean())
            print(f"{len(losses) * chosen.questions} questions, loss {mean:.4f}", flush=True)
        if len(losses) % JUDGED_EVERY == 0:
            print("held out:", json.dumps(held_out(encoder, material, shares)), flush=True)
    encoder.save(chosen.out)
    print(
        f"{len(losses)} steps; held out:",
        json.dumps(held_out(encoder, material, shares)),
        flush=True,
    )


if __name__ == "__main__":
    main()
