"""A question → what it is about, and what it asks of that.

No grammar: content words that stand together are a phrase, as in RAKE (Rose et al. 2010,
doi:10.1002/9780470689646.ch1), and a list says which words name what is asked of a topic
("pay", "outlook") and never the topic.
"""

import re
from dataclasses import dataclass

from waymark.sentences import STOP_WORDS, stem

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
    tho too percent per cent matter cheaper option alternative even
    """.split()
)
_BEFORE = {"of": 4, "about": 4, "on": 4, "a": 2, "an": 2, "the": 2, "my": 2, "as": 2}
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
        if word not in _ARTICLES or before not in _BEFORE:
            before = word
    return [*found, _phrase(text, start, end, introducer)] if start >= 0 else found


def main_phrase(text: str) -> str:
    """Return the phrase of `text` that is most likely its topic, "" if there is none."""
    found = phrases(text)
    return max(found, key=lambda phrase: phrase.rank).text if found else ""


def _phrase(text: str, start: int, end: int, introducer: str) -> Phrase:
    capital = CAPITAL if start > 0 and any(c.isupper() for c in text[start:end]) else 0
    return Phrase(text[start:end], start, end, max(capital, _BEFORE.get(introducer, 0)))


def is_aspect(word: str) -> bool:
    """Tell whether `word` names what is asked of a topic, such as its pay, and not a topic."""
    folded = word.casefold()
    return folded.isdigit() or folded in _ASPECTS or folded.removesuffix("s") in _ASPECTS


def _divides(word: str) -> bool:
    return word in STOP_WORDS or is_aspect(word) or word.isdigit()


def same(topic: str, text: str) -> bool:
    """Tell whether every word of `topic` stands in `text`, whatever their endings."""
    said = {stem(word) for word in _folded(text)}
    return all(stem(word) in said for word in _folded(topic))


def _folded(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]
