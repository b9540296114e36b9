from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fakes import TrustingVerifier, passage
from inventions import FIGURES, NAMES, SLOTS, Invented, again
from waymark.grounding import Citations, Claim, ground, near_sections, read_claims
from waymark.meaning.entailment import objection
from waymark.meaning.figures import numbers
from waymark.types import Evidence, Passage

PAY = passage(
    "A nurse has a median pay of $93,600 a year. A plumber has a median pay of $62,970 a year."
)
DEGREE = passage("A nurse needs a degree. A plumber does not need a degree.", heading="Getting in")


def supported(text: str, *passages: Passage, markers: tuple[int, ...] = (1,)) -> Evidence | None:
    return ground(Claim(text, markers), passages or (PAY,), TrustingVerifier())


def claims(text: str) -> list[Claim]:
    return [claim for claim in read_claims(text) if claim]


def test_a_supported_sentence_cites_the_sentence_that_supports_it() -> None:
    found = supported("The median pay of a nurse is $93,600 a year.")
    assert found is not None
    assert found.text == "A nurse has a median pay of $93,600 a year."


@pytest.mark.parametrize(
    "claim",
    [
        "A nurse has a median pay of $94,600 a year.",
        "A nurse has a median pay of $62,970 a year.",
        "A nurse has a median pay of $93,600 a year and $1 more.",
        "A nurse has no median pay of $93,600 a year.",
        "A nurse in Texas has a median pay of $93,600 a year.",
        "A nurse has a median pay of $93,600 a month or week or quarter or decade.",
        "A nurse has a (median pay of $93,600 a year.",
        "Median pay.",
        "",
    ],
)
def test_a_changed_figure_subject_negation_place_or_word_is_not_supported(claim: str) -> None:
    assert supported(claim) is None


def test_a_claim_that_the_verifier_doubts_is_not_supported_though_no_rule_objects() -> None:
    claim = Claim("The median pay of a nurse is $93,600 a year.", (1,))
    assert ground(claim, (PAY,), TrustingVerifier(doubted="plumber")) is not None
    assert ground(claim, (PAY,), TrustingVerifier(doubted="nurse")) is None


def test_what_repeats_a_sentence_word_for_word_is_not_doubted() -> None:
    repeated = Claim("A nurse has a median pay of $93,600 a year.", (1,))
    assert ground(repeated, (PAY,), TrustingVerifier(doubted="nurse")) is not None


def test_a_doubted_passage_leaves_the_claim_to_another() -> None:
    claim = Claim("Nurses have a median pay of $93,600 a year.", (1,))
    other = passage("The median pay of a nurse is $93,600 a year.", heading="Wages")
    found = ground(claim, (PAY, other), TrustingVerifier(doubted="Guide: Pay."))
    assert found is not None
    assert found.passage is other


def test_the_verifier_reads_a_sentence_under_its_headings_and_behind_what_announces_it() -> None:
    verifier = TrustingVerifier()
    listed = passage("Bring to the interview:\n\nyour certificate\nyour passport")
    ground(Claim("Bring your certificate.", (1,)), (listed,), verifier)
    assert verifier.read == ["Guide: Pay. Bring to the interview: your certificate"]


def test_an_amount_keeps_its_place_and_month() -> None:
    dated = passage("A nurse has a median pay of $93,600 a year in the United States in May 2024.")
    assert supported("A nurse has a median pay of $93,600 a year.", dated) is None
    assert supported("A nurse has a median pay of $93,600 a year in May 2024.", dated) is None
    whole = "The median pay of a nurse in the United States was $93,600 a year in May 2024."
    assert supported(whole, dated) is not None


def test_a_negation_is_not_lost() -> None:
    alone = passage("A plumber does not need a degree.", heading="Getting in")
    assert supported("A plumber needs a degree.", alone) is None
    found = supported("A plumber does not need a degree.", DEGREE)
    assert found is not None
    assert found.text == "A plumber does not need a degree."


def test_the_citation_is_repaired_when_another_passage_supports_the_sentence() -> None:
    found = supported("A nurse needs a degree.", PAY, DEGREE, markers=(1,))
    assert found is not None
    assert found.passage is DEGREE


@pytest.mark.parametrize("markers", [(), (0,), (3,), (9, 99)])
def test_a_marker_out_of_range_is_ignored(markers: tuple[int, ...]) -> None:
    assert supported("A nurse needs a degree.", DEGREE, markers=markers) is not None


STAFF = passage("A nurse trains at the city hospital. A plumber uses what the city hospital has.")
NAMED = ["A nurse trains at {}.", "A plumber uses what {} has."]
AMOUNTS = st.integers(0, 10**7).map(lambda n: f"${n:,}")


