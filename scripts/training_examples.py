"""Training material → questions, each with candidate sentences and how far each answers it.

Reads `training/`: documents written for training, with their questions, and questions about the
pages of the corpus; and the half of SQuAD 2.0 that is kept outside the project, where it is there.
A twelfth is held out: of the documents by title, of the questions about the corpus by wording.
"""

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from training_file import stands_alone
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.corpus import load_corpus
from waymark.meaning.figures import numbers
from waymark.sentences import content_stems, stem, words
from waymark.thoughts import thoughts_of
from waymark.types import Chunk, Document, Evidence, Passage, Turn

HELD_OUT = 12  # one in so many
CLOSE = 0.8  # of the best share of an answer's words: a second sentence that says it as well
SQUAD_PARAGRAPHS = 3  # of one article read together

_MARK = re.compile(r"\[S(\d+)\]")
_PARTLY = "The documents do not cover "


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its candidates and for each 1 (answers it), 0 (does not) or -1 (unclear).

    `answer` is the short answer to learn, "" where nothing answers the question.
    """

    question: str
    candidates: tuple[Evidence, ...]
    labels: tuple[int, ...]
    answer: str
    source: str
    held_out: bool

    @property
    def gold(self) -> tuple[Evidence, ...]:
        """The candidates that answer the question."""
        pairs = zip(self.candidates, self.labels, strict=True)
        return tuple(candidate for candidate, label in pairs if label == 1)


def from_documents(folder: Path) -> Iterator[Example]:
    """Questions about the documents written for training; candidates are those of the document."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _of_document(json.loads(line))


def is_held_out(title: str) -> bool:
    """Tell whether a document is kept for measuring; stable when documents are added."""
    return zlib.crc32(title.encode()) % HELD_OUT == 0


def from_questions(training: Path, corpus: Path) -> Iterator[Example]:
    """Questions about the corpus; candidates are the sentences of the pages they draw on."""
    documents = {d.id: d for d in load_corpus(corpus).documents}
    for entry in entries_about_corpus(training):
        yield _about_corpus(entry, documents)


def entries_about_corpus(training: Path) -> Iterator[dict[str, Any]]:
    """The questions about the corpus, their rewordings and the follow-ups, with the folder that
    each is from as its `source`.

    A rewording has all of the question that it is `of` but its own wording, style and source.
    """
    questions = {entry["question"]: entry for entry in _stored(training / "questions")}
    yield from questions.values()
    yield from _stored(training / "contrasts")
    for reworded in _stored(training / "rewordings"):
        yield questions[reworded["of"]] | reworded
    yield from _stored(training / "follow_ups")


def _stored(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line) | {"source": folder.name}


def history_of(follow_up: dict[str, Any]) -> list[Turn]:
    """What was said before a follow-up, oldest first."""
    return [
        turn
        for asked, answered in follow_up["history"]
        for turn in (Turn("user", asked), Turn("assistant", answered))
    ]


def is_kept(entry: dict[str, Any]) -> bool:
    """Tell whether a question about the corpus is kept for measuring: by its checksum, with its
    rewordings, or because it was written for that."""
    return bool(entry.get("kept")) or checksum(entry) % HELD_OUT == 0


def checksum(entry: dict[str, Any]) -> int:
    """A number that a question about the corpus and its rewordings share."""
    return zlib.crc32(str(entry.get("of", stands_alone(entry))).encode())


