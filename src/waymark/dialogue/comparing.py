"""A question → does it compare things or choose among them, and which?

Rules only: the words that compare, and whether what they compare is named.
"""

import re
from collections.abc import Iterable, Sequence

from waymark.dialogue.openings import LED
from waymark.dialogue.topics import phrases

MOST_COMPARED = 3  # things that one question asks the same of
COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared?|differ\w*|more|less|better|worse|faster|the two|both|either"
    r"|same)\b",
    re.I,
)
WHICH_OF_THEM = re.compile(
    r"\b(?:which|who)\b(?: one\b)?|\bof (?:(?:the )?(?:two|three)|them|these|those)\b", re.I
)
_OF_THEM = r"(?:which|who|one|any) of (?:them|these|those)\b"
# Not "both a degree and a licence" or "either Python or R", which say themselves what they mean.
_AMONG = re.compile(
    r"\b(?:(?:both|either)(?: of (?:them|these|those|the two))?\b"
    rf"(?!(?: [\w'’-]+){{1,3}} (?:and|or)\b)|(?:the|those|these) (?:two|three)\b|{_OF_THEM})",
    re.I,
)
_OF_SOME = re.compile(r"\bof the (?:two|three)\b|\b(?:for|in|of) each\W*$", re.I)
_WHICH = re.compile(
    rf"{LED}(?:which|who) (?:is|has|pays|earns|makes|gets|takes|needs"
    r"|costs|wants|grows|will|would|do|does)\b",
    re.I,
)
_WHICH_ONE = re.compile(rf"{LED}which one\b(?! of the)", re.I)
_GAP = re.compile(
    rf"{LED}(?:(?:how (?:big|large|much)|what) is |what['’]?s )?"
    r"the (?:gap|difference)(?: then)?\W*$",
    re.I,
)
_TWO = re.compile(r"\b(?:two|both|either|gap|difference)\b", re.I)
_NO_SECOND = re.compile(
    r"^(?!\W*(?:i|i.?m|my|we|how|what|which|who|why|when|where|can|could|should|will)\b)"
    r"(?:\S+ ){2,6}(?:more|less|better|worse|faster)(?: or (?:more|less|better|worse|slower))?\W*$",
    re.I,
)
# "Is it better to do a degree than a bootcamp?"
_BOTH_SIDES = re.compile(r"\W*(?:is|would|will) (?:it )?\s*\w+ to \w+ (?!than\b)\w+", re.I)
_FEW_PHRASES = 2
_JOINER = r"s?\W+(?:(?:and|or|vs|versus|an?|the)\W+)*"  # between names side by side


def asks_among(question: str) -> bool:
    """Tell whether `question` asks to choose among things that were named before."""
    return bool(_AMONG.search(question)) or _which_of_them(question)


def chosen_among(question: str, named: Sequence[Sequence[str]]) -> Sequence[str]:
    """Return which of the things `named` in each message so far, the last message last, `question`
    chooses among: those of the last message with several, or else the last ones; none if they are
    fewer than two."""
    several = [names for names in named if len(set(names)) > 1]
    names = list(dict.fromkeys(several[-1] if several else [n for names in named for n in names]))
    most = 2 if _TWO.search(question) else MOST_COMPARED
    return names[-most:] if len(names) > 1 else ()


def leaves_open_which(question: str) -> bool:
    """Tell whether `question` compares or chooses and does not say what: "which pays more?", "pay
    for both?", "do nurses earn more?" """
    return _which_of_them(question) or _is_among(question) or _lacks_a_side(question)


def asks_of_each(question: str, names: Iterable[str]) -> bool:
    """Tell whether `question` asks the same of all `names` in it: it compares them, or names them
    side by side."""
    side_by_side = re.search(side_by_side_pattern(names), question, re.I)
    return bool(side_by_side or COMPARES.search(question))


def side_by_side_pattern(names: Iterable[str]) -> str:
    """Return the pattern of `names` that follow each other: "nurses, cooks and plumbers"."""
    return _JOINER.join(map(re.escape, names))


def _which_of_them(text: str) -> bool:
    """Tell whether `text` asks "which pays more?" or "of the two?" and does not say of what."""
    if _OF_SOME.search(text) or _WHICH_ONE.search(text) or _GAP.match(text):
        return True
    rest = _WHICH.sub("", text)
    return rest != text and not phrases(rest)


def _is_among(text: str) -> bool:
    """Tell whether `text` asks something of "both" or "the two" and names little else."""
    rest = _AMONG.sub("", text)
    return rest != text and len(phrases(rest)) < _FEW_PHRASES


def _lacks_a_side(text: str) -> bool:
    """Tell whether `text` compares and one side is not in it: "is it better than a nurse's?",
    "do nurses earn more?" """
    if _BOTH_SIDES.match(text):
        return False
    compared, than, _ = text.partition(" than ")
    no_first = than and not phrases(compared)
    return bool(no_first or _NO_SECOND.match(text))
