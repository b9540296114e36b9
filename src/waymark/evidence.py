"""Question + Passages → the few sentences that answer it, verbatim, with their spans.

Sentence-level selection carries the answer. How well a sentence answers is judged by likeness and
by a few words that decide, and for the likeliest by reading question and sentence together with a
cross-encoder. Knows nothing of the model that writes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from waymark.meaning.entailment import objection
from waymark.meaning.figures import names_money
from waymark.question_parts import question_parts
from waymark.sentences import content_stems, share_of_words, stem, words
from waymark.thoughts import (
    LIST_MARK,
    embedding_text,
    in_context,
    overlap,
    repeats,
    thoughts_of,
)
from waymark.types import Embedder, Evidence, Passage, Reranker, Scores

QUOTES = 8
EACH_PART = 30  # words for each further thing that a message asks, at no price

# Weights in log-odds, chosen on the dev half of evaluation/questions.jsonl; docs/LOG.md has what
# each of them brought.
PRIOR = 25.0  # for a cosine of 1 of the sentence under its title and heading
ALONE = 5.0  # the same without title and heading
ABOUT = 5.0  # the whole passage: its neighbours tell what a sentence is about
RANK = 2.0  # divided by the rank of the passage
SHARED = 1.5  # for all content words of the question
AMOUNT = 1.5  # an amount where one is asked for
MEANING = 1.5  # a definition where a meaning is asked for
LIST_LEAD = 8.0  # a list may score this much less than its best item and still be quoted whole
READ = 20  # of the likeliest are read by the cross-encoder
CROSS = 0.7  # for a log-odd of it
READ_IN_CONVERSATION = 40  # of several forms there are more that may be meant
CROSS_IN_CONVERSATION = 1.5  # it alone knows what was said
FALL = 12.0  # a quote may score this much less than the best one
WORD = 0.05  # and less by this for each word quoted by then, its own among them

_ASKS_AMOUNT = re.compile(r"\b(how much|pays?|paid|salar\w+|wages?|earn\w*|income|cost)\b", re.I)
_ASKS_MEANING = re.compile(r"^\W*(what('?s| is| are| does| do)\b|define\b|meaning of\b)", re.I)


def select_evidence(
    question: str, passages: Sequence[Passage], embedder: Embedder, reranker: Reranker
) -> tuple[Evidence, ...]:
    """Return up to `QUOTES` pieces of `passages` that answer `question`, best first.

    Where one message asks several things, the best piece for each comes first. The score of a
    piece is its relevance, in log-odds.
    """
    candidates = _pieces(passages)
    if not candidates:
        return ()
    likely = relevance(question, candidates, embedder)
    best = np.argsort(-likely, kind="stable")[:READ]
    candidates = [candidates[i] for i in best]
    scores = likely[best] + CROSS * reranker.score(question, _read_as(candidates))
    return _chosen(candidates, scores, question_parts(question), embedder)


def select_in_conversation(
    heard: str,
    forms: Mapping[str, Sequence[Passage]],
    embedder: Embedder,
    reranker: Reranker,
) -> tuple[Evidence, ...]:
    """Return up to `QUOTES` pieces that answer a follow-up, best first.

    `forms` are the questions that it may stand for, with the passages of each. They bring the
    candidates; which of those answers is for the cross-encoder, which reads the message with what
    was said before (`heard`).
    """
    likely = _likeliest(forms, embedder)[:READ_IN_CONVERSATION]
    if not likely:
        return ()
    candidates = [piece for _, piece in likely]
    scores = np.array([score for score, _ in likely], dtype=np.float32)
    scores += CROSS_IN_CONVERSATION * reranker.score_in_conversation(heard, _read_as(candidates))
    return _chosen(candidates, scores, (), embedder)


def joined_evidence(parts: Sequence[Sequence[Evidence]]) -> tuple[tuple[Evidence, ...], int]:
    """Return the evidence for several questions as one, and how many pieces lead: the best of each.
    The second best of each follow, and so on, as far as they are worth their words.

    What leads is kept although another page says the same: each answers for its own.
    """
    chosen: list[Evidence] = []
    leading = 0
    rows = [row for row in parts if row]
    for rank, pieces in enumerate(zip_longest(*rows)):
        for row, piece in zip(rows, pieces, strict=True):
            if piece is None or len(chosen) == QUOTES:
                continue
            leads = rank == 0 and not any(overlap(piece, other) for other in chosen)
            near = rank > 0 and _near_enough(piece, row[0].score, chosen, len(parts))
            if leads or (near and not _is_said(piece, chosen)):
                chosen.append(piece)
                leading += leads
    return tuple(chosen), leading


def relevance(question: str, candidates: Sequence[Evidence], embedder: Embedder) -> Scores:
    """Return (n,) log-odds that each candidate answers the question.

    Each is read together with its title and heading, which name what it is about.
    """
    asked = embedder.embed_queries([question])[0]  # (d,)
    texts = [in_context(c) for c in candidates]
    scores = PRIOR * (embedder.embed_passages(texts) @ asked)
    scores += ALONE * (embedder.embed_passages([c.text for c in candidates]) @ asked)
    scores += _surroundings(candidates, asked, embedder)
    scores += [_bonus(question, candidate) for candidate in candidates]
    return np.asarray(scores, dtype=np.float32)


def embedded_texts(passage: Passage) -> list[str]:
    """Return the texts that `relevance` embeds for a passage, so that it can be done ahead."""
    thoughts = thoughts_of(passage)
    return [
        *(in_context(t) for t in thoughts),
        *(t.text for t in thoughts),
        embedding_text(passage.chunk),
    ]


def _likeliest(
    forms: Mapping[str, Sequence[Passage]], embedder: Embedder
) -> list[tuple[float, Evidence]]:
    """The pieces of all passages, best first, each as likely as the form that suits it best makes
    it. What one form finds is measured against its best piece: forms are not alike in length."""
    found: dict[tuple[str, int, int], tuple[float, Evidence]] = {}
    for form, passages in forms.items():
        if pieces := _pieces(passages):
            scores = relevance(form, pieces, embedder)
            for piece, score in zip(pieces, scores - scores.max(), strict=True):
                if piece.span not in found or score > found[piece.span][0]:
                    found[piece.span] = float(score), piece
    return sorted(found.values(), key=lambda entry: -entry[0])


def _pieces(passages: Sequence[Passage]) -> list[Evidence]:
    return list(dict.fromkeys(t for passage in passages for t in thoughts_of(passage)))


def _read_as(candidates: Sequence[Evidence]) -> list[str]:
    return [in_context(candidate) for candidate in candidates]


def _chosen(
    candidates: Sequence[Evidence], scores: Scores, parts: Sequence[str], embedder: Embedder
) -> tuple[Evidence, ...]:
    """The candidates that are quoted, best first, or the best for each of `parts`."""
    _prefer_lists(candidates, scores)
    chosen: list[Evidence] = []
    for i in _order(parts, scores, candidates, embedder):
        candidate = replace(candidates[i], score=float(scores[i]))
        near = _near_enough(candidate, float(scores.max()), chosen, len(parts))
        if (near or not chosen) and not _is_said(candidate, chosen):
            chosen.append(candidate)
        if len(chosen) == QUOTES:
            break
    return tuple(chosen)


def _near_enough(candidate: Evidence, best: float, chosen: Sequence[Evidence], asked: int) -> bool:
    """Tell whether a candidate answers nearly as well as the best one, for as many words.

    The more is quoted, the nearer: where one sentence clearly answers, few follow it; where many
    may, more are shown. `asked` is how many things the message asks.
    """
    length = sum(len(piece.text.split()) for piece in (*chosen, candidate))
    length -= EACH_PART * max(0, asked - 1)
    return best - candidate.score <= FALL - WORD * max(0, length)


def _is_said(candidate: Evidence, chosen: Sequence[Evidence]) -> bool:
    """Tell whether a chosen piece says all that the candidate says."""
    return any(
        repeats(candidate, other) or not objection(candidate.text, other.text) for other in chosen
    )


def _order(
    parts: Sequence[str],
    scores: Scores,
    candidates: Sequence[Evidence],
    embedder: Embedder,
) -> Iterator[int]:
    """The rows of the candidates, best first; before them the best one for each part."""
    if len(parts) > 1:
        for part in parts:
            of_part = relevance(part, candidates, embedder) + scores
            _prefer_lists(candidates, of_part)
            yield int(of_part.argmax())
    yield from (int(i) for i in np.argsort(-scores, kind="stable"))


def _prefer_lists(candidates: Sequence[Evidence], scores: Scores) -> None:
    """Lift a list above its items where it scores nearly as well: one item of many misleads."""
    for i, whole in enumerate(candidates):
        if LIST_MARK in whole.text:
            items = [s for s, c in zip(scores, candidates, strict=True)
                     if c is not whole and overlap(whole, c)]  # fmt: skip
            if items and scores[i] > max(items) - LIST_LEAD:
                scores[i] = max(scores[i], max(items) + 1e-3)


def _surroundings(candidates: Sequence[Evidence], asked: Scores, embedder: Embedder) -> Scores:
    """(n,) what the passage of each candidate is about, and how it ranked."""
    passages = list(dict.fromkeys(c.passage for c in candidates))
    about = embedder.embed_passages([embedding_text(passage.chunk) for passage in passages]) @ asked
    by_passage = {
        passage: ABOUT * float(cosine) + RANK / max(passage.rank, 1)
        for passage, cosine in zip(passages, about, strict=True)
    }
    return np.asarray([by_passage[c.passage] for c in candidates], dtype=np.float32)


def _bonus(question: str, evidence: Evidence) -> float:
    """Shared words, an amount or a definition where one is asked for."""
    amount = bool(_ASKS_AMOUNT.search(question) and names_money(evidence.text))
    meaning = bool(_ASKS_MEANING.search(question)) and _opens_with(question, evidence.text)
    shared = share_of_words(question, evidence.text)
    return SHARED * shared + AMOUNT * amount + MEANING * meaning


def _opens_with(question: str, text: str) -> bool:
    """Tell whether a sentence begins with what the question asks about, as definitions do."""
    asked = content_stems(question)
    return any(stem(word) in asked for word in words(text)[:3])
