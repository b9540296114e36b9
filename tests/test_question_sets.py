import json
from pathlib import Path

import pytest

from waymark.errors import QuestionSetInvalid
from waymark.question_sets import load_cases
from waymark.settings import PROJECT

CASE = {
    "id": "q1",
    "question": "What do nurses earn?",
    "kind": "pay",
    "split": "dev",
    "gold": [{"document": "nurse", "section": "Pay"}],
    "facts": [[r"\$93,600"]],
}


def test_a_case_keeps_its_gold_and_facts(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(CASE) + "\n")
    (case,) = load_cases(path)
    assert case.gold[0].key == "nurse#Pay"
    assert case.facts == ((r"\$93,600",),)


@pytest.mark.parametrize(
    "change", [{"split": "train"}, {"facts": [["("]]}, {"question": ""}, {"gld": []}]
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(CASE) + "\n" + json.dumps({**CASE, "id": "q2", **change}) + "\n")
    with pytest.raises(QuestionSetInvalid, match=r"set\.jsonl:2: "):
        load_cases(path)


def test_an_id_may_stand_only_once(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(CASE) + "\n" + json.dumps(CASE) + "\n")
    with pytest.raises(QuestionSetInvalid, match="twice"):
        load_cases(path)


@pytest.mark.parametrize(("name", "least"), [("questions", 260), ("unanswerable", 100)])
def test_the_project_s_sets_are_large_and_split_in_halves(name: str, least: int) -> None:
    cases = load_cases(PROJECT / "evaluation" / f"{name}.jsonl")
    assert len(cases) >= least
    dev = sum(case.split == "dev" for case in cases)
    assert 0.45 < dev / len(cases) < 0.55
    assert all(bool(case.gold) == (name == "questions") for case in cases)
