from datetime import date

from fakes import OverlapReranker, WordEmbedder
from waymark.answerability import Decision
from waymark.index import Index
from waymark.reading import DOUBTED, Reader, Reading
from waymark.vocabulary import Vocabulary

PAY = "What is the median pay of a nurse?"
MARS = "How do astronauts train for a mission to Mars?"

# The share of the question's words in the passages decides, so that it can be worked out by hand.
BY_WORDS = Decision({"covered": 20.0}, -14.0, 0.5)


def read(index: Index, question: str) -> Reading:
    reader = Reader(
        index,
        Vocabulary(index.documents()),
        WordEmbedder(),
        WordEmbedder(),
        OverlapReranker(),
        BY_WORDS,
        lambda: date(2026, 2, 1),
    )
    return reader.read(question, [], 8)


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


def test_a_message_without_a_covered_part_stays_uncovered(index: Index) -> None:
    found = read(index, f"{MARS} Who was the first astronaut?")
    assert found.answerability < BY_WORDS.threshold
    assert found.uncovered == ()


def test_a_part_is_read_in_the_light_of_the_parts_before_it(index: Index) -> None:
    found = read(index, "Does a plumber need school? And is there a licence?")
    assert found.uncovered == ()


def test_only_clear_doubt_names_a_part_of_an_answered_message() -> None:
    assert 0 < DOUBTED < 0.5
