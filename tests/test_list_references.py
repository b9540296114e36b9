import pytest

from waymark.list_references import is_name, listed, typed_list, with_item


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
        ("A, b, c and d.", "how do I get the first two?", "how do I get A and b?", "A and b"),
        ("A, b, c and d.", "and the last three?", "and b and c and d?", "b and c and d"),
        ("A, b, c and d.", "how do I get the last two?", "how do I get c and d?", "c and d"),
        ("Keras, SQL and art.", "is the third on that list hard", "is art hard", "art"),
        ("Git is a tool we use to keep code and to share it.", "the first?", "the first?", ""),
        ("A and b.", "and the last three?", "and the last three?", ""),
    ],
)  # fmt: skip
def test_a_place_in_a_list_stands_for_the_item_of_the_last_reply(
    reply: str, question: str, meant: str, item: str
) -> None:
    assert with_item(question, reply) == (meant, item)


@pytest.mark.parametrize(
    ("question", "meant", "item"),
    [
        ("and the first?", "and welding?", ""),
        ("what about the second one", "what about forging", ""),
        ("the first: what hours?", "welding: what hours?", "welding"),
        ("explain the second", "explain forging", "forging"),
    ],
)
def test_a_choice_alone_asks_what_was_asked_of_the_other(
    question: str, meant: str, item: str
) -> None:
    assert with_item(question, "A, b and c.", ["welding", "forging"]) == (meant, item)


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


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("TensorFlow", True),
        ("Keras", True),
        ("Speed", False),
        ("random search", False),
        ("Wind technicians", False),
    ],
)
def test_capitals_that_no_sentence_asks_for_make_a_name(item: str, name: bool) -> None:
    assert is_name(item, "Speed, TensorFlow and Keras.") == name


@pytest.mark.parametrize("question", ["What should I learn first?", "which comes last"])
def test_first_and_last_alone_point_at_nothing(question: str) -> None:
    assert with_item(question, "TensorFlow, PyTorch and Keras.") == (question, "")


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("pay for boilermakers, welders, glaziers", ["boilermakers", "welders", "glaziers"]),
        ("operations research vs data science, what's different",
         ["operations research", "data science"]),
        ("which pays better, a trucker or an electrician?", ["trucker", "electrician"]),
        ("I can't decide between Keras and PyTorch.", ["Keras", "PyTorch"]),
        ("roofers, what do they earn?", []),
        ("I'm 45 by the way, twenty years in the police", []),
        ("a first job for me, something quiet", []),
        ("a shop with tutors, a retired cook of 61, and me", []),
        ("ok then tests, code, docs, what order", ["tests", "code", "docs"]),
        ("docs, tests, self study: what order", ["docs", "tests", "self"]),
        ("", []),
    ],
)  # fmt: skip
def test_things_typed_side_by_side_are_a_list(question: str, items: list[str]) -> None:
    assert typed_list(question) == items


def test_what_stands_around_a_quote_is_no_item() -> None:
    assert listed("“Speed, load and errors.” [1]") == ["Speed", "load", "errors"]
    assert listed("It grows (U.S. Bureau of Labor Statistics, 2025).” [1]") == []
