"""What must not be searched for, or asks nothing → a whole fixed reply. Needs neither index nor
model."""

import time
from collections.abc import Sequence

from waymark.dialogue.asides import is_aside, is_greeting
from waymark.distress import Distress
from waymark.safeguards import Safeguard, beside, is_fixed_reply, safeguard, support
from waymark.types import Answer, Turn

GREETED = (
    "Hello. Ask about work or training: the answer comes from the guidance documents, with the "
    "passage behind each sentence."
)
THANKED = "Ask whenever another question comes up, and the documents will be searched for it."
REMARKED = "Thank you, that is noted. What would you like to know?"
READ_BACK = 14  # turns; older ones hold no topic


def fixed_answer(question: str, crisis_contacts: str, distress: Distress = "none") -> Answer | None:
    """Return the fixed reply to a checked question, if it gets one.

    It names no generation and no model. `distress` is what was heard in other words than those of
    the patterns: where it is clear it has a reply of its own, and a signpost names help beside.
    """
    started = time.perf_counter()
    guarded = safeguard(question, crisis_contacts)
    if guarded is None:
        guarded = support(crisis_contacts) if distress == "clear" else _courtesy(question)
    if guarded is None:
        return None
    return _whole(guarded, question, crisis_contacts, distress, started)


def remark_answer(message: str, crisis_contacts: str, distress: Distress) -> Answer:
    """Return the reply to what somebody tells of themselves, where the documents add nothing."""
    asked_back = Safeguard("courtesy", "remark", REMARKED)
    return _whole(asked_back, message, crisis_contacts, distress, time.perf_counter())


def _whole(
    fixed: Safeguard, question: str, crisis_contacts: str, distress: Distress, started: float
) -> Answer:
    text, help_named = fixed.text, beside(crisis_contacts)
    if fixed.kind != "support" and distress != "none" and help_named not in text:
        text = f"{text}\n\n{help_named}"
    return Answer(
        text=text,
        sentences=(),
        quotes=(),
        citations=(),
        abstained=True,
        reason=f"{fixed.kind}: {fixed.topic}",
        suggestions=(),
        nearest=(),
        uncovered=(),
        disagreements=(),
        support="",
        question=question,
        standalone_question=question,
        generation="",
        model="",
        timings_ms={"total": round(1000 * (time.perf_counter() - started), 1)},
    )


def _courtesy(message: str) -> Safeguard | None:
    """The reply to a message that asks nothing: a greeting, or only thanks."""
    if is_greeting(message):
        return Safeguard("courtesy", "greeting", GREETED)
    return Safeguard("courtesy", "thanks", THANKED) if is_aside(message) else None


def without_guarded(history: Sequence[Turn]) -> list[Turn]:
    """The last turns without what got a fixed reply, and the reply: no question leans on them, but
    on what somebody told."""
    kept: list[Turn] = []
    guarded = False
    for turn in history[-READ_BACK:]:
        if turn.role == "user":
            guarded = safeguard(turn.content) is not None
        elif _is_fixed(turn.content) and not guarded:
            guarded = True
            del kept[-1:]
        if not guarded and not turn.content.startswith(REMARKED):
            kept.append(turn)
    return kept


def _is_fixed(text: str) -> bool:
    return is_fixed_reply(text) or text.startswith((GREETED, THANKED))
