"""What must not be searched for → a whole fixed reply.

By the patterns alone it needs neither index nor model; despair in other words, an embedding.
"""

import time
from collections.abc import Sequence

from waymark.distress import in_distress
from waymark.safeguards import Safeguard, safeguard, support
from waymark.types import Answer, Embedder, Turn

READ_BACK = 14  # turns; older ones hold no topic, and each costs an embedding


def fixed_answer(
    question: str, crisis_contacts: str, embedder: Embedder | None = None
) -> Answer | None:
    """Return the fixed reply to a checked question, if it gets one.

    It names no generation and no model. With an `embedder` despair is heard in other words than
    those of the patterns, too.
    """
    started = time.perf_counter()
    guarded = _guarded(question, crisis_contacts, embedder)
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


def without_guarded(history: Sequence[Turn], embedder: Embedder) -> list[Turn]:
    """The last turns without what got a fixed reply, and the reply: no question leans on them."""
    kept: list[Turn] = []
    guarded = False
    for turn in history[-READ_BACK:]:
        if turn.role == "user":
            guarded = _guarded(turn.content, "", embedder) is not None
        if not guarded:
            kept.append(turn)
    return kept


def _guarded(question: str, contacts: str, embedder: Embedder | None) -> Safeguard | None:
    guarded = safeguard(question, contacts)
    if guarded is None and embedder and in_distress(question, embedder):
        return support(contacts)
    return guarded
