"""A follow-up that compares or chooses → with the things that it compares.

They are what the person named, in one question or in several, or else what the reply did.
"""

import re
from collections.abc import Sequence

from waymark.follow_ups import COMPARES, MOST_COMPARED, WHICH_OF_THEM, asks_among, names_all
from waymark.list_references import listed, typed_list
from waymark.openings import FOLLOWING
from waymark.question_parts import without_background
from waymark.sentences import content_words
from waymark.substitution import TOGETHER, Named, Said, filled, with_topic
from waymark.topics import is_aspect, phrases, same

_TWO = re.compile(r"\b(?:two|both|either|gap|difference)\b", re.I)
_OF_SEVERAL = re.compile(r"\b(?:two|three|both|either|them|these|those)\b", re.I)
_OFFERS = re.compile(r"\b(?:or|vs|versus|against)\b", re.I)
_OFFERED = re.compile(r"(?:^|(?<=[.?!\n]))[^.?!\n]*\?")
_THE_OTHER = re.compile(
    r"\b(?:the|that) other(?: one| of (?:them|those|the two))?(?=\W*$|[,;:.?]"
    rf"| {FOLLOWING})",
    re.I,
)


def compared(rest: str, said: Said, named: Named) -> str:
    """Return `rest`, which compares or chooses, with what it compares; "" where all of the question
    before is needed."""
    if asks_among(rest):
        if typed_list(rest):
            return with_topic(rest, said.topic, said.question)
        names = _sides(rest, said, named)
        if not names:
            return _among_kinds(rest, said)
        together = TOGETHER.join(names[-2:] if _TWO.search(rest) else names[-MOST_COMPARED:])
        if names_all(rest):
            return "" if TOGETHER in said.topic else filled(together, said.question, said.topic)
        return f"{together}: {rest}"
    if re.search(r"\b(?:more|less|better|worse|faster)\W*$", rest, re.I) and phrases(rest):
        aspects = [w for w in content_words(said.question) if is_aspect(w)]
        return f"{' '.join(aspects)}: {rest.rstrip(' ?.!')} than {said.topic}?" if aspects else ""
    if any(is_aspect(w) and not COMPARES.search(w) for w in content_words(rest)):
        return with_topic(rest, said.topic, said.question)
    return ""


def with_the_other(rest: str, said: Said) -> tuple[str, str]:
    """Return `rest` with what it calls "the other one" named, and that; as it is, with "", where
    the person did not name just one beside the topic."""
    names = said.choices if len(said.choices) > 1 else said.names
    others = [n for n in _distinct(names) if TOGETHER not in n and not same(said.topic, n)]
    if len(others) != 1 or not _THE_OTHER.search(rest):
        return rest, ""
    return _THE_OTHER.sub(lambda _: others[0], rest), others[0]


def _among_kinds(rest: str, said: Said) -> str:
    """`rest`, which chooses among what nobody named: the kinds of what was talked of, or sides that
    only the question before has."""
    if not said.topic or _OFFERS.search(said.question):
        return ""
    if _OF_SEVERAL.search(rest):
        return f"{said.topic}: {rest}"
    return with_topic(rest, said.topic, said.question)


def _sides(rest: str, said: Said, named: Named) -> list[str]:
    """What `rest` chooses among: what the person named, or else what the reply did."""
    if len(said.choices) > 1 and not named(rest):
        return list(said.choices)
    told = _distinct([*(name for name in said.names if TOGETHER not in name), *named(rest)])
    known = [name for name in told if named(name)]
    names = known if len(known) > 1 else told
    if len(names) > 1:
        return names
    stated = _OFFERED.sub("", said.reply)  # what it offers to answer is not what it said
    names = _distinct([*named(said.question), *named(stated)])
    few = len(listed(stated)) <= max(len(named(stated)), MOST_COMPARED)
    return names if few and len(names) > 1 else []


def _distinct(names: Sequence[str]) -> list[str]:
    """`names` without repeats in another case, in their order."""
    return list({name.casefold(): name for name in names}.values())


def asked_of_each(question: str) -> str:
    """Return what a question asks of each of the things it chooses among: "openings" of "which of
    the two has more openings?"; "" if it chooses among none."""
    if not asks_among(question):
        return ""
    asked = content_words(WHICH_OF_THEM.sub("", without_background(question)))
    return " ".join(word for word in asked if is_aspect(word))
