"""What the product reached on the dev half is not lost unnoticed."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.commands.cli import main
from waymark.settings import PROJECT, Settings

sys.path.insert(0, str(PROJECT / "scripts"))

import store_baseline  # scripts/ is no package

BASELINE = json.loads(store_baseline.TARGET.read_text(encoding="utf-8"))


def lost(now: store_baseline.Figures, baseline: store_baseline.Figures) -> list[str]:
    """The gated figures that are below the interval they once had, or gone."""
    return [
        f"{part}: {name} is {now.get(part, {}).get(name, {}).get('mean')}, was {then['mean']:.3f}"
        for part, figures in baseline.items()
        for name, then in figures.items()
        if now.get(part, {}).get(name, {"mean": -1.0})["mean"] < then["low"]
    ]


def test_a_figure_below_its_interval_or_gone_is_lost() -> None:
    then = {"questions": {"facts": {"mean": 0.8, "low": 0.7, "high": 0.9, "n": 100}}}
    same = {"questions": {"facts": {"mean": 0.71}}}
    assert lost(same, then) == []
    assert len(lost({"questions": {"facts": {"mean": 0.69}}}, then)) == 1
    assert len(lost({}, then)) == 1


def test_the_baseline_gates_every_set() -> None:
    assert set(BASELINE) == set(store_baseline.SETS)
    assert BASELINE["questions"]["citations_valid"]["low"] == 1


@pytest.mark.model
def test_no_gated_figure_of_the_dev_half_is_lost(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["index"], env={"WAYMARK_INDEX": str(tmp_path)})
    assert result.exit_code == 0, result.output
    assert lost(store_baseline.measured(Settings(index=tmp_path)), BASELINE) == []
