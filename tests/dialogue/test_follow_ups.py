import pytest

from waymark.dialogue.follow_ups import points_back


@pytest.mark.parametrize(
    "question",
    ["and electricians?", "what about hours?", "which pays more?", "is it better than nursing?",
     "so which one is dying out", "is the field growing?", "how long is it for each?",
     "do nurses earn more?", "pay for both?", "can they sack me because of it?", "what's the gap?",
     "no, I meant in Peru. I live in Lima.", "sorry, in Peru"],
)  # fmt: skip
def test_some_questions_mean_nothing_alone(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize(
    "question",
    ["And where do I find jobs?", "What do nurses earn?", "my cv needs to be better",
     "which degree do nurses need?", "Is training on the job common?",
     "Is it worth getting a degree in statistics?", "How long does it take to learn Python?",
     "how do I leave the job I have and burn no bridges?", "and if they ask why I got fired",
     "can they sack me without a reason", "will my boss say no when he hears of an offer",
     "which step of an audit is hardest", "I mean to leave, what do I say", "no in-house training"],
)  # fmt: skip
def test_others_can_be_read_by_themselves(question: str) -> None:
    assert not points_back(question)
