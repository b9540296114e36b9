"""One question as it stands → what the documents have for it: passages, evidence, how well covered.

One that compares occupations is read for each of them. Calls the stages `retrieval`, `evidence` and
`answerability`; knows nothing of conversations, nor of the parts of a message (`reading`).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from waymark.answerability import Decision, features
from waymark.evidence import select_evidence
from waymark.follow_ups import MOST_COMPARED, WHICH_OF_THEM, asks_of_each, side_by_side_pattern
from waymark.index import Index
from waymark.paraphrasing import as_pages_say
from waymark.question_parts import without_background
from waymark.readings import Reading, joined_reading
from waymark.retrieval import retrieve
from waymark.sentences import content_words
from waymark.types import Embedder, Evidence, Reranker, Retrieval
from waymark.vocabulary import Vocabulary

TELLING = 2  # content words of a question that says something without its background


@dataclass(eq=False)
class SingleReader:
    """Reads single questions against one generation of the index."""

    index: Index
    vocabulary: Vocabulary
    embedder: Embedder
    reranker: Reranker
    decision: Decision
    today: Callable[[], date]

    def search(self, question: str, top_k: int) -> Retrieval:
        """Return the passages for a question as it was typed, best first."""
        query = self.vocabulary.query(question)
        return retrieve(query, self.index, self.embedder, self.today(), top_k)

    def reading(self, question: str, follow_up: str, top_k: int) -> Reading:
        """Return what the documents have for `question`, or for each occupation it compares.

        `follow_up` is what was asked last where `question` has earlier ones in front of it, else
        "".
        """
        return self._compared(self._of(question, follow_up, top_k), top_k)

    def features(self, question: str, top_k: int) -> dict[str, float]:
        """Return what the decision whether the documents answer a question is made from; nothing
        where they have no evidence for it."""
        return self._features(question, *self._found(question, "", top_k))

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

    def _of(self, question: str, follow_up: str, top_k: int) -> Reading:
        retrieval, evidence = self._found(question, follow_up, top_k)
        known = self._features(question, retrieval, evidence)
        covered = self.decision.probability(known) if known else 0.0
        return Reading(question, follow_up, retrieval.passages, evidence, covered)

    def _found(
        self, question: str, follow_up: str, top_k: int
    ) -> tuple[Retrieval, tuple[Evidence, ...]]:
        query = self.vocabulary.expand(question)
        retrieval = retrieve(query, self.index, self.embedder, self.today(), top_k)
        passages = retrieval.passages
        return retrieval, select_evidence(query, follow_up, passages, self.embedder, self.reranker)

    def _features(
        self, question: str, retrieval: Retrieval, evidence: Sequence[Evidence]
    ) -> dict[str, float]:
        if not evidence:
            return {}
        question = as_pages_say(question)
        return features(question, self.wordings(question), retrieval, evidence, self.reranker)

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
        each = [
            self._of(self._of_one(whole.standalone, name), "", top_k) for name in named.values()
        ]
        covered = all(reading.answerability >= threshold for reading in each)
        return joined_reading(whole, each, [found.evidence for found in each]) if covered else whole

    def _of_one(self, question: str, name: str) -> str:
        """A question about several occupations, asked of the one called `name`."""
        renamed = self.vocabulary.renamed(question, name)
        before_itself = f"{side_by_side_pattern((name, ''))}(?={re.escape(name)})"
        return WHICH_OF_THEM.sub("", re.sub(before_itself, "", renamed))
