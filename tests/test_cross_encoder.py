"""The cross-encoder with its real weights: what it says of a sentence depends on what was said."""

import pytest

from waymark.assembly import load_reranker
from waymark.said_before import with_what_was_said
from waymark.settings import Settings
from waymark.types import Reranker, Turn

PAY_OF_NURSES = "Registered nurses: Pay. Registered nurses earned a median of $93,600 a year."
PAY_OF_PLUMBERS = "Plumbers: Pay. Plumbers earned a median of $62,970 a year."
LICENCE_OF_NURSES = "Registered nurses: Getting in. Every registered nurse needs a state licence."
TEXTS = (PAY_OF_NURSES, PAY_OF_PLUMBERS, LICENCE_OF_NURSES)
SAID = (Turn("user", "What do registered nurses earn?"), Turn("assistant", "A median of $93,600."))

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    return load_reranker(Settings())


def test_a_whole_question_is_answered_by_the_sentence_about_it(reranker: Reranker) -> None:
    scores = reranker.score("What do plumbers earn?", TEXTS)
    assert scores.shape == (3,)
    assert scores.argmax() == TEXTS.index(PAY_OF_PLUMBERS)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("and plumbers?", PAY_OF_PLUMBERS),
        ("do they need a licence?", LICENCE_OF_NURSES),
        ("sorry, how much was that again?", PAY_OF_NURSES),
    ],
)
def test_a_message_is_answered_in_the_light_of_what_was_said(
    reranker: Reranker, message: str, answer: str
) -> None:
    scores = reranker.score_in_conversation(with_what_was_said(message, SAID), TEXTS)
    assert scores.argmax() == TEXTS.index(answer)
