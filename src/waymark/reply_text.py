"""The parts of an answer → the text of the reply, with markers, ready to show."""

from collections.abc import Sequence

from waymark.prompt import ABSTENTION
from waymark.types import AnswerSentence, Disagreement, NearSection, Quote

UNCOVERED = "Not covered by the documents:"
DISAGREEMENT = "The documents give different figures:"


def answer_text(
    sentences: Sequence[AnswerSentence],
    quotes: Sequence[Quote],
    disagreements: Sequence[Disagreement],
    uncovered: Sequence[str],
) -> str:
    """An answer as plain text: the short answer, the quotes that it does not hold yet, where they
    disagree, what is not covered. What is verbatim stands in quotation marks."""
    said = {c.marker for sentence in sentences if sentence.verbatim for c in sentence.citations}
    short = " ".join(map(_said, sentences))
    left = [quote for quote in quotes if quote.citation.marker not in said]
    quoted = "\n".join(f"“{quote.text}” [{quote.citation.marker}]" for quote in left)
    pairs = "; ".join(map(_dated, disagreements))
    apart = f"{DISAGREEMENT} {pairs}." if pairs else ""
    missing = f"{UNCOVERED} {' · '.join(uncovered)}" if uncovered else ""
    return "\n\n".join(part for part in (short, quoted, apart, missing) if part)


def abstention_text(
    suggestions: Sequence[str], nearest: Sequence[NearSection], contact: str
) -> str:
    """What is said when the documents do not cover a question."""
    parts = [ABSTENTION]
    if nearest:
        names = (" > ".join(filter(None, (near.title, near.heading))) for near in nearest)
        parts.append(f"They come nearest to it here: {' · '.join(names)}.")
    if suggestions:
        parts.append(f"They do cover, for example: {' · '.join(suggestions)}")
    if contact:
        parts.append(contact)
    return " ".join(parts)


def _said(sentence: AnswerSentence) -> str:
    marks = "".join(f"[{citation.marker}]" for citation in sentence.citations)
    text = f"“{sentence.text}”" if sentence.verbatim else sentence.text
    return f"{text} {marks}"


def _dated(disagreement: Disagreement) -> str:
    pairs = zip(disagreement.markers, disagreement.dates, strict=True)
    return " and ".join(f"[{marker}] ({dated})" for marker, dated in pairs)
