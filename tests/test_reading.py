from dataclasses import replace
from typing import Any

import pytest

from fakes import passage
from reading_steps import BY_WORDS, PAY, by_words
from waymark.answerability import Decision
from waymark.reading import DOUBTED, Reader
from waymark.readings import Reading, joined_reading
from waymark.store.index import Index
from waymark.types import Evidence, Turn

MARS = "How do astronauts train for a mission to Mars?"


def read(index: Index, question: str, *earlier: str) -> Reading:
    return Reader(by_words(index)).read(question, [Turn("user", asked) for asked in earlier], 8)


def test_a_single_question_is_read_as_it_stands(index: Index) -> None:
    found = read(index, PAY)
    assert (found.standalone, found.follow_up, found.uncovered) == (PAY, "", ())
    assert found.answerability > BY_WORDS.threshold
    assert found.evidence[0].text.startswith("A nurse has a median pay of $93,600")


def test_the_covered_part_is_answered_although_the_whole_is_not_covered(index: Index) -> None:
    message = f"{MARS} {PAY}"
    found = read(index, message)
    assert found.answerability > BY_WORDS.threshold
    assert found.uncovered == (MARS,)
    assert found.standalone == message
    assert "$93,600" in found.evidence[0].text


def test_an_uncovered_part_is_named_in_the_words_that_were_typed(index: Index) -> None:
    typed = "Do I need a lisence to fly to Mars, the red planet?"
    found = read(index, f"{typed} {PAY.replace('median', 'meadian')}")
    assert found.uncovered == (typed,)
    assert "$93,600" in found.evidence[0].text
    assert "licence" in found.standalone or "license" in found.standalone


def test_parts_that_name_nothing_never_leave_a_message_without_evidence(index: Index) -> None:
    found = passage("A nurse has pay.")
    best = Evidence(found, found.chunk.text, 0, len(found.chunk.text), 1.0)
    part = Reading("is it growing?", "", (found,), (best,), 0.9)
    whole = Reading("is it growing and is it far?", "", (), (), 0.2)
    rows = Reader(by_words(index))._to_the_point(whole, [part, part])
    joined = joined_reading(whole, [part, part], rows)
    assert joined.evidence == part.evidence
    assert (joined.standalone, joined.answerability) == (whole.standalone, 0.9)


def test_each_covered_part_brings_its_evidence(index: Index) -> None:
    message = f"{PAY} Does a plumber need school?"
    found = read(index, message)
    assert (found.standalone, found.uncovered) == (message, ())
    first, second = found.evidence[:2]
    assert "$93,600" in first.text
    assert second.document_id == "plumber"


def test_a_message_without_a_covered_part_stays_uncovered(index: Index) -> None:
    found = read(index, f"{MARS} Who was the first astronaut?")
    assert found.answerability < BY_WORDS.threshold
    assert found.uncovered == ()


def test_a_part_is_read_in_the_light_of_the_parts_before_it(index: Index) -> None:
    found = read(index, "Does a plumber need school? And is there a licence?")
    assert found.uncovered == ()


def test_parts_that_name_nothing_are_about_what_the_background_tells(index: Index) -> None:
    found = read(index, "My aunt is a nurse. Is a degree needed, and is a licence?")
    assert {piece.document_id for piece in found.evidence} == {"nurse"}
    assert found.uncovered == ()


