import pytest

from waymark.follow_ups import asks_among, is_follow_up, is_new_question, may_lean, points_back


@pytest.mark.parametrize(
    "question",
    ["and with more experience?", "what about the pay?", "Is it hard?", "why?", "how long?",
     "do they need a degree?", "ok, and in Texas?", "sorry, I meant nurses", "no, the training",
     "entry pay?", "vs a degree, which one do most people choose",
     "What are the educational requirements required to become one?",
     "how much does it cost to sit the first exam?",
     "Is it possible to become one without a degree?", "pay for both?", "both?", "either of them",
     "how much is the gap between those two", "what do the worst paid ones get",
     "which part should be longest", "thats a year. per hour?", "which kind gets most",
     "anyway. how many nurses and cooks retire", "is it only for banks though",
     "which needs the licence, both?", "will they keep me afterwards",
     "how much do beginners make", "what do the best ones do"],
)  # fmt: skip
def test_a_question_without_a_topic_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    ["How much does a data scientist earn?", "What does a machine-learning engineer do?",
     "what should i say when they ask about being fired", "IT managers median salary usa",
     "How long does it take to learn Python?", "Is there demand for welders?",
     "Is it possible to become an electrician without a degree?",
     "Do nurses need both a degree and a licence?", "are nurses and cooks both paid by the hour?",
     "they also sent a contract that bars rival firms, is that valid in Peru?",
     "What does a pilot do?", "how much do pilots make", "how do I become an actor?",
     "How do teachers cope with their workload?", "Can I make it as a graphic designer?"],
)  # fmt: skip
def test_a_question_with_a_topic_stands_alone(question: str) -> None:
    assert not is_follow_up(question)


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
        ("so would the help desk first make sense", False),
        ("so would a night desk post suit cooks", True),
        ("and how do they find an apprenticeship near home?", False),
        ("and which pays better?", False),
        ("How can I spot a fake job offer?", False),
    ],
)
def test_a_whole_question_behind_and_is_a_new_one(question: str, new: bool) -> None:
    assert is_new_question(question, lambda text: ["SQL"] if "SQL" in text else []) == new


@pytest.mark.parametrize(
    ("question", "among"),
    [("pay for both?", True), ("which of those three shrinks", True), ("the difference?", True),
     ("do I need both Python and R?", False), ("is the gap on my CV bad?", False)],
)  # fmt: skip
def test_a_choice_among_things_named_before_is_known(question: str, among: bool) -> None:
    assert asks_among(question) == among


@pytest.mark.parametrize(
    ("question", "leans"),
    [("what could still give someone away", True), ("java can wait then?", True),
     ("consulting sounds good. what about tax for that", True),
     ("I was a cook for six years, does that shorten it", True),
     ("can I show what I made there to a firm", True),
     ("they asked for a photo and a passport", True),
     ("what do I say when they ask why I left", False),
     ("Is it hard to learn Python?", False),
     ("How do I tell my manager that I am leaving?", False)],
)  # fmt: skip
def test_a_whole_question_may_be_about_what_was_talked_of(question: str, leans: bool) -> None:
    assert may_lean(question) == leans
