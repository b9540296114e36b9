from datetime import date, timedelta

from fakes import WordEmbedder
from waymark.service.editor_reports import Due, Gap, Impact, gaps, impact, stale
from waymark.service.question_log import Cited, Refused
from waymark.types import Document

DAY = date(2026, 11, 26)


def document(id_: str, reviewed: date | None = None, review_by: date | None = None) -> Document:
    return Document(id_, id_.title(), "", (), "", reviewed=reviewed, review_by=review_by)


def test_questions_alike_are_one_gap_under_the_most_asked_and_the_biggest_comes_first() -> None:
    refused = [
        Refused(DAY, "pension of a vet"),
        Refused(DAY, "school hours"),
        Refused(DAY + timedelta(1), "Pension of a  vet"),
        Refused(DAY + timedelta(3), "vet: pension?"),
    ]
    assert gaps(refused, WordEmbedder()) == (
        Gap("pension of a vet", 3, DAY, DAY + timedelta(3), ("vet: pension?",)),
        Gap("school hours", 1, DAY, DAY, ()),
    )


def test_the_grouping_does_not_depend_on_the_order_of_the_records() -> None:
    refused = [Refused(DAY, text) for text in ("pay hours", "pay", "hours", "pay pay hours")]
    forwards = gaps(refused, WordEmbedder())
    backwards = gaps(refused[::-1], WordEmbedder())
    assert [(g.asked, g.question) for g in forwards] == [(g.asked, g.question) for g in backwards]
    assert sum(gap.asked for gap in forwards) == 4


def test_without_refused_questions_there_are_no_gaps() -> None:
    assert gaps([], WordEmbedder()) == ()


def test_impact_adds_up_days_and_puts_the_oldest_review_first() -> None:
    cited = [Cited(DAY, "a", 2), Cited(DAY + timedelta(1), "a", 3), Cited(DAY, "b", 9),
             Cited(DAY, "never", 1), Cited(DAY, "gone", 99)]  # fmt: skip
    documents = [document("a", DAY, DAY), document("b", DAY - timedelta(9)), document("never"),
                 document("unused", DAY - timedelta(99))]  # fmt: skip
    assert impact(cited, documents) == (
        Impact("never", "Never", 1, None, None),
        Impact("b", "B", 9, DAY - timedelta(9), None),
        Impact("a", "A", 5, DAY, DAY),
    )
    assert [entry.document_id for entry in impact(cited, documents, top=1)] == ["b"]


def test_stale_names_what_is_past_soon_past_or_without_a_date() -> None:
    documents = [
        document("later", None, DAY + timedelta(31)),
        document("soon", None, DAY + timedelta(30)),
        document("today", None, DAY),
        document("past", DAY, DAY - timedelta(1)),
        document("none"),
    ]
    assert stale(documents, DAY) == (
        Due("past", "Past", "past", DAY, DAY - timedelta(1)),
        Due("today", "Today", "soon", None, DAY),
        Due("soon", "Soon", "soon", None, DAY + timedelta(30)),
        Due("none", "None", "no date", None, None),
    )
