from pathlib import Path

import pytest

from waymark.settings import PROJECT, Settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"WAYMARK_{name.upper()}", "")
    assert Settings() == Settings.model_construct()


def test_a_variable_is_taken_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().corpus == PROJECT / "corpus"
    monkeypatch.setenv("WAYMARK_CORPUS", "/pages")
    assert Settings().corpus == Path("/pages")
