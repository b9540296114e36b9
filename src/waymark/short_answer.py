"""The model's sentences → those of the short answer: supported, new and to the point.

Where they leave out the best of the evidence, the guidance's own sentence completes them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from waymark.evidence import relevance, shared_words
from waymark.grounding import Citations, Claim, ground
from waymark.prompt import PARTLY
from waymark.reading import Reading
from waymark.sentences import content_stems
from waymark.types import AnswerSentence, Citation, Embedder, Evidence, Quote

MAX_SENTENCES = 4  # of the model
ADDED_WORDS = 60  # of a quote that completes the short answer
# Log-odds by which a sentence may fall behind the best quote: a small model at times writes a
# true sentence that answers another question.
BESIDE = 12.0
SAME = 0.8  # of the content words of the shorter of two sentences: it says nothing new


@dataclass(slots=True)
class ShortAnswer:
    """The short answer to one question, as far as it is written.

    `found` is what the documents have for the question. `embedder` is that of the index,
    `statement_embedder` puts statements of like meaning near each other.
    """

    found: Reading
    citations: Citations
    embedder: Embedder
    statement_embedder: Embedder
    sentences: list[AnswerSentence] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Tell whether the model has written enough."""
        return len(self.sentences) >= MAX_SENTENCES

    def add(self, claim: Claim) -> AnswerSentence | None:
        """Return the claim as a sentence if a passage supports it, None if it is left out."""
        if claim.text.startswith(PARTLY):
            return None
        # The model's marks are the numbers of the quotes; what they miss may stand elsewhere.
        readable = [*(piece.passage for piece in self.found.evidence), *self.found.passages]
        support = ground(claim, readable, self.statement_embedder)
        if support is None or not self._to_the_point(claim, support):
            return None
        if any(_says_again(claim.text, sentence.text) for sentence in self.sentences):
            return None
        sentence = AnswerSentence(claim.text, (self.citations.cite(support),))
        self.sentences.append(sentence)
        return sentence

    def complete(self, quotes: Sequence[Quote]) -> Iterator[AnswerSentence]:
        """Add those of the leading `quotes` that no sentence rests on, and yield them.

        A small model at times says something true beside the point, or answers one of two
        questions. Where nothing of the model was kept, the quotes are the answer.
        """
        if not self.sentences:
            return
        rests_on = [citation for sentence in self.sentences for citation in sentence.citations]
        for quote in quotes[: self.found.leading]:
            short = len(quote.text.split()) <= ADDED_WORDS
            if short and not any(_overlap(quote.citation, citation) for citation in rests_on):
                self.sentences.append(AnswerSentence(quote.text, (quote.citation,)))
                yield self.sentences[-1]

    def _to_the_point(self, claim: Claim, support: Evidence) -> bool:
        asked, follow_up = self.found.standalone, self.found.follow_up
        candidates = [self.found.evidence[0], replace(support, text=claim.text)]
        on_topic = [shared_words(follow_up, candidate) > 0 for candidate in candidates]
        if on_topic == [True, False]:  # it answers the question before the follow-up
            return False
        best, said = relevance(asked, follow_up, candidates, self.embedder)
        return bool(said >= best - BESIDE)


def _overlap(a: Citation, b: Citation) -> bool:
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end


def _says_again(claim: str, earlier: str) -> bool:
    """Tell whether nearly all content words of one sentence stand in the other."""
    said, before = content_stems(claim), content_stems(earlier)
    return len(said & before) >= SAME * min(len(said), len(before))
