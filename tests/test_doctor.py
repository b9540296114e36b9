from pathlib import Path

import pytest

from conftest import build
from fakes import WordEmbedder
from waymark import assembly, doctor
from waymark.doctor import Finding, examine
from waymark.index import VECTORS
from waymark.settings import Settings


@pytest.fixture(autouse=True)
def _only_these_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly.open_index, "__defaults__", (WordEmbedder.model_id,))
    for name in ("_embedding_model", "_layers", "_language_model", "_write_access", "_offline"):
        monkeypatch.setattr(doctor, name, lambda *_: "")


def finding(name: str, settings: Settings) -> Finding:
    return next(found for found in examine(settings) if found.name == name)


def test_a_damaged_current_generation_is_not_healthy_though_an_older_one_answers(
    corpus_folder: Path, index_folder: Path
) -> None:
    settings = Settings(index=index_folder)
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        newest = build(corpus_folder, index_folder).generation
    assert finding("index", settings).healthy
    (index_folder / newest / VECTORS).write_bytes(b"x")
    found = finding("index", settings)
    assert not found.healthy
    assert VECTORS in found.detail


def test_a_library_that_is_missing_is_a_finding_and_not_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", ("no-such-library",))
    found = finding("versions", Settings(index=tmp_path))
    assert not found.healthy
    assert "no-such-library" in found.detail
