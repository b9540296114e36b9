"""Layers trained on our questions and those as published → their weighted mean, to be published.

    python scripts/average_layers.py --trained FILE --share 0.6 --out models/sentences.safetensors

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
    trained: dict[str, torch.Tensor], published: dict[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Return `share` of each trained tensor and the rest of its published one, as float16."""
    return {
        name: torch.lerp(published[name].float(), tensor.float(), share).to(torch.float16)
        for name, tensor in trained.items()
    }


def main() -> None:
    """Read both, write the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trained", type=Path, required=True)
    parser.add_argument("--share", type=float, required=True, help="of the trained layers, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    weights = models.embedding_weights()
    weights.verify()
    save_file(mean_of(load_file(chosen.trained), load_file(weights.path), chosen.share), chosen.out)


if __name__ == "__main__":
    main()
