"""A message → does it lean on the conversation, and on which item of the last reply?

Rules only: how it opens, its pronouns, how few content words it has, and the place in a list
that it points at.
"""

import re
from collections.abc import Iterable, Sequence

from waymark.sentences import QUESTION_WORDS, content_words, words
from waymark.topics import phrases

MOST_COMPARED = 3  # things that one question asks the same of
POINTING = frozenset(
    """it its they them their theirs that those this these one ones former latter there
    he she her his him""".split()
)
COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared?|differ\w*|more|less|better|worse|faster|the two|both|either"
    r"|same)\b",
    re.I,
)
_OPENING = re.compile(
    r"^(and|but|or|so|also|then|ok(ay)?|what about|how about|what if|why not|same for|"
    r"sorry|oops|no|not|actually|i meant?|i wanted|rather|excuse me|"
    r"in that case|for (that|this|those|these)|vs|versus|than|compared)\b",
    re.IGNORECASE,
)
# "Is the field growing?" is about the field that was talked of.
_THE_FIELD = re.compile(
    r"(?<!\bon )\b(?:the|this|that) (?:field|job|career|profession|occupation|role|industry|trade"
    r"|line of work)\b",
    re.I,
)
# "Is it hard to change?", "how long does it take to learn Python?", "is there demand for nurses?"
_EXPLETIVE = re.compile(
    r"\b(?:is|was|will|would|be) it (?=(?:\w+ ){1,3}(?:to|that|if|for|when)\b|worth \w+ing\b)"
    r"|\b(?:does|did|will|would) it (?=(?:take|help|matter|hurt)\b.* (?:to|if|for|whether)\b)"
    r"|\b(?:is|are|was|were) there\b(?! (?:any|a|an)?\W*$)",
    re.I,
)
_STRONG = frozenset("it its they them their theirs".split())
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(_STRONG))})\b", re.I)
_GENERIC = re.compile(r"\b(?:when|if|that|while) they\b", re.I)  # "they" means people
_SUBJECT = re.compile(r"^\W*(?:what|which|who|anything|nothing)\b", re.I)
_OF_THEM = r"(?:which|who|one) of (?:them|these|those)\b"
_AMONG = re.compile(rf"\b(?:(?:the (?:two|three)|both|either)\b|{_OF_THEM})", re.I)
_HIDDEN = re.compile(r"\b(?:it|there)\b", re.I)
MASK = "_"
_ONE = re.compile(r"\b(?:become|becoming|be|being|as) one\b(?! of)", re.I)
_OPENS_OF_THEM = re.compile(rf"\W*{_OF_THEM}", re.I)
WHICH_OF_THEM = re.compile(
    r"\b(?:which|who)\b(?: one\b)?|\bof (?:(?:the )?(?:two|three)|them|these|those)\b", re.I
)
_NO_SECOND = re.compile(
    r"^(?!\W*(?:i|i.?m|my|we|how|what|which|who|why|when|where|can|could|should|will)\b)"
    r"(?:\S+ ){2,6}(?:more|less|better|worse|faster)(?: or (?:more|less|better|worse|slower))?\W*$",
    re.I,
)
_OF_SOME = re.compile(r"\bof the (?:two|three)\b|\b(?:for|in|of) each\W*$", re.I)
_WHICH = re.compile(
    r"^\W*(?:(?:and|or|so|ok|then)\W+)*(?:which|who) (?:is|has|pays|earns|makes|gets|takes|needs"
    r"|wants|grows|will|would|do|does)\b",
    re.I,
)
_WHICH_ONE = re.compile(r"^\W*(?:(?:and|or|so|ok|then)\W+)*which one\b(?! of the)", re.I)
_ELLIPSIS = re.compile(
    r"^\W*(?:(?:and|or|but|so|ok|then)\W+)*(?:(?:what|how) about|same for|for|and|or|like)\b"
    r"(?P<rest>[^?]*)\W*$",
    re.I,
)
_QUESTION_WORD = re.compile(rf"\b{QUESTION_WORDS}\b", re.I)
_JOINER = r"s?\W+(?:(?:and|or|vs|versus|an?|the)\W+)*"  # between names side by side
_FEW_WORDS = 2
_PLACES = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "former": 0,
    "latter": 1, "one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "middle": 0,
    "1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4,
}  # fmt: skip
_PLACE = re.compile(
    r"\b(?:the )?(?:(?:number|no\.) ?(?P<number>one|two|three|four|five|[1-5])\b|(?P<place>first"
    r"|second|third|fourth|fifth|last|middle|former|latter|1st|2nd|3rd|4th|5th)"
    # no noun follows: "the second interview" is in no list
    r"(?: (?:one|of (?:them|these|those))\b|(?=\W*$|[,;:?.!]| (?:is|are|was|do|does|did|has|have"
    r"|had|means?|pays?|needs?|takes?|costs?|and|or|too|better|more|less|than|in|for|at|by|on)\b)))",
    re.IGNORECASE,
)
_ALSO_ADVERBS = ("first", "last")  # "what should I learn first?" points at nothing
_NUMBERED = re.compile(r"(?:^|\s)\(?[1-9][.)]\s+(.+?)(?=[,;]?\s+\(?[1-9][.)]\s|$)", re.DOTALL)
_BULLET = re.compile(r"^\s*[-*•]\s+(.+)$", re.M)
_BETWEEN = re.compile(r",\s*(?:and |or )?|;\s*| and | or ")
_ITEM_WORDS = 5
_CLAUSE = re.compile(r"(?:has|have|is|are|was|can|may|will|so|it|they|this|that|which|who)\b", re.I)
_ANNOUNCED = re.compile(r".*\b(?:is|are|includes?|needs?|uses?|learn|such as|like) ", re.I)


