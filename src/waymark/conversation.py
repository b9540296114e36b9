"""Conversation so far + question → a question that stands alone.

Rules only: a question that may be a follow-up takes over the topic of the question it follows;
one with a topic of its own is left as it is. Whether the topic really helps is for the evidence
to say (`answering`).
"""

import re
from collections.abc import Sequence

from waymark.sentences import content_words, words
from waymark.types import Turn

_OPENING = re.compile(
    r"^(and|but|or|so|also|then|ok(ay)?|what about|how about|what if|why not|same for|"
    r"in that case|for (that|this|those|these))\b",
    re.IGNORECASE,
)
_POINTING = frozenset(
    """it its they them their theirs that those this these one ones former latter there
    he she""".split()
)
_FEW_WORDS = 2
_LOOK_BACK = 6  # user turns; older ones rarely hold the topic and only blur the query


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it takes over from `history`; unchanged if it takes nothing."""
    earlier = [turn.content for turn in history if turn.role == "user"][-_LOOK_BACK:]
    topic = ""
    for asked in (*earlier, question):
        topic = f"{topic} {asked}" if topic and is_follow_up(asked) else asked
    return " ".join(topic.split())


def is_follow_up(question: str) -> bool:
    """Tell whether `question` cannot be understood without the one before it."""
    text = question.strip()
    topical = content_words(text)
    if _OPENING.match(text):
        return True
    if _POINTING.intersection(words(text)):
        return len(topical) <= _FEW_WORDS
    return len(topical) < _FEW_WORDS
