"""Whole questions made into follow-ups, with what was said before them."""

import sys
from pathlib import Path
from typing import Any

import pytest

from waymark.corpus import load_corpus
from waymark.settings import PROJECT
from waymark.vocabulary import Vocabulary

sys.path.insert(0, str(PROJECT / "scripts"))

from training_conversations import Conversations  # scripts/ is no package
from training_examples import is_kept
from training_file import Question, stands_alone

PAY, LICENCE, OTHER_PAY = 0, 1, 2  # rows of sentences


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    for name in ("Plumbers", "Glaziers"):
        page = f"---\ntitle: {name}\ntopic: occupation\n---\n# {name}\n\n{name} fit things.\n"
        (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
    return Vocabulary(load_corpus(tmp_path).documents)


def entry(document: str, question: str, **more: Any) -> dict[str, Any]:
    return {"document": document, "question": question, "answer": "So it is.", **more}


def made(
    entries: list[dict[str, Any]], rows: list[int], vocabulary: Vocabulary
) -> dict[str, Question]:
    """The follow-ups by their text; each question is answered by one of `rows`."""
    known = {
        stands_alone(e): Question(
            stands_alone(e), [row], [], [n for n in (0, 1, 2) if n != row], "questions", is_kept(e)
        )
        for e, row in zip(entries, rows, strict=True)
    }
    return {q.question: q for q in Conversations(entries, known, vocabulary).questions()}


def test_a_written_follow_up_has_behind_it_what_was_said(vocabulary: Vocabulary) -> None:
    history = [("What do plumbers earn?", "A lot.")]
    asked = entry("glaziers", "and glaziers?", standalone="What do glaziers earn?", history=history)
    found = made([asked], [OTHER_PAY], vocabulary)
    label = found["and glaziers? « A lot. / What do plumbers earn?"]
    assert (list(label.right), label.source) == ([OTHER_PAY], "said")


def test_what_answers_the_question_before_is_a_wrong_answer(vocabulary: Vocabulary) -> None:
    entries = [
        entry("plumbers", "What do plumbers earn?"),
        entry("plumbers", "Do plumbers need a licence?"),
    ]
    found = made(entries, [PAY, LICENCE], vocabulary)
    follow_ups = [q for q in found.values() if q.source == "made"]
    assert follow_ups
    for question in follow_ups:
        message = question.question.partition(" « ")[0]
        assert "plumber" not in message.casefold()
        assert question.right[0] not in question.near
        assert question.near[0] == (PAY if question.right == [LICENCE] else LICENCE)


def test_another_name_is_all_that_a_follow_up_needs(vocabulary: Vocabulary) -> None:
    entries = [
        entry("plumbers", "What do plumbers earn?"),
        entry("glaziers", "How are glaziers paid?"),
    ]
    texts = made(entries, [PAY, OTHER_PAY], vocabulary)
    renamed = [text for text in texts if "glaziers earn" in text or "plumbers paid" in text]
    assert all(" « " in text for text in renamed)