def with_item(question: str, reply: str, choices: Sequence[str] = ()) -> tuple[str, str]:
    """Return `question` with "the second one" replaced by that item of `choices`, which the person
    named just before, or else of the list in `reply`; and the item.

    Unchanged, with "", if it points at no place in a list, or there is no such list.
    """
    match = _PLACE.search(question)
    items = choices if len(choices) > 1 else listed(reply)
    if not match or not items:
        return question, ""
    word = (match.group("place") or match.group("number")).lower()
    if match.group().lower() in _ALSO_ADVERBS:
        return question, ""
    place = len(items) // 2 if word == "middle" else _PLACES[word]
    if not -len(items) <= place < len(items):
        return question, ""
    item = items[place]
    return f"{question[: match.start()]}{item}{question[match.end() :]}", item


def is_name(item: str, reply: str) -> bool:
    """Tell whether an item of a list is a name, such as TensorFlow, which needs no topic."""
    capital = item[:1].isupper() and not reply.startswith(item)
    return capital or any(letter.isupper() for letter in item[1:])


def listed(reply: str) -> list[str]:
    """Return the items of a list in `reply` that has numbers or a line for each, or else of the
    first list in a sentence of it, such as "a, b and c"."""
    for pattern in (_NUMBERED, _BULLET):
        marked = [item.strip(" .:;!?") for item in pattern.findall(reply)]
        if len(marked) > 1:
            return marked
    for sentence in re.split(r"(?<=[.:!?])\s+|\n", reply):
        items = [item.strip(" .:;!?") for item in _BETWEEN.split(_ANNOUNCED.sub("", sentence))]
        short = all(0 < len(item.split()) <= _ITEM_WORDS for item in items)
        if len(items) > 1 and short and not any(map(_CLAUSE.match, items)):
            return items
    return []


def is_follow_up(question: str) -> bool:
    """Tell whether `question` cannot be understood without the one before it."""
    text = without_expletives(question.strip())
    topical = content_words(text)
    if _OPENING.match(text) or _which_of_them(text):
        return True
    if (
        _about_the_field(text)
        or _lacks_a_side(text)
        or _OPENS_OF_THEM.match(text)
        or _ONE.search(text)
    ):
        return True
    text = re.sub(r"\bIT\b", "computing", text) if not text.isupper() else text
    pointing = POINTING.intersection(words(text))
    if pointing & _STRONG and not _GENERIC.search(text):
        return _leans(text)
    if pointing:
        return len(topical) <= _FEW_WORDS or bool(re.search(r"\bone\W*$", text))
    return len(topical) < _FEW_WORDS or len(words(text)) <= _FEW_WORDS or not phrases(text)


def without_expletives(question: str) -> str:
    """Return `question` without an "it" or "there" that stands for nothing said before, if it
    says itself what it is about."""
    bare = masked(question).replace(MASK, "")
    return bare if phrases(bare) else question


def masked(question: str) -> str:
    """Return `question`, as long as it was, with each letter of such a word as `MASK`."""
    return _EXPLETIVE.sub(
        lambda match: _HIDDEN.sub(lambda word: MASK * len(word[0]), match[0]), question
    )


def asks_among(question: str) -> bool:
    """Tell whether `question` asks to choose among things that were named before."""
    return bool(_AMONG.search(question)) or _which_of_them(question)


def points_back(question: str) -> bool:
    """Tell whether `question` means nothing alone, however well something answers its words."""
    if not POINTING.isdisjoint(words(without_expletives(question))) or _which_of_them(question):
        return True
    return _about_the_field(question) or _lacks_a_side(question) or _is_ellipsis(question)


def asks_of_each(question: str, names: Iterable[str]) -> bool:
    """Tell whether `question` asks the same of all `names` in it: it compares them, or names them
    side by side."""
    side_by_side = re.search(side_by_side_pattern(names), question, re.I)
    return bool(side_by_side or COMPARES.search(question))


def side_by_side_pattern(names: Iterable[str]) -> str:
    """Return the pattern of `names` that follow each other: "nurses, cooks and plumbers"."""
    return _JOINER.join(map(re.escape, names))


def _is_ellipsis(text: str) -> bool:
    """Tell whether `text` is all but its new word: "and electricians?" """
    match = _ELLIPSIS.match(text)
    if not match or _QUESTION_WORD.search(match["rest"]):
        return False
    return len(content_words(match["rest"])) <= _FEW_WORDS + 1


def _which_of_them(text: str) -> bool:
    """Tell whether `text` asks "which pays more?" or "of the two?" and does not say of what."""
    if _OF_SOME.search(text) or _WHICH_ONE.search(text):
        return True
    rest = _WHICH.sub("", text)
    return rest != text and not phrases(rest)


def _about_the_field(text: str) -> bool:
    """Tell whether `text` asks about "the job" and names little else."""
    rest = _THE_FIELD.sub("", text)
    return rest != text and len(phrases(rest)) < _FEW_WORDS


def _lacks_a_side(text: str) -> bool:
    """Tell whether `text` compares and one side is not in it: "is it better than a nurse's?",
    "do nurses earn more?" """
    compared, than, _ = text.partition(" than ")
    no_first = than and not phrases(compared) and not _SUBJECT.match(text)
    return bool(no_first or _NO_SECOND.match(text))


def _leans(text: str) -> bool:
    """Tell whether no phrase before its first pronoun could be what the pronoun means."""
    first = _PRONOUN.search(text)
    before = text[: first.start()] if first else text
    return all(phrase.rank == 0 for phrase in phrases(before))
