"""Words → what they do in a statement: carry its topic, weaken it, strengthen it, negate it, or
only hold it together. English; the lists are closed classes and a few everyday synonyms.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from waymark.sentences import STOP_WORDS, stem, words


def _classes(**lists: str) -> dict[str, str]:
    return {word: name for name, listed in lists.items() for word in listed.split()}


# What makes a statement weaker. Words of one class can stand for each other.
HEDGES = _classes(
    possible="may might can could possible possibly perhaps potentially able risk",
    usual="typically typical usually usual often generally normally commonly common frequently "
    "mostly mainly tend tends rule",
    sometimes="sometimes occasionally times",
    most="most majority nearly almost",
    many="many",
    some="some certain several part",
    projected="projected projection expected expects forecast likely estimated",
    open="whether depends depend vary varies",
    past="formerly",
    unreal="would",
)
QUANTITIES = frozenset({"most", "many", "some"})  # classes of hedges that open a sentence
# After "each" and "every": said of time, not of all there are.
SPANS = frozenset("time hour day night week month year season".split())
# What makes a statement stronger.
STRENGTHS = _classes(
    all="all every each any always everyone everything everywhere entire whichever whatever",
    only="only solely just",
    will="will",
    must="must need needs required requires require compulsory mandatory",
)
NEGATIONS = frozenset("not no never none nor neither without cannot nobody nothing".split())
SCARCELY = frozenset("few little barely scarcely refuse refuses".split())
RARELY = frozenset("rarely seldom hardly".split()) | SCARCELY
DIRECTIONS = frozenset("more less fewer than before after over under until rather too".split())
CAUSES = frozenset("because since therefore so hence why thus".split())
CONDITIONS = frozenset("if unless when until except provided once".split())
BE = frozenset("be is are was were been being".split())
VERBS = frozenset(  # those that show that a clause has a subject of its own
    "is are was were has have had can may might must should will would do does need needs "
    "mean means".split()
)
NO_SUBJECT = frozenset(  # a clause that opens with one of them continues the one before it
    "it they he she this these those which who what how why when if whether so as "
    "usually often also then not never typically always even sometimes mostly".split()
)
DETERMINERS = frozenset("a an the every each most some many one another no all both other".split())
PREPOSITIONS = frozenset("for to on of by in with at as from into is are".split())
_NUMERALS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety dozen hundred thousand million billion half twice thrice".split()
)
_MEANINGFUL = frozenset(  # stop words of a search that change what a statement says
    "most more must not no only all before after than too less might may can could will need out "
    "off over up same once each just any".split()
)
_HOLDING = frozenset(
    "among and according although becom become becomes becoming between both but by called "
    "example from gets having hers him itself means mean meaning named names naming name oneself "
    "one's or other others ourselves overall people person per cent percent quite really say says "
    "said should simply someone anyone stand stands themselves then though thus today "
    "toward towards upon via way ways whereas while whole whose within yes yourself instance "
    "kind etc".split()
)
GLUE = (STOP_WORDS - _MEANINGFUL) | _HOLDING

# Determiners of a thing that is there once; the others, such as "three" or "some", count several.
_SINGLE = frozenset("one 1 a an another each every single this that its".split())
_SEVERAL = frozenset("several many few both some all most other these those".split())

_SYNONYMS = {
    word: group.split()[0]
    for group in (
        "pay earn earning earnings wage wages salary salaries paid", "begin start began",
        "explain describe", "job post role", "company firm", "big large", "buy purchase",
        "quick fast", "fall decline decrease", "grow rise increase grew grown",
        "choose pick select chose chosen", "search look", "use uses used using",
        "adviser advisor", "cv resume résumé", "hold held", "build built", "keep kept retain",
        "write wrote written", "take took taken", "teach taught", "find found", "make made",
        "lead led", "give gave given", "child children", "spend spent", "lose losing lost",
        "hear heard", "show shown", "set setting", "person people",
    )
    for word in group.split()
}  # fmt: skip


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """Fold endings, spellings and synonyms, so that words of one meaning meet."""
    word = _SYNONYMS.get(word) or _SYNONYMS.get(stem(word)) or word
    folded = stem(word)
    if len(folded) > 4 and folded[-1] == folded[-2] and folded[-1] not in "sl":
        folded = folded[:-1]
    if folded.endswith("ly") and len(folded) >= 6 and word not in RARELY:  # "hardly" is not "hard"
        folded = folded[:-2]
    return folded[:-1] if len(folded) > 3 and folded[-1] in "yi" else folded


# What follows one of them is not so, or not yet: "kept out of training", "avoid jargon", "a fake
# cheque", "a myth that", "employers promise". All their forms count.
TURNING = frozenset(
    map(
        root,
        "out outside except instead rather excluding against unlike "
        "avoid beware refrain resist stop quit cease prevent forbid forbidden ban banned prohibit "
        "discourage fail lack reject forget neglect hesitate deny doubt dispute "
        "unable impossible unlikely illegal unlawful unpaid wrong false fake alleged doubtful "
        "unproven myth misconception rumour hoax scammer critic opponent "
        "promise claim pretend hope wish fear want think believe assume suppose".split(),
    )
)

# Which of many figures of one group it is.
MEASURES = frozenset(
    map(
        root,
        "median average minimum maximum lowest-paid highest-paid tenth quarter entry-level "
        "starting junior senior experienced".split(),
    )
)


def tokens(text: str) -> list[str]:
    """Return the lower-case words of `text` in order, without possessive endings."""
    return [re.sub(r"'s$|(?<=s)'$", "", word) for word in words(text)]


def is_negation(word: str) -> bool:
    """Tell whether a word negates what follows it."""
    return word in NEGATIONS or word in RARELY or word.endswith("n't")


@lru_cache(maxsize=20_000)
def is_content(word: str) -> bool:
    """Tell whether a word carries the topic: it must then stand in what supports a statement."""
    return not (
        word in GLUE
        or word in HEDGES
        or word in STRENGTHS
        or word in CAUSES
        or word in CONDITIONS
        or _NUMERALS.issuperset(word.split("-"))
        or (is_negation(word) and word not in SCARCELY)
        or any(character.isdigit() for character in word)
    )


def is_single(listed: Sequence[str], at: int) -> bool | None:
    """Tell whether the word at `at` stands for one thing, by the nearest determiner before it;
    None where none says."""
    for word in reversed(listed[max(at - 3, 0) : at]):
        if word in _SINGLE:
            return True
        if word in _SEVERAL or word.isdigit() or word in _NUMERALS:
            return False
    return None


def content_roots(listed: Iterable[str]) -> list[str]:
    """Return the roots of the words that carry the topic, in order."""
    return [root(word) for word in listed if is_content(word)]
