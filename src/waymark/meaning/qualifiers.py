"""A statement and its support → is the statement stronger: a hedge, a condition or a negation
lost, a "must" or "all" added?

Each function is a rule of `entailment` and returns True when it objects.
"""

import itertools
import re
from collections.abc import Sequence

from waymark.meaning.figures import DATE
from waymark.meaning.statements import Statement, conditions, negated, read
from waymark.meaning.wording import (
    BE,
    CAUSES,
    DIRECTIONS,
    HEDGES,
    QUANTITIES,
    RARELY,
    SPANS,
    STRENGTHS,
    TURNING,
    content_roots,
    is_content,
    is_negation,
    root,
    tokens,
)

USED = 0.4  # share of a clause's words in the claim from which on the claim uses the clause
KEPT = 0.5  # share of a condition's words in the claim from which on the claim keeps it

_HAVE_TO = re.compile(r"\bha(?:ve|s) to\b", re.IGNORECASE)
_EXAMPLES = re.compile(r"[;:]|such as|for example|including")
_PAST = frozenset("was were had did".split())
_PRESENT = frozenset("is are has have do does".split())
_AUXILIARIES = BE | frozenset("get gets have has had not".split())
_ADVICE = frozenset(map(root, "should ought must advise recommend suggest tell".split()))
_WORD = re.compile(r"[\w'’-]+")
_MARK = re.compile(r"[,;()—–]")
_COORDINATED = re.compile(r"\b(?:and|or)\b")
_REQUEST_BEFORE = re.compile(  # what stands before a verb that asks for something
    r"(?:^|[^\w\s]|\b(?:and|or|so|then|also|to|please|not|never|always|only))\s*$", re.IGNORECASE
)
_IF = frozenset({"if", "when", "once", "where"})
_ASKING = re.compile(  # what somebody wants of "you", or "you are asked to" do
    r"\b(?P<verb>ask|tell|want|urge|invite|press|pressure|push|order|tempt|told)(?:e?s|e?d|ing)?"
    r"(?: (?:you|them|people|applicants|candidates|workers)|(?<=ed)|(?<=told)) to\b",
    re.IGNORECASE,
)


def is_stronger(said: Statement, base: Statement) -> bool:
    """It adds "all", "most", "only", "must", "will", a reason or a direction."""
    if _strengths(said) - _strengths(base):
        return True
    if said.classes(HEDGES) & {"most", "many"} - base.classes(HEDGES):
        return True
    if CAUSES.intersection(said.words) and not CAUSES.intersection(base.words):
        return True
    if _HAVE_TO.search(said.text) and not (
        _HAVE_TO.search(base.text) or "must" in base.classes(STRENGTHS)
    ):
        return True
    return any(_turns(said, base, i) for i, w in enumerate(said.words) if w in DIRECTIONS)


def _strengths(statement: Statement) -> set[str]:
    """The classes of words that make it stronger; "each year" is said of time alone."""
    following = [*statement.words[1:], ""]
    pairs = zip(statement.words, following, strict=True)
    return {STRENGTHS[w] for w, after in pairs if w in STRENGTHS and after not in SPANS}


def _turns(said: Statement, base: Statement, at: int) -> bool:
    """Tell whether the word of direction at `at` is new, or said of something else."""
    word, following = said.words[at], said.words[at + 1 : at + 2]
    if following and (following[0][0].isdigit() or following == ["than"]):
        return following == ["than"] and word not in base.words
    if word not in base.words:
        return True
    target = content_roots(said.words[at + 1 :])[:1]
    if word not in ("more", "less", "fewer", "too") or not target:
        return False
    places = [i for i, other in enumerate(base.words) if other == word]
    return not any(target[0] in content_roots(base.words[i + 1 :])[:3] for i in places)


def negates_otherwise(said: Statement, base: Statement) -> bool:
    """It adds a negation, or a word is negated in one and not in the other."""
    if _negations(said) - _negations(base):
        return True
    denied = _denied_strengths(base)
    if denied - _denied_strengths(said) and _negations(said):  # "not always" becomes "never"
        return True
    said_inside, said_outside = negated(said)
    inside, outside = negated(base)
    return bool(said_inside & (outside - inside) or said_outside & (inside - outside))


def _denied_strengths(statement: Statement) -> set[str]:
    """The classes of "all", "only", "must" that a negation stands before."""
    pairs = itertools.pairwise(statement.words)
    return {STRENGTHS[word] for no, word in pairs if is_negation(no) and word in STRENGTHS}


def _negations(statement: Statement) -> set[bool]:
    """The kinds of negation in a statement: True for "rarely" and the like, False for "not"."""
    return {word in RARELY for word in statement.words if is_negation(word)}


def loses_hedge(said: Statement, base: Statement) -> bool:
    """What may be, usually is, or is so for some becomes what is."""
    pieces = [(clause, piece) for clause in base.clauses for piece in clause.segments]
    shared = [len(said.roots.intersection(piece.content)) for _, piece in pieces]
    nearest = pieces[shared.index(max(shared))][1] if pieces else None
    every = [root(word) for word in base.words]
    for clause, piece in pieces:
        for i, word in enumerate(piece.words):
            kind = HEDGES.get(word)
            weakened = _weakened(piece.words, i)
            if not kind or not weakened:
                continue
            said_of = _has(said, weakened[0])
            bound = every.count(weakened[0]) == 1 or piece is nearest
            if said_of and bound and not any(kind in _hedges_of(w, said) for w in weakened):
                return True
            opens = kind in QUANTITIES and clause.words[0] == word
            if opens and kind not in said.classes(HEDGES) and clause.share_in(said) >= KEPT:
                return True
    return False


