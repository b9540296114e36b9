"""Conversation so far + question → a question that stands alone.

Rules only. A question that leans on earlier ones takes over their topic: in place of its pronoun,
in front of it, or as the frame in which what it names takes the place of what was asked about
before. One with a topic of its own is left as it is. Whether the topic really helps is for the
documents to say (`reading`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from waymark.follow_ups import (
    COMPARES,
    MOST_COMPARED,
    POINTING,
    asks_among,
    asks_of_each,
    is_follow_up,
    is_name,
    listed,
    masked,
    with_item,
)
from waymark.places import HOME_IS_MEANT, HOME_NAME, moved, only_places, places
from waymark.sentences import QUESTION_WORDS, content_words, words
from waymark.topics import is_aspect, main_phrase, phrases, same
from waymark.types import Turn

Named = Callable[[str], Sequence[str]]  # text → the names in it that the documents know, in order

_LOOK_BACK = 6  # user turns; older ones rarely hold the topic and only blur the query

_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|then|ok(?:ay)?|oh|oops|sorry|no|well|actually|rather|excuse me|"
    r"(?:and )?(?:what|how) about(?: (?:for|in|the))?|same for|"
    r"(?<=sorry )i me\w{1,3}|(?<=sorry, )i me\w{1,3}|(?<=oops )i me\w{1,3}|"
    r"i (?:mean|meant|ment|wanted|asked)(?: to (?:say|ask))?)\b[\s,.:;-]*)+",
    re.IGNORECASE,
)
_CORRECTS = re.compile(r"^(?:sorry|oops|no|not|actually|i (?:mean|meant|ment)|rather)\b", re.I)
_DENIED = re.compile(r"(?:^|[\s,;])(?:and )?not (?:the |an? )?(?P<what>[^,:;.?]+)[,:;.]?\s*", re.I)
_ASKS = re.compile(
    rf"\b(?:{QUESTION_WORDS}|whats|whos|hows|wheres)\b"
    r"|^\W*(?:please )?(?:give|tell|explain|define|describe|show|list|compare)\b",
    re.I,
)
_INSTEAD = (
    re.compile(r"\b(?:they|them|it|he|she|him)\b", re.I),
    re.compile(r"\b(?:their|its|his|her)\b", re.I),
    re.compile(r"(?:(?<=\bas )|(?<=\bbecome )|(?<=\bbe ))one\b|\bone(?=\W*$)", re.I),
    re.compile(
        r"(?:(?<=\bfor )|(?<=\bof )|(?<=^is )|(?<=^are ))(?:that|this|those|these)\b"
        r"|^(?:that|this|those|these)(?= (?:is|are)\b)|\b(?:that|this|those|these)(?=\W*$)",
        re.I,
    ),
)
_TWO = re.compile(r"\b(?:two|both|either)\b", re.I)
_TOGETHER = " and "
_DENIED_WORDS = 4
_OWN_TOPIC = re.compile(r"^(?:the |an? )?[^,:?.]{3,40}(?=[,:] )", re.I)
_FOR = re.compile(r"^for (?:the |an? )?", re.I)
_HOW_MUCH = re.compile(r"how (?:much|many)\b", re.I)
_PLURAL = frozenset(("they", "them", "these", "those"))
_SINGULAR = frozenset(("it", "that", "this", "one"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that stands alone, in two forms, and its topic.

    `alone` is the question by itself, with the item that it points at in a list before it.
    `focused` carries only the topic over; `joined` has all that was asked last in front of it.
    Both equal the question where it takes nothing over. `names` are those that the person has
    said so far, `choices` those of this question.
    """

    alone: str
    focused: str
    joined: str
    topic: str = ""
    names: tuple[str, ...] = ()
    choices: Sequence[str] = ()


def no_names(text: str) -> Sequence[str]:
    """Know no name; topics are then found by their place in the question alone."""
    return ()


def standalone_question(
    question: str, history: Sequence[Turn], named: Named = no_names
) -> Standing:
    """Return `question` with what it takes over from `history`; unchanged if it takes nothing."""
    turns = [*history, Turn("user", question)]
    first = [i for i, turn in enumerate(turns) if turn.role == "user"][-_LOOK_BACK - 1 :][0]
    before = Standing("", "", "")
    reply = listing = ""
    for turn in turns[first:]:
        if turn.role == "assistant":
            reply = turn.content
            listing = reply if listed(reply) else listing
        else:
            stood = _stand(turn.content, before, reply, listing, named)
            own = named(turn.content)
            said = own or ([stood.topic] if stood.topic else [])
            names = dict.fromkeys((*before.names, *said))
            before = replace(stood, names=tuple(names), choices=own)
            reply = ""
    return before


def _stand(question: str, before: Standing, reply: str, listing: str, named: Named) -> Standing:
    """Read `question` after a reply; `listing` is the last reply so far that holds a list."""
    asked, item = with_item(question, listing, before.choices)
    if not before.focused or (asked == question and not is_follow_up(question)):
        return Standing(asked, asked, asked, topic_of(asked, named))
    joined = f"{before.focused} {asked}"
    if item in before.choices or is_name(item, listing):
        return Standing(asked, asked, joined, item)
    focused, topic = _focused(asked, before, reply, named)
    kept = _in_the_same_place(focused, before.focused) if focused else joined
    return Standing(asked, kept, joined, topic)


