"""A message → does it lean on the conversation?

Rules only: how it opens, its pronouns, and how few content words it has.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from waymark.openings import ASKS, CORRECTING, GOES_ON, LED, LINKING, MEANT
from waymark.pronouns import STRONG, people_masked, pointing, points, without_expletives
from waymark.sentences import QUESTION_WORDS, content_words, words
from waymark.topics import is_aspect, may_only_ask, phrases, topical_words

MOST_COMPARED = 3  # things that one question asks the same of
COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared?|differ\w*|more|less|better|worse|faster|the two|both|either"
    r"|same)\b",
    re.I,
)
_OPENING = re.compile(
    rf"^(?:{LINKING}|(?:{CORRECTING}|{MEANT}|what about|how about|what if|why not|same for"
    r"|(?:going )?back to|not|i wanted|in that case|for (?:that|this|those|these)|vs|versus|than"
    r"|compared)\b)",
    re.IGNORECASE,
)
# "Is the field growing?" is about the field that was talked of.
_THE_FIELD = re.compile(
    r"(?<!\bon )\b(?:the|this|that) (?:field|job|career|profession|occupation|role|industry|trade"
    r"|line of work)\b",
    re.I,
)
_OF_THEM = r"(?:which|who|one|any) of (?:them|these|those)\b"
# Not "both a degree and a licence" or "either Python or R", which say themselves what they mean.
_AMONG = re.compile(
    r"\b(?:(?:both|either)(?: of (?:them|these|those|the two))?\b"
    rf"(?!(?: [\w'’-]+){{1,3}} (?:and|or)\b)|(?:the|those|these) (?:two|three)\b|{_OF_THEM})",
    re.I,
)
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
# "Is it better to do a degree than a bootcamp?"
_BOTH_SIDES = re.compile(r"\W*(?:is|would|will) (?:it )?\s*\w+ to \w+ (?!than\b)\w+", re.I)
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
_ELLIPSIS = re.compile(
    rf"{LED}(?:(?:what|how) about|same for|for|and|or|like)\b"
    r"(?P<rest>[^?]*)\W*$",
    re.I,
)
_CORRECTION = re.compile(rf"\W*(?:{CORRECTING}\W+)+(?:{MEANT}|in|at|for)\b(?!-)|\W*{MEANT}\b", re.I)
_JOINER = r"s?\W+(?:(?:and|or|vs|versus|an?|the)\W+)*"  # between names side by side
_FEW_WORDS = 2
_QUALIFIER_WORDS = 7
_QUALIFIES = re.compile(
    r"\W*(?:even )?(?:with|without|after|before|during|in|at|for|from|as|on|by|if)\b", re.I
)
_OPENS = re.compile(rf"{QUESTION_WORDS}\b(?! (?:if|about)\b)", re.I)
_WHO = r"an? ((?!one\b)[\w -]+?)"
_WHO_MANY = r"((?!people|workers|\w*earners|(?:\w+ )?ones\b)[\w -]+?[^\Wius]s)"
_OF_ITS_OWN = re.compile(
    rf"\W*(?:what (?:does|would) {_WHO} do|what do {_WHO_MANY} do"
    rf"|(?:what|how much) (?:does|can|would) {_WHO} (?:earn|make|get paid)"
    rf"|(?:what|how much) (?:do|can|would) {_WHO_MANY} (?:earn|make|get paid)"
    rf"|how (?:do|can) (?:i|you) become {_WHO})\W*$",
    re.I,
)
# What a whole question may have from the one before it.
_MAY_LEAN = re.compile(
    r"\b(?:those|these|ones|it|its|them|theirs?|he|she|him|his|her|still)\b|\bthen\W*$"
    r"|(?<!\bif )(?<!\bwhen )(?<!\bthat )\bthey\b|\bthere\b(?! (?:is|are|was|were)\b)"
    r"|\b(?:for|of|about|with|in|on|to|from|after|is|was|does|do|would|will|can) (?:that|this)\b"
    r"|\bthat(?=\W*$|[,;.]| (?:way|early|much|out|thing)\b)",
    re.I,
)
# What stands for a thing said before, however much else the question names.
_SUCH = re.compile(
    r"\b(?:those|these) (?:people|workers|ones|professionals|positions)\b"
    r"|\b(?:an?|another|any) (?:\w+ )?one\b(?! of|\w)"
    r"|(?:^\W*|[.!,]\s*)(?:why|how|what|when|where|is|does|are|do|would|will|can|did|was)"
    r"(?:['’]?s)?(?: is| does| do| are| would| will)? (?:that|this|those|these) "
    r"(?:(?:also|still|really|any) )?(?:different|works?|helps?|compare|mean|apply|pay|take|true"
    r"|normal|common|include|count|affect|change|cost|happen|the case)\b"
    r"|\bin (?:there|it|that|those)\W*$",
    re.I,
)


def is_follow_up(question: str) -> bool:
    """Tell whether `question` cannot be understood without the one before it."""
    text = without_expletives(question.strip())
    topical = topical_words(text)
    if _OPENING.match(text) or _SUCH.search(text) or _which_of_them(text) or _is_qualifier(text):
        return True
    if (
        _about_the_field(text)
        or _lacks_a_side(text)
        or _is_among(text)
        or _OPENS_OF_THEM.match(text)
        or _ONE.search(text)
    ):
        return True
    if pointing(people_masked(text)) & STRONG:
        return True
    if _is_of_its_own(text):
        return False
    if points(text):
        few = len(topical) <= _FEW_WORDS or not phrases(text)
        return few or bool(re.search(r"\bone\W*$", text))
    return len(topical) < _FEW_WORDS or len(words(text)) <= _FEW_WORDS or not phrases(text)


def may_lean(question: str) -> bool:
    """Tell whether `question`, though whole, may be about what was talked of: "he could still be
    sacked then?" """
    return bool(_MAY_LEAN.search(without_expletives(question)))


