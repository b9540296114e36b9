"""A question and what it leans on → the question with that put in its place.

A topic takes the place of a pronoun, or a new phrase that of the topic asked about before. The form
is searched for and read by small models, so that its grammar matters a little.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from waymark.pronouns import ONE_THING, PLURAL, masked, people_masked
from waymark.question_parts import without_background
from waymark.sentences import whole
from waymark.topics import main_phrase, phrases, same

Named = Callable[[str], Sequence[str]]  # text → the names in it that the documents know, in order

TOGETHER = " and "  # between topics that one question is about
_INSTEAD = (
    re.compile(r"\b(?:they|them|it|he|she|him)(?:['’](?:d|ll|re|s|ve))?\b", re.I),
    re.compile(r"\b(?:their|its|his|her)\b", re.I),
    re.compile(
        r"(?:(?<=\bas )|(?<=\bbecome )|(?<=\bbe ))one\b"
        r"|(?:(?<=\bas )|(?<=\bfor )|(?<=\bof )|(?<=\bin )|(?<=\babout )|(?<=\bwith ))"
        r"(?:that |this )?one(?=\W*$)",
        re.I,
    ),
    re.compile(
        r"(?:(?<=\bfor )|(?<=\bof )|(?<=^is )|(?<=^are ))(?:that|this|those|these)\b"
        r"|^(?:that|this|those|these)(?= (?:is|are)\b)|\b(?:that|this|those|these)(?=\W*$)",
        re.I,
    ),
)
_VERBS = {"d": " would", "ll": " will", "re": " are", "s": " is", "ve": " have"}
_SINGULAR = frozenset(("it", "that", "this", "one", "that one", "this one"))
_ARTICLE = re.compile(r"\ban? $", re.I)
_NOUN = re.compile(r"(?<=\w )ones?$")
_ONES = re.compile(r"^(?:the )?one(?P<many>s?)(?= (?:for|in|at|with|who|that|from|on)\b)", re.I)
_BESIDE = re.compile(r" (?:in|at|for|of|with|who) ", re.I)
_SLOT = re.compile(
    r"(?:in|at|with|after|before|without|during|for|from|about|by|on|per) ", re.I
)  # which a phrase that begins with such a word takes over
# Where or how something is done, and no topic: "and offline?"
_MANNER = re.compile(
    r"\b(?:(?:on|off)line|in person|remote(?:ly)?|on-?site|abroad|overseas|locally|part[- ]time"
    r"|full[- ]time|(?:in|out)doors|self[- ]employed)\b",
    re.I,
)

_FRAME = r"\b(?:in|at|for|with|by|inside) (?:the )?"
_MANY = re.compile(r"[^\Wius]s$", re.I)
_WORKERS = re.compile(r"(?:[eo]rs?|ists?|ians?|m[ae]n|wi(?:fe|ves))$", re.I)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said before a follow-up: the last question, whole, and its topic; what the person
    named so far and just before; the reply."""

    question: str
    topic: str
    names: Sequence[str]
    choices: Sequence[str]
    reply: str


def with_topic(question: str, topic: str, before: str) -> str:
    """Return `question` with `topic` for its pronoun, or else in front of it; `before` is the
    question that the topic is from."""
    if not topic or same(topic, question):
        return question
    for pronoun in _INSTEAD:
        match = pronoun.search(people_masked(masked(question)))
        if not match:
            continue
        word, _, verb = match.group().casefold().replace("’", "'").partition("'")
        if not _is_said(word, question[: match.start()]):
            worded = f"{_worded(topic, word, before)}{_VERBS.get(verb, '')}"
            return f"{question[: match.start()]}{worded}{question[match.end() :]}"
    return f"{topic}: {question}"


def _is_said(pronoun: str, before: str) -> bool:
    """Tell whether a question says `before` its "it" or "she" who or what that may be: "they sent
    me a cheque, what do I do with it"."""
    return pronoun in ONE_THING and any(phrase.rank for phrase in phrases(before))


