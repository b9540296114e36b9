import pytest

from waymark.meaning.wording import (
    CAUSES,
    CONDITIONS,
    HEDGES,
    NEGATIONS,
    RARELY,
    STRENGTHS,
    TURNING,
    content_roots,
    is_content,
    is_negation,
    is_single,
    root,
    tokens,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nurse", "nurses"),
        ("nurse", "nursing"),
        ("salary", "pay"),
        ("wages", "earnings"),
        ("took", "takes"),
        ("increase", "grew"),
        ("plan", "planned"),
        ("quick", "quickly"),
        ("résumé", "cv"),
        ("children", "child"),
        ("company", "companies"),
        ("use", "uses"),
        ("used", "using"),
        ("person", "people"),
    ],
)
def test_words_of_one_meaning_have_one_root(one: str, other: str) -> None:
    assert root(one) == root(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("rise", "fall"), ("buy", "sell"), ("nurse", "number"), ("teach", "learn"), ("may", "mask"),
     ("employer", "employee"), ("class", "clas"), ("hard", "hardly"), ("bare", "barely"),
     ("use", "employ")],
)  # fmt: skip
def test_words_of_other_meanings_keep_their_roots(one: str, other: str) -> None:
    assert root(one) != root(other)


def test_tokens_are_lower_case_without_possessive_endings() -> None:
    assert tokens("Nurses' pay, a Nurse’s C++ and don't") == [
        "nurses", "pay", "a", "nurse", "c++", "and", "don't",
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["not", "never", "cannot", "isn't", "without", "rarely"])
def test_a_negation_is_known_in_every_form(word: str) -> None:
    assert is_negation(word)


@pytest.mark.parametrize("word", ["note", "know", "often", "only", "want"])
def test_other_words_negate_nothing(word: str) -> None:
    assert not is_negation(word)


@pytest.mark.parametrize("word", ["nurse", "python", "more", "over", "second", "same", "r"])
def test_a_word_that_changes_the_topic_or_the_sense_must_be_supported(word: str) -> None:
    assert is_content(word)


@pytest.mark.parametrize(
    "word",
    ["the", "may", "usually", "every", "because", "if", "not", "seven", "twenty-one", "2024", "f1"],
)
def test_what_other_rules_judge_carries_no_topic(word: str) -> None:
    assert not is_content(word)


def test_content_roots_keep_their_order_and_repeats() -> None:
    assert content_roots(["nurses", "and", "plumbers", "help", "a", "nurse"]) == [
        root("nurse"), root("plumber"), root("help"), root("nurse"),
    ]  # fmt: skip


def test_a_word_does_one_thing() -> None:
    lists = {
        "hedge": set(HEDGES),
        "strength": set(STRENGTHS),
        "negation": set(NEGATIONS | RARELY),
        "cause": set(CAUSES),
        "condition": set(CONDITIONS),
    }
    for name, listed in lists.items():
        for other, others in lists.items():
            assert name == other or not listed & others, (name, other)


@pytest.mark.parametrize(
    "word",
    ["out", "avoided", "avoiding", "fails", "stopped", "myths", "promised", "denies", "fake"],
)
def test_a_word_that_denies_what_follows_is_known_in_every_form(word: str) -> None:
    assert root(word) in TURNING


@pytest.mark.parametrize("word", ["say", "work", "learn", "use", "check", "good"])
def test_words_that_state_what_follows_deny_nothing(word: str) -> None:
    assert root(word) not in TURNING


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("one guide", True),
        ("another good guide", True),
        ("three guides", False),
        ("the 12 guides", False),
        ("some of the guides", False),
        ("two nurses read a guide", True),
        ("guides", None),
        ("the guide", None),
    ],
)
def test_the_nearest_determiner_tells_one_from_several(text: str, single: bool | None) -> None:
    listed = tokens(text)
    assert is_single(listed, len(listed) - 1) is single