def _focused(asked: str, before: Standing, reply: str, named: Named) -> tuple[str, str]:
    """The question with the topic of the one before it, and its own topic.

    "" where all of the question before is needed, as for "why?".
    """
    rest = _LEAD.sub("", asked).strip() or asked
    rest, denied = _without_denied(rest) if _CORRECTS.match(asked) else (rest, "")
    if not content_words(HOME_IS_MEANT.sub("", rest)) and HOME_IS_MEANT.search(rest):
        return moved(before.focused, HOME_NAME), before.topic
    if only_places(rest):
        return moved(before.focused, " and ".join(places(rest))), before.topic
    own = named(rest)
    opens = _OWN_TOPIC.match(rest)
    named_first = opens and main_phrase(opens.group()) and not _needs(opens.group())
    if (named_first or (denied and same(before.topic, denied))) and _ASKS.search(rest):
        return rest, main_phrase(rest)
    if not content_words(rest) and not _HOW_MUCH.match(rest):
        return "", before.topic
    if COMPARES.search(rest) or asks_among(rest):
        return _compared(rest, before, reply, named), before.topic
    if not _ASKS.search(rest) and any(not is_aspect(w) for w in content_words(rest)):
        phrase = (_FOR.sub("", rest) if own else rest).strip(" ?.!")
        return _filled(phrase, before, denied), _bare(phrase)
    return _with_topic(rest, before), own[-1] if own else before.topic


def _in_the_same_place(text: str, before: str) -> str:
    """`text` with the place of the question before, which still holds unless it names its own.

    Pay in Dubai is not answered by pay elsewhere, and no more are its days off.
    """
    if not places(before) or places(text) or HOME_IS_MEANT.search(text):
        return text
    return f"{text.rstrip(' ?.!')} in {' and '.join(places(before))}?"


def _needs(text: str) -> bool:
    return bool(_ASKS.search(text)) or not POINTING.isdisjoint(words(text))


def _without_denied(rest: str) -> tuple[str, str]:
    """`rest` without its "not X", and X."""
    match = _DENIED.search(rest)
    if not match or len(match.group("what").split()) > _DENIED_WORDS:
        return rest, ""
    return f"{rest[: match.start()]} {rest[match.end() :]}".strip(), match.group("what")


def _with_topic(rest: str, before: Standing) -> str:
    """`rest` with the topic for its pronoun, or else in front of it."""
    topic = before.topic
    if not topic or same(topic, rest):
        return rest
    for pronoun in _INSTEAD:
        match = pronoun.search(masked(rest))
        if match and match.group() != "IT":
            worded = _worded(topic, match.group().casefold(), before.focused)
            return f"{rest[: match.start()]}{worded}{rest[match.end() :]}"
    return f"{topic}: {rest}"


def _worded(topic: str, pronoun: str, before: str) -> str:
    """`topic` in the number of `pronoun`, with the article it had before."""
    if pronoun in _PLURAL:
        return topic if topic.endswith("s") else f"{topic}s"
    article = re.search(rf"\b(an?|the|my) {re.escape(topic)}", before, re.I)
    return f"{article.group(1).lower()} {topic}" if article and pronoun in _SINGULAR else topic


def _compared(rest: str, before: Standing, reply: str, named: Named) -> str:
    """`rest`, which compares, with what is compared."""
    if asks_among(rest):
        said = [name for name in before.names if _TOGETHER not in name]
        known = [name for name in said if named(name)]
        names = known if len(known) > 1 else said
        if len(names) < 2:
            names = list(dict.fromkeys([*named(before.focused), *named(reply)]))
        names = names[-2:] if _TWO.search(rest) else names[-MOST_COMPARED:]
        return f"{' and '.join(names) or before.topic}: {rest}"
    if re.search(r"\b(?:more|less|better|worse|faster)\W*$", rest, re.I) and phrases(rest):
        aspects = [w for w in content_words(before.focused) if is_aspect(w)]
        return f"{' '.join(aspects)}: {rest.rstrip(' ?.!')} than {before.topic}?"
    if any(is_aspect(w) and not COMPARES.search(w) for w in content_words(rest)):
        return _with_topic(rest, before)
    return ""


def _filled(phrase: str, before: Standing, denied: str) -> str:
    """The question before with `phrase` in the place of what it asked about."""
    asked = before.focused
    place = re.match(r"(?:in|at|with|after|before|without|during|for|from) ", phrase, re.I)
    if place:
        slot = re.search(rf"\b{place.group()}(?:the |an? )?[^,?.]+?(?=[,?.]|$)", asked, re.I)
        if slot:
            return f"{asked[: slot.start()]}{phrase}{asked[slot.end() :]}"
        return f"{asked.rstrip(' ?.')} {phrase}?"
    old = denied if denied and denied.casefold() in asked.casefold() else before.topic
    at = asked.casefold().find(old.casefold()) if old else -1
    if at < 0 and _TOGETHER in old:
        old = old.split(_TOGETHER)[-1]
        at = asked.casefold().find(old.casefold())
    if at < 0:
        return f"{before.topic}: {phrase}"
    return f"{asked[:at]}{_bare(phrase)}{asked[at + len(old) :]}"


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:the|an?) ", "", phrase, flags=re.I)


def topic_of(question: str, named: Named) -> str:
    """Return the words of `question` that say what it is about; "" if none do.

    Of several names the last, or all where they are compared or stand side by side.
    """
    names = list(dict.fromkeys(named(question)))
    if 1 < len(names) <= MOST_COMPARED and asks_of_each(question, names):
        return _TOGETHER.join(names)
    return names[-1] if names else main_phrase(question)
