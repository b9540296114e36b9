import pytest

from waymark.follow_ups import is_follow_up, is_new_question, points_back


@pytest.mark.parametrize(
    "question",
    ["and with more experience?", "what about the pay?", "Is it hard?", "why?", "how long?",
     "do they need a degree?", "ok, and in Texas?", "sorry, I meant nurses", "no, the training",
     "entry pay?", "vs a degree, which one do most people choose",
     "What are the educational requirements required to become one?",
     "how much does it cost to sit the first exam?",
     "Is it possible to become one without a degree?"],
)  # fmt: skip
def test_a_question_without_a_topic_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["How much does a data scientist earn?", "What does a machine-learning engineer do?",
     "What is the median pay of nurses in the United States, and how fast will it grow?",
     "what should i say when they ask about being fired", "IT managers median salary usa",
     "How long does it take to learn Python?", "Is there demand for welders?",
     "Is it possible to become an electrician without a degree?"],
)  # fmt: skip
def test_a_question_with_a_topic_stands_alone(question: str) -> None:
    assert not is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["and electricians?", "what about hours?", "which pays more?", "is it better than nursing?",
     "so which one is dying out", "is the field growing?", "how long is it for each?",
     "do nurses earn more?"],
)  # fmt: skip
def test_some_questions_mean_nothing_alone(question: str) -> None:
    assert points_back(question)


@pytest.mark.parametrize(
    "question",
    ["And where do I find jobs?", "What do nurses earn?", "my cv needs to be better",
     "which degree do nurses need?", "Is training on the job common?",
     "Is it worth getting a degree in statistics?", "How long does it take to learn Python?",
     "how do I leave the job I have and burn no bridges?"],
)  # fmt: skip
def test_others_can_be_read_by_themselves(question: str) -> None:
    assert not points_back(question)


@pytest.mark.parametrize(
    "question",
    ["they're paid right?", "is that still true for small firms with few clients?",
     "even with a degree?", "where do those people usually work in winter?",
     "could I make another one for my portfolio of work?", "is it harder to learn than TensorFlow?",
     "will AI replace them?"],
)  # fmt: skip
def test_more_words_can_lean_on_what_was_said(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["Is it better to do a degree than a bootcamp?", "it's hard to find work, what can I do"],
)
def test_a_sentence_that_opens_with_it_may_say_itself_what_it_is_about(question: str) -> None:
    assert not is_follow_up(question)


@pytest.mark.parametrize(
    ("question", "new"),
    [
        ("ok. How can I spot a fake job offer?", True),
        ("And what does GDPR mean for ML engineers?", True),
        ("and do I need SQL?", False),
        ("and how do they find an apprenticeship near home?", False),
        ("and which pays better?", False),
        ("How can I spot a fake job offer?", False),
    ],
)
def test_a_whole_question_behind_and_is_a_new_one(question: str, new: bool) -> None:
    assert is_new_question(question, lambda text: ["SQL"] if "SQL" in text else []) == new