@given(AMOUNTS)
def test_no_invented_figure_ever_passes(amount: str) -> None:
    found = supported(f"A nurse has a median pay of {amount} a year.")
    assert (found is not None) == (amount == "$93,600")


@st.composite
def slots(draw: st.DrawFn) -> tuple[str, Invented]:
    """A sentence with room for a figure, and the one that its passage has there."""
    template = draw(st.sampled_from(list(SLOTS)))
    return template, draw(SLOTS[template])


@given(slots(), st.data())
def test_a_figure_that_its_passage_lacks_never_passes(
    slot: tuple[str, Invented], data: st.DataObject
) -> None:
    template, true = slot
    invented = data.draw(st.one_of(SLOTS[template], FIGURES))
    assume(not invented.follows_from(true))
    there = passage(template.format(true.text))
    assert supported(template.format(invented.text), there) is None


@given(slots(), st.data())
def test_a_true_figure_passes_however_it_is_written(
    slot: tuple[str, Invented], data: st.DataObject
) -> None:
    template, true = slot
    other = data.draw(again(true.meaning))
    there = passage(template.format(true.text))
    assert supported(template.format(other.text), there) is not None


@given(slots(), st.data())
def test_a_further_figure_never_passes(slot: tuple[str, Invented], data: st.DataObject) -> None:
    template, true = slot
    invented = data.draw(FIGURES)
    assume(not invented.follows_from(true))
    there = passage(template.format(true.text))
    further = f"{template.format(true.text)[:-1]}, {invented.text}."
    assert supported(further, there) is None


@given(st.sampled_from(NAMED), NAMES)
def test_a_name_that_its_passage_lacks_never_passes(template: str, name: str) -> None:
    assert supported(template.format("the city hospital"), STAFF) is not None
    assert supported(template.format(name), STAFF) is None
    assert supported(template.format(f"the city hospital and {name}"), STAFF) is None
    assert supported(template.format(f"the city hospital in {name}"), STAFF) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("$70k", "$70,000"), ("1.9 million", "1,900,000"), ("70 000", "70,000"), ("34 %", "34%"),
     ("three", "3"), ("5.0", "5")],
)  # fmt: skip
def test_figures_agree_across_their_forms(one: str, other: str) -> None:
    assert numbers(one) == numbers(other)


def test_figures_that_differ_are_not_confused() -> None:
    assert numbers("$70,000 to $90,000 in 2024") == {"70000", "90000", "2024"}
    assert numbers("version 3.11") != numbers("version 3.1")


def test_what_joins_markers_goes_with_them() -> None:
    (claim,) = [found for found in read_claims(["Nurses rest [1], [2] and [3]."]) if found]
    assert claim == Claim("Nurses rest.", (1, 2, 3))


def test_markers_are_read_before_and_after_the_full_stop() -> None:
    assert claims("One thing is so [1]. Another thing is not. [2][3] A third one. [4, 5]") == [
        Claim("One thing is so.", (1,)),
        Claim("Another thing is not.", (2, 3)),
        Claim("A third one.", (4, 5)),
    ]


def test_list_marks_are_not_part_of_a_claim() -> None:
    assert [c.text for c in claims("- First point [1].\n* Second point [1].\n")] == [
        "First point.",
        "Second point.",
    ]


def test_a_sentence_that_was_cut_off_is_dropped() -> None:
    assert [c.text for c in claims("A whole sentence [1]. You may apply unless")] == [
        "A whole sentence."
    ]


def test_abbreviations_in_brackets_do_not_split_a_streamed_sentence() -> None:
    text = "The pay was $112,590 a year in May 2024 (U.S. Bureau of Labor Statistics) [1]."
    assert [c.text for c in claims(text)] == [text.replace(" [1]", "")]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_claims_do_not_depend_on_how_the_text_was_cut_into_pieces(sizes: list[int]) -> None:
    text = "Pay is $1,200 in May 2024 [1]. A degree helps, e.g. in maths [2]. - It takes 3.5 years."
    pieces, rest = [], text
    for size in sizes:
        pieces.append(rest[:size])
        rest = rest[size:]
    found = [claim for claim in read_claims([*pieces, rest]) if claim]
    assert found == [claim for claim in read_claims([text]) if claim]


def test_one_span_has_one_marker_and_markers_count_from_one() -> None:
    book = Citations(date(2026, 1, 1))
    first = Evidence(PAY, PAY.chunk.text[:43], 0, 43, 0.0)
    second = Evidence(PAY, PAY.chunk.text[44:], 44, 89, 0.0)
    markers = [book.cite(e).marker for e in (first, second, first)]
    assert markers == [1, 2, 1]
    assert [c.marker for c in book.used()] == [1, 2]
    assert book.used()[0].url == "/?document=guide&start=0&end=43"


