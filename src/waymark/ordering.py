"""A statement and its support → do the same words stand in the same relations?

Each function is a rule of `entailment` and returns True when it objects.
"""

import itertools
from collections.abc import Sequence

from waymark.statements import Statement
from waymark.wording import PREPOSITIONS, content_roots, is_content, root, tokens

MOVED = 3  # words torn from both neighbours from which on another order is another meaning

_UNSAID = frozenset({"year", "month", "week", "day", "hour", "pay", root("month-may")})
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


def changes_link(said: Statement, base: Statement) -> bool:
    """ "A or B" becomes "A and B", "from A to B" becomes "to A from B"."""
    known = _linked(base, frozenset(_TURNED))
    return any(
        (first, _TURNED[link], second) in known
        for first, link, second in _linked(said, frozenset(_TURNED)) - known
    )


def swaps_names(said: Statement, base: Statement) -> bool:
    """Two names stand in each other's place, and all other words in their own."""
    order, model = _with_whole_names(said), _with_whole_names(base)
    common = set(order) & set(model)
    return _trade_places(
        [word for word in order if word in common], [word for word in model if word in common]
    )


def _with_whole_names(statement: Statement) -> list[str]:
    """The content words in order, words with capitals that stand together as one."""
    found: list[str] = []
    for named, run in itertools.groupby(statement.text.split(), lambda w: w[:1].isupper()):
        roots = content_roots(itertools.chain.from_iterable(tokens(word) for word in run))
        found += [" ".join(roots)] if named and roots else roots
    return found


def _linked(
    statement: Statement, links: frozenset[str] = PREPOSITIONS
) -> set[tuple[str, str, str]]:
    """Content words to both sides of a link, names after it left out."""
    found: set[tuple[str, str, str]] = set()
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            before = content_roots(piece.words[:i])[-1:]
            after = content_roots(piece.words[i + 1 :])[:1]
            if word in links and before and after and after[0] not in statement.names:
                found.add((before[0], word, after[0]))
    return found


def moves_words(said: Statement, base: Statement) -> bool:
    """Words stand between others than in the support: "homes work from nurses"."""
    ignored = said.names | base.names | _UNSAID | (_passive(said) ^ _passive(base))
    common = set(said.content) & set(base.content) - ignored
    order = ["", *(word for word in said.content if word in common), ""]
    model = ["", *(word for word in base.content if word in common), ""]
    joined = set(itertools.pairwise(model))
    torn = [
        word
        for before, word, after in zip(order, order[1:], order[2:], strict=False)
        if (before, word) not in joined and (word, after) not in joined
    ]
    return len(torn) >= MOVED or _trade_places(order, model)


def _trade_places(order: Sequence[str], model: Sequence[str]) -> bool:
    """Tell whether two words stand in each other's place and all others in their own.

    Neighbours may: they are mostly items of a list, or a verb and its object.
    """
    if len(order) != len(model):
        return False
    moved = [i for i, (word, other) in enumerate(zip(order, model, strict=True)) if word != other]
    return len(moved) == 2 and moved[1] - moved[0] > 1


def _passive(statement: Statement) -> set[str]:
    """Roots of participles after a form of "be": their object stands before them."""
    found = set()
    for i, word in enumerate(statement.words):
        if word in ("be", "is", "are", "was", "were", "been"):
            for other in statement.words[i + 1 : i + 3]:
                if other.endswith("ed") or (is_content(other) and root(other) != other):
                    found.add(root(other))
                    break
    return found
