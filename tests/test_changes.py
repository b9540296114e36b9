from dataclasses import replace

import pytest

from waymark.changes import BuildReport, check_removal
from waymark.errors import RemovalRefused


def report(before: int, lost: int, moved: int = 0) -> BuildReport:
    """Of `before` documents `lost` are gone and `moved` have another name."""
    gone = tuple(f"gone-{n}" for n in range(lost))
    return BuildReport(
        generation="gen-1",
        published=False,
        documents=before - lost,
        chunks=0,
        embedded=0,
        added=tuple(f"new-{n}" for n in range(moved)),
        changed=(),
        removed=gone + tuple(f"old-{n}" for n in range(moved)),
        skipped=(),
        lost=gone,
        corpus="/guidance",
        built_from="/guidance",
    )


@pytest.mark.parametrize(("before", "lost"), [(10, 0), (10, 3), (4, 1), (3, 3), (1, 1)])
def test_a_few_documents_may_go(before: int, lost: int) -> None:
    check_removal(report(before, lost))
    check_removal(report(before, lost, moved=before - lost))


@pytest.mark.parametrize(("before", "lost"), [(10, 4), (4, 2), (100, 31), (4, 4)])
def test_many_may_not_and_the_message_names_how_many_and_the_way(before: int, lost: int) -> None:
    with pytest.raises(RemovalRefused, match=f"^{lost} of {before} documents .* --allow-removal$"):
        check_removal(report(before, lost))


def test_a_long_list_is_cut_short() -> None:
    with pytest.raises(RemovalRefused, match=r"gone-3, gone-4, …\)"):
        check_removal(report(20, 12))


def test_the_message_names_the_folder_that_was_read() -> None:
    with pytest.raises(RemovalRefused, match=r"The folder read is /guidance\."):
        check_removal(report(10, 4))


def test_an_index_built_from_another_folder_loses_nothing_by_itself() -> None:
    elsewhere = replace(report(3, 1), built_from="/own")
    message = "built from /own, but /guidance is read now: 1 of 3 documents .*gone-0.* --allow-rem"
    with pytest.raises(RemovalRefused, match=message):
        check_removal(elsewhere)
    check_removal(replace(elsewhere, removed=(), lost=(), changed=("edited",)))  # a copy
    check_removal(replace(elsewhere, built_from=""))  # of before it was noted


def test_documents_that_can_no_longer_be_read_count_as_going() -> None:
    spoilt = replace(report(10, 4), removed=(), unreadable=report(10, 4).removed)
    with pytest.raises(RemovalRefused, match=r"^4 of 10 documents would go"):
        check_removal(spoilt)


def test_an_index_that_cannot_be_opened_is_compared_by_its_number_of_documents() -> None:
    unknown = replace(report(20, 0), documents=1, added=("new",), removed=(), uncompared=20)
    with pytest.raises(RemovalRefused, match=r"^19 of 20 documents would go, more than 30%"):
        check_removal(unknown)
    check_removal(replace(unknown, documents=14))
    check_removal(replace(unknown, documents=30))
