"""Conversation so far + message → the questions that the message may stand for.

A few rules, none of which has to be right: each question brings candidates, and which of those
answer is for the cross-encoder, which reads the message with what was said (`single_reading`). The
question that is meant is shown and given to the language model.
"""

from collections.abc import Sequence

from waymark.dialogue.asides import is_aside, is_remark
from waymark.dialogue.comparing import asks_among, chosen_among
from waymark.dialogue.follow_ups import asks_itself, points_back
from waymark.dialogue.list_references import listed, with_item
from waymark.dialogue.openings import unlinked
from waymark.dialogue.said_before import MESSAGES
from waymark.places import HOME_IS_MEANT, moved, placed, places, without_places
from waymark.sentences import content_words
from waymark.types import Turn
from waymark.vocabulary import Vocabulary

TOGETHER = " and "  # between names that one question is about
_ONLY_LINK = frozenset(("sorry", "mean", "meant", "same"))  # beside a name: "sorry, I meant cooks"


def may_stand_for(
    message: str, said: Sequence[Turn], vocabulary: Vocabulary, written: str = ""
) -> tuple[str, ...]:
    """Return the questions that `message` may stand for after what was `said`, oldest first; those
    that are worded best come first.

    `written` is how the language model would ask it. After "What do nurses earn?":

    | message | questions |
    |---|---|
    | and cooks? | What do cooks earn? |
    | in Spain? | What do nurses earn in Spain? |
    | where do they work? | nurses: where do they work?; What do nurses earn? where do they work? |
    | How do I write a CV? | as it is; nurses: ...; What do nurses earn? ... |

    After "What do cooks earn?" as well:

    | message | questions |
    |---|---|
    | which pays more? | nurses and cooks: which pays more?; nurses and cooks: What ... |
    """
    asked, question, listing = _followed(said, vocabulary)
    if not asked:
        return (message,)
    message = with_item(message, _pointed_at(asked, listing, vocabulary))
    written = written if _keeps_names(written, message, asked, vocabulary) else ""
    if again := _anew(message, question, vocabulary):
        forms = [again, written]
    elif several := _several(message, asked, vocabulary):
        forms = [f"{several}: {message}", f"{several}: {question} {message}"]
    else:
        forms = [written, *_behind_what_was_said(message, asked, question, vocabulary)]
    return tuple(dict.fromkeys(filter(None, forms)))


def _followed(said: Sequence[Turn], vocabulary: Vocabulary) -> tuple[list[str], str, list[str]]:
    """The messages of the person, the last question among them that means something by itself or
    was asked anew, and the items of the last list in a reply."""
    asked: list[str] = []
    listing: list[str] = []
    question = ""
    for turn in said:
        if turn.role == "assistant":
            listing = listed(turn.content) or listing
        elif not is_aside(turn.content):
            asked.append(with_item(turn.content, _pointed_at(asked, listing, vocabulary)))
            again = _anew(asked[-1], question, vocabulary)
            if again or not question or not (is_remark(asked[-1]) or _leans(asked[-1])):
                question = again or _gone_on(asked, vocabulary)
    return asked, question, listing


def _gone_on(asked: Sequence[str], vocabulary: Vocabulary) -> str:
    """The last message, behind the last name where it goes on without one: "and at night?" """
    *before, message = asked
    names = _names_in(before, vocabulary)
    bare = unlinked(message)
    goes_on = names and bare != message and not vocabulary.names_in(message)
    return f"{names[-1]}: {bare}" if goes_on else message


def _names_in(asked: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """What the person named, in order, with repeats."""
    return [name for text in asked for name in vocabulary.names_in(text)]


def _pointed_at(
    asked: Sequence[str], listing: Sequence[str], vocabulary: Vocabulary
) -> Sequence[str]:
    """What "the second one" counts: what the person named just before, or else a list in a
    reply."""
    named = vocabulary.names_in(asked[-1]) if asked else []
    return named if len(named) > 1 else listing


def _leans(message: str) -> bool:
    """Tell whether `message` means nothing by itself, as "why?" and "is it hard?" do."""
    return points_back(message) or not content_words(message)


def _behind_what_was_said(
    message: str, asked: Sequence[str], question: str, vocabulary: Vocabulary
) -> list[str]:
    """`message` by itself, unless it leans on what was said, and behind the last name, question and
    message."""
    names = _names_in(asked, vocabulary)
    joined = [f"{question} {message}", f"{asked[-1]} {message}"]
    if not content_words(message):
        return joined  # "Why?" is asked of all that was said
    named = [_in_the_same_place(f"{name}: {unlinked(message)}", question) for name in names[-1:]]
    return [*named, *joined] if points_back(message) else [message, *named, *joined]


def _anew(message: str, before: str, vocabulary: Vocabulary) -> str:
    """The question `before` asked of another occupation or place, where `message` only names that;
    "" otherwise."""
    names = list(vocabulary.occupations_in(message).values())
    where = places(message)
    beside = content_words(without_places(vocabulary.renamed(message, "")))
    if not before or not _ONLY_LINK.issuperset(beside) or not (names or where):
        return ""
    if asks_itself(message) or (names and not vocabulary.occupations_in(before)):
        return ""
    if len(names) == 1:
        before = vocabulary.asked_of(before, *names)
    elif names:
        before = vocabulary.renamed(before, TOGETHER.join(names))
    return moved(before, where) if where else before


def _several(message: str, asked: Sequence[str], vocabulary: Vocabulary) -> str:
    """The names of the last messages that `message` compares or chooses among; "" where it does
    neither, or names something itself."""
    if not asks_among(message) or vocabulary.names_in(message):
        return ""
    named = [vocabulary.names_in(text) for text in asked[-MESSAGES:]]
    return TOGETHER.join(chosen_among(message, named))


def _in_the_same_place(text: str, before: str) -> str:
    """`text` with the place of the question before, which still holds unless it names its own.

    Pay in Dubai is not answered by pay elsewhere, and no more are its days off.
    """
    if not places(before) or places(text) or HOME_IS_MEANT.search(text):
        return text
    return placed(text, places(before))


def _keeps_names(written: str, message: str, asked: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether what the model writes names every occupation that `message` names, and none that
    the person has not named."""
    named = set(vocabulary.occupations_in(message))
    known = named.union(*map(vocabulary.occupations_in, asked))
    return bool(written) and named <= set(vocabulary.occupations_in(written)) <= known
