"""A message → does it mean nothing without what was said before?

Rules only: its pronouns, what it compares, and what it leaves out.
"""

import re

from waymark.dialogue.comparing import leaves_open_which
from waymark.dialogue.openings import LED
from waymark.dialogue.pronouns import points, without_expletives, without_people
from waymark.dialogue.topics import phrases
from waymark.sentences import QUESTION_WORDS, content_words

# "Is the field growing?" is about the field that was talked of.
_THE_FIELD = re.compile(
    r"(?<!\bon )\b(?:the|this|that) (?:field|job|career|profession|occupation|role|industry|trade"
    r"|line of work)\b",
    re.I,
)
_ELLIPSIS = re.compile(
    rf"{LED}(?:(?:what|how) about|same for|for|and|or|like)\b"
    r"(?P<rest>[^?]*)\W*$",
    re.I,
)
_ASKS = re.compile(
    rf"\b(?:{QUESTION_WORDS}|whats|whos|hows|wheres|\w+n['’]?t (?=i\b|you\b|they\b|it\b|there\b))\b"
    r"|^\W*(?:please )?(?:give|tell|explain|define|describe|show|list|compare)\b",
    re.I,
)
_NEW_WORDS = 3  # at the most, in a message that leaves out all else
_MEANT = r"i me(?:an|ant|nt)"
_CORRECTION = re.compile(
    r"\W*(?:(?:no|sorry|oops|wait|actually|rather|excuse me)\W+)+"
    rf"(?:{_MEANT}|in|at|for)\b(?!-)|\W*{_MEANT}\b",
    re.I,
)


def points_back(question: str) -> bool:
    """Tell whether `question` means nothing alone, however well something answers its words."""
    pointing = points(without_people(without_expletives(question)))
    if pointing or leaves_open_which(question) or _is_correction(question):
        return True
    return _about_the_field(question) or _is_ellipsis(question)


def asks_itself(text: str) -> bool:
    """Tell whether `text` asks something itself: "what do cooks do?", not "what about cooks?" """
    match = _ELLIPSIS.match(text)
    return bool(_ASKS.search(match["rest"] if match else text)) and not points_back(text)


def _is_ellipsis(text: str) -> bool:
    """Tell whether `text` is all but its new word: "and electricians?" """
    match = _ELLIPSIS.match(text)
    if not match or _ASKS.search(match["rest"]):
        return False
    return len(content_words(match["rest"])) <= _NEW_WORDS


def _is_correction(text: str) -> bool:
    """Tell whether `text` only puts right what was asked before: "no, I meant in the UK" """
    return bool(_CORRECTION.match(text)) and not _ASKS.search(text)


def _about_the_field(text: str) -> bool:
    """Tell whether `text` asks about "the job" and names little else."""
    rest = _THE_FIELD.sub("", text)
    return rest != text and len(phrases(rest)) < 2
