import pytest

from reading_steps import BY_WORDS, PAY, by_words
from waymark.store.index import Index
from waymark.types import Turn


def test_what_is_covered_is_read_with_its_evidence(index: Index) -> None:
    found = by_words(index).reading(PAY, 8)
    assert (found.standalone, found.follow_up, found.leading) == (PAY, "", 1)
    assert found.answerability > BY_WORDS.threshold
    assert found.evidence[0].text.startswith("A nurse has a median pay of $93,600")


def test_nothing_is_measured_of_a_question_without_evidence(two_pages: Index) -> None:
    reader = by_words(two_pages)
    assert reader.features("nurse pay", 8).keys() > {"read", "passage"}
    assert reader.features("nurse pay", 0) == {}
    assert reader.reading("nurse pay", 0).answerability == 0


def test_what_says_nothing_by_itself_is_no_wording(index: Index) -> None:
    reader = by_words(index)
    story = "A nurse told me that she has a licence. Is it?"
    assert reader.wordings(story) == (story,)
    asked = "A friend told me. Is a licence needed for the work?"
    assert reader.wordings(asked) == (asked, "Is a licence needed for the work?")


def test_a_question_is_compared_without_its_background_too(index: Index) -> None:
    story = "I am a plumber and tired of it."
    wordings = by_words(index).wordings(f"{story} How long is the training?")
    assert wordings == (f"{story} How long is the training?", "plumber: How long is the training?")
    assert by_words(index).wordings(PAY) == (PAY,)


@pytest.mark.parametrize(
    "question",
    ["nurse pay vs cook pay", "What pay do nurses and cooks have?", "which has pay: nurse, cook"],
)
def test_occupations_that_are_compared_or_side_by_side_are_each_quoted(
    two_pages: Index, question: str
) -> None:
    found = by_words(two_pages).reading(question, 8)
    assert {e.document_id for e in found.evidence[:2]} == {"nurse", "cook"}
    assert found.answerability > BY_WORDS.threshold


def test_a_comparison_that_the_pages_do_not_carry_is_not_covered(two_pages: Index) -> None:
    found = by_words(two_pages).reading("nurse holidays vs cook holidays", 8)
    assert found.answerability < BY_WORDS.threshold


SAID = (Turn("user", "What pay does a nurse have?"), Turn("assistant", "Nurses have a median pay."))


def test_of_the_forms_of_a_message_the_one_that_finds_its_answer_first_is_meant(
    two_pages: Index,
) -> None:
    reader = by_words(two_pages)
    forms = ("nurse: and cooks?", "What pay does a cook have?", "and cooks?")
    found = reader.reading_in_conversation("and cooks?", SAID, forms, 8)
    assert (found.standalone, found.follow_up) == ("What pay does a cook have?", "")
    assert found.evidence[0].document_id == "cook"
    assert found.passages[0].chunk.document_id == "cook"
    assert [passage.rank for passage in found.passages] == [1, 2]


def test_a_message_behind_the_question_before_is_known_as_what_was_asked_last(
    two_pages: Index,
) -> None:
    both = "What pay does a nurse have? is it median"
    found = by_words(two_pages).reading_in_conversation("is it median", SAID, [both], 8)
    assert (found.standalone, found.follow_up) == (both, "is it median")


def test_a_message_that_finds_nothing_is_not_covered(two_pages: Index) -> None:
    reader = by_words(two_pages)
    found = reader.reading_in_conversation("and cooks?", SAID, ["and cooks?"], 0)
    assert (found.evidence, found.answerability) == ((), 0.0)
    assert reader.features_in_conversation("and cooks?", SAID, ["and cooks?"], 0) == {}


def test_a_message_is_decided_by_what_the_best_evidence_is_after_what_was_said(
    two_pages: Index,
) -> None:
    reader = by_words(two_pages)
    known = reader.features_in_conversation("and cooks?", SAID[:1], ["cooks: pay?"], 8)
    # "cook" counts three, "pay" and "nurse" one: the page of cooks has 4 of 5.
    assert known["read"] == pytest.approx(3.0)
    assert known.keys() == reader.features("cooks: pay?", 8).keys()


@pytest.mark.parametrize(("named", "covered"), [("nurse", True), ("cook", False)])
def test_the_pay_of_another_occupation_is_no_answer_in_a_conversation(
    two_pages: Index, named: str, covered: bool
) -> None:
    message = "median pay of $93,600"
    reader = by_words(two_pages)
    found = reader.reading_in_conversation(message, SAID, [f"{named}: {message}"], 8)
    assert found.evidence[0].document_id == "nurse"
    assert (found.answerability > BY_WORDS.threshold) is covered
    told = f"nurses have a {message}"
    assert reader.reading_in_conversation(told, SAID, [f"{named}: {told}"], 8).answerability > 0
