"""Sentence → Statement: its words, figures, clauses and conditions, read when they are needed.

Clauses are found by punctuation, conjunctions and figures, without a parser. Knows nothing of
other sentences.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from waymark.meaning.figures import DATE, NAME, Figure, figures
from waymark.meaning.numerals import in_plain_terms
from waymark.meaning.wording import (
    CONDITIONS,
    DETERMINERS,
    GLUE,
    NO_SUBJECT,
    PREPOSITIONS,
    TURNING,
    VERBS,
    content_roots,
    is_content,
    is_negation,
    root,
    tokens,
)

_UNITED_STATES = re.compile(r"\b(?:U\.S\.(?:A\.)?|USA?\b)(?! Bureau)")
_MAY = re.compile(r"\bMay(?= \d{4})")
_NO_LONGER = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )\bused to (?=be\b|have\b)")
_A_FEW = re.compile(r"\b[Aa] (?:few|little)\b")
_NO_NEED = re.compile(
    r"\b(?:no|without (?:the|any)) need (?=(?:to|for|of)\b)|\bneed(?: not|n['’]t) ", re.I
)
_FAR_FROM = re.compile(r"\b(?:far from|anything but)\b", re.I)
_LESS_THAN = re.compile(  # "is less than safe", but "is less than yours"
    r"\b(is|are|was|were|be|been) less than (?!it\b|that\b)(?=[a-z-]+(?<!s)(?:[.,;:]|$))", re.I
)
_TO_NO_ONE = re.compile(r"\b(to|for|by|with|from|of) no[ -]one\b", re.I)
_AS_SIGNS = (  # a capital inside would be a name, such as the town of Most
    (re.compile(r"\b[Aa]t least\b|\b(?:[Nn]o|not) (?:less|fewer) than\b"), "≥"),
    (re.compile(r"\b[Aa]t most\b|\b(?:[Nn]o|not) more than\b|\b[Uu]p to (?=[$£€¥₹]?\d)"), "≤"),
    (re.compile(r"\b(?:[Mm]ore than|[Oo]ver|[Aa]bove) (?=[$£€¥₹]?\d)"), ">"),
    (re.compile(r"\b(?:(?:[Ll]ess|[Ff]ewer) than|[Uu]nder|[Bb]elow) (?=[$£€¥₹]?\d)"), "<"),
    (re.compile(r"\b(?:[Aa]round|[Rr]oughly|[Aa]pproximately) (?=[$£€¥₹]?\d)"), "about "),
    (re.compile(r"\bor more\b"), "+"),
)
SEGMENT = re.compile(r"[,;:()—–]")  # ends a piece that no word reaches across
_SCOPE = re.compile(r"[,;:()—–]|\b(?:but|because|although|while|which|and)\b", re.I)
_SCOPES = {"without": 1, "no": 2}  # content words that a negation reaches, where they are few
_NOBODY = frozenset("nobody nothing none".split())  # deny what stands before them as well
_OPENS_CLAUSE = NO_SUBJECT | CONDITIONS
_AFTER_VERB = frozenset("little rarely seldom".split())  # "a degree helps little"
_CONTRAST = ("while", "whereas", "although", "though", ";")
_JOINT = re.compile(
    r";|(?<=[a-z)])\.\s|,?\s(?:while|whereas|although|though|but|yet)\b|,\s(?:and|or|so)\b"
    r"|\s(?:and|with)\b|,\s",
    re.IGNORECASE,
)
_HALF = re.compile(r",\s(?:and|but|while|whereas)\s|;\s", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\b((?<!not )only (?:if|when|after|once|through|for|in|with|before|until|where|while|during"
    r"|under|by|at|on)"
    r"|if|unless|when|until|except|provided"
    r"|as long as|once (?=it|they|you|the)|before|after|(?<=^)where)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\W*(?!(?-i:IT)\b)(?:its?|they|their|he|his|she|her|this|that|these|those|both|such)\b",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(r"\bthan \w+ (?:that|who|which)\b")
_DIGITS = re.compile(r"(?:[$£€]\s?)?\d[\d,.]*")


@dataclass(frozen=True)
class Statement:
    """A sentence or a clause of one. Get it by `read`, which makes spellings one."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """Lower-case words in order."""
        return tokens(self.text)

    @cached_property
    def wanted(self) -> list[str]:
        """The words that carry the topic, in order."""
        return [word for word in self.words if is_content(word)]

    @cached_property
    def content(self) -> list[str]:
        """The roots of `wanted`."""
        return content_roots(self.words)

    @cached_property
    def whole_roots(self) -> frozenset[str]:
        """Roots of all words."""
        return frozenset(map(root, self.words))

    @cached_property
    def compounds(self) -> list[frozenset[str]]:
        """Roots of the parts of each hyphenated word."""
        return [frozenset(map(root, w.split("-"))) for w in self.words if "-" in w]

    @cached_property
    def roots(self) -> frozenset[str]:
        """Roots of all words, and of the parts of hyphenated ones."""
        return self.whole_roots.union(*self.compounds)

    @cached_property
    def figures(self) -> list[Figure]:
        """All figures in order."""
        return figures(self.text)

    @cached_property
    def counts(self) -> list[Figure]:
        """The figures that are neither years of the calendar nor names."""
        return [figure for figure in self.figures if figure.unit not in (DATE, NAME)]

    @cached_property
    def names(self) -> frozenset[str]:
        """Roots of the words with a capital, but for the first word."""
        capital = [word for word in self.text.split()[1:] if word[:1].isupper()]
        return frozenset(root(part) for word in capital for part in tokens(word))

    @cached_property
    def segments(self) -> list["Statement"]:
        """What stands between marks of punctuation."""
        return [Statement(piece) for piece in SEGMENT.split(self.text)]

    @cached_property
    def clauses(self) -> list["Statement"]:
        """Clauses with subjects or figures of their own, which must not be mixed."""
        return _clauses(self.text, loosely=False)

    @cached_property
    def loose_clauses(self) -> list["Statement"]:
        """Like `clauses`, also taken apart at an "and" without a comma."""
        return _clauses(self.text, loosely=True)

    @cached_property
    def opens_with_subject(self) -> bool:
        """Tell whether it can stand alone: it opens with neither a pronoun nor a verb."""
        opening = self.words[1:] if self.words[:1] == ["that"] else self.words
        if not opening or opening[0] in NO_SUBJECT or opening[0] in VERBS:
            return False
        verb = any(word in VERBS for word in opening[1:6])
        return verb or opening[0] in DETERMINERS or bool(self.counts)

    @cached_property
    def head(self) -> str:
        """Its text up to the first digits; all of it where there are none."""
        return _DIGITS.split(self.text, maxsplit=1)[0]

    def share_in(self, other: "Statement") -> float:
        """Return the share of its content words that `other` has, 0 to 1; 0 where it has none."""
        own = set(self.content)
        return len(own & other.roots) / len(own) if own else 0.0

    def classes(self, table: dict[str, str]) -> set[str]:
        """Return the classes that its words have in `table`."""
        return {table[word] for word in self.words if word in table}


@dataclass(frozen=True, slots=True)
class Condition:
    """A subordinate clause: the word that opens it, whether "only" stands before that, itself, and
    what it restricts."""

    word: str
    only: bool
    clause: Statement
    restricted: Statement


@lru_cache(maxsize=20_000)
def read(text: str) -> Statement:
    """Return the statement that `text` makes."""
    plain = _UNITED_STATES.sub("United States", in_plain_terms(text))
    plain = _MAY.sub("month-May", plain)
    plain = _A_FEW.sub("several", _NO_LONGER.sub("formerly ", plain))
    plain = _FAR_FROM.sub("hardly", _NO_NEED.sub("not need ", plain))
    plain = _LESS_THAN.sub(r"\1 hardly ", _TO_NO_ONE.sub(r"\1 nobody", plain))
    for bound, sign in _AS_SIGNS:  # as words they would negate or compare
        plain = bound.sub(sign, plain)
    return Statement(plain)


def opens_with_pronoun(text: str) -> bool:
    """Tell whether a sentence leaves its subject to what stands before it."""
    return bool(_POINTING.match(text))


def turning_words(announcement: str) -> set[str]:
    """Return the roots of the words by which a line denies the items that it announces, or makes
    them conditions: "you cannot join if:", "common myths:". Its last clause reaches them."""
    line = read(announcement)
    clause = next((p.words for p in reversed(line.segments) if p.words), [])
    denied = {word for word in clause if is_negation(word)}
    open_ = {w for i, w in enumerate(clause) if w in CONDITIONS and not _has_content(clause[i:])}
    ends = {*line.content[:1], *line.content[-1:]}
    return {root(word) for word in denied | open_} | (TURNING & ends)


def _has_content(words: Sequence[str]) -> bool:
    return any(map(is_content, words))


def halves(claim: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a claim apart into two that each make sense alone."""
    for joint in _HALF.finditer(claim):
        rest = claim[joint.end() :]
        contrast = joint[0].strip(", ").casefold() in _CONTRAST
        if contrast or read(SEGMENT.split(rest)[0]).opens_with_subject:
            yield f"{claim[: joint.start()]}.", rest


