"""A statement and its support → does the claim keep for whom and where it is so?

Only restrictions without which a reader would do something else are looked for: people "who" do or
are something, an age, "without", "in most states", "free to members". A rule of `entailment`.
"""

import itertools
import re

from waymark.meaning.statements import SEGMENT, Statement
from waymark.meaning.wording import (
    DIRECTIONS,
    HEDGES,
    QUANTITIES,
    VERBS,
    content_roots,
    is_content,
    is_negation,
    root,
    tokens,
)

USED = 0.5  # share of the other words of a clause in the claim from which on the claim uses it

_MAIN = VERBS.union(HEDGES, {"cannot", "never", "not"})  # what a main verb is known by
_QUALITY = re.compile(r"\b([\w-]+) (?:who|with|without) (?=[\w-])", re.IGNORECASE)
_ANYONE_WHO = re.compile(
    r"\s*(?:anyone|someone|everyone|those|people|whoever) who (?=[\w-])", re.IGNORECASE
)
_AGE = re.compile(  # "over 16" has become ">16"
    r"\b(?:aged|(?:under|over|above|below) the age of) (\d\d?)\b"
    rf"|[<>≥≤] ?(\d\d?)(?=[.;:)]?$| (?:years old|years of age|{'|'.join(VERBS)}|cannot)\b)"
    r"|\b(\d\d?)(?: years old)? (?:or|and) (?:over|older|above|under|younger|below)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)
_SOME = "|".join(word for word, kind in HEDGES.items() if kind in QUANTITIES)
_IN_MOST = re.compile(
    rf"\bin ((?:{_SOME}) (?:of the |other )?(?:states|countries|places|regions|areas|cities"
    r"|provinces|jurisdictions|districts))\b(?!,? (?:including|such as))",
    re.IGNORECASE,
)
_FREE_TO = re.compile(
    r"\b(free|available|offered|reserved|limited|restricted) (?:of charge )?(?:only )?"
    r"(?:to|for) ((?:[\w'’-]+ ?){1,4})",
    re.IGNORECASE,
)


def loses_restriction(said: Statement, base: Statement) -> bool:
    """ "Workers who are under 18 may not use saws" becomes "workers may not use saws"."""
    return any(rule(said, clause) for clause in base.clauses for rule in _RULES)


def _loses_quality(said: Statement, clause: Statement) -> bool:
    """ "Welders without a mask lose sight" becomes "welders lose sight": in the claim follows
    directly what follows only later in the support."""
    for match in _QUALITY.finditer(clause.text):
        words = tokens(SEGMENT.split(clause.text[match.end() :])[0])
        own = content_roots(words)
        for later in _following(said, root(match[1].casefold())).intersection(own[1:]):
            lost = own[: own.index(later)]
            figures = [word for word in words if word[0].isdigit()]
            if lost and said.roots.isdisjoint(lost + figures):
                return True
    return False


def _following(said: Statement, person: str) -> set[str]:
    """The roots of the words after a word and its helping verbs."""
    found: set[str] = set()
    for piece in said.segments:
        for i, word in enumerate(piece.words):
            if root(word) == person and is_content(word):
                rest = itertools.dropwhile(_MAIN.__contains__, piece.words[i + 1 :])
                following = [w for w in itertools.islice(rest, 1) if w not in DIRECTIONS]
                found.update(content_roots(following))
    return found


def _loses_who(said: Statement, clause: Statement) -> bool:
    """ "Anyone who lies is refused" becomes "you are refused"."""
    match = _ANYONE_WHO.match(clause.text)
    if not match or "such" in said.words:  # "such a person"
        return False
    words = tokens(SEGMENT.split(clause.text[match.end() :])[0])
    verb = next((i for i, word in enumerate(words) if i and word in _MAIN), len(words))
    own, rest = content_roots(words[:verb]), content_roots(words[verb:])
    return bool(own and said.roots.isdisjoint(own) and said.roots.intersection(rest))


def _loses_age(said: Statement, clause: Statement) -> bool:
    kept = {end for figure in said.figures for end in figure.value.split("..")}
    ages = {match[match.lastindex or 0] for match in _AGE.finditer(clause.text)}
    return bool(ages - kept) and clause.share_in(said) >= USED


def _loses_without(said: Statement, clause: Statement) -> bool:
    """It drops "without …" that opens a sentence, or where more is denied then: "cannot join"."""
    if "without" in said.words:
        return False
    for match in _WITHOUT.finditer(clause.text):
        before, after = clause.text[: match.start()], clause.text[match.end() :]
        own = content_roots(tokens(SEGMENT.split(after)[0]))
        used = Statement(before if tokens(before) else SEGMENT.sub(" ", after))
        rest = set(used.content) - set(own)
        kept = len(rest & said.roots) >= USED * len(rest) > 0
        denied = any(map(is_negation, tokens(SEGMENT.split(before)[-1])))
        if (denied or not tokens(before)) and kept and own and said.roots.isdisjoint(own):
            return True
    return False


def _loses_place(said: Statement, clause: Statement) -> bool:
    return not said.classes(HEDGES) and any(
        _drops(said, clause, match) for match in _IN_MOST.finditer(clause.text)
    )


def _loses_receiver(said: Statement, clause: Statement) -> bool:
    return any(
        match[1].casefold() in said.words and _drops(said, clause, match)
        for match in _FREE_TO.finditer(clause.text)
    )


def _drops(said: Statement, clause: Statement, match: re.Match[str]) -> bool:
    """Tell whether the claim uses a clause without what a match has in its last group."""
    start, end = match.span(match.re.groups)
    phrase = content_roots(tokens(clause.text[start:end]))
    rest = Statement(f"{clause.text[:start]} {clause.text[end:]}")
    return bool(phrase) and said.roots.isdisjoint(phrase) and rest.share_in(said) >= USED


_RULES = (_loses_quality, _loses_who, _loses_age, _loses_without, _loses_place, _loses_receiver)
