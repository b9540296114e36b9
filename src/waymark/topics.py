"""A question → what it is about, and what it asks of that.

No grammar: content words that stand together are a phrase, as in RAKE (Rose et al. 2010,
doi:10.1002/9780470689646.ch1), and a list says which words name what is asked of a topic
("pay", "outlook") and never the topic.
"""

import re
from dataclasses import dataclass

from waymark.sentences import STOP_WORDS, content_words, stem, words

_WORD = re.compile(r"[^\W_]+(?:[+#]+|(?:['’.&/-][^\W_]+)*)")
_ASPECTS = frozenset(
    """
    pay paid salary salaries wage earn earning income money cost price fee bonus bonuses outlook
    growth grow growing demand prospect future hour week month year day time train training trained
    education degree qualification require required requirement entry skill tool length duration
    long short example step difference differ different compare compared advantage disadvantage pro
    con benefit risk type kind part way sort mean meaning meant definition define purpose role work
    working job become becoming start starting help helping explain describe say said call called
    name named use used using find found learn happen happened apply applied involve involved
    typical typically average median usual usually normal normally common hard easy good bad best
    better worse worst fast faster slow high higher low lower big bigger small smaller old new main
    many few still second third last next another around two three four five there's what's whats
    who's how's where's hows wheres whos please mention number percent share level full ok okay yes
    list often ever quite bit actually again biggest highest lowest top bottom tenth quarter half
    percentile hourly yearly annual monthly rate figure less least ones per projected expected
    predicted opening vacancy vacancies prospects dangerous risky schooling study studies largest
    famous popular important exactly instead possible able allow allowed certain specific
    specifically without detail info information question ask asked hi hello stuff needed though
    tho too percent per cent matter cheaper option alternative even first sense
    """.split()
)
# Words that are neither: hasty spellings and other forms of stop words, who is talked of and what
# they did, and what only compares.
_NEITHER = frozenset(
    """thats theres heres hes shes dont doesnt didnt isnt arent wasnt cant wont couldnt wouldnt
    shouldnt havent hasnt doesn't didn't aren't wasn't can't won't couldn't wouldn't shouldn't
    haven't hasn't im ive youre theyre we'll we're we've you'll you're you've they'll they've he's
    he'll she's she'll let's he'd she'd they'd it'd we'd husband wife son daughter brother sister
    mother father
    mum mom dad niece nephew uncle aunt cousin friend boyfriend girlfriend asking asked gets getting
    got gives gave goes went came knows lets likes needs takes tells told wants look looks looking
    offered promised sent wrote replied laughed both either longest shortest hardest easiest nearest
    closest national worth mandatory between anyway anyways fwiw tbh imo imho ngl lol""".split()
)
# What may be part of a name ("real estate"), and by itself names nothing: "is it the same?"
_NAMELESS = frozenset(
    """same real late early true false fine straight rude sure legit genuine serious weird crazy
    insane sad glad great end earth maybe never since dunno idk hm hmm um erm ugh well everyone
    everybody""".split()
)
# What is asked of an occupation, and only where nothing else is: "licence?", "any overtime"
_ASKED_OF = frozenset(
    stem(word)
    for word in """experience licence license certificate certification duties tasks shifts
    overtime stress competition age limit progression promotion responsibilities uniform equipment
    holidays vacation pension commute travel benefits beginners senior junior location
    gap""".split()
)
_WHICH_PAY = frozenset(
    stem(word)
    for word in """lowest highest top bottom tenth median average mean minimum maximum most least
    hourly monthly weekly yearly percent quarter half range starting beginners entry level
    10 25 50 75 90""".split()
)
_PAY = re.compile(r"\b(?:pay|paid|salar(?:y|ies)|wages?|earn\w*|make)\b", re.I)
OWN_CASE = re.compile(r"(?:i['’]?m|i am)\b", re.I)
_SENTENCE_ENDS = re.compile(r"[.?!]\W*$")
_FRAMES = frozenset(("for", "in", "at", "with", "by", "from", "over"))
_IN_THE, _NOUN_FOR = "in the", "noun for"  # before what is seldom the topic
_BEFORE = {"of": 4, "about": 4, "on": 4, "into": 4, "a": 2, "an": 2, "the": 2, "my": 2, "as": 2}
_BEFORE[_IN_THE] = 1
_ARTICLES = frozenset(("a", "an", "the", "my"))
CAPITAL = 3  # a name in the middle of a sentence, such as a programming language


