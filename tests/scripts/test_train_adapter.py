"""The script that trains the language model's adapter, on one tiny layer."""

import argparse
import math
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from waymark.settings import PROJECT

sys.path.insert(0, str(PROJECT / "scripts"))

import train_adapter  # scripts/ is no package
from train_adapter import Lora, Pack

PACKS = [Pack([1], [([2, 3], 1)])] * train_adapter.ACCUMULATE  # one step a pass


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    """One pass, on a model whose loss is the size of its only weights."""
    monkeypatch.setattr(train_adapter, "pack_loss", lambda model, _: (model.a.square().sum(), 1))
    monkeypatch.setattr(train_adapter, "held_out_loss", lambda *_: 0.0)
    return argparse.Namespace(
        passes=1,
        minutes=math.inf,
        rate=0.1,
        state=tmp_path / "state",
        out=tmp_path / "adapter.gguf",
    )


def train(options: argparse.Namespace) -> None:
    torch.manual_seed(0)
    lora = Lora(torch.nn.Linear(4, 4))
    train_adapter.train(lora, {"blk.0.attn_v.weight": (lora, 0)}, PACKS, [], options)


@pytest.mark.parametrize("interrupted", ["train_adapter.write_adapter", "torch.save"])
def test_training_interrupted_while_it_saves_goes_on_from_what_was_saved_before(
    options: argparse.Namespace, monkeypatch: pytest.MonkeyPatch, interrupted: str
) -> None:
    def save(*arguments: Any) -> None:
        path = next(argument for argument in arguments if isinstance(argument, Path))
        path.write_bytes(b"half")
        raise KeyboardInterrupt

    train(options)
    before = options.state.read_bytes()
    options.passes = 3
    with monkeypatch.context() as context:
        context.setattr(interrupted, save)
        context.setattr(train_adapter, "SAVE_EVERY", 1)
        with pytest.raises(KeyboardInterrupt):
            train(options)
    assert options.state.read_bytes() == before
    assert options.out.read_bytes().startswith(b"GGUF")
    train(options)
    assert torch.load(options.state, weights_only=True)["step"] == 3


def test_training_ends_when_its_minutes_are_over(options: argparse.Namespace) -> None:
    options.passes, options.minutes = 50, 1e-9
    train(options)
    assert torch.load(options.state, weights_only=True)["step"] == 1
