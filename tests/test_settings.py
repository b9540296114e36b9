import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from waymark.settings import PROJECT, Settings


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"WAYMARK_{name.upper()}", "")
    assert Settings() == Settings.model_construct()


def test_a_variable_is_taken_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().corpus == PROJECT / "corpus"
    monkeypatch.setenv("WAYMARK_CORPUS", "/pages")
    assert Settings().corpus == Path("/pages")


def test_all_cores_are_those_that_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {2, 5, 7})
    assert Settings().thread_count == 3
    assert Settings(threads=2).thread_count == 2


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "http://", "http://models.example:a/v1"])
def test_a_mistyped_address_or_key_of_a_model_server_is_told_at_once(address: str) -> None:
    with pytest.raises(ValidationError, match="model_url"):
        Settings(model_url=address)
    with pytest.raises(ValidationError, match="model_key"):
        Settings(model_key="clé")


def test_only_a_model_server_writes_several_answers_at_once() -> None:
    assert Settings(model_at_once=4).writers == 1
    assert Settings(model_at_once=4, model_url="http://models.example/v1").writers == 4
