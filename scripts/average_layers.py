"""Layers trained on our questions and others → their weighted mean, to be used.

    python scripts/average_layers.py --trained FILE --share 0.6 --out models/sentences.safetensors
        [--other FILE]

The others are those of the embedding model as published, unless another training's are given.

What training for one corpus costs on other texts comes back when the trained weights are averaged
with the published ones, and little of what it brought is lost (Wortsman et al. 2022,
arXiv:2109.01903). docs/LOG.md has the figures of several shares.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from waymark import models


def mean_of(
    trained: dict[str, torch.Tensor], others: dict[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Return `share` of each trained tensor and the rest of the other one, as float16."""
    return {
        name: torch.lerp(others[name].float(), tensor.float(), share).to(torch.float16)
        for name, tensor in trained.items()
    }


def main() -> None:
    """Read both, write the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trained", type=Path, required=True)
    parser.add_argument("--share", type=float, required=True, help="of the trained layers, 0 to 1")
    parser.add_argument("--other", type=Path, help="layers to average with")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    published = models.embedding_weights()
    published.verify()
    others = load_file(chosen.other or published.path)
    save_file(mean_of(load_file(chosen.trained), others, chosen.share), chosen.out)


if __name__ == "__main__":
    main()
