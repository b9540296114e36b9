"""Question + Passages → the few sentences that answer it, verbatim, with their spans.

Sentence-level selection carries the answer: in the project's measurements the three sentences
nearest to the question held the facts for 85 % of questions. Knows nothing of the model.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from waymark.sentences import content_words, sentence_spans, sentences_of, stem, words
from waymark.types import Embedder, Evidence, Passage

Vector = NDArray[np.float32]  # (n,)

QUOTES = 5
MAX_WORDS = 80  # in all quotes together; the first is always kept
MIN_WORDS = 6  # shorter fragments ("Yes.", "AI architect") answer nothing
SAME = 0.97  # cosine above which a second sentence only repeats the first; sentences of one
# template about two jobs reach 0.95
# Beside the cosine of the sentence under its title and heading. Chosen on the dev half of
# evaluation/questions.jsonl; docs/LOG.md has what each of them brought.
ALONE_WEIGHT = 0.4  # the sentence without its headings
PASSAGE_WEIGHT = 0.4  # the whole passage: its neighbours tell what a sentence is about
RANK_WEIGHT = 0.15  # divided by the rank of the passage
WORD_WEIGHT = 0.1
AMOUNT_WEIGHT = 0.1
MEANING_WEIGHT = 0.1
FOLLOW_UP_WEIGHT = 0.75
RELATIVE = 0.75  # a quote scores at least this share of the best one

_ASKS_AMOUNT = re.compile(r"\b(how much|pay|paid|salar\w+|wages?|earn\w*|income|cost)\b", re.I)
_ASKS_MEANING = re.compile(r"^\W*(what('?s| is| are| does| do)\b|define\b|meaning of\b)", re.I)
_AMOUNT = re.compile(r"[$£€¥₹]\s?\d")
_LIST = re.compile(r"(?:(?<=\n\n)|\A)[^\n]+(?:\n[^\n]+)+")
_POINTING = frozenset("it its this that these those they their such he she his her both".split())


def select_evidence(
    question: str, follow_up: str, passages: Sequence[Passage], embedder: Embedder
) -> tuple[Evidence, ...]:
    """Return up to `QUOTES` sentences of `passages` that answer `question`, best first.

    `follow_up` is what was asked last where `question` holds earlier questions too, else "".
    The score of a sentence is its cosine with the question.
    """
    candidates = [thought for passage in passages for thought in _thoughts(passage)]
    if not candidates:
        return ()
    vectors = embedder.embed_passages([_in_context(c) for c in candidates])  # (n, d)
    asked = embedder.embed_query(question)[0]  # (d,)
    cosines = vectors @ asked  # (n,)
    scores = cosines + _bonuses(question, follow_up, candidates)
    scores += _surroundings(candidates, asked, embedder)
    chosen: list[int] = []
    length = 0
    for i in np.argsort(-scores, kind="stable"):
        size = len(candidates[i].text.split())
        if chosen and (length + size > MAX_WORDS or scores[i] < RELATIVE * scores[chosen[0]]):
            continue
        if any(vectors[i] @ vectors[j] > SAME for j in chosen):
            continue
        if any(_overlap(candidates[i], candidates[j]) for j in chosen):
            continue
        chosen.append(int(i))
        length += size
        if len(chosen) == QUOTES:
            break
    return tuple(_scored(candidates[i], float(cosines[i])) for i in chosen)


def _surroundings(candidates: Sequence[Evidence], asked: Vector, embedder: Embedder) -> Vector:
    """(n,) what the sentence says by itself, what its passage is about and how it ranked."""
    alone = embedder.embed_passages([c.text for c in candidates]) @ asked
    passages = list(dict.fromkeys(c.passage for c in candidates))
    about = embedder.embed_passages([_whole(passage) for passage in passages]) @ asked
    by_passage = {
        passage: PASSAGE_WEIGHT * float(cosine) + RANK_WEIGHT / max(passage.rank, 1)
        for passage, cosine in zip(passages, about, strict=True)
    }
    around = np.asarray([by_passage[c.passage] for c in candidates], dtype=np.float32)
    return np.asarray(ALONE_WEIGHT * alone + around, dtype=np.float32)


def _overlap(a: Evidence, b: Evidence) -> bool:
    same = a.passage.chunk.document_id == b.passage.chunk.document_id
    return same and a.start < b.end and b.start < a.end


def relevance(
    question: str, follow_up: str, candidates: Sequence[Evidence], embedder: Embedder
) -> Vector:
    """Return how well each candidate answers the question, by the measure that picks quotes.

    Each is compared together with its title and heading, which name what it is about.
    """
    vectors = embedder.embed_passages([_in_context(c) for c in candidates])  # (n, d)
    cosines: Vector = vectors @ embedder.embed_query(question)[0]
    return cosines + _bonuses(question, follow_up, candidates)


def _bonuses(question: str, follow_up: str, candidates: Sequence[Evidence]) -> Vector:
    """(n,) what words tell beyond the cosine; those of a follow-up weigh more, because the rest
    of the question was answered before."""
    bonuses = [
        _bonus(question, c) + FOLLOW_UP_WEIGHT * shared_words(follow_up, c) for c in candidates
    ]
    return np.asarray(bonuses, dtype=np.float32)


def _thoughts(passage: Passage) -> list[Evidence]:
    """Lists, and sentences that can stand alone: one that opens with a pronoun keeps the one
    before it; one that only announces a list, only asks, or is too short is left out."""
    thoughts: list[Evidence] = []
    for sentence in sentences_of(passage):
        first = words(sentence.text)[:2]
        if thoughts and first and (first[0] in _POINTING or first == ["the", "same"]):
            thoughts.append(_joined(thoughts.pop(), sentence))
        else:
            thoughts.append(sentence)
    whole = [t for t in thoughts if len(words(t.text)) >= MIN_WORDS and t.text[-1] not in ":?"]
    return [*(whole or thoughts), *_lists(passage)]


def _lists(passage: Passage) -> list[Evidence]:
    """Whole lists short enough to be quoted, each with the sentence that announces it.

    In the text of a document single line breaks stand only between the items of a list.
    """
    chunk = passage.chunk
    found: list[Evidence] = []
    for match in _LIST.finditer(chunk.text):
        start = match.start()
        before = chunk.text[:start].rstrip()
        if before:
            start = sentence_spans(before)[-1][0]
        text = chunk.text[start : match.end()]
        if len(text.split()) <= MAX_WORDS:
            found.append(Evidence(passage, text, chunk.start + start, chunk.start + match.end(), 0))
    return found


def _joined(first: Evidence, second: Evidence) -> Evidence:
    chunk = first.passage.chunk
    text = chunk.text[first.start - chunk.start : second.end - chunk.start]
    return Evidence(first.passage, text, first.start, second.end, 0.0)


def _bonus(question: str, evidence: Evidence) -> float:
    """Shared words, an amount or a definition where one is asked for."""
    amount = bool(_ASKS_AMOUNT.search(question) and _AMOUNT.search(evidence.text))
    meaning = bool(_ASKS_MEANING.search(question)) and _opens_with(question, evidence.text)
    return (
        WORD_WEIGHT * shared_words(question, evidence)
        + AMOUNT_WEIGHT * amount
        + MEANING_WEIGHT * meaning
    )


def _opens_with(question: str, text: str) -> bool:
    """Tell whether a sentence begins with what the question asks about, as definitions do."""
    asked = {stem(word) for word in content_words(question)}
    return any(stem(word) in asked for word in words(text)[:3])


def shared_words(question: str, evidence: Evidence) -> float:
    """The share of the question's content words in the sentence, 0 to 1."""
    asked = {stem(word) for word in content_words(question)}
    said = {stem(word) for word in words(evidence.text)}
    return len(asked & said) / len(asked) if asked else 0.0


def _whole(passage: Passage) -> str:
    """What is embedded for a passage; the same text as in the index."""
    return f"{passage.chunk.title} > {passage.chunk.heading}\n{passage.chunk.text}"


def _in_context(evidence: Evidence) -> str:
    """What is embedded for a sentence: its title and heading say what it is about."""
    chunk = evidence.passage.chunk
    return f"{chunk.title}: {chunk.heading}. {evidence.text}"


def _scored(evidence: Evidence, score: float) -> Evidence:
    return Evidence(evidence.passage, evidence.text, evidence.start, evidence.end, score)
