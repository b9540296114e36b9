from fakes import passage
from waymark.readings import Reading, joined_reading
from waymark.types import Evidence, Passage


def reading(standalone: str, covered: float, found: Passage) -> Reading:
    """A reading covered with probability `covered` by all of one passage."""
    chunk = found.chunk
    best = Evidence(found, chunk.text, chunk.start, chunk.end, 1.0)
    return Reading(standalone, "", (found,), (best,), covered)


def test_of_several_questions_the_best_evidence_of_each_leads_in_their_order() -> None:
    pay, school = passage("A nurse has pay."), passage("A nurse needs a school.", start=90)
    parts = [reading("pay?", 0.6, pay), reading("school?", 0.9, school)]
    whole = reading("pay? school?", 0.2, pay)
    found = joined_reading(whole, parts, [part.evidence for part in parts])
    assert [e.text for e in found.evidence] == [pay.chunk.text, school.chunk.text]
    assert (found.standalone, found.leading, found.answerability) == ("pay? school?", 2, 0.9)
    assert found.passages == (pay, school)


def test_where_no_part_has_evidence_that_of_the_best_reading_stays() -> None:
    whole = reading("pay?", 0.7, passage("A nurse has pay."))
    assert joined_reading(whole, [whole], [()]).evidence == whole.evidence


def test_the_best_span_says_where_the_best_evidence_stands() -> None:
    found = reading("pay?", 0.7, passage("A nurse has pay.", start=40))
    assert found.best_span == (found.evidence[0].document_id, 40, 56)
    assert Reading("pay?", "", (), (), 0.0).best_span is None
