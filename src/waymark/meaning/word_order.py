"""A statement and its support → do the same words stand in the same relations?

Each function is a rule of `entailment` and returns True when it objects.
"""

import itertools
import re
from collections.abc import Sequence

from waymark.meaning.numerals import in_digits
from waymark.meaning.statements import Statement
from waymark.meaning.wording import (
    NO_SUBJECT,
    PREPOSITIONS,
    VERBS,
    content_roots,
    is_content,
    root,
    tokens,
)

USED = 0.5  # share of the words of a description from which on the claim gives it
MOVED = 2  # words out of their order from which on it is another statement

_UNSAID = frozenset({"year", "month", "week", "day", "hour", "pay", root("month-may")})
_ALTERNATIVE = re.compile(r"\bor\b(?! (?:about )?[$£€¥₹]?\d)", re.I)  # no second figure for one
_BLOCK = 3  # words of a subject or an object
_COMPLEMENTING = frozenset("with of from for by in at".split())
_CLAUSAL = NO_SUBJECT.union(VERBS, {"you", "we"})
_COMPARATIVE = re.compile(r"more|less|fewer|worse|(?!rather$|other$)[a-z]{2,}er")
_JOINING = frozenset({"and"})
_PERSONS = {
    "you": "you", "your": "you", "yourself": "you", "they": "they", "them": "they",
    "their": "they", "someone": "someone", "it": "it", "others": "others", "another": "others",
    "one": "one", "we": "we", "who": "who", "whom": "who", "what": "what",
}  # fmt: skip
_CLAUSE = re.compile(
    r"[,;:()—–]|\b(?=(?:if|when|before|after|because|since|so|unless|while|although|though|until"
    r"|once|where)\b)",
    re.I,
)
# Links that turn a statement into another where one stands for the other.
_TURNED = {"and": "or", "or": "and", "from": "to", "to": "from", "by": "for", "for": "by"}


def swaps_pairs(said: Statement, base: Statement) -> bool:
    """ "A for B and C for D" becomes "A for D"."""
    known = _linked(base)
    for first, link, second in _linked(said) - known:
        other_second = any(a == first and p == link for a, p, b in known)
        other_first = any(b == second and p == link for a, p, b in known)
        if other_second and other_first:
            return True
    return False


def swaps_sides(said: Statement, base: Statement) -> bool:
    """ "A is faster than B" becomes "B is faster than A", or "B is faster"."""
    (left, right), (model_left, model_right) = _compared(said), _compared(base)
    only_left, only_right = model_left - model_right, model_right - model_left
    return bool(right & only_left and left & only_right) or _compares_other(said, base)


def _compares_other(said: Statement, base: Statement) -> bool:
    """Tell whether it keeps a comparative without its "than", said of what stands after that."""
    if "than" in said.words:
        return False
    for piece in base.segments:
        left, than, right = _parted(piece.words, "than")
        comparative = [word for word in left if than and _COMPARATIVE.fullmatch(word)][-1:]
        thing = itertools.takewhile(lambda w: w not in PREPOSITIONS and w not in _CLAUSAL, right)
        other = set(content_roots(thing)) - set(content_roots(left))
        if any(other & _said_of(own.words, word) for word in comparative for own in said.segments):
            return True
    return False


def _said_of(words: Sequence[str], comparative: str) -> set[str]:
    """The roots of what a comparative is said of: of A in "it is easier to keep A"."""
    before, found, _ = _parted(words, comparative)
    return set(content_roots(words if before[:1] == ["it"] else before)) if found else set()


def _parted(words: Sequence[str], at: str) -> tuple[list[str], list[str], list[str]]:
    """The words before the first `at`, itself and those after it, as `str.partition` does."""
    i = words.index(at) if at in words else len(words)
    return list(words[:i]), list(words[i : i + 1]), list(words[i + 1 :])


def _compared(statement: Statement) -> tuple[set[str], set[str]]:
    """The roots of the content words before and after the first "than"."""
    left, _, right = _parted(statement.words, "than")
    return set(content_roots(left)), set(content_roots(right))


def changes_link(said: Statement, base: Statement) -> bool:
    """ "A or B" becomes "A and B", or the other way; "from A to B" becomes "to A from B"."""
    if _ALTERNATIVE.search(said.text) and "or" not in base.words:
        return True
    known = _linked(base, frozenset(_TURNED))
    return any(
        (first, _TURNED[link], second) in known
        for first, link, second in _linked(said, frozenset(_TURNED)) - known
    )


def narrows_subject(said: Statement, base: Statement) -> bool:
    """A figure for "A and B" becomes one for A."""
    return bool(base.head != base.text and said.counts) and any(
        (first in said.roots) != (second in said.roots)
        for first, _, second in _linked(Statement(base.head), _JOINING)
    )


def changes_complement(said: Statement, base: Statement) -> bool:
    """ "Agree it with A and meet B" becomes "agree it with B"."""
    known = _linked(base, _COMPLEMENTING)
    for first, link, second in _linked(said, _COMPLEMENTING):
        own = [other for before, word, other in known if (before, word) == (first, link)]
        if own and not any(second == o or second in _reached(base, link, o) for o in own):
            return True
    return False


def _reached(base: Statement, link: str, complement: str) -> set[str]:
    """The roots after a link with its complement, up to the next verb or link."""
    found: set[str] = set()
    for i, word in enumerate(base.words):
        if word == link and complement in content_roots(base.words[i + 1 :])[:1]:
            for other in base.words[i + 1 :]:
                if other in PREPOSITIONS or other in VERBS:
                    break
                found |= set(content_roots([other]))
    return found