def is_new_question(question: str, named: Callable[[str], Sequence[str]]) -> bool:
    """Tell whether `question` is a whole one behind "and", "so" or "ok": "and how do I spot a fake
    job offer?" `named` finds the names in it."""
    rest = GOES_ON.sub("", question)
    if rest == question or not _OPENS.match(rest) or is_follow_up(rest):
        return False
    if COMPARES.search(rest) or points(rest):
        return False
    names = named(rest)
    subject = names and re.search(
        rf"\b(?:do|are|(?:become|does|is) an?) {re.escape(names[0])}", rest, re.I
    )
    topical = [word for word in content_words(rest) if not is_aspect(word)]
    return bool(subject) or len(topical) > _FEW_WORDS


def asks_among(question: str) -> bool:
    """Tell whether `question` asks to choose among things that were named before."""
    return bool(_AMONG.search(question)) or _which_of_them(question)


def names_all(question: str) -> bool:
    """Tell whether `question` says only of which things it asks: "and for both?" """
    rest = _AMONG.sub("", question)
    return rest != question and not content_words(rest)


def points_back(question: str) -> bool:
    """Tell whether `question` means nothing alone, however well something answers its words."""
    if points(people_masked(without_expletives(question))):
        return True
    if _which_of_them(question) or _is_among(question) or _is_correction(question):
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


def _is_of_its_own(text: str) -> bool:
    """Tell whether `text` asks the commonest things, and says of whom: "what does a pilot do?" """
    found = _OF_ITS_OWN.match(text)
    who = next(filter(None, found.groups()), "") if found else ""
    return bool(phrases(who)) and not may_only_ask(who)


def _is_ellipsis(text: str) -> bool:
    """Tell whether `text` is all but its new word: "and electricians?" """
    match = _ELLIPSIS.match(text)
    if not match or ASKS.search(match["rest"]):
        return False
    return len(content_words(match["rest"])) <= _FEW_WORDS + 1


def _is_correction(text: str) -> bool:
    """Tell whether `text` only puts right what was asked before: "no, I meant in the UK" """
    return bool(_CORRECTION.match(text)) and not ASKS.search(text)


def _is_qualifier(text: str) -> bool:
    """Tell whether `text` only narrows what was asked before: "even with a degree?" """
    few = len(words(text)) <= _QUALIFIER_WORDS
    return few and bool(_QUALIFIES.match(text)) and not ASKS.search(text)


def _which_of_them(text: str) -> bool:
    """Tell whether `text` asks "which pays more?" or "of the two?" and does not say of what."""
    if _OF_SOME.search(text) or _WHICH_ONE.search(text) or _GAP.match(text):
        return True
    rest = _WHICH.sub("", text)
    return rest != text and not phrases(rest)


def _is_among(text: str) -> bool:
    """Tell whether `text` asks something of "both" or "the two" and names little else."""
    rest = _AMONG.sub("", text)
    return rest != text and len(phrases(rest)) < _FEW_WORDS


def _about_the_field(text: str) -> bool:
    """Tell whether `text` asks about "the job" and names little else."""
    rest = _THE_FIELD.sub("", text)
    return rest != text and len(phrases(rest)) < _FEW_WORDS


def _lacks_a_side(text: str) -> bool:
    """Tell whether `text` compares and one side is not in it: "is it better than a nurse's?",
    "do nurses earn more?" """
    if _BOTH_SIDES.match(text):
        return False
    compared, than, _ = text.partition(" than ")
    no_first = than and not phrases(compared)
    return bool(no_first or _NO_SECOND.match(text))
