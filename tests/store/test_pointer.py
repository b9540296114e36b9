from pathlib import Path

import pytest

from conftest import build
from waymark.errors import IndexDamaged, IndexMissing
from waymark.store.generations import list_generations, rollback
from waymark.store.manifest import seal, unseal
from waymark.store.pointer import CURRENT, WITHDRAWN, current_generation, read_pointer


def test_no_index_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="Run: waymark index"):
        current_generation(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"generation": 1}', "gen-1"])
def test_a_damaged_pointer_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / CURRENT).write_text(content)
    with pytest.raises(IndexDamaged, match="Run: waymark index"):
        current_generation(tmp_path)


def test_a_manifest_from_another_generation_is_refused(
    corpus_folder: Path, index_folder: Path
) -> None:
    first = build(corpus_folder, index_folder).generation
    (corpus_folder / "new.txt").write_text("More.")
    second = build(corpus_folder, index_folder).generation
    other = (index_folder / first / "manifest.json").read_bytes()
    (index_folder / second / "manifest.json").write_bytes(other)
    with pytest.raises(IndexDamaged, match="not the one that was published"):
        current_generation(index_folder)


def test_the_pointer_of_an_earlier_version_is_read(corpus_folder: Path, index_folder: Path) -> None:
    build(corpus_folder, index_folder)
    path = index_folder / CURRENT
    fields = unseal(path.read_bytes())
    del fields["previous"], fields["withdrawn"]
    for replaced, withdrawn in (("", ()), ("gen-x", ("gen-x",))):
        path.write_bytes(seal({**fields, "replaced": replaced}))
        assert read_pointer(index_folder).withdrawn == withdrawn


def test_a_list_of_an_earlier_version_counts_without_marks_and_the_next_build_sets_them(
    corpus_folder: Path, index_folder: Path
) -> None:
    (corpus_folder / "n.txt").write_text("A figure.")
    good = build(corpus_folder, index_folder).generation
    (corpus_folder / "n.txt").write_text("A wrong figure.")
    wrong = build(corpus_folder, index_folder).generation
    rollback(index_folder)
    (index_folder / wrong / WITHDRAWN).unlink()
    states = {entry.name: entry.state for entry in list_generations(index_folder)}
    assert states == {wrong: "withdrawn", good: "current"}
    (corpus_folder / "n.txt").write_text("The right figure.")
    build(corpus_folder, index_folder)
    assert [path.parent.name for path in index_folder.glob(f"*/{WITHDRAWN}")] == [wrong]