def filled(phrase: str, before: str, topic: str) -> str:
    """Return the question `before` with `phrase` in the place of its `topic`, or of what stands
    after the same preposition or says how as well."""
    if _MANNER.fullmatch(phrase):
        moved = _MANNER.sub(phrase, before)
        return moved if moved != before else f"{before.rstrip(' ?.')} {phrase}?"
    place = _SLOT.match(phrase)
    if place:
        slot = re.search(rf"\b{place.group()}(?:the |an? )?[^,?.]+?(?=[,?.]|$)", before, re.I)
        if slot:
            return f"{before[: slot.start()]}{phrase}{before[slot.end() :]}"
        return f"{before.rstrip(' ?.')} {phrase}?"
    if not topic:
        return phrase
    at = mention(topic, before)
    if not at and TOGETHER in topic:
        topic = topic.split(TOGETHER)[-1]
        at = mention(topic, before)
    if not at:
        return f"{topic}: {phrase}"
    one = re.fullmatch(whole(topic), at.group())
    fitting = bare(phrase) if one else _many(bare(phrase))
    return _fitted(before[: at.start()], fitting, before[at.end() :])


def mention(topic: str, text: str) -> re.Match[str] | None:
    """Return where `text` names `topic`, or else its plural."""
    return re.search(whole(topic), text) or re.search(whole(f"{topic}s"), text)


def replaced(phrase: str, said: Said, named: Named) -> str:
    """Return what of the question before `phrase` takes the place of: its topic; for a phrase that
    no document knows, what is asked about where the topic is only told, or the places or people
    that it is asked for: "banks" after "What is Python for in hospitals?"; "" for one of several
    that the question is about."""
    asked = without_background(said.question)
    if len(said.choices) > 1 and phrase in said.choices:
        return "" if TOGETHER in said.topic or mention(phrase, asked) else said.topic
    if named(phrase):
        return said.topic
    if asked != said.question and said.topic and not mention(said.topic, asked):
        return main_phrase(asked, least=1) or said.topic
    framed = [p.text for p in phrases(asked) if re.search(_FRAME + whole(p.text), asked)]
    alike = _MANY.search(phrase) and not _WORKERS.search(phrase) and len(framed) == 1
    known = named(said.topic) or not _MANY.search(said.topic)
    return framed[0] if alike and known and _MANY.search(framed[0]) else said.topic


def bare(phrase: str) -> str:
    """Return `phrase` without its article."""
    return re.sub(r"^(?:the|an?) ", "", phrase, flags=re.I)


def takes_a_place(phrase: str) -> bool:
    """Tell whether `phrase` says where or how, or begins with a preposition, and is no topic."""
    return bool(_SLOT.match(phrase) or _MANNER.fullmatch(phrase.strip(" ?.!")))


def headed(phrase: str, topic: str) -> str:
    """Return "a forensic one" after "tax accountant" as "a forensic accountant", and "the ones in
    schools" as "tax accountants in schools"."""
    head = topic.split()[-1:]
    ones = _ONES.match(phrase)
    if ones and head:
        return f"{_many(topic) if ones['many'] else topic}{phrase[ones.end() :]}"
    return _NOUN.sub(lambda _: head[0], phrase) if head else phrase


def _many(phrase: str) -> str:
    """`phrase` in the plural: "baker in Rome" as "bakers in Rome"."""
    head = _BESIDE.split(phrase)[0]
    return phrase if head.endswith("s") else f"{head}s{phrase[len(head) :]}"


def _fitted(head: str, phrase: str, tail: str) -> str:
    """`phrase` between the two, with the article that it needs."""
    if _BESIDE.split(phrase)[0].endswith("s") or TOGETHER in phrase:
        return _ARTICLE.sub("", head) + phrase + tail
    return _ARTICLE.sub("an " if phrase[:1].lower() in "aeiou" else "a ", head) + phrase + tail


def _worded(topic: str, pronoun: str, before: str) -> str:
    """`topic` in the number of `pronoun`, with the article it had before."""
    if pronoun in PLURAL:
        return _many(topic)
    article = re.search(rf"\b(an?|the|my) {whole(topic)}", before, re.I)
    return f"{article.group(1).lower()} {topic}" if article and pronoun in _SINGULAR else topic
