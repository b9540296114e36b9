"""What must not be searched for → a whole fixed reply. Needs neither index nor model."""

import time
from collections.abc import Sequence

from waymark.distress import Distress
from waymark.safeguards import beside, is_fixed_reply, safeguard, support
from waymark.types import Answer, Turn

READ_BACK = 14  # turns; older ones hold no topic


def fixed_answer(question: str, crisis_contacts: str, distress: Distress = "none") -> Answer | None:
    """Return the fixed reply to a checked question, if it gets one.

    It names no generation and no model. `distress` is what was heard in other words than those of
    the patterns: where it is clear it has a reply of its own, and a signpost names help beside.
    """
    started = time.perf_counter()
    guarded = safeguard(question, crisis_contacts)
    if guarded is None and distress == "clear":
        guarded = support(crisis_contacts)
    if guarded is None:
        return None
    text, help_named = guarded.text, beside(crisis_contacts)
    if guarded.kind == "signpost" and distress != "none" and help_named not in text:
        text = f"{text}\n\n{help_named}"
    return Answer(
        text=text,
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
