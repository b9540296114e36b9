import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.meaning.statements import (
    Statement,
    around_figure,
    conditions,
    halves,
    negated,
    opens_with_pronoun,
    read,
    turning_words,
)
from waymark.meaning.wording import root


def clauses(text: str) -> list[str]:
    return [clause.text.strip() for clause in read(text).clauses]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("in the U.S. today", "in the United States today"),
        ("in the US", "in the United States"),
        ("USD 5", "$5"),
        ("more than 5", "over 5"),
        ("at least 5", "no less than 5"),
        ("about 5", "around 5"),
    ],
)
def test_spellings_of_one_thing_are_read_alike(one: str, other: str) -> None:
    assert read(one).text == read(other).text


def test_the_month_of_may_is_no_verb_of_chance() -> None:
    assert "month-may" in read("Pay in May 2024").words
    assert read("A nurse may work").words == ["a", "nurse", "may", "work"]


def test_at_least_and_at_most_are_bounds_and_no_words() -> None:
    assert [f.bound for f in read("at least 5 and at most 9 years").figures] == [">=", "<="]
    assert "least" not in read("at least 5").words


def test_names_are_the_capitals_after_the_first_word() -> None:
    assert read("Nurses at the Mayo Clinic").names == {root("mayo"), root("clinic")}


def test_counts_leave_out_years_and_names() -> None:
    assert [f.value for f in read("In 2024, F1 had 12 drivers").counts] == ["12"]


def test_a_compound_has_its_parts_as_roots() -> None:
    assert {root("machine"), root("learning")} <= read("a machine-learning job").roots
    assert root("machine") not in read("a machine-learning job").whole_roots


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A nurse cares, and often repairs.", ["A nurse cares, and often repairs."]),
        ("A nurse is kind, and a plumber is quick.",
         ["A nurse is kind", "a plumber is quick."]),
        ("A nurse cares while a plumber repairs.", ["A nurse cares", "a plumber repairs."]),
        ("A nurse cares; a plumber repairs.", ["A nurse cares", "a plumber repairs."]),
        ("Shops employ 9 per cent, banks 5 per cent.",
         ["Shops employ 9 per cent", "banks 5 per cent."]),
        ("A nurse cares while working.", ["A nurse cares while working."]),
        ("A nurse is kind but often tired.", ["A nurse is kind but often tired."]),
    ],
)  # fmt: skip
def test_a_clause_begins_where_a_subject_or_a_figure_of_its_own_does(
    text: str, parts: list[str]
) -> None:
    assert clauses(text) == parts


def test_loose_clauses_also_part_at_an_and_without_a_comma() -> None:
    both = read("A nurse is kind and a plumber is quick")
    assert len(both.clauses) == 1
    assert len(both.loose_clauses) == 2


@given(st.text("a ,;.(and) but 12 while", max_size=60))
def test_clauses_keep_every_word_and_each_has_content(text: str) -> None:
    found = Statement(text).clauses
    assert all(clause.content or clause.counts for clause in found)
    assert [root for clause in found for root in clause.content] == Statement(text).content


def test_a_condition_knows_what_it_restricts() -> None:
    (found,) = conditions(read("A nurse may prescribe, if the state allows it"))
    assert found.word == "if"
    assert root("state") in found.clause.content
    assert found.restricted.content == []
    assert not found.only
    (found,) = conditions(read("A nurse may prescribe only after an exam"))
    assert (found.word, found.only) == ("after", True)
    (found,) = conditions(read("If the state allows it, a nurse prescribes"))
    assert found.restricted.content == [root("nurse"), root("prescribe")]


@pytest.mark.parametrize(
    "text", ["only when the state allows it", "unless asked", "as long as it rains", "once it ends"]
)
def test_every_kind_of_condition_is_found(text: str) -> None:
    assert [c.word for c in conditions(read(f"A nurse works {text}"))] == [
        {"only when": "when", "unless": "unless", "as long as": "as", "once": "once"}[
            next(k for k in ("only when", "unless", "as long as", "once") if text.startswith(k))
        ]
    ]


def test_a_sentence_without_a_condition_has_none() -> None:
    assert list(conditions(read("A nurse works at night"))) == []


def test_a_negation_reaches_to_the_end_of_its_clause_and_not_before_it() -> None:
    inside, outside = negated(read("A nurse does not need a degree, but a doctor needs one"))
    assert {root("degree")} <= inside
    assert {root("nurse"), root("doctor")} <= outside


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("Clerks offer advice to nobody", {"clerk", "offer", "advice"}),
        ("Clerks offer advice to no one", {"clerk", "offer", "advice"}),
        ("Call wards even when they advertise nothing", {"advertise"}),
    ],
)
def test_nobody_and_nothing_deny_what_stands_before_them(text: str, reached: set[str]) -> None:
    inside, outside = negated(read(text))
    assert inside == set(map(root, reached))
    assert inside.isdisjoint(outside)


@pytest.mark.parametrize(
    ("text", "denied"),
    [("It is less than safe.", True), ("It is less than it.", False), ("It is less than 5.", False),
     ("Cooks earn less than average.", False)],
)  # fmt: skip
def test_what_is_less_than_a_quality_hardly_has_it(text: str, denied: bool) -> None:
    assert ("hardly" in read(text).words) is denied


def test_without_reaches_one_thing() -> None:
    inside, outside = negated(read("Work without pay in shops"))
    assert inside == {root("pay")}
    assert root("shop") in outside


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("A degree helps little", {"help"}),
        ("A degree helps rarely in shops", {"help", "shop"}),
        ("Pay shows little change", {"change"}),
    ],
)
def test_little_after_a_verb_denies_the_verb(text: str, reached: set[str]) -> None:
    inside, outside = negated(read(text))
    assert inside - {"little"} == set(map(root, reached))
    assert inside.isdisjoint(outside)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A nurse is kind, and a plumber is quick.",
         [("A nurse is kind.", "a plumber is quick.")]),
        ("A nurse is kind; she is quick.", [("A nurse is kind.", "she is quick.")]),
        ("A nurse is kind, and is quick.", []),
        ("A nurse is kind.", []),
    ],
)  # fmt: skip
def test_a_sentence_is_halved_where_both_halves_stand_alone(
    text: str, parts: list[tuple[str, str]]
) -> None:
    assert list(halves(text)) == parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They work.", True),
        ("This takes a year.", True),
        ("Their pay rises.", True),
        ("It's hard.", True),
        ("IT managers work.", False),
        ("Nurses work.", False),
        ("Items sell.", False),
        ("", False),
    ],
)
def test_a_sentence_that_opens_with_a_pronoun_leans_on_the_one_before(
    text: str, expected: bool
) -> None:
    assert opens_with_pronoun(text) is expected


def test_the_words_around_a_figure_are_parted_by_it() -> None:
    assert around_figure(read("Shops employ 9 of them, banks")) == (
        [root("shops"), root("employ")], [root("banks")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("You cannot join the scheme if one of these is so:", {"cannot", "if"}),
        ("You may join only if:", {"if"}),
        ("Never share these:", {"never"}),
        ("Avoid the following:", {"avoid"}),
        ("These are common myths:", {"myth"}),
        ("Bring these papers:", set()),
        ("A few habits help at work:", set()),
        ("Four words help when you read an advert:", set()),
        ("Wards teach what no class can, one guide says:", set()),
        ("", set()),
    ],
)
def test_a_line_that_announces_others_may_deny_them_or_make_them_conditions(
    line: str, found: set[str]
) -> None:
    assert turning_words(line) == set(map(root, found))