def moves_description(said: Statement, base: Statement) -> bool:
    """ "A works with B, who writes C" becomes "A writes C"."""
    return any(
        piece.words[:1] in (["who"], ["which"])
        and piece.share_in(said) >= USED
        and said.roots.isdisjoint(before.content[-1:])
        for before, piece in itertools.pairwise(base.segments)
    )


def swaps_blocks(said: Statement, base: Statement) -> bool:
    """ "A teaches what B cannot" becomes "B teaches what A cannot": what stands before the middle
    and what stands after it change places, all other words keep theirs."""
    ignored = passives(said) ^ passives(base)
    pieces = itertools.product(_content(said, ignored), _content(base, ignored))
    return not said.counts and any(
        sorted(order) == sorted(model) and _turned(order, model) for order, model in pieces
    )


def _content(statement: Statement, ignored: set[str]) -> list[list[str]]:
    """The content words of what stands between marks of punctuation."""
    return [[w for w in piece.content if w not in ignored] for piece in statement.segments]


def _turned(order: list[str], model: list[str]) -> bool:
    """Tell whether two short runs of words stand in each other's place around the same others."""
    while order and order[0] == model[0]:
        order, model = order[1:], model[1:]
    while order and order[-1] == model[-1]:
        order, model = order[:-1], model[:-1]
    return any(
        order == model[j:] + model[i:j] + model[:i]
        for i in range(1, min(len(model), _BLOCK + 1))
        for j in range(max(i + 1, len(model) - _BLOCK), len(model))
    )


def swaps_names(said: Statement, base: Statement) -> bool:
    """Two names or numbers stand in each other's place, and all other words in their own."""
    order, model = _with_whole_names(said), _with_whole_names(base)
    common = set(order) & set(model)
    return _trade_places(
        [word for word in order if word in common], [word for word in model if word in common]
    )


def _with_whole_names(statement: Statement) -> list[str]:
    """The content words and numbers in order, words with capitals that stand together as one."""
    found: list[str] = []
    text = in_digits(statement.text)
    for named, run in itertools.groupby(text.split(), lambda w: w[:1].isupper()):
        parts = itertools.chain.from_iterable(map(tokens, run))
        roots = [root(part) for part in parts if is_content(part) or part[0].isdigit()]
        found += [" ".join(roots)] if named and roots else roots
    return found


def _linked(
    statement: Statement, links: frozenset[str] = PREPOSITIONS
) -> set[tuple[str, str, str]]:
    """Content words to both sides of a link; names after it, and clauses, left out."""
    found: set[tuple[str, str, str]] = set()
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            before = content_roots(piece.words[:i])[-1:]
            following = itertools.takewhile(lambda w: w not in _CLAUSAL, piece.words[i + 1 :])
            after = content_roots(following)[:1]
            if word in links and before and after and after[0] not in statement.names:
                found.add((before[0], word, after[0]))
    return found


def moves_words(said: Statement, base: Statement) -> bool:
    """Words stand in another order than in the support: "homes work from nurses".

    Whole clauses may: "if you are ill, tell them" and "tell them if you are ill".
    """
    ignored = said.names | base.names | _UNSAID | (passives(said) ^ passives(base))
    order = _told_apart(said)
    common = set(order) & set(_told_apart(base)) - ignored
    order = [word for word in order if word in common]
    clauses = [_told_apart(Statement(clause)) for clause in _CLAUSE.split(base.text)]
    return all(
        len(order) - _in_order(order, [w for c in (*clauses[i:], *clauses[:i]) for w in c]) >= MOVED
        for i in range(len(clauses))
    )


def swaps_persons(said: Statement, base: Statement) -> bool:
    """ "What they do for you" becomes "what you do for them", or is said of others only."""
    order, model = ([_PERSONS[w] for w in s.words if w in _PERSONS] for s in (said, base))
    common = set(order) & set(model)
    left, right = ([who for who in persons if who in common] for persons in (order, model))
    turned = sorted(left) == sorted(right) and left != right
    others = "they" in order and "they" not in model
    return turned or (others and model.count("you") > order.count("you"))


def _told_apart(statement: Statement) -> list[str]:
    """The roots of the content words in order, and who is spoken of between them."""
    return [
        _PERSONS.get(word) or root(word)
        for word in statement.words
        if word in _PERSONS or is_content(word)
    ]


def _in_order(words: Sequence[str], model: Sequence[str]) -> int:
    """The number of `words` that keep the order of `model`: their longest common subsequence."""
    lengths = [0] * (len(model) + 1)
    for word in words:
        before = 0
        for i, other in enumerate(model):
            above = lengths[i + 1]
            lengths[i + 1] = before + 1 if word == other else max(above, lengths[i])
            before = above
    return lengths[-1]


def _trade_places(order: Sequence[str], model: Sequence[str]) -> bool:
    """Tell whether two words stand in each other's place and all others in their own.

    Neighbours may: they are mostly items of a list, or a verb and its object.
    """
    if len(order) != len(model):
        return False
    moved = [i for i, (word, other) in enumerate(zip(order, model, strict=True)) if word != other]
    return len(moved) == 2 and moved[1] - moved[0] > 1


def passives(statement: Statement) -> set[str]:
    """Roots of participles after a form of "be": their object stands before them."""
    found = set()
    for i, word in enumerate(statement.words):
        if word in ("be", "is", "are", "was", "were", "been"):
            for other in statement.words[i + 1 : i + 3]:
                if other.endswith("ed") or (is_content(other) and root(other) != other):
                    found.add(root(other))
                    break
    return found


RULES = (
    moves_description,
    narrows_subject,
    swaps_sides,
    swaps_pairs,
    changes_link,
    changes_complement,
    moves_words,
    swaps_names,
    swaps_blocks,
    swaps_persons,
)
