from collections.abc import Sequence

import pytest

from waymark.dialogue.comparing import asks_among, asks_of_each, chosen_among, leaves_open_which


@pytest.mark.parametrize(
    ("question", "among"),
    [("pay for both?", True), ("which of those three shrinks", True), ("the difference?", True),
     ("which one is best", True), ("do I need both Python and R?", False),
     ("is the gap on my CV bad?", False), ("which degree do nurses need?", False)],
)  # fmt: skip
def test_a_choice_among_things_named_before_is_known(question: str, among: bool) -> None:
    assert asks_among(question) == among


@pytest.mark.parametrize(
    ("question", "named", "chosen"),
    [
        ("which pays most", [["cooks"], ["nurses"]], ["cooks", "nurses"]),
        ("which of the two", [["cooks"], [], ["nurses"], ["roofers"]], ["nurses", "roofers"]),
        ("which pays most", [["cooks", "nurses"], ["roofers"]], ["cooks", "nurses"]),
        ("which", [["cooks"], ["nurses"], ["cooks"], ["roofers"], ["maids"]],
         ["nurses", "roofers", "maids"]),
        ("which pays most", [["cooks"], ["cooks"]], []),
        ("which pays most", [], []),
    ],
)  # fmt: skip
def test_things_named_in_one_message_are_chosen_among_before_those_named_last(
    question: str, named: Sequence[Sequence[str]], chosen: Sequence[str]
) -> None:
    assert list(chosen_among(question, named)) == chosen


@pytest.mark.parametrize(
    ("question", "open_"),
    [("which pays more?", True), ("pay for both?", True), ("do nurses earn more?", True),
     ("is it better than nursing?", True), ("how long is it for each?", True),
     ("the gap?", True), ("my cv needs to be better", False),
     ("Is it better to do a degree than a bootcamp?", False),
     ("do cooks earn more than nurses?", False), ("which step of an audit is hardest", False)],
)  # fmt: skip
def test_a_comparison_may_leave_open_of_what(question: str, open_: bool) -> None:
    assert leaves_open_which(question) == open_


@pytest.mark.parametrize(
    ("question", "each"),
    [("do cooks earn more than nurses?", True), ("What do cooks and nurses do?", True),
     ("Can cooks become nurses?", False)],
)  # fmt: skip
def test_what_is_compared_or_side_by_side_is_asked_of_each(question: str, each: bool) -> None:
    assert asks_of_each(question, ["cook", "nurse"]) == each
