"""One message → the questions in it: people often ask two things at once.

Rules only: a question ends at its mark, or where "and", "or" or "also" is followed by a question
word, or by another thing asked of an occupation ("pay and growth"). Background ("I'm 34 and work in
a shop.") is no part, but tells what the parts are about.
"""

import re

from waymark.sentences import QUESTION_WORDS, content_words, sentence_spans

MOST = 3  # questions of one message that are looked at apart

# No subject follows: "which are growing and do not need a degree", "I like it but am bad at it".
_SAME_SUBJECT = r"(?!(?:do|does|did|am|is|are|was|were|can|have|has) not\b|am\b(?! i\b))"
_JOINT = re.compile(
    rf"[,;]?\s+(?:and|or|also|plus|but|&)\s+(?:also\s+)?{_SAME_SUBJECT}(?={QUESTION_WORDS}\b)",
    re.I,
)
# What is asked of an occupation without a question word: "nurse pay and growth".
_ASPECT = (
    r"(?:pay|salar(?:y|ies)|wages?|earnings|growth|outlook|openings|prospects|demand|training"
    r"|education|qualifications?|requirements?|hours|duties|risks?)"
)
_ASPECTS = re.compile(
    r"^(?!.*\bhow (?:do|can|could|should|would) i\b)"
    rf"(?P<first>.*\b{_ASPECT}\b.*?)(?:[,;]?\s+(?:and|plus|&)|,)\s+"
    rf"(?P<second>(?:(?:the|their|its|job|career|work|working|typical|usual|future|expected|entry"
    rf"|yearly|annual|median|average|starting) ){{0,2}}{_ASPECT}"
    r"(?: (?:needed|required|too|please|there|in|the|a|per|each|by|us|usa|year|\d+))*\W*)$",
    re.I,
)
# "lowest pay of nurses and how many openings" asks, without a mark, an aspect and then a question.
_ASKS_UNMARKED = re.compile(rf"^(?!.*\b(?:i|i'?m|my|we|our)\b).*\b{_ASPECT}\b", re.I)
_JOINS = re.compile(r"^(?:(?:and|or|also|plus|but|so|then)\b\W*)+", re.I)
_OPENS = re.compile(rf"^\W*(?:(?:and|but|so|also|then|ok|hi|hello)\W+)*{QUESTION_WORDS}\b", re.I)


def question_parts(message: str) -> list[str]:
    """Return the questions of `message` in order; `[message]` if it asks one thing only.

    >>> question_parts("How long is training, and what does it cost?")
    ['How long is training', 'what does it cost?']
    """
    sentences, asked = _sentences(message)
    if len(sentences) == 1 and _ASKS_UNMARKED.match(message):
        asked = sentences
    split = [_JOINS.sub("", part) for sentence in asked for part in _JOINT.split(sentence)]
    parts = [part for part in split if content_words(part)]
    two = _ASPECTS.match(message) if len(parts) < 2 and len(sentences) == 1 else None
    if two:
        return [two["first"], two["second"]]
    return parts[:MOST] if len(parts) > 1 else [message]


def without_background(message: str) -> str:
    """Return the sentences of `message` that ask; all of it where all ask, or none.

    >>> without_background("I'm 34 and work in a shop. Do I need a degree?")
    'Do I need a degree?'
    """
    sentences, asked = _sentences(message)
    return " ".join(asked) if 0 < len(asked) < len(sentences) else message


def background(message: str) -> str:
    """Return the sentences of `message` that do not ask; "" where all ask, or none.

    >>> background("I'm 34 and work in a shop. Do I need a degree?")
    "I'm 34 and work in a shop."
    """
    sentences, asked = _sentences(message)
    return " ".join(s for s in sentences if s not in asked) if asked else ""


def _sentences(message: str) -> tuple[list[str], list[str]]:
    """All sentences of a message, and those that ask."""
    sentences = [message[start:end] for start, end in sentence_spans(message)]
    return sentences, [s for s in sentences if s.endswith("?") or _OPENS.match(s)]
