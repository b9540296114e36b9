"""A sentence and a claim → does the sentence say what the claim says?

Each rule names one way in which a claim goes beyond its support; what none objects to is carried
by it. The rules know words, figures and clauses but no grammar, so they refuse some true
paraphrases (docs/LOG.md has the rates). Knows nothing of passages.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from waymark.meaning import payments, qualifiers, restrictions, semantic_roles, word_order
from waymark.meaning.figures import DATE, Figure, holds
from waymark.meaning.statements import Statement, around_figure, read
from waymark.meaning.wording import (
    CONDITIONS,
    GLUE,
    HEDGES,
    MEASURES,
    PREPOSITIONS,
    VERBS,
    content_roots,
    is_content,
    is_single,
    root,
    tokens,
)

MANY = 1000  # a count from here on is a statistic, which keeps its place and year

_NAME = re.compile(r"(?:[A-Z][\w.+#-]*\s+){1,4}[A-Z][\w.+#-]*")
_LETTER_NAME = re.compile(r"\b[A-Z][\w-]+ [A-Z]\b")
_BOUND = re.compile(r"([≥≤]) ?(?:(?:an?|the|your|their) )?([^\W\d_][\w-]*)")
_AFTER_PRONOUN = PREPOSITIONS.union(VERBS, CONDITIONS, "and or who that which".split())
_ONE_SUBJECT = re.compile(r"(?!.*(?:\b(?:and|or)\b|[,:?]))")
_NO_MEASURE = re.compile(r"\b(?:than (?:the |an? )?[\w-]+|on average\b|(?:mini|maxi)mum of\b)")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_CAPITAL = re.compile(r"\b[A-Z][A-Za-z]*\b")
_AMOUNTS = frozenset("$£€¥₹%")
_GENERIC = frozenset(
    root(word)
    for word in "median pay average employment job opening grow decline lowest-paid highest-paid "
    "tenth united states listed middle worker year hour project hold held month-may "
    "u.s bureau labor statistics".split()
)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the support: the title of its page, the words that its pronoun or list
    item stands for, and the sentence of which the claim is a half."""

    title: str = ""
    stands_for: str = ""
    whole: str = ""


def objection(claim: str, support: str, around: Around | None = None) -> str:
    """Return the name of the first rule by which `support` does not carry `claim`, or ""."""
    said, base = read(claim), read(support)
    beside = around or Around()
    if misses_word(said, base, beside):
        return "misses word"
    if misses_sign(claim, support) or misses_small_name(said, base, beside):
        return "misses name"
    if bares_statistic(said, base, beside):
        return "bares statistic"
    objecting = (rule.__name__.replace("_", " ") for rule in RULES if rule(said, base))
    return next(objecting, "")


def misses_word(said: Statement, base: Statement, around: Around) -> bool:
    """A word that carries the topic is not in the support, nor in what it stands for.

    The title of a page about one thing may add it, where the claim keeps the support's subject.
    """
    sources = [base, read(around.stands_for)]
    names_lost = base.names - said.roots
    if _ONE_SUBJECT.match(around.title) and said.roots.issuperset(base.content[:1]):
        sources += [] if names_lost else [read(around.title)]
    return not said.wanted or not all(_is_known(word, said, sources) for word in said.wanted)


def _is_known(word: str, said: Statement, sources: Sequence[Statement]) -> bool:
    """Tell whether a source has a word. "Machine-learning" has "learning" only where the claim
    has "machine" as well."""
    parts = word.split("-")
    if len(parts) > 1 and all(
        part in GLUE or any(root(part) in source.roots for source in sources) for part in parts
    ):
        return True
    wanted = root(word)
    return any(
        wanted in source.whole_roots
        or any(wanted in compound and compound <= said.roots for compound in source.compounds)
        for source in sources
    )


def misses_sign(claim: str, support: str) -> bool:
    """A sign such as "<", "|", "=" or an emoji is not in the support; money signs are figures."""
    signs = {sign for sign in claim if unicodedata.category(sign) in ("Sm", "So", "Sk")}
    return not signs - {"+"} <= set(support)


def misses_small_name(said: Statement, base: Statement, around: Around) -> bool:
    """A name that is else a small word, such as "Go", "IT" or "WHO", is not in the support, or one
    that is else a word of it: "a nurse trains at Training"."""
    known = set(_CAPITAL.findall(f"{base.text} {around.title} {around.stands_for}"))
    named = {match[0] for match in _CAPITAL.finditer(said.text) if not _opens(match)}
    return any(
        not is_content(word) or said.content.count(root(word)) > base.content.count(root(word)) > 0
        for word in map(str.casefold, named - known - {"I"})
    )


def _opens(match: re.Match[str]) -> bool:
    """Tell whether a capital only opens a sentence or a quotation."""
    before = match.string[: match.start()].rstrip()
    return match[0][1:] == match[0][1:].lower() and (not before or before[-1] in ".:?!\"“‘'(—–-")


def bares_statistic(said: Statement, base: Statement, around: Around) -> bool:
    """An amount, percentage or large count without its place, years, subject or "projected"."""
    if not any(map(_is_statistic, said.figures)):
        return False
    whole = read(around.whole) if around.whole else said
    outside = Statement(_IN_BRACKETS.sub("", base.text))
    years = [figure for figure in outside.figures if figure.unit == DATE]
    place = "United States" in outside.text and "United States" not in whole.text
    projected = "projected" in base.classes(HEDGES) and "projected" not in whole.classes(HEDGES)
    subject = read(around.title).roots.union(base.content) - _GENERIC
    unplaced = place or projected or not holds(whole.figures, years)
    return unplaced or not subject & whole.roots or _loses_measure(said, base)


