"""The cross-encoder with its real weights: which sentence answers, and which carries a claim."""

import pytest

from waymark.assembly import load_cross_encoder
from waymark.cross_encoder import CrossEncoder
from waymark.dialogue.said_before import with_what_was_said
from waymark.grounding import CARRIED
from waymark.settings import Settings
from waymark.types import Turn

PAY_OF_NURSES = "Registered nurses: Pay. Registered nurses earned a median of $93,600 a year."
PAY_OF_PLUMBERS = "Plumbers: Pay. Plumbers earned a median of $62,970 a year."
LICENCE_OF_NURSES = "Registered nurses: Getting in. Every registered nurse needs a state licence."
TEXTS = (PAY_OF_NURSES, PAY_OF_PLUMBERS, LICENCE_OF_NURSES)
SAID = (Turn("user", "What do registered nurses earn?"), Turn("assistant", "A median of $93,600."))

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def cross_encoder() -> CrossEncoder:
    return load_cross_encoder(Settings())


def test_a_whole_question_is_answered_by_the_sentence_about_it(cross_encoder: CrossEncoder) -> None:
    scores = cross_encoder.score("What do plumbers earn?", TEXTS)
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
    cross_encoder: CrossEncoder, message: str, answer: str
) -> None:
    scores = cross_encoder.score_in_conversation(with_what_was_said(message, SAID), TEXTS)
    assert scores.argmax() == TEXTS.index(answer)


@pytest.mark.parametrize(
    "claim",
    [
        "The median pay of registered nurses was $93,600 a year.",
        "As a registered nurse you would earn a median of $93,600 a year.",
    ],
)
def test_a_true_claim_is_carried(cross_encoder: CrossEncoder, claim: str) -> None:
    assert cross_encoder.carried(claim, [PAY_OF_NURSES]) >= CARRIED


@pytest.mark.parametrize(
    "claim",
    [
        "Registered nurses typically need a bachelor's degree.",
        "Registered nurses start at $93,600 a year.",
        "Plumbers earned a median of $93,600 a year.",
        "A state licence guarantees $93,600 a year.",
    ],
)
def test_a_claim_that_goes_beyond_a_sentence_is_not_carried(
    cross_encoder: CrossEncoder, claim: str
) -> None:
    assert cross_encoder.carried(claim, [PAY_OF_NURSES]) < CARRIED
