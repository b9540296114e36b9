"""The parts of an answer → the text of the reply, with markers, ready to show."""

from collections.abc import Sequence

from waymark.prompt import ABSTENTION
from waymark.types import AnswerSentence, Disagreement, Quote

UNCOVERED = "Not covered by the documents:"
DISAGREEMENT = "The documents give different figures:"


def answer_text(
    sentences: Sequence[AnswerSentence],
    quotes: Sequence[Quote],
    disagreements: Sequence[Disagreement],
    uncovered: Sequence[str],
) -> str:
    """An answer as plain text: the short answer, the quotes that it does not hold yet, where they
    disagree, what is not covered. A sentence of the guidance stands in quotation marks."""
    verbatim = {quote.text for quote in quotes}
    said = {sentence.text for sentence in sentences}
    short = " ".join(_said(sentence, verbatim) for sentence in sentences)
    quoted = "\n".join(f"“{q.text}” [{q.citation.marker}]" for q in quotes if q.text not in said)
    pairs = "; ".join(map(_dated, disagreements))
    apart = f"{DISAGREEMENT} {pairs}." if pairs else ""
    missing = f"{UNCOVERED} {' · '.join(uncovered)}" if uncovered else ""
    return "\n\n".join(part for part in (short, quoted, apart, missing) if part)


def abstention_text(suggestions: Sequence[str], contact: str) -> str:
    """What is said when the documents do not cover a question."""
    parts = [ABSTENTION]
    if suggestions:
        parts.append(f"They do cover, for example: {' · '.join(suggestions)}")
    if contact:
        parts.append(contact)
    return " ".join(parts)


def _said(sentence: AnswerSentence, verbatim: set[str]) -> str:
    marks = "".join(f"[{citation.marker}]" for citation in sentence.citations)
    text = f"“{sentence.text}”" if sentence.text in verbatim else sentence.text
    return f"{text} {marks}"


def _dated(disagreement: Disagreement) -> str:
    pairs = zip(disagreement.markers, disagreement.dates, strict=True)
    return " and ".join(f"[{marker}] ({dated})" for marker, dated in pairs)
