import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import build
from waymark import files
from waymark.errors import IndexDamaged, IndexMissing
from waymark.store.generations import list_generations, rollback
from waymark.store.index import VECTORS
from waymark.store.manifest import MANIFEST
from waymark.store.pointer import CURRENT, current_generation
from waymark.store.publishing import open_current

Edit = Callable[[str], str]


@pytest.fixture
def edit(corpus_folder: Path, index_folder: Path) -> Edit:
    """Build an edition of the corpus; returns the name of its generation."""

    def build_edition(said: str) -> str:
        (corpus_folder / "n.txt").write_text(f"Edition {said}.")
        return build(corpus_folder, index_folder).generation

    return build_edition


def states(index_folder: Path) -> dict[str, str]:
    return {entry.name: entry.state for entry in list_generations(index_folder)}


def test_a_generation_that_the_system_refuses_to_read_is_listed_as_unreadable(
    edit: Edit, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    older, newest = edit("a"), edit("b")
    (index_folder / older / MANIFEST).unlink()
    (index_folder / older / MANIFEST).mkdir()
    assert states(index_folder) == {newest: "current", older: "unreadable"}
    monkeypatch.setattr(files, "size_of", refuse)
    assert [entry.bytes for entry in list_generations(index_folder)] == [0, 0]


def test_a_withdrawn_generation_takes_the_place_of_no_good_one(
    edit: Edit, index_folder: Path
) -> None:
    oldest, good, bad = edit("a"), edit("b"), edit("c, which is wrong")
    assert rollback(index_folder).name == good
    assert states(index_folder)[bad] == "withdrawn"
    newest = edit("d")
    assert states(index_folder) == {newest: "current", good: "kept", oldest: "kept"}
    assert rollback(index_folder).name == good
    again = edit("e")
    (index_folder / again / VECTORS).write_bytes(b"x")
    index, warning = open_current(index_folder)
    index.close()
    assert warning
    assert index.name == good


def test_a_rollback_by_name_withdraws_all_that_is_newer(edit: Edit, index_folder: Path) -> None:
    oldest, middle, newest = edit("a"), edit("b"), edit("c")
    rollback(index_folder, oldest)
    assert states(index_folder) == {newest: "withdrawn", middle: "withdrawn", oldest: "current"}
    rollback(index_folder, newest)
    assert states(index_folder) == {newest: "current", middle: "withdrawn", oldest: "kept"}


@pytest.mark.parametrize("content", [None, "damaged"])
def test_a_generation_that_is_named_comes_back_without_a_readable_pointer(
    edit: Edit, index_folder: Path, content: str | None
) -> None:
    older, _ = edit("a"), edit("b")
    (index_folder / CURRENT).unlink()
    if content:
        (index_folder / CURRENT).write_text(content)
    with pytest.raises((IndexMissing, IndexDamaged)):
        rollback(index_folder)
    assert rollback(index_folder, older).name == older
    assert current_generation(index_folder).name == older


@pytest.mark.parametrize("content", [None, "damaged"])
def test_what_was_withdrawn_stays_so_without_a_readable_pointer(
    edit: Edit, index_folder: Path, content: str | None
) -> None:
    good, wrong, worse = edit("a"), edit("b"), edit("c")
    rollback(index_folder, good)
    (index_folder / CURRENT).unlink()
    if content:
        (index_folder / CURRENT).write_text(content)
    assert states(index_folder) == {worse: "withdrawn", wrong: "withdrawn", good: "kept"}
    newest = edit("d")
    assert states(index_folder)[newest] == "current"
    assert rollback(index_folder).name == good


def test_a_withdrawn_generation_that_is_named_is_one_as_any_other_again(
    edit: Edit, index_folder: Path
) -> None:
    _, named = edit("a"), edit("b")
    rollback(index_folder)
    rollback(index_folder, named)
    (index_folder / CURRENT).write_bytes(b"x")
    index, _ = open_current(index_folder)
    index.close()
    assert index.name == named


def test_generations_are_listed_though_the_system_refuses_to_say_which_is_current(
    edit: Edit, index_folder: Path
) -> None:
    name = edit("a")
    (index_folder / CURRENT).unlink()
    (index_folder / CURRENT).mkdir()
    assert states(index_folder) == {name: "kept"}


def test_the_generation_that_was_in_use_before_is_kept_after_a_rollback_and_a_build(
    edit: Edit, index_folder: Path
) -> None:
    oldest, _, newest = edit("a"), edit("b"), edit("c")
    rollback(index_folder, oldest)
    current = edit("d")
    assert current_generation(index_folder).name == current
    assert states(index_folder) == {current: "current", newest: "withdrawn", oldest: "kept"}