@dataclass(frozen=True, slots=True)
class Phrase:
    """Content words that stand together, at `[start, end)` of the text they are from."""

    text: str
    start: int
    end: int
    rank: int  # how likely it is what is talked about, by the word before it and by its capital


def phrases(text: str) -> list[Phrase]:
    """Return the phrases of `text` that may be its topic, in order.

    >>> [phrase.text for phrase in phrases("What is the median pay of registered nurses?")]
    ['registered nurses']
    """
    found: list[Phrase] = []
    start = end = -1
    before = introducer = ""
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("’", "'")
        if start >= 0 and (_divides(word) or text[end : match.start()].strip()):
            found.append(_phrase(text, start, end, introducer))
            start = -1
        if not _divides(word):
            if start < 0:
                start, introducer = match.start(), before
            end = match.end()
        before = _introduced(word, before)
    return [*found, _phrase(text, start, end, introducer)] if start >= 0 else found


def main_phrase(text: str, least: int = 0) -> str:
    """Return the phrase of `text` that is most likely its topic, "" if none has rank `least`."""
    found = [p for p in phrases(text) if p.rank >= least and not set(words(p.text)) <= _NAMELESS]
    return max(found, key=lambda phrase: phrase.rank).text if found else ""


def _introduced(word: str, before: str) -> str:
    """How a phrase after `word` is introduced: "calculus for ML" is about calculus."""
    if word in _ARTICLES and before in _BEFORE:
        return before
    if word in _ARTICLES and before in _FRAMES:
        return _IN_THE
    return _NOUN_FOR if word in ("for", "on") and before not in STOP_WORDS else word


def _phrase(text: str, start: int, end: int, introducer: str) -> Phrase:
    inside = start > 0 and not _SENTENCE_ENDS.search(text[:start])
    inside = inside and introducer != _NOUN_FOR
    capital = CAPITAL if inside and any(c.isupper() for c in text[start:end]) else 0
    return Phrase(text[start:end], start, end, max(capital, _BEFORE.get(introducer, 0)))


def topical_words(text: str) -> list[str]:
    """Return the content words of `text` that are a topic or what is asked of one."""
    return [word for word in content_words(text) if word not in _NEITHER]


def only_asks(phrase: str) -> bool:
    """Tell whether `phrase` says what is asked of a topic, and names none."""
    return all(map(is_aspect, topical_words(phrase)))


def may_only_ask(phrase: str) -> bool:
    """Tell whether `phrase` may say what is asked of an occupation, such as "overtime"."""
    return all(is_aspect(word) or stem(word) in _ASKED_OF for word in content_words(phrase))


def says_which_pay(phrase: str, before: str) -> bool:
    """Tell whether `phrase` asks, after the question `before` about pay, for another figure of
    it."""
    said = set() if OWN_CASE.search(phrase) else {stem(word) for word in content_words(phrase)}
    return bool(said) and said <= _WHICH_PAY and bool(_PAY.search(before))


def is_aspect(word: str) -> bool:
    """Tell whether `word` names what is asked of a topic, such as its pay, and not a topic."""
    folded = word.casefold()
    return folded.isdigit() or folded in _ASPECTS or folded.removesuffix("s") in _ASPECTS


def _divides(word: str) -> bool:
    return word in STOP_WORDS or word in _NEITHER or is_aspect(word) or word.isdigit()


def same(topic: str, text: str) -> bool:
    """Tell whether every word of `topic` stands in `text`, whatever their endings."""
    said = {stem(word) for word in _folded(text)}
    return all(stem(word) in said for word in _folded(topic))


def _folded(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]
