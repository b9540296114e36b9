"""A message that points into a list ("the second one", "the first two") → with what it points at.

A list in a reply is numbered, has a line for each item, or is "a, b and c".
"""

import re
from collections.abc import Sequence

# After "the first" or "the second one"; another word is the noun that it belongs to.
_FOLLOWING = (
    r"(?:is|are|was|were|do|does|did|has|have|had|means?|pays?|needs?|takes?|costs?|and|or|too|then"
    r"|though|better|more|less|than|in|for|at|by|on|of (?:them|these|those))\b"
)
_PLACES = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "former": 0,
    "latter": 1, "one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "middle": 0,
    "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4,
}  # fmt: skip
_PLACE = re.compile(
    r"\b(?:the )?(?:(?:number|no\.) ?(?P<number>one|two|three|four|five|[1-5])\b|(?P<place>first"
    r"|second|third|fourth|fifth|last|middle|former|latter|1st|2nd|3rd|4th|5th)"
    # no noun follows: "the second interview" is in no list
    rf"(?: (?:one|of (?:them|these|those))\b|(?=\W*$|[,;:?.!]| {_FOLLOWING}))"
    r"(?: (?:on|in|of|from) (?:the|that|this|your) list\b)?)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\bthe (?P<end>first|last) (?P<many>two|three)\b"
    rf"(?=\W*$|[,;?.!]| {_FOLLOWING})",
    re.I,
)
_ALSO_ADVERBS = ("first", "last")  # "what should I learn first?" points at nothing
_NUMBERED = re.compile(r"(?:^|\s)\(?[1-9][.)]\s+(.+?)(?=[,;]?\s+\(?[1-9][.)]\s|$)", re.DOTALL)
_BULLET = re.compile(r"^\s*[-*•]\s+(.+)$", re.M)
_BETWEEN = re.compile(r",(?!\d)\s*(?:and |or )?|;\s*| and | or ")
# A quoted list has lost its marks, and its items are sentences that open with what they are about.
_QUOTED = re.compile(r"“([^“”]*)”")
_NOUN = r"(?!(?:the|an?|to|of|in|for|with|and|that|wh\w+|how)\b)[\w+#/-]+"
_BEFORE_VERB = re.compile(rf"(?:the |an? )?({_NOUN}(?: {_NOUN}){{1,3}}?) \w+[^\Wius]s\b", re.I)
_BEFORE_IS = re.compile(
    rf"(?:the |an? )?({_NOUN}(?: {_NOUN}){{0,3}}?)(?:[,:]| (?:is|are|has|have|can|may|must)\b)",
    re.I,
)
_QUOTING = re.compile(r"\([^()]{3,}\)|\[\d+\]|[“”\"]")  # what is around a quote, and no item
_ITEM_WORDS = 5
_LETTER = re.compile(r"[^\W\d_]")
_CLAUSE = re.compile(
    r"(?:has|have|is|are|was|can|may|will|so|it|they|this|that|which|who|to)\b", re.I
)
_ANNOUNCED = re.compile(r".*\b(?:is|are|includes?|needs?|uses?|learn|such as|like) ", re.I)


def with_item(question: str, items: Sequence[str]) -> str:
    """Return `question` with "the second one" replaced by that one of `items`; unchanged if it
    points at no place in a list, or there are not so many."""
    several = _SEVERAL.search(question)
    if several and len(items) > (many := _PLACES[several["many"].lower()] + 1):
        chosen = items[:many] if several["end"].lower() == "first" else items[-many:]
        return _put(" and ".join(chosen), several, question)
    match = _PLACE.search(question)
    if not match or not items or match.group().lower() in _ALSO_ADVERBS:
        return question
    word = (match.group("place") or match.group("number")).lower()
    place = len(items) // 2 if word == "middle" else _PLACES[word]
    fits = -len(items) <= place < len(items)
    return _put(items[place], match, question) if fits else question


def listed(reply: str) -> list[str]:
    """Return the items of a list in `reply` that has numbers or a line for each, or else of the
    first list in a sentence of it, such as "a, b and c"."""
    for quote in _QUOTED.findall(reply):
        lines = [line for line in quote.partition(":\n")[2].split("\n") if line.strip()]
        if len(lines) > 1:
            return [_subject(line) for line in lines]
    reply = _QUOTING.sub("", reply)
    for pattern in (_NUMBERED, _BULLET):
        marked = [item.strip(" .:;!?") for item in pattern.findall(reply)]
        if len(marked) > 1:
            return marked
    for sentence in re.split(r"(?<=[.:!?])\s+|\n", reply):
        announced = _ANNOUNCED.match(sentence)  # at the start only: a search takes n² steps
        rest = sentence[announced.end() :] if announced else sentence
        items = [item.strip(" .:;!?") for item in _BETWEEN.split(rest)]
        short = all(0 < len(item.split()) <= _ITEM_WORDS and _LETTER.search(item) for item in items)
        if len(items) > 1 and short and not any(map(_CLAUSE.match, items)):
            return items
    return []


def _subject(line: str) -> str:
    """What a line of a list is about, by the words before its verb; all of it where none is seen.

    >>> _subject("A business forecast predicts a figure.")
    'business forecast'
    """
    found = _BEFORE_VERB.match(line) or _BEFORE_IS.match(line)
    what = found[1] if found else line.strip(" .:;!?")
    return what[:1].lower() + what[1:] if what[1:].islower() else what


def _put(item: str, match: re.Match[str], question: str) -> str:
    return f"{question[: match.start()]}{item}{question[match.end() :]}"
