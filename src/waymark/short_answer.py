"""The model's sentences → those of the short answer: supported, new and to the point.

Where they leave out the best of the evidence, the guidance's own sentence completes them.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from waymark.grounding import Citations, Claim, ground, keeps_meaning
from waymark.prompt import PARTLY
from waymark.readings import Reading
from waymark.sentences import content_stems, share_of_words
from waymark.thoughts import LIST_MARK, overlap
from waymark.types import AnswerSentence, Evidence, Quote, Verifier

MAX_SENTENCES = 4  # of the model
COMPLETED = 70  # words of a quote that completes the short answer, or of all with the second best
# Log-odds by which the evidence of a sentence may lie behind the best: a small model at times
# writes a true sentence that answers another question. Replies to 345 questions of the dev half
# were read for these (docs/LOG.md).
FIRST = 3.0
LATER = 8.0
CLOSE = 6.0  # the second best completes the short answer: the scores hardly tell which answers
SAME = 0.8  # of the content words of the shorter of two sentences: it says nothing new
_FOLLOWS = re.compile(r";|, so ")  # before a clause that rests on the one before it


@dataclass(slots=True)
class ShortAnswer:
    """The short answer to one question, as far as it is written.

    `found` is what the documents have for the question.
    """

    found: Reading
    citations: Citations
    verifier: Verifier
    sentences: list[AnswerSentence] = field(default_factory=list)
    _begun: bool = False  # a claim was heard
    _before: Evidence | None = None  # the support of the claim just before, if that was kept

    @property
    def full(self) -> bool:
        """Tell whether the model has written enough."""
        return len(self.sentences) >= MAX_SENTENCES

    def add(self, claim: Claim) -> AnswerSentence | None:
        """Return the claim as a sentence if a passage supports it, None if it is left out."""
        before, self._before = self._before, None
        asked, self._begun = "" if self._begun else self.found.standalone, True
        if claim.text.startswith(PARTLY):
            return None
        # The model's marks are the numbers of the quotes.
        readable = [piece.passage for piece in self.found.evidence]
        support = ground(claim, readable, self.verifier)
        if support is None or not self._to_the_point(claim, support):
            return None
        if self._is_said(claim.text) or not keeps_meaning(claim.text, asked, before, support):
            return None
        self._before = support
        citation = self.citations.cite(support)
        sentence = AnswerSentence(claim.text, (citation,), verbatim=claim.text == citation.quote)
        self.sentences.append(sentence)
        return sentence

    def complete(self, quotes: Sequence[Quote]) -> Iterator[AnswerSentence]:
        """Add those of the leading `quotes` that no sentence rests on, and one more that answers
        about as well; yield them. `quotes` are the pieces of evidence, in their order.

        A small model at times says something true beside the point, or answers one of two
        questions.
        """
        rests_on = [citation for sentence in self.sentences for citation in sentence.citations]
        for n, (quote, piece) in enumerate(zip(quotes, self.found.evidence, strict=True)):
            second = n >= self.found.leading
            if second and (self._behind(piece) > CLOSE or self._is_said(quote.text)):
                continue
            length = len(quote.text.split()) + (self._words if second else 0)
            if length <= COMPLETED and not any(overlap(quote.citation, c) for c in rests_on):
                self.sentences.append(AnswerSentence(quote.text, (quote.citation,), verbatim=True))
                yield self.sentences[-1]
                if second:
                    return

    def _is_said(self, text: str) -> bool:
        return any(_says_again(text, sentence.text) for sentence in self.sentences)

    @property
    def _words(self) -> int:
        return sum(len(sentence.text.split()) for sentence in self.sentences)

    def _to_the_point(self, claim: Claim, support: Evidence) -> bool:
        asked, best = self.found.follow_up, self.found.evidence[0]
        if share_of_words(asked, best.text) and not share_of_words(asked, claim.text):
            return False  # it answers the question before the follow-up
        pieces = [piece for piece in self.found.evidence if overlap(piece, support)]
        if any(_is_remainder(claim.text, self.found.standalone, p.text) for p in pieces):
            return False
        return self._behind(support) <= (LATER if self.sentences else FIRST)

    def _behind(self, support: Evidence) -> float:
        """By how much `support` answers less well than the best evidence (of each part), in
        log-odds; infinite where it is no evidence at all."""
        leading, evidence = self.found.leading, self.found.evidence
        best, rest = evidence[:leading], evidence[leading:]
        if any(overlap(piece, support) for piece in best):
            return 0.0
        scores = [piece.score for piece in rest if overlap(piece, support)]
        return min(piece.score for piece in best) - max(scores, default=-math.inf)


def _is_remainder(claim: str, asked: str, whole: str) -> bool:
    """Tell whether a claim is one item of many, or only what follows from the clause that has the
    words of the question: "a lawyer answers for their work" means nothing without "paralegals may
    not give legal advice"."""
    said = content_stems(claim)
    if LIST_MARK in whole:
        return 2 * len(said & content_stems(whole)) < len(content_stems(whole))
    lost = share_of_words(asked, whole) > share_of_words(asked, claim)
    return lost and any(said <= content_stems(later) for later in _FOLLOWS.split(whole)[1:])


def _says_again(claim: str, earlier: str) -> bool:
    """Tell whether nearly all content words of one sentence stand in the other."""
    said, before = content_stems(claim), content_stems(earlier)
    return len(said & before) >= SAME * min(len(said), len(before))
