"""Message + conversation → what the documents have for it.

A message is read as a whole and by its parts: alone as `single_reading` reads a question, in a
conversation with what was said before and in every form that it may stand for. Knows nothing of
prompts or models that write.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from waymark.answerability import states_what_is_asked, unmet_conditions
from waymark.dialogue.conversation import may_stand_for
from waymark.dialogue.follow_ups import points_back
from waymark.question_parts import background, heading, question_parts
from waymark.readings import Reading, joined_reading
from waymark.single_reading import SingleReader
from waymark.types import Evidence, Turn
from waymark.vocabulary import Vocabulary

# A part of an answered message is called uncovered below this probability. Questions joined from
# the dev halves: 0.59 of the uncovered parts are below, none of the covered ones, and one part of
# 2 of 34 messages whose parts are all covered (docs/LOG.md, 2026-11-26).
DOUBTED = 0.3

Rewrite = Callable[[str, Sequence[Turn]], str]


def never(question: str, history: Sequence[Turn]) -> str:
    """Rewrite nothing; the rules then stand alone."""
    return ""


@dataclass(eq=False)
class Reader:
    """Reads the messages of a conversation.

    `single` reads each form of one, `rewrite` returns a follow-up as a whole question, "" if it
    cannot tell.
    """

    single: SingleReader
    rewrite: Rewrite = never

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that the documents know."""
        return self.single.vocabulary

    def read(self, question: str, history: Sequence[Turn], top_k: int) -> Reading:
        """Return the best reading of `question`, a message with one or several questions."""
        asked = self.vocabulary.correct(question)
        said = self.vocabulary.corrected(history)
        several = len(question_parts(asked)) > 1
        written = self.rewrite(asked, said) if said and not several else ""
        whole = self._in_conversation(asked, said, top_k, written)
        if not several:
            return self._without(whole, (), ())
        return self._by_parts(whole, asked, question, said, top_k)

    def _by_parts(
        self, whole: Reading, asked: str, typed: str, history: Sequence[Turn], top_k: int
    ) -> Reading:
        """Answer the parts of a message that are covered, and name those that are not as `typed`.

        A message that is covered as a whole has few parts that are not (`DOUBTED`); of one that is
        not, the parts that are covered by themselves are answered.
        """
        parts = question_parts(asked)
        readings = self._each(parts, background(asked), history, top_k)
        threshold = self.single.decision.threshold
        covered = whole.answerability >= threshold
        # "And the lowest tenth?" alone is answered with anybody's pay.
        best = max(self._naming(readings) or readings, key=lambda found: found.answerability)
        if not covered and best.answerability < threshold:
            return whole
        limit = DOUBTED if covered else threshold
        answered = [found for found in readings if found.answerability >= limit]
        chosen = whole if covered else replace(best, standalone=whole.standalone)
        if len(answered) > 1:
            rows = self._to_the_point(whole, answered)
            chosen = joined_reading(whole, answered, rows)
            answered = [found for found, row in zip(answered, rows, strict=True) if row]
        # What is covered as a whole is not called uncovered part by part, nor what a quote answers.
        left = [
            n
            for n, found in enumerate(readings)
            if answered and found not in answered and not _is_quoted(parts[n], found, chosen)
        ]
        words = question_parts(typed)
        words = words if len(words) == len(parts) else parts
        return self._without(chosen, [parts[n] for n in left], [words[n] for n in left])

    def _without(self, found: Reading, parts: Sequence[str], typed: Sequence[str]) -> Reading:
        """`found`, which leaves out `parts` of a message, shown as `typed`, and places and years
        that it names."""
        unmet = unmet_conditions(found.standalone, found.evidence)
        apart = [name for name in unmet if not any(name in part for part in parts)]
        return replace(found, uncovered=(*(part.strip(" ,;") for part in typed), *apart))

    def _each(
        self, parts: Sequence[str], told: str, history: Sequence[Turn], top_k: int
    ) -> list[Reading]:
        """Read each part of a message whose background is `told`."""
        headed = heading(parts[0])
        readings: list[Reading] = []
        for n, part in enumerate(parts):
            names = list(map(self.vocabulary.names_in, parts[: n + 1]))
            asked = f"{headed}: {part}" if n and headed and not any(names[1:]) else part
            if told and not any(names) and (not history or self.vocabulary.names_in(told)):
                found = self._in_conversation(f"{told} {asked}", history, top_k)
            else:
                before = [Turn("user", earlier) for earlier in parts[:n]]
                found = self._in_conversation(asked, [*history, *before], top_k)
            # "Is it dangerous?" about what no document knows is answered with anybody's dangers.
            if n and points_back(part) and not self.vocabulary.names_in(found.standalone):
                least = min(found.answerability, readings[-1].answerability)
                found = replace(found, answerability=least)
            readings.append(found)
        return readings

    def _to_the_point(self, whole: Reading, parts: Sequence[Reading]) -> list[tuple[Evidence, ...]]:
        """The evidence of each part that is about what the message is about.

        A part that names nothing ("is it common?") is about what the others name: its evidence, the
        best of it before all, has to come from documents that they quote, or that the whole message
        finds where no part names anything.
        """
        named = self._naming(parts)
        about = {e.document_id for part in named for e in part.evidence}
        about = about or {passage.chunk.document_id for passage in whole.passages}
        return [part.evidence if part in named else _from(about, part.evidence) for part in parts]

    def _naming(self, parts: Sequence[Reading]) -> list[Reading]:
        """The parts that name something which the documents know."""
        return [part for part in parts if self.vocabulary.names_in(part.standalone)]

    def features_in_conversation(
        self, question: str, history: Sequence[Turn], top_k: int
    ) -> dict[str, float]:
        """Return what the decision whether the documents answer a follow-up is made from."""
        asked = self.vocabulary.correct(question)
        said = self.vocabulary.corrected(history)
        forms = may_stand_for(asked, said, self.vocabulary, self.rewrite(asked, said))
        return self.single.features_in_conversation(asked, said, forms, top_k)

    def _in_conversation(
        self, message: str, said: Sequence[Turn], top_k: int, written: str = ""
    ) -> Reading:
        """Read a message in the light of what was said."""
        if not said:
            return self.single.reading(message, top_k)
        forms = may_stand_for(message, said, self.vocabulary, written)
        return self.single.reading_in_conversation(message, said, forms, top_k)


def _from(documents: Collection[str], evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The pieces from `documents`; none where the best is from another."""
    if not evidence or evidence[0].document_id not in documents:
        return ()
    return tuple(piece for piece in evidence if piece.document_id in documents)


def _is_quoted(part: str, found: Reading, chosen: Reading) -> bool:
    """Tell whether the best evidence for a part is quoted and states what the part asks."""
    return any(
        e.span == found.best_span and states_what_is_asked(part, e.text) for e in chosen.evidence
    )
