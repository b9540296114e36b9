"""The script that measures rewriting, on made-up conversations."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fakes import ScriptedGenerator, answering_parts
from waymark.answering import Answerer
from waymark.evaluation.metrics import Estimate
from waymark.settings import PROJECT
from waymark.store.index import Index
from waymark.types import Turn

sys.path.insert(0, str(PROJECT / "scripts"))

import measure_rewriting  # scripts/ is no package
from measure_rewriting import Rewrite

# The SHA-256 of "c" is even and that of "a" odd.
ASKED = ("What do bakers earn?", "And their hours?")


def rewrite(question: str, gold: str) -> Rewrite:
    return Rewrite((Turn("user", "What do bakers earn?"),), question, gold)


def lines(path: Path, *entries: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")


@pytest.fixture
def mtrag(tmp_path: Path) -> Path:
    for domain in measure_rewriting.DOMAINS:
        ids = ("a<::>1", "a<::>2", "c<::>2") if domain == "cloud" else ()
        asked = [" \n".join(f"|user|: {q}" for q in ASKED[: int(i[-1])]) for i in ids]
        tasks = tmp_path / "retrieval_tasks" / domain
        lines(
            tasks / f"{domain}_questions.jsonl",
            *({"_id": i, "text": text} for i, text in zip(ids, asked, strict=True)),
        )
        lines(
            tasks / f"{domain}_rewrite.jsonl",
            *({"_id": i, "text": f"|user|: What are bakers' hours, {i[0]}?"} for i in ids),
        )
    return tmp_path


def test_the_halves_of_mtrag_share_no_conversation(mtrag: Path) -> None:
    tune, report = (measure_rewriting.load_mtrag(mtrag, part) for part in ("tune", "report"))
    assert [r.gold[-2] for r in (*tune, *report)] == ["c", "a"]
    assert len(tune) == 1
    assert tune[0].question == "And their hours?"
    assert tune[0].history == (Turn("user", "What do bakers earn?"),)


def test_cast_leaves_out_first_questions_and_those_without_a_rewrite(tmp_path: Path) -> None:
    folder = tmp_path / "training"
    folder.mkdir()
    turns = [{"number": n, "raw_utterance": q} for n, q in enumerate((*ASKED, "And now?"), 1)]
    (folder / "train_topics_v1.0.json").write_text(json.dumps([{"number": 7, "turn": turns}]))
    (folder / "train_topic_sample_annotated_resolved_v1.0.tsv").write_bytes(
        b"7_1\tWhat do bakers earn?\r\n7_2\tWhat are bakers' hours?\r\n"
    )
    found = measure_rewriting.load_cast(tmp_path, "tune")
    assert [(r.question, r.gold) for r in found] == [
        ("And their hours?", "What are bakers' hours?")
    ]


def test_words_brought_in_are_compared_with_the_words_of_the_gold_rewrite() -> None:
    row = measure_rewriting.compare(
        rewrite("And their hours?", "How long are the hours of bakers?")
    )
    # Gold adds "long" and "baker"; the question before brings in "baker" and "earn".
    assert row == {
        "detection precision": 1.0,
        "detection recall": 1.0,
        "recall": 0.5,
        "within reach": 0.5,
        "precision": 0.5,
    }


def test_a_question_that_needs_nothing_is_not_detected() -> None:
    alone = "What is a kiln used for in a factory?"
    assert measure_rewriting.compare(rewrite(alone, alone)) == {"precision": 0.0}


def test_a_follow_up_that_needed_nothing_lowers_the_precision_of_detection() -> None:
    row = measure_rewriting.compare(rewrite("and ovens?", "Ovens?"))
    assert row == {"detection precision": 0.0, "precision": 0.0}


def test_own_dialogues_are_measured_through_the_product(index: Index, tmp_path: Path) -> None:
    case = {
        "id": "d-1",
        "turns": [
            {"role": "user", "content": "Tell me about the nurse"},
            {"role": "assistant", "content": "A nurse cares."},
            {"role": "user", "content": "what is her median pay?"},
        ],
        "standalone": "What is the median pay of a nurse?",
        "kind": "pronoun",
        "split": "dev",
        "gold": [{"document": "nurse", "section": "Pay"}],
        "facts": [["93,600"]],
    }
    other = {**case, "id": "d-2", "split": "test"}
    lines(tmp_path / "dialogues.jsonl", case, other)
    answerer = Answerer(
        *answering_parts(index, ScriptedGenerator()), today=lambda: date(2026, 2, 1)
    )
    found = measure_rewriting.own_dialogues(tmp_path / "dialogues.jsonl", answerer)
    assert list(found) == ["dialogues, dev", "kind: pronoun"]
    assert found["kind: pronoun"]["R@4"] == Estimate(1.0, 1.0, 1.0, 1)
    assert found["dialogues, dev"]["R@4 of gold rewrite"].mean == 1.0


def test_the_report_has_a_line_for_each_group_and_measure() -> None:
    text = measure_rewriting.report({"all": {"R@4": Estimate(0.5, 0.25, 0.75, 4)}})
    assert text.splitlines()[2] == "| all | R@4 | 0.500 | 0.250–0.750 | 4 |"
