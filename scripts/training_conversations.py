"""Questions about the corpus → the same questions as follow-ups, with what was said before them.

What the cross-encoder reads of a conversation is the message and what was said (`said_before`). It
learns from follow-ups that were written, and from many more that are made of whole questions: one
asked after another about the same thing, with its name left out or a pronoun in its place; one that
only names another occupation; and one that changes the subject, lest the model answer what was
asked before. Labels are those of the question, and what answers the question before is wrong.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from training_examples import history_of, is_kept
from training_file import Question, stands_alone
from waymark.dialogue.said_before import with_what_was_said
from waymark.types import Turn
from waymark.vocabulary import Vocabulary

WITHOUT_REPLY = 0.5  # of the written follow-ups, once more as if there had been no reply
EARLIER = 0.35  # of the made ones have one more question before
REPLIED = 0.8  # of the questions before have their answer
ELLIPSIS = 0.35  # of the names are left out, the others replaced by a pronoun
TWICE = 2  # different questions before one
RENAMED = 0.7
CHANGED = 0.25
LONG = 25  # words of a question that nobody repeats with another name
OTHERS = ("and {}?", "what about {}?", "and {}", "how about {}?", "same for {}?", "ok and {}")
REFUSED = "The documents do not cover this."
OF_ONE = ("they", "they", "it", "one", "that")  # pronouns
OF_MANY = ("they", "they", "those")

Entry = dict[str, Any]
Pairs = list[tuple[str, str]]  # question and reply, oldest first


class Conversations:
    """Makes follow-ups of `entries`, whose labels are `known` by the question that stands alone."""

    def __init__(
        self, entries: Sequence[Entry], known: dict[str, Question], vocabulary: Vocabulary
    ) -> None:
        self.whole = [entry for entry in entries if "history" not in entry]
        self.written = [entry for entry in entries if "history" in entry]
        self.known, self.vocabulary = known, vocabulary
        self.rng = random.Random(3)
        self.names = {id(e): dict.fromkeys(vocabulary.names_in(e["question"])) for e in self.whole}
        self.about: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.whole:
            self.about[entry["document"]].append(entry)

    def questions(self) -> Iterator[Question]:
        """Yield the written follow-ups, then the made ones and the changes of subject."""
        for entry in self.written:
            yield from self._as_written(entry)
        seen: dict[bool, list[str]] = {False: [], True: []}  # names so far, by plural
        for entry in self.rng.sample(self.whole, len(self.whole)):
            if len(self.names[id(entry)]) == 1:
                yield from self._without_its_name(entry)
                yield from self._renamed(entry, seen)
            if self.rng.random() < CHANGED:
                yield from self._after_another(entry)

    def _as_written(self, entry: Entry) -> Iterator[Question]:
        label = self.known[stands_alone(entry)]
        history = history_of(entry)
        yield replace(label, question=with_what_was_said(entry["question"], history), source="said")
        if self.rng.random() < WITHOUT_REPLY:
            said = with_what_was_said(entry["question"], history[:-1])
            yield replace(label, question=said, source="said")

    def _without_its_name(self, entry: Entry) -> Iterator[Question]:
        (name,) = self.names[id(entry)]
        near = self.about[entry["document"]]
        before = [
            other
            for other in self.rng.sample(near, min(60, len(near)))
            if name in self.names[id(other)]
            and other is not entry
            and _origin(other) != _origin(entry)
            and is_kept(other) == is_kept(entry)
        ]
        for other in before[:TWICE]:
            message = self._nameless(entry["question"], name)
            if message:
                yield self._made(entry, message, other, "made")

    def _renamed(self, entry: Entry, seen: dict[bool, list[str]]) -> Iterator[Question]:
        """Ask the same of another occupation first: "and nurses?" """
        asked = entry["question"]
        (name,) = self.names[id(entry)]
        if not self.vocabulary.occupations_in(asked):
            return
        others = [other for other in seen[_is_plural(name)][-400:] if other != name]
        seen[_is_plural(name)].append(name)
        if not others or self.rng.random() >= RENAMED or len(asked.split()) >= LONG:
            return
        before = re.sub(re.escape(name), self.rng.choice(others), asked, flags=re.I)
        if before == asked:
            return
        message = self.rng.choice(OTHERS).format(name)
        reply = self.rng.choice(["", self._answer(self.rng.choice(self.whole))])
        yield self._labelled(entry, message, [*self._earlier(entry), (before, reply)], "made")

    def _after_another(self, entry: Entry) -> Iterator[Question]:
        near = self.about[entry["document"]] if self.rng.random() < 0.3 else self.whole
        other = self.rng.choice(near)
        if is_kept(other) == is_kept(entry) and other is not entry:
            yield self._made(entry, entry["question"], other, "changes")

    def _made(self, entry: Entry, message: str, other: Entry, source: str) -> Question:
        """`message`, which asks `entry`, after `other`: what answers that is a wrong candidate."""
        reply = self._answer(other) if self.rng.random() < REPLIED else ""
        history = [*self._earlier(entry), (other["question"], reply)]
        made = self._labelled(entry, message, history, source)
        answers = self.known[stands_alone(other)].right
        wrong = [row for row in answers if row not in (*made.right, *made.unclear)]
        near = [row for row in made.near if row not in wrong]
        return replace(made, near=(*wrong[:3], *near))

    def _labelled(self, entry: Entry, message: str, history: Pairs, source: str) -> Question:
        turns = [
            turn
            for asked, reply in history
            for turn in (Turn("user", asked), *([Turn("assistant", reply)] if reply else []))
        ]
        said = with_what_was_said(message, turns)
        return replace(self.known[stands_alone(entry)], question=said, source=source)

    def _earlier(self, entry: Entry) -> Pairs:
        if self.rng.random() >= EARLIER:
            return []
        near = self.about[entry["document"]] if self.rng.random() < 0.5 else self.whole
        other = self.rng.choice(near)
        if is_kept(other) != is_kept(entry):
            return []
        return [(other["question"], self._answer(other))]

    def _answer(self, entry: Entry) -> str:
        return str(entry.get("answer") or self.rng.choice(["", REFUSED]))

    def _nameless(self, text: str, name: str) -> str:
        """`text` without `name`, or with a pronoun for it; "" where nothing is left."""
        named = re.escape(name)
        if self.rng.random() < ELLIPSIS:
            frame = r"(?:as|for|of|to be|in|by|do|does|are|is)? ?(?:an?|the|most)? ?"
            message = re.sub(rf"\s*\b{frame}\b{named}(?:'s|s)?\b", " ", text, flags=re.I)
        else:
            pronoun = self.rng.choice(OF_MANY if _is_plural(name) else OF_ONE)
            message = re.sub(rf"\b(?:an? |the )?{named}s?\b", pronoun, text, flags=re.I)
        message = " ".join(message.split())
        return message if message.casefold() != text.casefold() and " " in message else ""


def _origin(entry: Entry) -> str:
    """The question that an entry rewords, or its own."""
    return str(entry.get("of", entry["question"]))


def _is_plural(name: str) -> bool:
    return name.casefold().endswith("s")
