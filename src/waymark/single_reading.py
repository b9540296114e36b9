"""One question as it stands, or one message and what was said → what the documents have for it.

That is passages, evidence, and how well they cover it. A question that compares occupations is read
for each of them. Calls the stages `retrieval`, `evidence` and `answerability`; knows nothing of how
a message may be worded anew, nor of its parts (`reading`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from waymark.answerability import Decision, Score, features
from waymark.dialogue.comparing import (
    MOST_COMPARED,
    WHICH_OF_THEM,
    asks_of_each,
    side_by_side_pattern,
)
from waymark.dialogue.openings import unlinked
from waymark.dialogue.said_before import with_what_was_said
from waymark.evidence import select_evidence, select_in_conversation
from waymark.meaning.figures import names_money
from waymark.paraphrasing import as_pages_say
from waymark.question_parts import without_background
from waymark.readings import Reading, joined_reading
from waymark.retrieval import retrieve
from waymark.sentences import content_stems, content_words
from waymark.store.index import Index
from waymark.types import Embedder, Evidence, Reranker, Retrieval, Turn
from waymark.vocabulary import Vocabulary

TELLING = 2  # content words of a question that says something without its background


@dataclass(eq=False)
class SingleReader:
    """Reads questions and messages, one at a time, against one generation of the index."""

    index: Index
    vocabulary: Vocabulary
    embedder: Embedder
    reranker: Reranker
    decision: Decision
    decision_in_conversation: Decision
    today: Callable[[], date]

    def search(self, question: str, top_k: int) -> Retrieval:
        """Return the passages for a question as it was typed, best first."""
        return self._retrieved(self.vocabulary.query(question), top_k)

    def reading(self, question: str, top_k: int) -> Reading:
        """Return what the documents have for `question`, or for each occupation it compares."""
        return self._compared(self._of(question, top_k), top_k)

    def reading_in_conversation(
        self, message: str, said: Sequence[Turn], forms: Sequence[str], top_k: int
    ) -> Reading:
        """Return what the documents have for a message that may stand for each of `forms`, best
        worded first, or for each occupation it compares. `said` is what was said before it."""
        meant, retrieval, evidence, known = self._heard(message, said, forms, top_k)
        covered = self.decision_in_conversation.probability(known) if known else 0.0
        if evidence and self._is_pay_of_another(meant, message, evidence[0]):
            covered = 0.0
        behind = meant != message and meant.endswith(unlinked(message))
        follow_up = message if behind else ""
        found = Reading(meant, follow_up, retrieval.passages, evidence, covered)
        return self._compared(found, top_k)

    def features(self, question: str, top_k: int) -> dict[str, float]:
        """Return what the decision whether the documents answer a question is made from; nothing
        where they have no evidence for it."""
        return self._features_alone(question, *self._found(question, top_k))

    def features_in_conversation(
        self, message: str, said: Sequence[Turn], forms: Sequence[str], top_k: int
    ) -> dict[str, float]:
        """The same for a message after what was said, as `reading_in_conversation` reads it."""
        return self._heard(message, said, forms, top_k)[-1]

    def wordings(self, question: str) -> tuple[str, ...]:
        """Return the wordings in which a question is compared with its evidence, itself first.

        With the title of a page for another name: the cross-encoder does not know every name, and
        a page may be about more than one means ("sous chef" on the page of head cooks). And
        without background, in which much looks alike that nobody asks about; but not what says
        nothing by itself, as "is it?" does.
        """
        bare = without_background(question)
        telling = len(content_words(bare)) >= TELLING
        names = self.vocabulary.names_in(question)
        if names and not self.vocabulary.names_in(bare):
            bare = f"{names[-1]}: {bare}"
        wordings = (question, self.vocabulary.titled(question), *([bare] if telling else []))
        return tuple(dict.fromkeys(wordings))

    def _of(self, question: str, top_k: int) -> Reading:
        retrieval, evidence = self._found(question, top_k)
        known = self._features_alone(question, retrieval, evidence)
        covered = self.decision.probability(known) if known else 0.0
        return Reading(question, "", retrieval.passages, evidence, covered)

    def _retrieved(self, query: str, top_k: int) -> Retrieval:
        return retrieve(query, self.index, self.embedder, self.today(), top_k)

    def _found(self, question: str, top_k: int) -> tuple[Retrieval, tuple[Evidence, ...]]:
        query = self.vocabulary.expand(question)
        retrieval = self._retrieved(query, top_k)
        return retrieval, select_evidence(query, retrieval.passages, self.embedder, self.reranker)

    def _heard(
        self, message: str, said: Sequence[Turn], forms: Sequence[str], top_k: int
    ) -> tuple[str, Retrieval, tuple[Evidence, ...], dict[str, float]]:
        """The form that is meant, what was found for all of them, the passages of the evidence
        first, and what the decision is made from.

        The message itself brings candidates too, but is meant only where it is among `forms`.
        """
        heard = with_what_was_said(message, said)
        queries = {form: self.vocabulary.expand(form) for form in (*forms, message)}
        found = {form: self._retrieved(query, top_k) for form, query in queries.items()}
        passages = {queries[form]: retrieval.passages for form, retrieval in found.items()}
        evidence = select_in_conversation(heard, passages, self.embedder, self.reranker)
        worded = {form: found[form] for form in forms}
        meant = _meant(worded, evidence[0]) if evidence else forms[0]
        order = (*(piece.passage for piece in evidence), *found[meant].passages)
        ranked = {passage.chunk: passage for passage in order}
        first = tuple(replace(p, rank=n) for n, p in enumerate([*ranked.values()][:top_k], 1))
        retrieval = replace(found[meant], passages=first)
        score = self.reranker.score_in_conversation
        return (
            meant,
            retrieval,
            evidence,
            self._features(meant, [heard], retrieval, evidence, score),
        )

    def _is_pay_of_another(self, meant: str, message: str, best: Evidence) -> bool:
        """Tell whether `best` is an amount of an occupation that `meant` does not name, though it
        names one: after "tidal turbine keepers" the cross-encoder takes the pay of wind turbine
        technicians for theirs. "Teachers get more?" names them well enough."""
        named = self.vocabulary.occupations_in(meant)
        if not named or best.document_id not in self.vocabulary.occupations.difference(named):
            return False
        told = content_stems(message) & content_stems(best.passage.chunk.title)
        return names_money(best.text) and not told

    def _features_alone(
        self, question: str, retrieval: Retrieval, evidence: Sequence[Evidence]
    ) -> dict[str, float]:
        wordings = self.wordings(as_pages_say(question))
        return self._features(question, wordings, retrieval, evidence, self.reranker.score)

    def _features(
        self,
        question: str,
        wordings: Sequence[str],
        retrieval: Retrieval,
        evidence: Sequence[Evidence],
        score: Score,
    ) -> dict[str, float]:
        if not evidence:
            return {}
        return features(as_pages_say(question), wordings, retrieval, evidence, score)

    def _compared(self, whole: Reading, top_k: int) -> Reading:
        """Two occupations have a page each, and no sentence answers for both: what is asked about
        each of them is read apart where the best evidence for the whole leaves one out."""
        named = self.vocabulary.occupations_in(whole.standalone)
        leading = {e.document_id for e in whole.evidence[: len(named)]}
        threshold = self.decision.threshold
        complete = whole.answerability >= threshold and leading.issuperset(named)
        if (
            complete
            or not 1 < len(named) <= MOST_COMPARED
            or not asks_of_each(whole.standalone, named.values())
        ):
            return whole
        each = [self._of(self._of_one(whole.standalone, name), top_k) for name in named.values()]
        covered = all(reading.answerability >= threshold for reading in each)
        return joined_reading(whole, each, [found.evidence for found in each]) if covered else whole

    def _of_one(self, question: str, name: str) -> str:
        """A question about several occupations, asked of the one called `name`."""
        renamed = self.vocabulary.renamed(question, name)
        before_itself = f"{side_by_side_pattern((name, ''))}(?={re.escape(name)})"
        return WHICH_OF_THEM.sub("", re.sub(before_itself, "", renamed))


def _meant(found: Mapping[str, Retrieval], best: Evidence) -> str:
    """The first form that finds the passage of the best evidence first, or else earliest."""

    def place(form: str) -> int:
        chunks = [passage.chunk for passage in found[form].passages]
        return chunks.index(best.passage.chunk) if best.passage.chunk in chunks else len(chunks)

    return min(found, key=place)