def conditions(statement: Statement) -> Iterator[Condition]:
    """Yield the subordinate clauses of each clause, those of time included."""
    for part in statement.clauses:
        spans = list(_subordinate_spans(part.text))
        main = part.text
        for _, start, end in spans:
            main = main[:start] + " " * (end - start) + main[end:]
        for opening, start, end in spans:
            only, word = opening[0] == "only", opening[-1]
            sides = [side.end() for side in _OTHER_SIDE.finditer(main, 0, start)]
            before = max(*(main.rfind(mark, 0, start) + 1 for mark in ",;:"), *sides)
            restricted = main if start < 3 else main[before:start]
            yield Condition(word, only, Statement(part.text[start:end]), Statement(restricted))


def negated(statement: Statement) -> tuple[set[str], set[str]]:
    """Return the roots that a negation reaches, and those that stand outside of any."""
    inside: set[str] = set()
    outside: set[str] = set()
    for piece in _SCOPE.split(statement.text):
        reach = 0
        words = tokens(piece)
        for i, word in enumerate(words):
            if word in _AFTER_VERB and (words[i + 1 :] == [] or words[i + 1] in PREPOSITIONS):
                verb = [root(w) for w in words[:i] if w in VERBS or is_content(w)][-1:]
                inside.update(verb)
                outside.difference_update(verb)
            if word in _NOBODY:
                start = max((j for j in range(i) if words[j] in _OPENS_CLAUSE), default=0)
                inside.update(map(root, filter(is_content, words[start:i])))
                outside -= inside
            if is_negation(word):
                reach = _SCOPES.get(word, len(statement.words))
            elif word in VERBS and reach <= max(_SCOPES.values()):
                reach = 0
            elif word not in GLUE and word not in VERBS:
                (inside if reach > 0 else outside).add(root(word))
                reach -= 1
    return inside, outside