def test_a_clause_in_front_of_the_questions_belongs_to_each(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    reader = Reader(by_words(index))
    read_in = reader._in_conversation

    def noted(text: str, *rest: Any) -> Reading:
        asked.append(text)
        return read_in(text, *rest)

    monkeypatch.setattr(reader, "_in_conversation", noted)
    reader.read("If I fail, is a licence needed, and is a degree?", (), 8)
    assert asked[1:] == ["If I fail, is a licence needed", "If I fail: is a degree?"]


def test_a_part_that_names_something_is_not_about_the_background(index: Index) -> None:
    found = read(index, "My aunt is a nurse. Does a plumber need school, and is a licence needed?")
    assert {piece.document_id for piece in found.evidence[: found.leading]} == {"plumber"}


def test_a_story_without_a_name_leaves_the_conversation_its_topic(index: Index) -> None:
    found = read(index, "I am forty now. Is a degree needed? And is a licence?", "What is a nurse?")
    assert {piece.document_id for piece in found.evidence[: found.leading]} == {"nurse"}


def test_a_message_that_is_covered_is_not_called_uncovered_part_by_part(index: Index) -> None:
    reader = Reader(by_words(index))
    reader.single.decision = Decision({"shared": 4.0}, -2.0, 0.5)
    whole = replace(read(index, PAY), answerability=0.6)
    reader._each = lambda *_: [replace(whole, answerability=0.2)] * 2  # type: ignore[method-assign]
    asked = "Is it pay? Is it training?"
    assert reader._by_parts(whole, asked, asked, [], 8).uncovered == ()


@pytest.mark.parametrize(
    ("part", "named"), [("Is median pay there?", False), ("Is a pension there?", True)]
)
def test_a_part_that_a_quote_answers_is_not_called_uncovered(
    index: Index, part: str, named: bool
) -> None:
    reader = Reader(by_words(index))
    whole = read(index, PAY)
    doubted = replace(whole, answerability=0.1)
    reader._each = lambda *_: [whole, doubted]  # type: ignore[method-assign]
    asked = f"{PAY} {part}"
    assert reader._by_parts(whole, asked, asked, [], 8).uncovered == ((part,) if named else ())


def test_a_name_in_front_of_the_questions_belongs_to_each(index: Index) -> None:
    assert read(index, "Is a licence needed?").answerability > BY_WORDS.threshold
    found = read(index, "Zookeeper contract: how long is it, and is a licence needed?")
    assert found.answerability < BY_WORDS.threshold
    found = read(index, f"Zookeeper contract: how long is it, and {PAY.lower()}")
    assert "$93,600" in found.evidence[0].text


def test_only_clear_doubt_names_a_part_of_an_answered_message() -> None:
    assert 0 < DOUBTED < 0.5


def test_a_follow_up_is_read_with_its_topic(index: Index) -> None:
    found = read(index, "and her median pay?", "Tell me about the nurse")
    meant = "nurse: her median pay?"
    assert (found.standalone, found.follow_up) == (meant, "and her median pay?")
    assert "$93,600" in found.evidence[0].text


def test_a_follow_up_that_needs_all_of_the_question_before_keeps_what_was_asked_last(
    index: Index,
) -> None:
    found = read(index, "why?", "Does a plumber need a licence?")
    assert found.standalone == "Does a plumber need a licence? why?"
    assert found.follow_up == "why?"


def test_a_follow_up_that_names_another_occupation_asks_the_same_about_it(
    two_pages: Index,
) -> None:
    found = read(two_pages, "and cooks?", "What is the pay of a nurse?")
    assert found.standalone == "What is the pay of a cook?"
    assert found.evidence[0].document_id == "cook"


def test_a_part_that_only_points_is_never_read_by_itself(index: Index) -> None:
    found = read(index, f"{MARS} And what do they need?")
    assert found.answerability < BY_WORDS.threshold


def quoted(found: Reading) -> set[str]:
    return {e.document_id for e in found.evidence[:2]}


def first(found: Reading) -> str:
    return found.evidence[0].document_id


@pytest.mark.parametrize(
    ("before", "question"),
    [("nurse pay", "is the pay better than for a cook?"), ("nurse or cook", "which has pay?")],
)
def test_a_follow_up_that_compares_is_read_for_each_side(
    two_pages: Index, before: str, question: str
) -> None:
    assert quoted(read(two_pages, question, before)) == {"nurse", "cook"}


def test_only_an_occupation_that_was_named_is_asked_about_after_all(two_pages: Index) -> None:
    assert quoted(read(two_pages, "and pay?", "nurse vs cook")) == {"nurse", "cook"}
    assert first(read(two_pages, "pay of the second one?", "nurse or cook")) == "cook"
    assert first(read(two_pages, "I meant a cook", "nurse pay")) == "cook"


def test_a_place_is_named_as_missing_in_a_message_of_two_questions(two_pages: Index) -> None:
    question = "What pay has a nurse in Dubai and what pay has a cook in Dubai?"
    assert read(two_pages, question).uncovered == ("Dubai",)


def test_two_new_occupations_are_both_asked_about(two_pages: Index) -> None:
    found = read(two_pages, "what about nurses and cooks?", "What pay does a plumber have?")
    assert quoted(found) == {"nurse", "cook"}


def test_a_rewrite_that_names_another_occupation_than_the_rules_is_not_read(
    two_pages: Index,
) -> None:
    reader = Reader(by_words(two_pages))
    reader.rewrite = lambda question, history: "What is the pay of a cook?"
    found = reader.read("and the pay?", [Turn("user", "Tell me about the nurse")], 8)
    assert first(found) == "nurse"


def test_a_bare_new_word_is_never_read_by_itself(index: Index) -> None:
    found = read(index, "and the plumber?", MARS)
    assert found.answerability < BY_WORDS.threshold


def test_a_part_that_names_nothing_is_about_what_the_others_name(index: Index) -> None:
    found = read(index, "What is the median pay of a nurse? And how long is the training?")
    assert {e.document_id for e in found.evidence} == {"nurse"}


def test_a_part_that_only_other_pages_answer_is_not_covered(index: Index) -> None:
    unnamed = "Is training on the job common for many people?"
    found = read(index, f"What is the median pay of a nurse? {unnamed}")
    assert {e.document_id for e in found.evidence} == {"nurse"}
    assert found.uncovered == (unnamed,)


def test_a_part_that_points_at_what_is_not_covered_is_not_covered(index: Index) -> None:
    alone = read(index, "Is training on the job common?")
    assert alone.answerability > BY_WORDS.threshold
    found = read(index, "How do astronauts fly to Mars? Is their training on the job common?")
    assert found.answerability < BY_WORDS.threshold


def test_a_part_that_names_nothing_is_no_answer_to_a_message_that_names_something(
    index: Index,
) -> None:
    unnamed = "Is training on the job common for many people?"
    alone = read(index, unnamed)
    assert alone.answerability > BY_WORDS.threshold
    assert alone.evidence[0].document_id == "plumber"
    message = f"How do nurses fly to Mars by rocket? {unnamed}"
    assert read(index, message).answerability < BY_WORDS.threshold


def test_the_best_piece_for_each_part_leads(index: Index) -> None:
    found = read(index, "What is the median pay of a nurse? Where is the school for a plumber?")
    assert found.leading == 2
    first, second = found.evidence[:2]
    assert [e.document_id for e in (first, second)] == ["nurse", "plumber"]


def test_each_part_of_a_follow_up_is_read_in_the_conversation(index: Index) -> None:
    found = read(index, "What pay do they have, and how long is the training?", "Tell me of nurses")
    assert {e.document_id for e in found.evidence} == {"nurse"}
    assert found.uncovered == ("how long is the training?",)


def test_a_slip_in_an_earlier_question_does_not_hide_its_topic(index: Index) -> None:
    found = read(index, "What is the median pay?", "How long is the trainning of a nurrse?")
    assert first(found) == "nurse"
