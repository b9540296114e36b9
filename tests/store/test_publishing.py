import resource
from pathlib import Path

from conftest import build
from waymark.store.generations import collect, prune
from waymark.store.pointer import CURRENT, current_generation
from waymark.store.publishing import next_sequence


def test_generations_are_ordered_by_sequence_and_not_by_clock(
    corpus_folder: Path, index_folder: Path
) -> None:
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        build(corpus_folder, index_folder)
    assert next_sequence(index_folder) == 3


def test_a_build_deletes_what_builds_left_unfinished_and_nothing_of_others(
    corpus_folder: Path, index_folder: Path
) -> None:
    other = index_folder / "thesis.tmp" / "chapter.doc"
    other.parent.mkdir(parents=True)
    other.write_text("years of work")
    names = ("notes.tmp", "gen-alpha.tmp", "gen-alpha", "gen-alpha.rejected")
    for name in names:
        (index_folder / name).mkdir()
    unfinished = index_folder / "gen-20260101T000000-0badcafe.tmp"
    unfinished.mkdir()
    (index_folder / (CURRENT + ".tmp")).write_text("half")
    for n in range(5):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        build(corpus_folder, index_folder)
    assert other.read_text() == "years of work"
    assert all((index_folder / name).is_dir() for name in names)
    assert [path.name for path in index_folder.glob("*.tmp") if path.name not in names] == [
        "thesis.tmp"
    ]


def test_a_disk_that_takes_no_byte_more_can_still_be_freed(
    corpus_folder: Path, index_folder: Path
) -> None:
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        newest = build(corpus_folder, index_folder).generation
    unfinished = index_folder / "gen-20260101T000000-0badcafe.tmp"
    unfinished.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        prune(index_folder, 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in index_folder.glob("gen-*")] == [newest]


def test_the_current_generation_is_never_collected(corpus_folder: Path, index_folder: Path) -> None:
    build(corpus_folder, index_folder)
    assert collect(index_folder) == []
    assert current_generation(index_folder).is_dir()
