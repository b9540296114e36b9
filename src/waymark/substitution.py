"""A question and what it leans on → the question with that put in its place.

A topic takes the place of a pronoun, or a new phrase that of the topic asked about before. The form
is searched for and read by small models, so that its grammar matters a little.
"""

import re

from waymark.follow_ups import masked
from waymark.topics import same

TOGETHER = " and "  # between topics that one question is about
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
_PLURAL = frozenset(("they", "them", "these", "those"))
_SINGULAR = frozenset(("it", "that", "this", "one"))
_ARTICLE = re.compile(r"\ban? $", re.I)
_NOUN = re.compile(r"(?<=\w )ones?$")
_ENDING = re.compile(r"^s\b")
_SLOT = re.compile(
    r"(?:in|at|with|after|before|without|during|for|from|about|by|on) ", re.I
)  # which a phrase that begins with such a word takes over


def with_topic(question: str, topic: str, before: str) -> str:
    """Return `question` with `topic` for its pronoun, or else in front of it; `before` is the
    question that the topic is from."""
    if not topic or same(topic, question):
        return question
    for pronoun in _INSTEAD:
        match = pronoun.search(masked(question))
        if match and match.group() != "IT":
            worded = _worded(topic, match.group().casefold(), before)
            return f"{question[: match.start()]}{worded}{question[match.end() :]}"
    return f"{topic}: {question}"


def filled(phrase: str, before: str, topic: str) -> str:
    """Return the question `before` with `phrase` in the place of its `topic`, or of what stands
    after the same preposition."""
    place = _SLOT.match(phrase)
    if place:
        slot = re.search(rf"\b{place.group()}(?:the |an? )?[^,?.]+?(?=[,?.]|$)", before, re.I)
        if slot:
            return f"{before[: slot.start()]}{phrase}{before[slot.end() :]}"
        return f"{before.rstrip(' ?.')} {phrase}?"
    at = before.casefold().find(topic.casefold()) if topic else -1
    if at < 0 and TOGETHER in topic:
        topic = topic.split(TOGETHER)[-1]
        at = before.casefold().find(topic.casefold())
    if at < 0:
        return f"{topic}: {phrase}" if topic else phrase
    return _fitted(before[:at], bare(phrase), before[at + len(topic) :])


def bare(phrase: str) -> str:
    """Return `phrase` without its article."""
    return re.sub(r"^(?:the|an?) ", "", phrase, flags=re.I)


def takes_a_place(phrase: str) -> bool:
    """Tell whether `phrase` begins with a preposition, and is no topic."""
    return bool(_SLOT.match(phrase))


def headed(phrase: str, topic: str) -> str:
    """Return "a forensic one" after "tax accountant" as "a forensic accountant"."""
    head = topic.split()[-1:]
    return _NOUN.sub(lambda _: head[0], phrase) if head else phrase


def _fitted(head: str, phrase: str, tail: str) -> str:
    """`phrase` between the two, with the article and the plural that it needs."""
    if phrase.endswith("s"):
        return _ARTICLE.sub("", head) + phrase + _ENDING.sub("", tail)
    return _ARTICLE.sub("an " if phrase[:1].lower() in "aeiou" else "a ", head) + phrase + tail


def _worded(topic: str, pronoun: str, before: str) -> str:
    """`topic` in the number of `pronoun`, with the article it had before."""
    if pronoun in _PLURAL:
        return topic if topic.endswith("s") else f"{topic}s"
    article = re.search(rf"\b(an?|the|my) {re.escape(topic)}", before, re.I)
    return f"{article.group(1).lower()} {topic}" if article and pronoun in _SINGULAR else topic
