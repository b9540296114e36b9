"""The readings of one question: which is best, and several as one.

A reading is one way to understand a question, and what the documents have for it. Knows nothing of
how it came about (`reading`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from waymark.evidence import joined_evidence
from waymark.follow_ups import points_back
from waymark.sentences import content_stems, content_words, stem
from waymark.thoughts import in_context
from waymark.topics import is_aspect
from waymark.types import Evidence, Passage

# How much better a later form of a follow-up must be covered to be read in its place. Dialogues of
# the dev half: facts quoted 0.921 at 0.1 and 0.2, 0.947 from 0.3; R@4 0.987 at each (docs/LOG.md).
CLEARLY = 0.3
HEARD = 3  # pieces of evidence in which a follow-up has to be heard


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a question, and what the documents have for it.

    `follow_up` is the question as it was asked, if `standalone` has an earlier one in front of it.
    `answerability` is the probability, 0 to 1, that the documents answer the question, or one of
    its parts; what they do not answer of it is `uncovered`, in the person's words. The first
    `leading` pieces of evidence are the best one for each part.
    """

    standalone: str
    follow_up: str
    passages: tuple[Passage, ...]
    evidence: tuple[Evidence, ...]
    answerability: float
    uncovered: tuple[str, ...] = ()
    leading: int = 1

    @property
    def best_span(self) -> tuple[str, int, int] | None:
        """Where the best evidence stands, as document, start and end."""
        if not self.evidence:
            return None
        best = self.evidence[0]
        return best.document_id, best.start, best.end


def best_reading(readings: Sequence[Reading], alone: str) -> Reading:
    """Return the reading that the documents cover best: the first unless a later one is covered
    clearly better. That of the question `alone` is enough where it names what it is about and
    finds the same."""
    best = readings[0]
    for other in readings[1:]:
        if other.answerability > best.answerability + CLEARLY:
            best = other
    # "And where do I find jobs?" looks like a follow-up and is a change of topic.
    bare = next((reading for reading in readings if reading.standalone == alone), best)
    same = bare.best_span is not None and bare.best_span == best.best_span
    enough = bare.answerability > best.answerability - CLEARLY
    return bare if same and enough and not points_back(alone) else best


def answers_the_question_before(found: Reading) -> bool:
    """Tell whether the best evidence for a follow-up and what came before it says nothing of what
    the follow-up asks, such as the pay, or of what it names anew: "and a midwife?" """
    said = content_stems(" ".join(in_context(piece) for piece in found.evidence[:HEARD]))
    words = content_words(found.follow_up)
    asked = {stem(word) for word in words if is_aspect(word)}
    before = content_stems(found.standalone.removesuffix(found.follow_up))
    new = {stem(word) for word in words} - asked - before
    return any(heard and heard.isdisjoint(said) for heard in (asked, new))


def joined_reading(
    whole: Reading, parts: Sequence[Reading], evidence: Sequence[Sequence[Evidence]]
) -> Reading:
    """The message with the `evidence` of each of its parts."""
    rows: list[Sequence[Evidence]] = []
    for part, pieces in zip(parts, evidence, strict=True):
        first, rest = pieces[: part.leading - 1], pieces[part.leading - 1 :]
        rows += [*([piece] for piece in first), rest]
    passages = dict.fromkeys(p for reading in (whole, *parts) for p in reading.passages)
    best = max((whole, *parts), key=lambda reading: reading.answerability)
    joined, leading = joined_evidence(rows)
    return replace(
        whole,
        evidence=joined or best.evidence,
        passages=tuple(passages),
        answerability=best.answerability,
        leading=max(1, leading),
    )