def _loses_measure(said: Statement, base: Statement) -> bool:
    """ "The lowest-paid tenth earned" becomes "they earned". A later clause of the claim may leave
    the measure to the one before it: "a median of $30 an hour, or $62,400 a year"."""
    measures: frozenset[str] = frozenset()
    for clause in said.clauses:
        measures = _measures(clause) or measures
        stated = [figure for figure in clause.counts if _is_statistic(figure)]
        own = [other for other in base.clauses if stated and holds(other.counts, stated)]
        if own and all(_measures(other) - measures for other in own):
            return True
    return False


def _measures(clause: Statement) -> frozenset[str]:
    return MEASURES.intersection(Statement(_NO_MEASURE.sub("", clause.text)).content)


def _is_statistic(figure: Figure) -> bool:
    large = figure.unit == "" and figure.value.isdigit() and int(figure.value) >= MANY
    return figure.unit in _AMOUNTS or large


# The rules that need nothing beside the support.


def misses_figure(said: Statement, base: Statement) -> bool:
    """A figure, with its unit, period and bound, is not in the support."""
    return not holds(base.figures, said.figures)


def makes_one(said: Statement, base: Statement) -> bool:
    """ "Three guides" become "one guide"; `figures` takes "one" for a pronoun."""
    for one, word in itertools.pairwise(said.words):
        if one != "one" or word in _AFTER_PRONOUN:
            continue
        uses = [i for i, own in enumerate(base.words) if root(own) == root(word)]
        single = [is_single(base.words, i) for i in uses]
        plural = any(base.words[i] == f"{word}s" for i in uses)
        if (plural or False in single) and True not in single:
            return True
    return False


def changes_bound(said: Statement, base: Statement) -> bool:
    """ "At least a degree" becomes "at most a degree"; `misses_figure` sees to numbers."""
    changed = {word for _, word in _bounds(said) ^ _bounds(base)}
    return bool(changed & said.roots & base.roots)


def _bounds(statement: Statement) -> set[tuple[str, str]]:
    found = [(match[1], match[2].casefold()) for match in _BOUND.finditer(statement.text)]
    return {(sign, root(word)) for sign, word in found if is_content(word)}


def only_asks(said: Statement, base: Statement) -> bool:
    """It states what the support asks."""
    return base.text.endswith("?") and not said.text.endswith("?") and "ask" not in said.roots


def leaves_open(said: Statement, base: Statement) -> bool:
    """ "A bachelor's degree is typical, and hospitals may ask for one" becomes "hospitals may ask
    for one"."""
    return said.words[-1:] in (["one"], ["ones"]) and not base.roots <= said.roots


def loses_label(said: Statement, base: Statement) -> bool:
    """ "High school diploma: 74 profiles" becomes "74 profiles"."""
    label, colon, _ = base.head.partition(":")
    named = set(content_roots(tokens(label)))
    return bool(colon and named and said.counts) and named.isdisjoint(said.roots)


def alters_name(said: Statement, base: Statement) -> bool:
    """ "Model A" becomes "Model B", or "Google Cloud Platform" some cloud platform."""
    if any(name not in base.text for name in _LETTER_NAME.findall(said.text)):
        return True
    common = {root(t) for w in said.text.split() if w[:1].islower() for t in tokens(w)}
    for name in _NAME.findall(base.text):
        parts = {root(word) for word in tokens(name)}
        elsewhere = Statement(base.text.replace(name, " ")).roots
        if (parts & common) - elsewhere and not parts <= said.roots:
            return True
    return False


def mixes_clauses(said: Statement, base: Statement) -> bool:
    """A clause of it takes words or figures from two clauses with subjects of their own."""
    if len(base.clauses) < 2:
        return False
    own = _own_words(base)
    for clause in said.loose_clauses:
        used = [i for i, words in enumerate(own) if words & set(clause.content)]
        if len(used) > 1:
            return True
        if used and not holds(base.clauses[used[0]].counts, clause.counts):
            return True
    return False


def _own_words(base: Statement) -> list[set[str]]:
    """The words that only one clause has; without names, which often hold for all of them."""
    clauses = base.clauses
    words = [set(clause.content) for clause in clauses]
    own = [
        words[i].difference(base.names, *(other for j, other in enumerate(words) if j != i))
        for i in range(len(clauses))
    ]
    if all(clause.counts for clause in clauses):
        # "Shops employed 9 per cent of them, banks 5 per cent": the rest is left out there.
        before, after = zip(*(around_figure(clause) for clause in clauses), strict=True)
        verbs = any(VERBS.intersection(clause.words) for clause in clauses[1:])
        own[0] -= set(before[0][-1:]) if verbs or any(before[1:]) else set(before[0])
        if not any(set(words) - base.names for words in after[1:]):
            own[0] -= set(after[0])
    return own


Rule = Callable[[Statement, Statement], bool]
RULES: tuple[Rule, ...] = (
    misses_figure,
    loses_label,
    alters_name,
    makes_one,
    changes_bound,
    only_asks,
    leaves_open,
    *qualifiers.RULES,
    mixes_clauses,
    *word_order.RULES,
    *semantic_roles.RULES,
    payments.turns_payment,
    restrictions.loses_restriction,
)
