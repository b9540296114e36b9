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
    r"sorry|oops|no|not|actually|i meant?|i wanted|rather|excuse me|"
    r"in that case|for (that|this|those|these))\b",
    re.IGNORECASE,
)
_POINTING = frozenset(
    """it its they them their theirs that those this these one ones former latter there
    he she""".split()
)
_FEW_WORDS = 2
_PLACES = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "former": 0,
    "latter": 1, "one": 0, "two": 1, "three": 2, "middle": 0,
}  # fmt: skip
_PLACE = re.compile(
    r"\b(?:the )?(?:(?:number|no\.?) (?P<number>one|two|three)|(?P<place>first|second|third|fourth"
    r"|fifth|last|middle|former|latter)(?: (?:one|of (?:them|these|those)))?)\b(?! \w*"
    r"(?:week|month|day|year|job|step|time|interview)s?\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r",\s*(?:and |or )?|;\s*| and | or ")
_ITEM_WORDS = 5
_LOOK_BACK = 6  # user turns; older ones rarely hold the topic and only blur the query


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it takes over from `history`; unchanged if it takes nothing."""
    earlier = [turn.content for turn in history if turn.role == "user"][-_LOOK_BACK:]
    topic = ""
    for asked in (*earlier, with_item(question, history)):
        topic = f"{topic} {asked}" if topic and is_follow_up(asked) else asked
    return " ".join(topic.split())


def with_item(question: str, history: Sequence[Turn]) -> str:
    """Return `question` with "the second one" replaced by that item of the last reply's list.

    Unchanged if it points at no place in a list, or the reply holds no such list.
    """
    replies = [turn.content for turn in history if turn.role == "assistant"]
    match = _PLACE.search(question)
    items = listed(replies[-1]) if replies else []
    if not match or not items:
        return question
    word = (match.group("place") or match.group("number")).lower()
    place = len(items) // 2 if word == "middle" else _PLACES[word]
    if not -len(items) <= place < len(items):
        return question
    return f"{question[: match.start()]}{items[place]}{question[match.end() :]}"


def listed(reply: str) -> list[str]:
    """Return the items of the first list in a sentence of `reply`, such as "a, b and c"."""
    for sentence in re.split(r"(?<=[.:!?])\s+|\n", reply):
        items = [item.strip(" .:;!?") for item in _BETWEEN.split(sentence)]
        if len(items) > 1 and all(0 < len(item.split()) <= _ITEM_WORDS for item in items):
            return items
    return []


def is_follow_up(question: str) -> bool:
    """Tell whether `question` cannot be understood without the one before it."""
    text = question.strip()
    topical = content_words(text)
    if _OPENING.match(text):
        return True
    if _POINTING.intersection(words(text)):
        return len(topical) <= _FEW_WORDS
    return len(topical) < _FEW_WORDS or len(words(text)) <= _FEW_WORDS