def _weakened(words: Sequence[str], at: int) -> list[str]:
    """The roots of the words beside a hedge at `at`: the next that carries the topic, or the last
    before it; for an adverb both. Of "must" and the like the class."""
    following = [w for w in words[at + 1 :] if is_content(w) or w in STRENGTHS][:1]
    before = [w for w in words[:at] if is_content(w)][-1:]
    both = HEDGES.get(words[at]) == "usual"
    chosen = following + before if both or not following else following
    return [STRENGTHS.get(w) or root(w) for w in chosen]


def _has(statement: Statement, target: str) -> bool:
    """Tell whether a statement has a root, or a word of a class that makes it stronger."""
    return target in statement.roots or target in statement.classes(STRENGTHS)


def _hedges_of(target: str, said: Statement) -> set[str]:
    """The classes of hedges in the parts of the claim that hold a word; "if" is as open as
    "whether"."""
    found: set[str] = set()
    for piece in said.segments:
        if _has(piece, target):
            found |= piece.classes(HEDGES) | ({"open"} if "if" in piece.words else set())
    return found


def loses_only(said: Statement, base: Statement) -> bool:
    """What is only so becomes what is so."""
    if "only" in said.classes(STRENGTHS):
        return False
    for i, word in enumerate(base.words):
        denied = any(map(is_negation, base.words[max(i - 2, 0) : i]))
        following = set(content_roots(base.words[i + 1 :])[:1])
        if STRENGTHS.get(word) == "only" and not denied and following & said.roots:
            return True
    return False


def loses_condition(said: Statement, base: Statement) -> bool:
    """It drops "if", "unless", "only when" …, or states what stands only under one of them."""
    for condition in conditions(base):
        own = set(condition.clause.content) - set(condition.restricted.content)
        if not own or not condition.restricted.content:
            continue
        kept = len(own & said.roots) / len(own)
        time = condition.word in ("before", "after") and not condition.only
        if not time and condition.restricted.share_in(said) >= USED and kept < KEPT:
            return True
        words = _IF if condition.word in _IF else {condition.word}
        if kept and not words.intersection(said.words):
            return True
    return False


def loses_alternative(said: Statement, base: Statement) -> bool:
    """Where one of two is required, it requires this one."""
    if "must" not in said.classes(STRENGTHS) | base.classes(STRENGTHS) or "or" in said.words:
        return False
    for match in re.finditer(r"\bor\b", base.text):
        before = read(_EXAMPLES.split(base.text[: match.start()])[-1])
        first, second = before.content[-1:], read(base.text[match.end() :]).content[:1]
        if any(is_negation(word) for word in before.words) or not first or not second:
            continue
        if (first[0] in said.roots) != (second[0] in said.roots):
            return True
    return False


def loses_turn(said: Statement, base: Statement) -> bool:
    """What is kept out of training becomes a part of training; "avoid X" becomes "X"."""
    for match in _WORD.finditer(base.text):
        turning = root(match[0].casefold())
        if turning in TURNING and turning not in said.roots:
            reached = _MARK.split(base.text[match.end() :])[0]
            turned = [content_roots(tokens(part))[:1] for part in _COORDINATED.split(reached)]
            if any(said.roots.intersection(first) for first in turned):
                return True
    return False


def loses_asker(said: Statement, base: Statement) -> bool:
    """ "A scam asks you to do it" becomes "do it"."""
    for clause in base.clauses:
        asking = _ASKING.search(clause.text)
        if not asking:
            continue
        asker = Statement(clause.text[: asking.start()])
        wanted = Statement(clause.text[asking.end("verb") :])
        named = asker.share_in(said) > KEPT or root(asking["verb"].casefold()) in said.roots
        if not named and said.share_in(wanted) == 1:
            return True
    return False


def changes_duty(said: Statement, base: Statement) -> bool:
    """ "Workers report" becomes "workers should report", or the other way; a request already says
    what one should do."""
    return _adds_duty(said, base) or _adds_duty(base, said)


def _adds_duty(statement: Statement, other: Statement) -> bool:
    if _ADVICE & other.roots or "must" in other.classes(STRENGTHS):
        return False
    words = [(match.start(), root(match[0].casefold())) for match in _WORD.finditer(other.text)]
    for should, verb in itertools.pairwise(statement.words):
        uses = [start for start, word in words if word == root(verb)]
        if should == "should" and uses:
            return not any(_REQUEST_BEFORE.search(other.text[:start]) for start in uses)
    return False


def changes_time(said: Statement, base: Statement) -> bool:
    """What is so becomes what was so; what has a year is of that year anyway."""
    if any(figure.unit == DATE for figure in base.figures):
        return False
    past = _PAST.intersection(said.words) and not _PAST.intersection(base.words)
    if past and _PRESENT.intersection(base.words):
        return True
    known = {root(word): word for word in base.words}
    for before, word in itertools.pairwise(["", *said.words]):
        other = known.get(root(word), word)
        lone = before not in _AUXILIARIES and word.endswith("ed") and word not in base.words
        if lone and root(word) + "ed" != other and not other.endswith(("ed", "ing", "ion")):
            return True
    return False


RULES = (
    is_stronger,
    negates_otherwise,
    loses_hedge,
    loses_only,
    loses_condition,
    loses_alternative,
    loses_turn,
    loses_asker,
    changes_duty,
    changes_time,
)
