"""Conversation so far + question → a question that stands alone.

Rules only. A question that leans on earlier ones takes over their topic: in place of its pronoun,
in front of it, or as the frame in which what it names takes the place of what was asked about
before. One with a topic of its own is left as it is. Whether the topic really helps is for the
documents to say (`reading`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from waymark.asides import is_aside, without_asides
from waymark.follow_ups import (
    COMPARES,
    MOST_COMPARED,
    asks_among,
    asks_of_each,
    is_follow_up,
    is_new_question,
    points,
)
from waymark.list_references import is_name, listed, with_item
from waymark.places import HOME_IS_MEANT, HOME_NAME, moved, only_places, places
from waymark.sentences import QUESTION_WORDS, content_words, stem
from waymark.substitution import TOGETHER, bare, filled, headed, takes_a_place, with_topic
from waymark.topics import is_aspect, main_phrase, phrases, same
from waymark.types import Turn

Named = Callable[[str], Sequence[str]]  # text → the names in it that the documents know, in order

_LOOK_BACK = 6  # user turns; older ones rarely hold the topic and only blur the query

_LEAD = re.compile(
    r"^(?:(?:and|but|or|so|also|then|ok(?:ay)?|oh|oops|sorry|no|well|actually|rather|excuse me|"
    r"(?:and )?(?:what|how) about(?: (?:for|in|the))?|same for|"
    r"(?<=sorry )i me\w{1,3}|(?<=sorry, )i me\w{1,3}|(?<=oops )i me\w{1,3}|"
    r"i (?:mean|meant|ment|wanted|asked)(?: to (?:say|ask)| about)?)\b[\s,.:;-]*)+",
    re.IGNORECASE,
)
_CORRECTS = re.compile(r"^(?:sorry|oops|no|not|actually|i (?:mean|meant|ment)|rather)\b", re.I)
_DENIED = re.compile(r"(?:^|[\s,;])(?:and )?not (?:the |an? )?(?P<what>[^,:;.?]+)[,:;.]?\s*", re.I)
_ASKS = re.compile(
    rf"\b(?:{QUESTION_WORDS}|whats|whos|hows|wheres)\b"
    r"|^\W*(?:please )?(?:give|tell|explain|define|describe|show|list|compare)\b",
    re.I,
)
_TWO = re.compile(r"\b(?:two|both|either)\b", re.I)
_DENIED_WORDS = 4
_OWN_TOPIC = re.compile(r"^(?:the |an? )?[^,:?.]{3,40}(?=[,:] )", re.I)
_FOR = re.compile(r"^for (?:the |an? )?", re.I)
_HOW_MUCH = re.compile(r"how (?:much|many)\b", re.I)
_LEADS_ON = re.compile(r"^(?:(?:going )?back to|(?:or )?rather) ", re.I)
_CONDITION = re.compile(
    r"(?:if|when (?:i|you|we))\b(?!.*(?:,|\b(?:what|which|who|how|why|where)\b))", re.I
)
_OR_NOT = re.compile(r"\bor (?:no|not)$", re.I)
_OWN_CASE = re.compile(r"(?:i['’]?m|i am)\b", re.I)
_LEANS = re.compile(r"\b(?:it|its|they|them|their)\b", re.I)
# What is asked of an occupation, and only where nothing else is: "licence?", "any overtime"
_ASKED_OF = frozenset(
    stem(word)
    for word in """experience licence license certificate certification duties tasks shifts
    overtime stress competition age limit progression promotion responsibilities uniform equipment
    holidays vacation pension commute travel benefits beginners senior junior location""".split()
)
_WHICH_PAY = frozenset(
    stem(word)
    for word in """lowest highest top bottom tenth median average mean minimum maximum most least
    hourly monthly weekly yearly percent quarter half range starting beginners entry level 10 25 50
    75 90""".split()
)
_PAY = re.compile(r"\b(?:pay|paid|salar(?:y|ies)|wages?|earn\w*|make)\b", re.I)
# "that" or "it" is all that was said before: "can you give an example?", "why does that help?"
_ALL_OF_IT = re.compile(
    r"\W*(?:(?:(?:(?:can|could) you )?(?:please )?(?:give|show)(?: me| us)? )?"
    r"(?:(?:for|an?|some|any|like) )?(?:examples?|instance)(?: please)?"
    r"|how come|like what|such as|in what way"
    r"|why (?:is|does|would|did|do) (?:that|this)(?: \w+)?"
    r"|is (?:it|that|this) (?:any )?(?:different|the same)(?: (?:in|for)\b[^?]*)?"
    r"|how (?:do|can|should) i (?:do|deal with|avoid|fix|handle|cope with|prevent|find out)"
    r" (?:that|this))\W*$",
    re.I,
)


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
        elif turn is turns[-1] or not is_aside(turn.content):
            stood = _stand(turn.content, before, reply, listing, named)
            own = named(turn.content)
            said = own or ([stood.topic] if stood.topic else [])
            names = dict.fromkeys((*before.names, *said))
            before = replace(stood, names=tuple(names), choices=own)
            reply = ""
    return before


def _stand(question: str, before: Standing, reply: str, listing: str, named: Named) -> Standing:
    """Read `question` after a reply; `listing` is the last reply so far that holds a list."""
    if before.focused and is_aside(question):
        return Standing(question, question, question, before.topic)
    question = without_asides(question) if before.focused else question
    choices = before.choices
    if len(choices) < 2 and not listed(listing):
        choices = list(dict.fromkeys(named(reply)))
    asked, item = with_item(question, listing, choices)
    if not before.focused or (asked == question and not is_follow_up(question)):
        return Standing(asked, asked, asked, topic_of(asked, named))
    joined = f"{before.focused} {asked}"
    if asked == question and is_new_question(question, named):
        return Standing(asked, asked, joined, topic_of(asked, named))
    if item in choices or is_name(item, listing):
        return Standing(asked, asked, joined, item)
    focused, topic = _focused(asked, before, reply, named)
    kept = _in_the_same_place(focused, before.focused) if focused else joined
    # What a question about another place has in front of it would be answered for the wrong one.
    return Standing(asked, kept, kept if _elsewhere(kept, before.focused) else joined, topic)


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
    opens = _OWN_TOPIC.match(rest)
    named_first = opens and main_phrase(opens.group()) and not _needs(opens.group())
    if (named_first or (denied and same(before.topic, denied))) and _ASKS.search(rest):
        return rest, main_phrase(rest)
    bare_condition = _CONDITION.match(rest)
    wordless = not content_words(rest) and not _HOW_MUCH.match(rest)
    if bare_condition or wordless or _ALL_OF_IT.match(rest):
        return "", before.topic
    if COMPARES.search(rest) or asks_among(rest):
        return _compared(rest, before, reply, named), before.topic
    narrows = takes_a_place(rest) and not _asks_which_pay(rest, before.focused)
    if not (_ASKS.search(rest) or _LEANS.search(rest)) and (narrows or not _only_asks(rest)):
        return _in_place(rest, before, denied, named)
    own = named(rest)
    if not own and before.topic and _asks_which_pay(rest, before.focused):
        return f"{before.topic} pay: {rest}", before.topic
    return with_topic(rest, before.topic, before.focused), own[-1] if own else before.topic


def _only_asks(phrase: str) -> bool:
    """Tell whether `phrase` says what is asked of a topic, and names none."""
    return all(is_aspect(word) for word in content_words(phrase))


def _asks_which_pay(rest: str, before: str) -> bool:
    """Tell whether `rest` asks, after a question about pay, for another figure of it."""
    said = set() if _OWN_CASE.search(rest) else {stem(word) for word in content_words(rest)}
    return (
        bool(said) and said <= _WHICH_PAY and bool(_PAY.search(before)) and not _ASKS.search(rest)
    )


def _in_place(rest: str, before: Standing, denied: str, named: Named) -> tuple[str, str]:
    """The question before with the fragment `rest` in place of its topic, and the topic now.

    A fragment that brings its own aspect ("accountants' pay"), or asks another one of the same
    topic ("overtime?"), takes no place.
    """
    own = named(rest)
    phrase = _LEADS_ON.sub("", (_FOR.sub("", rest) if own else rest).strip(" ?.!"))
    beside = set(content_words(_without(own, phrase))) - {"one", "ones"}
    if own and beside and all(map(is_aspect, beside)):
        return phrase, own[-1]
    asks = all(is_aspect(w) or stem(w) in _ASKED_OF for w in content_words(phrase))
    if before.topic and ((asks and not takes_a_place(phrase)) or _OR_NOT.search(phrase)):
        return f"{before.topic}: {phrase}", before.topic
    phrase = headed(phrase, before.topic)
    old = denied if denied and denied.casefold() in before.focused.casefold() else before.topic
    stays = takes_a_place(phrase) and not own
    return filled(phrase, before.focused, old), before.topic if stays else bare(phrase)


def _without(names: Sequence[str], phrase: str) -> str:
    for name in names:
        phrase = phrase.replace(name, " ")
    return phrase


def _in_the_same_place(text: str, before: str) -> str:
    """`text` with the place of the question before, which still holds unless it names its own.

    Pay in Dubai is not answered by pay elsewhere, and no more are its days off.
    """
    if not places(before) or places(text) or HOME_IS_MEANT.search(text):
        return text
    return f"{text.rstrip(' ?.!')} in {' and '.join(places(before))}?"


def _elsewhere(text: str, before: str) -> bool:
    """Tell whether both name places, and not the same."""
    named, earlier = places(text), places(before)
    somewhere = bool(earlier or HOME_IS_MEANT.search(before))
    return bool(named) and somewhere and set(named).isdisjoint(earlier)


def _needs(text: str) -> bool:
    return bool(_ASKS.search(text) or _OWN_CASE.match(text)) or points(text)


def _without_denied(rest: str) -> tuple[str, str]:
    """`rest` without its "not X", and X."""
    match = _DENIED.search(rest)
    if not match or len(match.group("what").split()) > _DENIED_WORDS:
        return rest, ""
    return f"{rest[: match.start()]} {rest[match.end() :]}".strip(), match.group("what")


def _compared(rest: str, before: Standing, reply: str, named: Named) -> str:
    """`rest`, which compares, with what is compared."""
    if asks_among(rest):
        said = [name for name in before.names if TOGETHER not in name]
        said = list(dict.fromkeys([*said, *named(rest)]))
        known = [name for name in said if named(name)]
        names = known if len(known) > 1 else said
        if len(names) < 2:
            names = list(dict.fromkeys([*named(before.focused), *named(reply)]))
            if COMPARES.search(before.topic):
                names = [before.topic]
            elif len(names) < 2 or len(listed(reply)) > max(len(named(reply)), MOST_COMPARED):
                return ""
        names = names[-2:] if _TWO.search(rest) else names[-MOST_COMPARED:]
        return f"{TOGETHER.join(names)}: {rest}"
    if re.search(r"\b(?:more|less|better|worse|faster)\W*$", rest, re.I) and phrases(rest):
        aspects = [w for w in content_words(before.focused) if is_aspect(w)]
        return f"{' '.join(aspects)}: {rest.rstrip(' ?.!')} than {before.topic}?"
    if any(is_aspect(w) and not COMPARES.search(w) for w in content_words(rest)):
        return with_topic(rest, before.topic, before.focused)
    return ""


def topic_of(question: str, named: Named) -> str:
    """Return the words of `question` that say what it is about; "" if none do.

    Of several names the last, or all where they are compared or stand side by side.
    """
    names = list(dict.fromkeys(named(question)))
    if 1 < len(names) <= MOST_COMPARED and asks_of_each(question, names):
        return TOGETHER.join(names)
    return names[-1] if names else main_phrase(question)
