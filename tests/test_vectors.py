from pathlib import Path

import pytest

from conftest import build
from waymark import vectors
from waymark.store.index import VECTORS
from waymark.store.pointer import current_generation
from waymark.thoughts import thoughts_of


def test_pieces_that_are_cut_in_another_way_are_embedded_anew(
    corpus_folder: Path, index_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(corpus_folder, index_folder)
    (corpus_folder / "new.txt").write_text("More pay.")
    monkeypatch.setattr(vectors, "thoughts_of", lambda passage: thoughts_of(passage)[:1])
    report = build(corpus_folder, index_folder)
    build(corpus_folder, tmp_path / "full")
    one, other = (
        current_generation(folder) / VECTORS for folder in (index_folder, tmp_path / "full")
    )
    assert one.read_bytes() == other.read_bytes()
    assert 1 < report.embedded < report.chunks
