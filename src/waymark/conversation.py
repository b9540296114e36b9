"""Conversation so far + question → a question that stands alone.

Rules only. A question that leans on earlier ones takes over their topic: in place of its pronoun,
in front of it, or as the frame in which what it names takes the place of what was asked about
before. One with a topic of its own is left as it is. Whether the topic really helps is for the
documents to say (`reading`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from waymark.asides import is_aside, is_remark, tells_of_self, without_asides
from waymark.comparing import asked_of_each
from waymark.focusing import focused
from waymark.follow_ups import (
    COMPARES,
    MOST_COMPARED,
    asks_among,
    asks_of_each,
    is_follow_up,
    is_new_question,
    may_lean,
    points_back,
)
from waymark.list_references import is_name, listed, typed_list, with_item
from waymark.openings import LED
from waymark.places import HOME_IS_MEANT, placed, places, without_places
from waymark.pronouns import points, without_expletives
from waymark.question_parts import background, without_background
from waymark.sentences import content_words
from waymark.substitution import TOGETHER, Named, Said
from waymark.topics import CAPITAL, main_phrase, may_only_ask
from waymark.types import Turn

# "Is that too late?" is asked of what was told, "how long does that take?" of the topic.
_OF_A_REMARK = re.compile(rf"{LED}(?:is|was|would|will|does|could|might) (?:that|this)\b", re.I)
_LOOK_BACK = 6  # user turns; older ones rarely hold the topic and only blur the query


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that stands alone, in two forms, and its topic.

    `alone` is the question by itself, with the item that it points at in a list before it.
    `focused` carries only the topic over; `joined` has all that was said last in front of it.
    Both equal the question where it takes nothing over. `names` are those that the person has
    said so far, `choices` those of this question; `remark` is what they told after it.
    """

    alone: str
    focused: str
    joined: str
    topic: str = ""
    names: tuple[str, ...] = ()
    choices: Sequence[str] = ()
    remark: str = ""


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
        elif turn is not turns[-1] and is_aside(turn.content):
            continue
        elif turn is not turns[-1] and _is_beside(turn.content, before, named):
            before = replace(before, remark=turn.content)
        else:
            stood = _stand(turn.content, before, reply, listing, named)
            leans = stood.joined != turn.content
            choices = _choices(turn.content, before if leans else None, stood.topic, named)
            said = choices or ([stood.topic] if stood.topic else [])
            names = dict.fromkeys((*before.names, *said))
            before = replace(stood, names=tuple(names), choices=choices)
            reply = ""
    return before


def _is_beside(message: str, before: Standing, named: Named) -> bool:
    """Tell whether what is asked after `message` is still about what was asked before it."""
    own_case = tells_of_self(message) or not named(message)
    return bool(before.topic) and is_remark(message) and own_case


def _choices(question: str, before: Standing | None, topic: str, named: Named) -> Sequence[str]:
    """What a question names, beside what the one `before` named where it leans on that."""
    own = list(dict.fromkeys(named(question)))
    if len(own) < 2:
        typed = typed_list(question)
        own = typed if typed and all(name in typed for name in own) else own
    if not before or len(own) > 1:
        return own
    if asks_among(question):
        return before.choices
    new = own or ([topic] if topic and topic != before.topic and topic in question else [])
    return list(dict.fromkeys([*before.choices, *new])) if new else []


