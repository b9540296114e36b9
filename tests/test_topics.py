import pytest

from waymark.topics import is_aspect, main_phrase, may_only_ask, phrases, same, topical_words


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What is the median pay of registered nurses?", ["registered nurses"]),
        ("How long are the night windows for installation?", ["night windows", "installation"]),
        ("Which tools, C++ or R?", ["C++", "R"]),
        ("how long?", []),
        ("", []),
    ],
)
def test_content_words_that_stand_together_are_a_phrase(question: str, found: list[str]) -> None:
    assert [phrase.text for phrase in phrases(question)] == found


def test_a_phrase_knows_where_it_stands() -> None:
    text = "who hires ML engineers?"
    assert [text[p.start : p.end] for p in phrases(text)] == ["hires ML engineers"]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("three families of algorithms?", "algorithms"),
        ("can a returnship help me after 6 yrs at home?", "returnship"),
        ("does coding in Python help", "Python"),
        ("How do I move into data science?", "data science"),
        ("does a coder need maths? Asking for my niece", "coder"),
        ("my husband likes rigs", "rigs"),
        ("do I need statistics for Tableau?", "statistics"),
        ("how do I catch up for Tableau?", "Tableau"),
        ("a shop job on telegram", "shop"),
        ("can you catch up on maths", "maths"),
        ("the plan broke, nothing in the ledger moved", "plan broke"),
        ("is it the same for us", ""),
        ("how late is too late for rigs", "rigs"),
        ("real estate agents", "real estate agents"),
        ("they offered me less, and then?", ""),
        ("thats a year", ""),
        ("why?", ""),
    ],
)
def test_the_word_before_it_or_a_capital_makes_a_phrase_the_topic(
    question: str, topic: str
) -> None:
    assert main_phrase(question) == topic


def test_pay_is_asked_of_a_topic_and_is_none() -> None:
    assert is_aspect("salaries")
    assert not is_aspect("nurse")


def test_the_same_topic_is_known_by_its_stems() -> None:
    assert same("data scientists", "what a data scientist does")
    assert not same("data scientists", "what a scientist does")


def test_a_phrase_of_too_low_a_rank_is_no_topic() -> None:
    assert main_phrase("where to find work near shops", least=1) == ""


def test_hasty_spellings_of_stop_words_say_nothing() -> None:
    assert topical_words("thats what im paid, isnt it") == ["paid"]
    assert topical_words("anyway, who needs or takes a licence") == ["licence"]


def test_a_licence_is_asked_of_a_topic_where_nothing_else_is() -> None:
    assert may_only_ask("is a licence needed")
    assert not may_only_ask("is a licence for a shop needed")
