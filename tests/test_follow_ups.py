import pytest

from waymark.follow_ups import is_follow_up, is_name, points_back, with_item


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
    ("reply", "question", "meant", "item"),
    [
        ("TensorFlow, PyTorch and Keras.", "Who made the first one?", "Who made TensorFlow?",
         "TensorFlow"),
        ("TensorFlow, PyTorch and Keras.", "what of the last", "what of Keras", "Keras"),
        ("They are: grid search or random search.", "explain number two", "explain random search",
         "random search"),
        ("Speed, load and errors.", "define the middle one please", "define load please", "load"),
        ("Only Keras.", "Who made the first one?", "Who made the first one?", ""),
        ("A, b and c.", "What is the fifth one?", "What is the fifth one?", ""),
        ("A, b and c.", "What happens in the first week?", "What happens in the first week?", ""),
        ("A, b and c.", "Is it a second language?", "Is it a second language?", ""),
        ("They need Python, SQL and art.", "what of the first one", "what of Python", "Python"),
        ("It is clear and has a use.", "explain the second", "explain the second", ""),
        ("- an image classifier\n- a game", "why the second?", "why a game?", "a game"),
        ("", "the first one?", "the first one?", ""),
        ("1. tests 2. version control 3. Agile", "why no. 2?", "why version control?",
         "version control"),
        ("Three: 1) tests; 2) version control.", "and the 1st", "and tests", "tests"),
        ("A, b and c.", "no one told me", "no one told me", ""),
    ],
)  # fmt: skip
def test_a_place_in_a_list_stands_for_the_item_of_the_last_reply(
    reply: str, question: str, meant: str, item: str
) -> None:
    assert with_item(question, reply) == (meant, item)


@pytest.mark.parametrize(
    ("item", "name"),
    [("TensorFlow", True), ("Keras", True), ("Speed", False), ("random search", False)],
)
def test_capitals_that_no_sentence_asks_for_make_a_name(item: str, name: bool) -> None:
    assert is_name(item, "Speed, TensorFlow and Keras.") == name


@pytest.mark.parametrize("question", ["What should I learn first?", "which comes last"])
def test_first_and_last_alone_point_at_nothing(question: str) -> None:
    assert with_item(question, "TensorFlow, PyTorch and Keras.") == (question, "")


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
