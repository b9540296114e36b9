"""A question → which of its pronouns stand for what was said before.

Not all do: an "it" may stand for nothing, "they" for people, "she" for the aunt of the sentence.
"""

import re

from waymark.dialogue.topics import is_aspect, phrases
from waymark.sentences import words

_PERSON = "he she him his her"
_POINTING = frozenset(
    f"it its they them their theirs {_PERSON} that those this these one ones former latter"
    " there".split()
)
# "Is it hard to change?", "how long does it take to learn Python?", "is there demand for nurses?",
# "so that's it?"
_EXPLETIVE = re.compile(
    r"\b(?:(?:is|was|will|would|be) it|it['’]?s) "
    r"(?!only\b|\w+ to \w+ than\b|different\b|the same\b)"
    r"(?=(?:\w+ ){1,3}(?:to|that|if|for|when)\b|worth \w+ing\b)"
    r"|\b(?:does|did|will|would) it"
    r" (?=(?:take|help|matter|hurt|feel|pay)\b.* (?:to|if|for|whether)\b)"
    r"|\bworth it\b(?! (?:to|than)\b)|\bmake it (?=as|in|big)|\bwhat it takes\b"
    r"|\b(?:how|why) is it that\b"
    r"|\b(?:is|are|was|were) there\b(?! (?:any|a|an)?\W*$)"
    r"|\bthat['’]?s it\b(?=\W*(?:then\b|$|[,.?!]))",
    re.I,
)
# Whose something is stands before it: "how do teachers cope with their workload?"
_OWNERS = re.compile(
    r"\b(?:do|did|can|could|should|would|will|must|may|are|were|when|if)"
    r" (?:(?:most|many|some|all|other|young|new|good) )?"
    r"(?P<who>(?!(?:this|does|is|was|has|ones)\b)[a-z]+[^\Wius]s|people|women|men|children)\b",
    re.I,
)
_OWNED = re.compile(r"\b(?:they|theirs?)\b", re.I)
# People, and not the topic: "can they sack me", "they have my id", "if they ask why"
_PEOPLE = re.compile(
    r"\bthey(?:['’]?(?:ll|re|ve|d))?(?= (?:(?!than\b)\w+ ){1,5}(?:me\b|us\b"
    r"|(?:my|our)\b(?! (?:state|country|area|region|city|town|age)\b))(?! than))"
    r"|\bthey(?:['’]?(?:ll|re|d))? (?=(?:(?:going to|might|may|always|usually|probably) )?"
    r"ask (?:why|about|me|how|what|if)\b)"
    r"|\b(?:if|when) they (?=(?:ask|say|want|call|tell|offer|check|find|refuse)\b)"
    r"|(?<!do )(?<!did )\bthey (?=(?:(?:also|just|even|now) )?(?:want|like|prefer|expect|mind"
    r"|(?:ask|want|offer|call|promis|refus)ed|told|said|sent)\b)",
    re.I,
)
_STANDS_FOR_NOTHING = re.compile(r"\b(?:it|there)\b", re.I)
_CLITIC = re.compile(r"^(it|they|he|she)'.*")  # not "that's", which often begins a clause
_OF_A_PERSON = re.compile(rf"\b(?:{'|'.join(_PERSON.split())})\b", re.I)
_IT = re.compile(r"\bIT\b")  # computing
_SOMEBODY = re.compile(
    r"\b(?:(?:my|our) (?!(?:job|degree|work)\b)\w+|(?:the|an?|some) (?:man|woman|guy|girl|boy|lad"
    r"|lady|person|recruiter|boss|manager|colleague|client|customer|employer|friend)\b)",
    re.I,
)


def points(text: str) -> bool:
    """Tell whether a word of `text`, such as "it", stands for something else."""
    return any(_CLITIC.sub(r"\1", word) in _POINTING for word in words(text))


def without_expletives(question: str) -> str:
    """Return `question` without an "it" or "there" that stands for nothing said before, if it
    says itself what it is about; and with "IT" as "computing"."""
    text = question if question.isupper() else _IT.sub("computing", question)
    bare = _EXPLETIVE.sub(lambda match: _STANDS_FOR_NOTHING.sub("", match[0]), text)
    return bare if phrases(bare) else text


def without_people(question: str) -> str:
    """Return `question` without each "they" that stands for people, each "their" after "do
    teachers" and each "she" after "my aunt"."""
    text = _PEOPLE.sub("", question)
    owners = _OWNERS.search(text)
    if owners and not is_aspect(owners["who"]):
        text = _without_behind(owners.end(), _OWNED, text)
    somebody = _SOMEBODY.search(text)
    return _without_behind(somebody.end(), _OF_A_PERSON, text) if somebody else text


def _without_behind(start: int, pattern: re.Pattern[str], text: str) -> str:
    return text[:start] + pattern.sub("", text[start:])
