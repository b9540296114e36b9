"""Question → a fixed reply, where a search among career pages is the wrong answer.

Decided in code before retrieval, by the patterns of `safeguards.yaml`, which a reader can check.
Distress and danger come first and get kindness and crisis contacts, never text of a model.
Matters that need a person (harassment, law, immigration, health, money already lost) and wishes
for a verdict about a person get a signpost; one to people who think little of themselves names
help as well, since nothing else listens for despair after it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Kind = Literal["support", "signpost", "courtesy"]

CRISIS_CONTACTS = (
    "If you are in danger now, call your local emergency number. In the United States you can "
    "call or text 988; in the United Kingdom and Ireland Samaritans answer on 116 123; "
    "findahelpline.com lists help in other countries."
)
SUPPORT = (
    "I am sorry that things are this hard. You matter more than any job, and you do not have to "
    "deal with this alone. Please talk to someone now: a person you trust, a doctor or a crisis "
    "line.\n\n{contacts}\n\nQuestions about work can wait, and you are welcome to ask them later."
)
BESIDE = (
    "If things are getting too much for you, you do not have to carry that alone: a person you "
    "trust, a doctor or a crisis line will listen. {contacts}"
)
SIGNPOST = (
    "Your question seems to be about {about}. That needs a person who can look at your situation, "
    "so it is not answered from career documents here. Please ask {whom}."
)
OPTIONS = (
    "No document can judge you, and neither can this service. What you can do is compare what a "
    "job asks for with what you have shown so far, try a small piece of the work, and talk it over "
    "with a careers adviser. Ask about a job, its training or a way to test an idea, and you will "
    "be shown what the documents say."
)
_OPENINGS = tuple(text.partition("{")[0].rstrip() for text in (SUPPORT, SIGNPOST, OPTIONS))


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A fixed reply: what kind it is, about what, and its text."""

    kind: Kind
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    topic: str
    text: str  # may hold {contacts}
    pattern: re.Pattern[str]


def safeguard(question: str, contacts: str = CRISIS_CONTACTS) -> Safeguard | None:
    """Return the fixed reply for `question`, or None where it is to be answered normally.

    `contacts` is the sentence that names crisis lines.
    """
    figurative, rules = _rules()
    literal = figurative.sub(" ", question.replace("’", "'"))
    for rule in rules:
        if rule.pattern.search(literal):
            return Safeguard(rule.kind, rule.topic, rule.text.replace("{contacts}", contacts))
    return None


def support(contacts: str = CRISIS_CONTACTS) -> Safeguard:
    """Return the fixed reply to despair."""
    return Safeguard("support", "distress", SUPPORT.replace("{contacts}", contacts))


def beside(contacts: str = CRISIS_CONTACTS) -> str:
    """Return what is said beside the answer to someone who may be in despair."""
    return BESIDE.replace("{contacts}", contacts)


def is_fixed_reply(text: str) -> bool:
    """Tell whether `text` begins as the fixed replies do."""
    return text.startswith(_OPENINGS)


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], tuple[_Rule, ...]]:
    text = files("waymark").joinpath("safeguards.yaml").read_text(encoding="utf-8")
    stored: Any = yaml.safe_load(text)
    return _any(stored["figurative"]), tuple(_read(stored))


def _read(stored: Any) -> Iterator[_Rule]:
    for entry in stored["support"]:
        yield _Rule("support", entry["topic"], SUPPORT, _any(entry["patterns"]))
    for entry in stored["signpost"]:
        text = SIGNPOST.format(**entry) if "whom" in entry else OPTIONS
        if entry.get("beside"):
            text = f"{text}\n\n{BESIDE}"
        yield _Rule("signpost", entry["topic"], text, _any(entry["patterns"]))


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I | re.S)
