"""What must not be searched for → a whole fixed reply. Needs neither index nor model."""

import time
from collections.abc import Sequence

from waymark.safeguards import is_fixed_reply, safeguard, support
from waymark.types import Answer, Turn

READ_BACK = 14  # turns; older ones hold no topic


def fixed_answer(question: str, crisis_contacts: str, in_distress: bool = False) -> Answer | None:
    """Return the fixed reply to a checked question, if it gets one.

    It names no generation and no model. `in_distress` says that despair was heard in other words
    than those of the patterns.
    """
    started = time.perf_counter()
    guarded = safeguard(question, crisis_contacts)
    if guarded is None and in_distress:
        guarded = support(crisis_contacts)
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
        support="",
        question=question,
        standalone_question=question,
        generation="",
        model="",
        timings_ms={"total": round(1000 * (time.perf_counter() - started), 1)},
    )


def without_guarded(history: Sequence[Turn]) -> list[Turn]:
    """The last turns without what got a fixed reply, and the reply: no question leans on them."""
    kept: list[Turn] = []
    guarded = False
    for turn in history[-READ_BACK:]:
        if turn.role == "user":
            guarded = safeguard(turn.content) is not None
        elif is_fixed_reply(turn.content) and not guarded:
            guarded = True
            del kept[-1:]
        if not guarded:
            kept.append(turn)
    return kept
