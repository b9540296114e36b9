"""A question → what it may be about.

No grammar: content words that stand together are a phrase, as in RAKE (Rose et al. 2010,
doi:10.1002/9780470689646.ch1), and a list says which words name what is asked of a topic
("pay", "outlook") and never the topic.
"""

import re

from waymark.sentences import STOP_WORDS

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


def phrases(text: str) -> list[str]:
    """Return the phrases of `text` that may be its topic, in order.

    >>> phrases("What is the median pay of registered nurses?")
    ['registered nurses']
    """
    found: list[str] = []
    start = end = -1
    for match in _WORD.finditer(text):
        divides = _divides(match.group().casefold().replace("’", "'"))
        if start >= 0 and (divides or text[end : match.start()].strip()):
            found.append(text[start:end])
            start = -1
        if not divides:
            start = match.start() if start < 0 else start
            end = match.end()
    return [*found, text[start:end]] if start >= 0 else found


def is_aspect(word: str) -> bool:
    """Tell whether `word` names what is asked of a topic, such as its pay, and not a topic."""
    folded = word.casefold()
    return folded.isdigit() or folded in _ASPECTS or folded.removesuffix("s") in _ASPECTS


def _divides(word: str) -> bool:
    return word in STOP_WORDS or word in _NEITHER or is_aspect(word)
