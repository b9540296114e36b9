import pytest

from waymark.dialogue.list_references import listed, with_item


@pytest.mark.parametrize(
    ("reply", "question", "meant"),
    [
        ("TensorFlow, PyTorch and Keras.", "Who made the first one?", "Who made TensorFlow?"),
        ("TensorFlow, PyTorch and Keras.", "what of the last", "what of Keras"),
        ("They are: grid search or random search.", "explain number two", "explain random search"),
        ("Speed, load and errors.", "define the middle one please", "define load please"),
        ("Only Keras.", "Who made the first one?", "Who made the first one?"),
        ("A, b and c.", "What is the fifth one?", "What is the fifth one?"),
        ("A, b and c.", "What happens in the first week?", "What happens in the first week?"),
        ("A, b and c.", "Is it a second language?", "Is it a second language?"),
        ("They need Python, SQL and art.", "what of the first one", "what of Python"),
        ("It is clear and has a use.", "explain the second", "explain the second"),
        ("- an image classifier\n- a game", "why the second?", "why a game?"),
        ("", "the first one?", "the first one?"),
        ("1. tests 2. version control 3. Agile", "why no. 2?", "why version control?"),
        ("Three: 1) tests; 2) version control.", "and the 1st", "and tests"),
        ("A, b and c.", "no one told me", "no one told me"),
        ("A, b, c and d.", "how do I get the first two?", "how do I get A and b?"),
        ("A, b, c and d.", "and the last three?", "and b and c and d?"),
        ("A, b, c and d.", "how do I get the last two?", "how do I get c and d?"),
        ("Keras, SQL and art.", "is the third on that list hard", "is art hard"),
        ("Git is a tool we use to keep code and to share it.", "the first?", "the first?"),
        ("A and b.", "and the last three?", "and the last three?"),
    ],
)  # fmt: skip
def test_a_place_in_a_list_stands_for_the_item_of_the_last_reply(
    reply: str, question: str, meant: str
) -> None:
    assert with_item(question, listed(reply)) == meant


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("and the first?", "and welding?"),
        ("what about the second one", "what about forging"),
        ("the first: what hours?", "welding: what hours?"),
        ("the third", "the third"),
    ],
)
def test_a_place_among_things_that_were_named_stands_for_one(question: str, meant: str) -> None:
    assert with_item(question, ["welding", "forging"]) == meant


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("A film guide suggests what to watch.", "film guide"),
        ("Recall is the share that was found.", "recall"),
        ("Data checks, one for each table.", "data checks"),
        ("SQL is a language.", "SQL"),
        ("Check references before you sign.", "check references before you sign"),
        ("What will it cost, and who pays?", "what will it cost, and who pays"),
    ],
)
def test_a_line_of_a_quoted_list_is_called_by_what_it_is_about(line: str, about: str) -> None:
    reply = f"“Keep at it.” [1]\n“Some ideas:\n\nA chess game is fun.\n{line}” [2]"
    assert listed(reply) == ["chess game", about]


@pytest.mark.parametrize("question", ["What should I learn first?", "which comes last"])
def test_first_and_last_alone_point_at_nothing(question: str) -> None:
    assert with_item(question, ["TensorFlow", "PyTorch", "Keras"]) == question


def test_what_stands_around_a_quote_is_no_item() -> None:
    assert listed("“Speed, load and errors.” [1]") == ["Speed", "load", "errors"]
    assert listed("It grows (U.S. Bureau of Labor Statistics, 2025).” [1]") == []