def from_squad(path: Path) -> Iterator[Example]:
    """Questions of SQuAD 2.0 (Rajpurkar, Jia, Liang 2018, doi:10.18653/v1/P18-2124)."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        title = article["title"].replace("_", " ")
        passages = [
            passage_of(title, "", paragraph["context"], n)
            for n, paragraph in enumerate(article["paragraphs"])
        ]
        for n, paragraph in enumerate(article["paragraphs"]):
            near = passages[max(0, n - 1) : n - 1 + SQUAD_PARAGRAPHS] or passages[:1]
            for qa in paragraph["qas"]:
                yield _of_squad(qa, passages[n], [p for p in near if p is not passages[n]])


def _of_document(document: dict[str, Any]) -> Iterator[Example]:
    held_out = is_held_out(document["title"])
    passages = [
        passage_of(document["title"], section["heading"], section["text"], n)
        for n, section in enumerate(document["sections"])
    ]
    thoughts = [thought for passage in passages for thought in thoughts_of(passage)]
    candidates = tuple(dict.fromkeys(thoughts))
    for entry in document["qa"]:
        labels = _labels(entry["a"], passages, candidates)
        if 1 in labels:
            answer = _MARK.sub("", entry["a"]).replace(" .", ".")
            yield Example(entry["q"], candidates, labels, answer, "documents", held_out)
    for question in document["unanswerable"]:
        nothing = (0,) * len(candidates)
        yield Example(question, candidates, nothing, "", "documents", held_out)


def _labels(
    answer: str, passages: Sequence[Passage], candidates: Sequence[Evidence]
) -> tuple[int, ...]:
    """Find the sentences behind a marked answer: for each of its sentences those of the marked
    sections that share most of its words and hold its figures."""
    labels = dict.fromkeys(candidates, 0)
    for piece in re.split(r"(?<=\])[.!?]?\s+|\n", answer):
        marked = {int(n) for n in _MARK.findall(piece)}
        if piece.startswith(_PARTLY) or not marked:
            continue
        said = _MARK.sub("", piece)
        within = [c for c in candidates if any(c.passage is passages[n] for n in marked)]
        shares = {c: agreement(said, c.text) for c in within}
        best = max(shares.values(), default=0.0)
        for candidate, share in shares.items():
            holds = numbers(said) <= numbers(candidate.text)
            if share == best or (share >= CLOSE * best and holds):
                labels[candidate] = 1
            elif share >= best / 2 and labels[candidate] == 0:
                labels[candidate] = -1
    return tuple(labels[candidate] for candidate in candidates)


def agreement(said: str, text: str) -> float:
    """The share of the content words and figures of `said` in `text`, less for a long text."""
    needed = content_stems(said)
    held = {stem(word) for word in words(text)}
    figures = numbers(said)
    found = len(needed & held) + 2 * len(figures & numbers(text))
    return found / (len(needed) + 2 * len(figures) + 0.05 * len(held)) if needed else 0.0


def _about_corpus(entry: dict[str, Any], documents: dict[str, Document]) -> Example:
    support = [" ".join(text.split()) for text in entry["support"]]
    pages = [documents[entry["document"]]]
    pages += [d for d in documents.values() if d is not pages[0] and _holds_any(d, support)][:1]
    candidates = tuple(dict.fromkeys(t for page in pages for t in _thoughts(page)))
    labels = tuple(supports(" ".join(c.text.split()), support) for c in candidates)
    asked = stands_alone(entry)
    return Example(asked, candidates, labels, entry["answer"], "questions", is_kept(entry))


@cache
def _thoughts(document: Document) -> tuple[Evidence, ...]:
    chunks = chunk_document(document, ChunkingParameters())
    return tuple(thought for chunk in chunks for thought in thoughts_of(Passage(chunk, 1, 0.0)))


def _holds_any(document: Document, support: Sequence[str]) -> bool:
    text = " ".join(document.text.split())
    return any(piece in text for piece in support)


def supports(candidate: str, support: Sequence[str]) -> int:
    """Tell whether a candidate holds a sentence of `support` (1), is a part of one (-1) or not.

    Both with single spaces.
    """
    if any(piece in candidate for piece in support):
        return 1
    return -1 if any(candidate in piece for piece in support) else 0


def _of_squad(qa: dict[str, Any], own: Passage, near: Sequence[Passage]) -> Example:
    candidates = tuple(dict.fromkeys(t for p in (own, *near) for t in thoughts_of(p)))
    spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in qa["answers"]]
    spans = [] if qa["is_impossible"] else spans
    labels = tuple(
        int(c.passage is own and any(c.start <= start and end <= c.end for start, end in spans))
        for c in candidates
    )
    gold = [c.text for c, label in zip(candidates, labels, strict=True) if label]
    return Example(qa["question"], candidates, labels, gold[0] if gold else "", "squad", False)


def passage_of(title: str, heading: str, text: str, number: int) -> Passage:
    """A passage of a text that stands nowhere in the corpus."""
    path = (heading,) if heading else ()
    chunk = Chunk(f"{title}#{number}", title, title, path, 0, len(text), text)
    return Passage(chunk, 1, 0.0)