def test_a_sentence_inside_a_quoted_passage_shares_its_marker() -> None:
    book = Citations(date(2026, 1, 1))
    whole = book.cite(Evidence(PAY, PAY.chunk.text, 0, 89, 0.0))
    assert book.cite(Evidence(PAY, PAY.chunk.text[44:], 44, 89, 0.0)) is whole


def test_a_citation_names_the_page_on_which_its_text_begins() -> None:
    paged = replace(PAY, chunk=replace(PAY.chunk, pages=((0, 3), (44, 4))))
    cite = Citations(date(2026, 1, 1)).cite
    first, second = Evidence(paged, "x", 0, 43, 1.0), Evidence(paged, "y", 44, 80, 1.0)
    assert [cite(first).page, cite(second).page] == [3, 4]
    assert Citations(date(2026, 1, 1)).cite(Evidence(DEGREE, "z", 0, 5, 1.0)).page is None


def test_the_nearest_sections_are_named_once_and_three_at_the_most() -> None:
    pieces = [Evidence(p, "A", 2, 3, 0.0) for p in (PAY, DEGREE, PAY)]
    near = near_sections(pieces)
    assert [(n.document_id, n.heading) for n in near] == [("guide", "Pay"), ("guide", "Getting in")]
    assert near[0].url == "/?document=guide&start=2&end=3"
    others = [Evidence(passage("A", heading=str(n)), "A", 0, 1, 0.0) for n in range(5)]
    assert [n.heading for n in near_sections(others)] == ["0", "1", "2"]


def test_a_citation_past_its_review_date_is_stale() -> None:
    due = Passage(PAY.chunk, 1, 1.0, date(2025, 1, 1), date(2026, 1, 1))
    evidence = Evidence(due, "A nurse", 0, 7, 0.0)
    assert not Citations(date(2026, 1, 1)).cite(evidence).stale
    assert Citations(date(2026, 1, 2)).cite(evidence).stale


def test_a_verdict_on_the_question_is_not_said_since_no_passage_can_support_it() -> None:
    said = [
        c.text for c in read_claims(["No, no experience is needed [1]. Yes: a degree is [2]."]) if c
    ]
    assert said == ["No experience is needed.", "A degree is."]
    said = [c.text for c in read_claims(["No. Learning does not stop with a degree."]) if c]
    assert said[-1] == "Learning does not stop with a degree."


def test_a_sentence_that_only_announces_a_list_is_dropped() -> None:
    assert supported("Rest at noon.", passage("Do this: rest at noon."))
    assert not supported("Do this:", passage("Do this: rest at noon."))


def test_a_figure_without_its_subject_is_dropped() -> None:
    support = "Paralegals held about 376,200 jobs in the United States in 2024."
    assert objection(support, support) == ""
    claim = "The United States held about 376,200 jobs in 2024."
    assert objection(claim, support) == "bares statistic"


def test_no_as_a_word_of_the_sentence_stays() -> None:
    said = [c.text for c in read_claims(["No degree is needed [1]."]) if c]
    assert said == ["No degree is needed."]


def test_no_as_a_part_of_a_word_or_of_a_number_stays() -> None:
    said = [c.text for c in read_claims(["No-one needs a licence [1]. No. 1 is the pay [2]."]) if c]
    assert said == ["No-one needs a licence.", "No. 1 is the pay."]


BARRED = passage(
    "You cannot join the scheme if one of these is so:\n\nYou work by night.\n"
    "You already hold a degree from a school abroad. It may be new.",
    heading="Rules",
)


def test_an_item_of_what_bars_is_not_stated() -> None:
    assert not supported("You already hold a degree from a school abroad.", BARRED)
    assert not supported("You can join the scheme if you hold a degree from a school.", BARRED)
    assert not supported("You can join if you work by night.", BARRED)


def test_an_item_of_what_bars_is_cited_with_its_announcement() -> None:
    found = supported("You cannot join the scheme if you already hold a degree.", BARRED)
    assert found is not None
    assert BARRED.chunk.text.startswith(found.text)
    assert found.text.endswith("from a school abroad.")


def test_an_item_of_a_plain_list_is_cited_alone() -> None:
    papers = passage("Bring these papers:\n\nA degree from a school abroad.\nA letter of a ward.")
    found = supported("Bring a letter of a ward.", papers)
    assert found is not None
    assert found.text == "A letter of a ward."