def around_figure(clause: Statement) -> tuple[list[str], list[str]]:
    """Return the roots of the content words before and after the first figure of a clause."""
    pieces = _DIGITS.split(clause.text, maxsplit=1)
    return Statement(pieces[0]).content, Statement(pieces[-1]).content


def _subordinate_spans(text: str) -> Iterator[tuple[list[str], int, int]]:
    reached = 0
    for match in _SUBORDINATE.finditer(text):
        if match.start() >= reached:
            stops = [SEGMENT.search(text, match.end()), _SUBORDINATE.search(text, match.end())]
            reached = min((stop.start() for stop in stops if stop), default=len(text))
            yield match[1].casefold().split(), match.start(), reached


def _clauses(text: str, *, loosely: bool) -> list[Statement]:
    text = text.replace("(", " ").replace(")", " ")
    found: list[str] = []
    start = 0
    for joint in _JOINT.finditer(text):
        left = Statement(text[start : joint.start()])
        if _parts_clauses(left, joint[0].strip(" ").casefold(), text[joint.end() :], loosely):
            found.append(left.text)
            start = joint.end()
    found.append(text[start:])
    clauses = [Statement(piece) for piece in found]
    return [clause for clause in clauses if clause.content or clause.counts]


def _parts_clauses(left: Statement, joint: str, rest: str, loosely: bool) -> bool:
    """Tell whether a clause of its own begins after a joint."""
    right = Statement(re.split(r"[,;]", rest)[0])
    word = joint.strip(", ")
    if word == ".":
        return True
    if word in _CONTRAST or not joint:
        first = right.words[0] if right.words else ""
        gerund = first.endswith("ing") and "-" not in first
        return first not in NO_SUBJECT and not gerund
    if left.counts and right.counts:
        return True
    comma = joint.startswith(",")
    if word in ("but", "yet") or (comma and word in ("and", "or", "so")):
        return right.opens_with_subject
    return loosely and word == "and" and right.opens_with_subject
