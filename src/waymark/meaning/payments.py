"""A statement and its support → does money go the same way?

"Pay" and "earn" have one root, because pay is what one earns; who gives and who gets it is told
apart here, by the words around each verb. A rule of `entailment`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from waymark.meaning.statements import Statement
from waymark.meaning.wording import (
    BE,
    DETERMINERS,
    HEDGES,
    STRENGTHS,
    VERBS,
    is_content,
    is_negation,
    root,
)

_EARNING = frozenset("earn earns earned earning".split())
_PAYING = frozenset("pay pays paying paid".split())
_BEING = BE | frozenset("get gets getting got".split())
_PERSONS = frozenset("i you he she we they it them us him her someone anyone people".split())
_HELPERS = VERBS.union(
    HEDGES,
    STRENGTHS,
    _BEING,
    "to who that which what also then still first only do does did".split(),
)
_OPENS_OBJECT = DETERMINERS.union(_PERSONS, "your their his its our my for".split()) - {"most"}
_FOLLOWS_VERB = _OPENS_OBJECT.union("less more nothing while when".split())
# A job that pays is one in which one earns.
_SOURCES = frozenset(
    map(
        root,
        "job work occupation profession career trade field position internship placement "
        "apprenticeship it they".split(),
    )
)
_SUMS = frozenset(map(root, "fee tax cost bill charge deposit price amount money sum rent".split()))
_NO_NOUN = frozenset(["", *"and or half many some all both".split()])
_NO_PAYMENT = frozenset("off attention".split())


@dataclass(slots=True)
class _Payments:
    """Who pays and who is paid, as roots; whether anybody does; whether pay is only named."""

    givers: set[str] = field(default_factory=set)
    getters: set[str] = field(default_factory=set)
    gives: bool = False
    gets: bool = False
    named: bool = False


def turns_payment(said: Statement, base: Statement) -> bool:
    """ "They pay you" becomes "you pay them"; "you earn" becomes "you pay"."""
    claimed, known = _payments(said), _payments(base)
    # "Wards pay nurses" says what "nurses in wards earn" says.
    paid_alike = claimed.getters & known.getters and claimed.givers <= base.roots
    return bool(
        claimed.givers & (known.getters - known.givers)
        or claimed.getters & (known.givers - known.getters)
        or (claimed.gives and not known.gives and not paid_alike)
        or (claimed.gets and known.gives and not (known.getters or known.named))
    )


def _payments(statement: Statement) -> _Payments:
    found = _Payments()
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            if word in _EARNING or word in _PAYING:
                _add(found, piece.words, i)
            else:
                found.named |= root(word) == root("pay")
    return found


def _add(found: _Payments, words: Sequence[str], at: int) -> None:
    doer, following = _doer(words[:at]), words[at + 1 :]
    if words[at] in _EARNING or _is_passive(words, at):
        paid_for = following[:1] == ["for"] and following[1:2] in ([], ["by"])
        following = following[paid_for:]
        if doer in _SUMS or paid_for:
            found.gives = True
        else:
            found.gets = True
            found.getters |= {doer} - {""}
        if following[:1] == ["by"] and (payer := _thing(following[1:])):
            found.gives = True
            found.givers.add(payer)
    elif not _gives(words, at) or doer in _SOURCES:
        found.named = True
    elif not _NO_PAYMENT.intersection(following[:1]):
        found.gives = True
        found.givers.add(doer or "you")
        found.getters |= {_thing(following)} - {""}


def _is_passive(words: Sequence[str], at: int) -> bool:
    """Tell whether a form of "be" or "get" stands before "paid", with adverbs between."""
    before = [w for w in words[max(at - 3, 0) : at] if not is_negation(w) and w not in HEDGES]
    return words[at] == "paid" and bool(before) and before[-1] in _BEING


def _gives(words: Sequence[str], at: int) -> bool:
    """Tell whether a form of "pay" is a verb, and not "the pay" or "a paid job"."""
    before, word, after = ["", *words, ""][at : at + 3]
    led = before in _PERSONS or before in _HELPERS or is_negation(before)
    if word in ("pays", "paying") or led:
        return True
    several = word == "paid" or before.endswith("s")  # "trainees pay for", but "median pay for"
    subject = before in _NO_NOUN or (is_content(before) and several)
    return subject and (after in _FOLLOWS_VERB or after[:1].isdigit())


def _doer(words: Sequence[str]) -> str:
    """The root of the nearest word for a person or thing, else "who", "" where there is none."""
    nearest = (w for w in reversed(words) if w in _PERSONS or _is_thing(w))
    return root(next(nearest, "who" if "who" in words else ""))


def _thing(words: Sequence[str]) -> str:
    """The root of what follows a verb before the next small word, "" where nothing does."""
    for word in words:
        if word in _PERSONS or _is_thing(word):
            return root(word)
        if word not in DETERMINERS and word not in _OPENS_OBJECT:
            break
    return ""


def _is_thing(word: str) -> bool:
    return is_content(word) and word not in _HELPERS
