"""A statement and its support → does the same one do the same to the same, for the same reason?

Each function is a rule of `entailment` and returns True when it objects.
"""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from waymark.meaning.statements import Statement
from waymark.meaning.word_order import passives
from waymark.meaning.wording import (
    BE,
    CAUSES,
    CONDITIONS,
    DETERMINERS,
    HEDGES,
    NEGATIONS,
    PREPOSITIONS,
    STRENGTHS,
    VERBS,
    content_roots,
    is_content,
    root,
)

_Key = TypeVar("_Key")

_REACH = 4  # content words of a subject or an object

_LINKS = PREPOSITIONS - BE
_NO_ACT = frozenset(
    "and or but than that which who what you they it he she we has had do does did".split()
).union(DETERMINERS, CAUSES, CONDITIONS, NEGATIONS, STRENGTHS, BE)
_OWNERS = frozenset("your their his her its my our whose".split())
_BEFORE_NOUN = DETERMINERS.union(_LINKS, _OWNERS) - {"to"}
_AFTER_NOUN = frozenset({"of", "for"})
_PEOPLE = frozenset("person people someone anyone".split())
_BETWEEN_ITEMS = frozenset({"", "and", "or"})
_HELPERS = VERBS.union(HEDGES, STRENGTHS, NEGATIONS, "be been also then first still both".split())
_WHO = re.compile(
    r"\bwho(m)?\b(?:\s+(I|you|he|she|it|we|they|the|an?|your|their|his|her)\b)?", re.IGNORECASE
)
_REASON = re.compile(r"\b(?:because|since)\b", re.IGNORECASE)
_RESULT = re.compile(r",? (?:so|therefore|hence|thus) ", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?:(your)|([^\W\d_][\w-]*)(?:['’]s|(?<=s)['’]))\s+(?:own\s+)?([\w-]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Act:
    """A verb or preposition, with the roots of the content words before and after it."""

    word: str
    before: list[str]
    after: list[str]


def exchanges_roles(said: Statement, base: Statement) -> bool:
    """ "A uses B" becomes "B uses A", or "A to B" becomes "B to A"; "B is used by A" may stand."""
    turning = passives(said) ^ passives(base)
    known = Counter(map(root, base.words))
    return any(
        act.word == own.word and act.word not in turning and _is_exchanged(act, own, known)
        for act in _acts(said)
        for own in _acts(base)
    )


def _is_exchanged(act: _Act, own: _Act, known: Counter[str]) -> bool:
    """Tell whether what stands nearest on one side is there on the other, and the other way.

    Of words that stand there twice nobody knows which is meant.
    """
    subject, thing = act.before[-1], act.after[0]
    nearest = thing == own.before[-1] or subject == own.after[0]
    crossed = thing in own.before[-_REACH:] and subject in own.after
    sure = known[own.word] == 1 or (own.word in _LINKS and known[subject] == 1)
    return nearest and crossed and sure and known[thing] == 1


def _acts(statement: Statement) -> Iterator[_Act]:
    """Yield the words that may be verbs, and prepositions, with the content words around each.

    What follows stands before the next mark of punctuation; so does what precedes a preposition.
    """
    earlier: list[str] = []
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            before, after = _named(piece.words[:i]), _named(piece.words[i + 1 :])
            before = before if word in _LINKS else earlier + before
            if _may_act(piece.words, i) and before and after:
                yield _Act(root(word), before, after[:_REACH])
        earlier += _named(piece.words)


def _named(words: Sequence[str]) -> list[str]:
    """The roots of the words for things and for people."""
    return [root(word) for word in words if is_content(word) or word in _PEOPLE]


def _may_act(words: Sequence[str], at: int) -> bool:
    """Tell by a word and its neighbours whether it is neither noun nor item of a list."""
    before, word, after = ["", *words, ""][at : at + 3]
    if word in _LINKS:
        return True
    item = before in _BETWEEN_ITEMS and after in _BETWEEN_ITEMS
    noun = before in _BEFORE_NOUN or after in _AFTER_NOUN
    return word[0].isalpha() and word not in _NO_ACT and not noun and not item


def turns_reason(said: Statement, base: Statement) -> bool:
    """ "A, because B" becomes "B, because A"."""
    (reason, result), (own_reason, own_result) = _reason(said), _reason(base)
    of_reason, of_result = own_reason - own_result, own_result - own_reason
    return _nearer(reason, of_result, of_reason) and _nearer(result, of_reason, of_result)


def _nearer(words: set[str], one: set[str], other: set[str]) -> bool:
    return len(words & one) > len(words & other)


def _reason(statement: Statement) -> tuple[set[str], set[str]]:
    """The content of the clauses of reason and of result; empty where no word links two."""
    text = statement.text
    if match := _REASON.search(text):
        result, reason = text[: match.start()], text[match.end() :]
        if not result.strip():
            reason, _, result = reason.partition(",")
    elif match := _RESULT.search(text):
        reason, result = text[: match.start()], text[match.end() :]
    else:
        return set(), set()
    return set(Statement(reason).content), set(Statement(result).content)


def turns_relative(said: Statement, base: Statement) -> bool:
    """ "Mentors who guide them" become "mentors whom they guide"."""
    own = _relatives(base)
    return bool(own and _relatives(said) - own)


def _relatives(statement: Statement) -> set[bool]:
    """For each "who" whether it is the object of its clause: another subject follows."""
    return {bool(match[1] or match[2]) for match in _WHO.finditer(statement.text)}


def changes_person(said: Statement, base: Statement) -> bool:
    """What another does, gets or owns becomes yours, and the claim does not name the other."""
    return _does_instead(said, base) or _gets_instead(said, base) or _owns_instead(said, base)


def _does_instead(said: Statement, base: Statement) -> bool:
    """ "Employers pay" becomes "you pay"."""
    for verb in _verbs_of_you(said):
        doers = [] if verb in passives(base) else _doers(base, verb)
        if doers and all(_is_left_out(doer, said) for doer in doers):
            return True
    return False


def _verbs_of_you(statement: Statement) -> Iterator[str]:
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            following = itertools.dropwhile(_HELPERS.__contains__, piece.words[i + 1 :])
            verb = next(following, "")
            if word == "you" and verb and is_content(verb):
                yield root(verb)


def _doers(statement: Statement, verb: str) -> list[str]:
    """What stands before each use of a verb and its helpers; "" where nothing does."""
    return [
        next((w for w in reversed(piece.words[:i]) if w not in _HELPERS), "")
        for piece in statement.segments
        for i, word in enumerate(piece.words)
        if root(word) == verb
    ]


def _is_left_out(word: str, said: Statement) -> bool:
    return bool(word) and is_content(word) and root(word) not in said.roots


def _gets_instead(said: Statement, base: Statement) -> bool:
    """ "Belongs to the employer" becomes "belongs to you"."""
    return _becomes("you", said, _receivers(said), _receivers(base))


def _receivers(statement: Statement) -> dict[tuple[str, str], set[str]]:
    """The content word before a preposition and itself → the words that follow the two."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for piece in statement.segments:
        for i, word in enumerate(piece.words):
            before = content_roots(piece.words[:i])[-1:]
            directly = piece.words[i + 1 : i + 2] == ["you"]
            after = ["you"] if directly else filter(is_content, piece.words[i + 1 :])
            if word in _LINKS and before:
                found[before[0], word].update(itertools.islice(after, 1))
    return found


def _owns_instead(said: Statement, base: Statement) -> bool:
    """ "The employer's domain" becomes "your domain"."""
    return _becomes("your", said, _owners(said), _owners(base))


def _becomes(
    you: str,
    said: Statement,
    claimed: Mapping[_Key, set[str]],
    known: Mapping[_Key, set[str]],
) -> bool:
    """Tell whether `you` stand in the claim where another does, whom it leaves out."""
    return any(
        you in holders
        and you not in known.get(key, ())
        and any(_is_left_out(holder, said) for holder in known.get(key, ()))
        for key, holders in claimed.items()
    )


def _owners(statement: Statement) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for match in _OWNED.finditer(statement.text):
        found[root(match[3].casefold())].add((match[1] or match[2]).casefold())
    return found


RULES = (exchanges_roles, turns_reason, turns_relative, changes_person)
