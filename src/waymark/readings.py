"""A reading: one way to understand a question, and what the documents have for it; several as one.

Knows nothing of how it came about (`reading`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from waymark.evidence import joined_evidence
from waymark.types import Evidence, Passage


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
        return self.evidence[0].span if self.evidence else None


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
