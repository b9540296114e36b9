import json
from pathlib import Path

import pytest

from waymark.chunking import sections
from waymark.corpus import load_corpus
from waymark.errors import QuestionSetInvalid
from waymark.evaluation.question_sets import Case, load_cases, section_key
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
    assert isinstance(case, Case)
    assert case.set == "set"
    assert case.gold[0].key == "nurse#Pay"
    assert case.facts == ((r"\$93,600",),)


def test_a_section_is_named_by_its_document_and_outermost_heading() -> None:
    assert section_key("nurse", "Pay > At night") == section_key("nurse", "Pay") == "nurse#Pay"


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


def dialogue(*contents: str, start: int = 0) -> list[dict[str, str]]:
    roles = ("user", "assistant")
    return [{"role": roles[(i + start) % 2], "content": c} for i, c in enumerate(contents, 0)]


def test_the_question_of_a_dialogue_is_its_last_turn(tmp_path: Path) -> None:
    path = tmp_path / "dialogues.jsonl"
    turns = dialogue("What is a nurse?", "A carer.", "And the pay?")
    case_of = {name: value for name, value in CASE.items() if name != "question"}
    path.write_text(json.dumps({**case_of, "turns": turns}))
    (case,) = load_cases(path)
    assert isinstance(case, Case)
    assert case.question == "And the pay?"
    assert [turn.content for turn in case.history] == ["What is a nurse?", "A carer."]


@pytest.mark.parametrize(
    "turns", [dialogue("Hello?", "Hi."), dialogue("Hi.", start=1), [{"role": "user"}]]
)
def test_turns_out_of_turn_are_refused(tmp_path: Path, turns: list[dict[str, str]]) -> None:
    path = tmp_path / "dialogues.jsonl"
    path.write_text(json.dumps({**CASE, "turns": turns}))
    with pytest.raises(QuestionSetInvalid, match="turns"):
        load_cases(path)


@pytest.mark.parametrize("turns", [["x"], 5, [], [{"role": "user"}]])
def test_turns_that_are_no_turns_are_named_with_their_line(tmp_path: Path, turns: object) -> None:
    path = tmp_path / "dialogues.jsonl"
    case_of = {name: value for name, value in CASE.items() if name != "question"}
    path.write_text(json.dumps({**case_of, "turns": turns}))
    with pytest.raises(QuestionSetInvalid, match=r"dialogues\.jsonl:1: "):
        load_cases(path)


def test_a_line_ends_where_the_file_s_lines_do(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    asked = "What do nurses\u2028earn?"
    path.write_text(json.dumps({**CASE, "question": asked}, ensure_ascii=False) + "\r\n")
    (case,) = load_cases(path)
    assert isinstance(case, Case)
    assert case.question == asked


def test_a_pair_must_differ(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    pair = {"id": "f", "a": "Same?", "b": "Other?", "differs": "age", "split": "dev"}
    path.write_text(json.dumps(pair))
    (case,) = load_cases(path)
    assert case.kind == "age"
    path.write_text(json.dumps({**pair, "b": "Same?"}))
    with pytest.raises(QuestionSetInvalid, match="same question"):
        load_cases(path)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("questions", 260),
        ("unanswerable", 100),
        ("dialogues", 70),
        ("safety", 60),
        ("fairness", 40),
    ],
)
def test_the_project_s_sets_are_large_and_so_are_both_halves(name: str, least: int) -> None:
    cases = load_cases(PROJECT / "evaluation" / f"{name}.jsonl")
    assert len(cases) >= least
    test = sum(case.split == "test" for case in cases)
    assert test >= 0.45 * least
    assert len(cases) - test >= 0.45 * least


def test_every_gold_section_of_the_project_s_sets_is_in_the_corpus() -> None:
    known = {
        f"{document.id}#{section.heading_path[0]}"
        for document in load_corpus(PROJECT / "corpus").documents
        for section in sections(document)
    }
    for name in ("questions", "unanswerable", "dialogues", "safety"):
        for case in load_cases(PROJECT / "evaluation" / f"{name}.jsonl"):
            assert isinstance(case, Case)
            assert {gold.key for gold in case.gold} <= known, case.id
            assert bool(case.gold) == bool(case.facts), case.id
