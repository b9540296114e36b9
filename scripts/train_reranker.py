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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import BertForSequenceClassification

from pair_training import Batch, fit
from training_file import BASE, Tokens, load_material


class CrossEncoder:
    """The model in training."""

    def __init__(self, folder: Path, device: str, layers: Path | None) -> None:
        self.tokens = Tokens(folder)
        self.device = device
        model: Any = BertForSequenceClassification.from_pretrained(folder, num_labels=1)
        if layers:
            model.load_state_dict(load_file(layers), strict=False)
        self.model = model.float().to(device)
        for parameter in model.bert.embeddings.parameters():
            parameter.requires_grad_(False)

    def batch(self, questions: Sequence[str], texts: Sequence[str]) -> Batch:
        """Return padded token ids for pairs."""
        return self.tokens.batch(questions, texts)

    def logits(self, batch: Batch) -> torch.Tensor:
        """Return one logit for each pair."""
        return self.model(**batch).logits[:, 0]  # type: ignore[no-any-return]

    def save(self, out: Path) -> None:
        """Write all but the word embeddings, as float16."""
        kept = {
            name: tensor.to(torch.float16).contiguous().cpu()
            for name, tensor in self.model.state_dict().items()
            if not name.startswith("bert.embeddings.")
        }
        save_file(kept, out)


def main() -> None:
    """Train for the given time and write the layers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--questions", type=int, default=8, help="a step")
    parser.add_argument("--init", type=Path, help="layers to start from")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    material = load_material(chosen.data)
    encoder = CrossEncoder(chosen.data / BASE, chosen.device, chosen.init)
    encoder.tokens.remember(material.texts)
    fit(
        encoder,
        material,
        [q for q in material.questions if not q.held_out],
        seconds=60 * chosen.minutes,
        rate=chosen.rate,
        size=chosen.questions,
        seed=chosen.seed,
    )
    encoder.save(chosen.out)


if __name__ == "__main__":
    main()