def _stand(question: str, before: Standing, reply: str, listing: str, named: Named) -> Standing:
    """Read `question` after a reply; `listing` is the last reply so far that holds a list."""
    question = without_asides(question) if before.focused else question
    choices = _to_choose_from(before, reply, listing, named)
    asked, item = with_item(question, listing, choices)
    if before.remark and _OF_A_REMARK.match(asked):
        about = f"{before.remark} {asked}"
        return Standing(asked, about, about, before.topic)
    told, leaning = ("", asked) if is_follow_up(asked) else _leaning_part(asked, named)
    if not before.focused or (asked == question and not leaning):
        return _alone(asked, before, named)
    whole = " ".join(filter(None, (before.focused, before.remark, asked)))
    joined = f"{before.remark} {asked}" if before.remark else whole
    if asked == question and is_new_question(question, named):
        return Standing(asked, asked, joined, topic_of(asked, named))
    if item in choices or is_name(item, listing):
        return Standing(asked, asked, joined, item)
    said = Said(before.focused, before.topic, before.names, before.choices, reply)
    about, topic = focused(leaning or asked, said, named)
    kept = _in_the_same_place(about, before.focused) if about else whole
    kept = f"{told} {kept}" if told and about else kept
    # What a question about another place, or about more than was chosen among, has in front of it
    # would be answered for the wrong one.
    other = asked_of_each(before.focused) and topic != before.topic
    apart = other or _elsewhere(kept, before.focused)
    return Standing(asked, kept, kept if apart else joined, topic)


def _to_choose_from(before: Standing, reply: str, listing: str, named: Named) -> Sequence[str]:
    """What "the first one" may point at besides a list in a reply: what the person named."""
    if len(before.choices) > 1 or listed(listing):
        return before.choices
    known = [name for name in before.names if named(name)]
    return known if len(known) > 1 else list(dict.fromkeys(named(reply)))


def _leaning_part(message: str, named: Named) -> tuple[str, str]:
    """What a message tells, and what it asks of what was talked of before: "I am 40 and tired of
    shops. Is a licence needed?"; two times "" where it names its own topic."""
    told, asked = background(message), without_background(message)
    only_aspects = bool(content_words(asked)) and may_only_ask(asked)
    only_aspects = only_aspects and not points(without_expletives(asked))
    return (told, asked) if only_aspects and not named(told) else ("", "")


def _alone(asked: str, before: Standing, named: Named) -> Standing:
    """A question that names its own topic, or may be about the one before it."""
    told = is_remark(asked)
    leans = may_lean(asked) and not named(asked)
    if not before.focused or not (told or leans):
        return Standing(asked, asked, asked, topic_of(asked, named))
    ahead = before.focused if told or not before.topic else f"{before.topic}:"
    joined = f"{ahead} {asked}"
    if not leans:
        return Standing(asked, asked, joined, topic_of(asked, named))
    # What the documents know stays the topic beside a noun that they do not know.
    own = "" if named(before.topic) else main_phrase(without_places(asked), least=2)
    alone = joined if told and points_back(asked) else asked
    return Standing(asked, alone, joined, own or before.topic)


def _in_the_same_place(text: str, before: str) -> str:
    """`text` with the place of the question before, which still holds unless it names its own.

    Pay in Dubai is not answered by pay elsewhere, and no more are its days off.
    """
    if not places(before) or places(text) or HOME_IS_MEANT.search(text):
        return text
    return placed(text, places(before))


def _elsewhere(text: str, before: str) -> bool:
    """Tell whether both name places, home among them, and not the same."""
    named, earlier = places(text), places(before)
    if not named:
        return bool(earlier and HOME_IS_MEANT.search(text))
    somewhere = bool(earlier or HOME_IS_MEANT.search(before))
    return somewhere and set(named).isdisjoint(earlier)


def topic_of(question: str, named: Named) -> str:
    """Return the words of `question` that say what it is about; "" if none do.

    Of several names the last, or all where they are compared or stand side by side. What it asks
    counts before what the person tells of themselves.
    """
    asked = without_background(question)
    told = asked != question and not named(asked) and not points(asked)
    least = CAPITAL if named(question) else 1
    if told and (own := main_phrase(without_places(asked), least)):
        return own
    text = asked if named(asked) else question
    names = list(dict.fromkeys(named(text)))
    compound = len(names) == 2 and " " not in names[-1] and not COMPARES.search(text)
    if compound and f"{names[-2]} {names[-1]}" in text:
        return f"{names[-2]} {names[-1]}"
    if 1 < len(names) <= MOST_COMPARED and asks_of_each(text, names):
        return TOGETHER.join(names)
    return names[-1] if names else main_phrase(without_places(text)) or main_phrase(text)
