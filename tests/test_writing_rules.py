import pytest

from waymark.writing_rules import check_prose, check_sentence, lix

PAY = "Nurses earned a median of $93,600 a year in the United States in May 2024 (U.S. Bureau)."
GROWTH = "Nursing jobs are projected to grow 5 per cent in the United States from 2024 to 2034."


@pytest.mark.parametrize("sentence", [PAY, GROWTH, "A nurse cares for patients.", "Call 5 people."])
def test_a_sentence_that_can_be_quoted_alone_passes(sentence: str) -> None:
    assert list(check_sentence(sentence)) == []


@pytest.mark.parametrize(
    ("taken", "missing"),
    [
        (" a year", "period"),
        (" in the United States", "place"),
        (" in May 2024", "year"),
        (" (U.S. Bureau)", "source"),
    ],
)
def test_money_needs_each_of_its_conditions(taken: str, missing: str) -> None:
    ((rule, fix),) = check_sentence(PAY.replace(taken, ""))
    assert rule == "money"
    assert f"without {missing} " in fix


@pytest.mark.parametrize(
    ("taken", "missing"), [(" from 2024 to 2034", "horizon"), (" in the United States", "area")]
)
def test_growth_needs_horizon_and_area(taken: str, missing: str) -> None:
    ((rule, fix),) = check_sentence(GROWTH.replace(taken, ""))
    assert rule == "growth"
    assert f"without {missing}:" in fix


def test_money_that_says_it_is_undated_passes() -> None:
    assert not list(check_sentence("An undated guide names $70,000 a year."))


def rules(body: str) -> list[tuple[int, str]]:
    return [(f.line, f.rule) for f in check_prose("a.md", body, 10) if f.rule != "length"]


def test_findings_carry_the_line_of_the_file() -> None:
    assert rules("## Pay\n\nFine.\n\nIt pays $5.\n") == [(14, "money")]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Text first.\n\n## A\n\nText.\n", 10),
        ("# A\n\nText.\n", 10),
        ("## A\n\nText.\n\n#### B\n\nText.\n", 14),
        ("## A\n\n## B\n\nText.\n", 10),
        ("## A\n\nText.\n\n## a\n\nText.\n", 14),
        ("## A\n\nText.\n\n## B\n", 14),
    ],
)
def test_headings_must_begin_step_down_by_one_and_lead_to_text(body: str, line: int) -> None:
    assert rules(body) == [(line, "heading")]


def test_an_overlong_section_is_found() -> None:
    assert rules("## A\n\n" + "word " * 221) == [(10, "long-section")]
    assert rules("## A\n\n" + "word " * 220) == []


def test_lix_is_words_a_sentence_plus_per_cent_of_long_words() -> None:
    # 8 words in 2 sentences: 4; one word of 8 has more than six letters: 12.5
    assert lix("## Ignored heading\n\nThe cat sat down. Dogs like chasing cats.") == 16.5
    assert lix("## Only\n") == 0.0
