"""What must not be searched for → a whole fixed reply, which needs neither index nor model."""

import time
from collections.abc import Sequence

from waymark.safeguards import safeguard
from waymark.types import Answer, Turn


def fixed_answer(question: str, crisis_contacts: str) -> Answer | None:
    """Return the fixed reply to a checked question, if it gets one.

    It names no generation and no model.
    """
    started = time.perf_counter()
    guarded = safeguard(question, crisis_contacts)
    if guarded is None:
        return None
    return Answer(
        text=guarded.text,
        sentences=(),
        quotes=(),
        citations=(),
        abstained=True,
        reason=f"{guarded.kind}: {guarded.topic}",
        suggestions=(),
        uncovered=(),
        disagreements=(),
        question=question,
        standalone_question=question,
        generation="",
        model="",
        timings_ms={"total": round(1000 * (time.perf_counter() - started), 1)},
    )


def without_guarded(history: Sequence[Turn]) -> list[Turn]:
    """The turns without what got a fixed reply, and the reply: no later question leans on them."""
    kept: list[Turn] = []
    guarded = False
    for turn in history:
        if turn.role == "user":
            guarded = safeguard(turn.content) is not None
        if not guarded:
            kept.append(turn)
    return kept
