"""Chunk sizes → how much of the answers' text the retrieved chunks hold, and how little else.

On public corpora with exact answer spans: recall, precision and intersection over union (Smith,
Troynikov 2024, "Evaluating Chunking Strategies for Retrieval", Chroma) of the first `TOP` chunks,
and recall within `BUDGET` words, which does not favour large chunks. On the dev half of the
project's own questions: Success@4 and R@4 of sections, R@8 of the sections of eight passages, and
the questions whose facts all stand in eight passages or within `BUDGET` words.

Usage: measure_chunking.py DATA_FOLDER [--cache FOLDER]
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from measure_retrieval import (
    TODAY,
    StoredEmbedder,
    cell,
    chunks_of,
    lines,
    plain_document,
    write_index,
)
from waymark.assembly import load_embedder
from waymark.chunking import ChunkingParameters
from waymark.corpus import load_corpus
from waymark.evaluation.measuring import DEPTH
from waymark.evaluation.metrics import facts_right, mean_by, ranking_measures
from waymark.evaluation.question_sets import Case, load_cases, section_key
from waymark.retrieval import TOP_K, retrieve
from waymark.sentences import sentence_spans
from waymark.settings import PROJECT, Settings
from waymark.store.index import Index
from waymark.types import Chunk, Document, Embedder
from waymark.vocabulary import Vocabulary

TOP = 5
BUDGET = 550  # words
SPANS = ("recall", "precision", "IoU", "recall in budget")
OWN = ("Success@4", "R@4", "R@8 of passages", "facts in 8", "facts in budget")

Row = dict[str, float]
Ranker = Callable[[str, Index, Embedder], list[Chunk]]  # query → chunks, best first


@dataclass(frozen=True, slots=True)
class Cut:
    """A way to cut documents: `overlap` repeats the sentence before a chunk of the same section,
    without `headings` a chunk is indexed by its text alone."""

    max_words: int
    overlap: bool = False
    headings: bool = True

    def __str__(self) -> str:
        marks = [" + 1 sentence" * self.overlap, " without headings" * (not self.headings)]
        return f"{self.max_words}{''.join(marks)}"


CUTS = (
    *(Cut(size) for size in (60, 80, 110, 150, 200)),
    *(Cut(size, overlap=True) for size in (60, 110, 200)),
    Cut(110, headings=False),
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where its answer stands: `[start, end)` among the visible characters."""

    text: str
    document_id: str
    spans: tuple[tuple[int, int], ...]


def load_spans(folder: Path) -> tuple[list[Document], list[Question]]:
    """Read the corpora and the questions, whose spans are offsets into the files."""
    raw = {
        path.stem: path.read_bytes().decode() for path in sorted((folder / "corpora").glob("*.md"))
    }
    visible = {name: visible_before(text) for name, text in raw.items()}
    questions: list[Question] = []
    for row in csv.DictReader(lines(folder / "questions_df.csv")):
        before = visible[row["corpus_id"]]
        spans = tuple(
            (before[reference["start_index"]], before[reference["end_index"]])
            for reference in json.loads(row["references"])
        )
        questions.append(Question(row["question"], row["corpus_id"], spans))
    documents = [plain_document(name, name.replace("_", " "), text) for name, text in raw.items()]
    return documents, questions


def visible_before(text: str) -> list[int]:
    """Return how many characters other than white space stand before each position of `text` and
    before its end. Parsing changes nothing but white space, so this number survives it."""
    return list(accumulate((not character.isspace() for character in text), initial=0))


def cut(documents: Sequence[Document], how: Cut) -> list[Chunk]:
    """Return the chunks of `documents` cut one way, in order."""
    chunks = chunks_of(documents, ChunkingParameters(how.max_words))
    if not how.overlap:
        return chunks
    texts = {document.id: document.text for document in documents}
    return [
        chunks[0],
        *(_reaching_back(a, b, texts[b.document_id]) for a, b in pairwise(chunks)),
    ]


def _reaching_back(before: Chunk, chunk: Chunk, text: str) -> Chunk:
    """Return `chunk` with the last sentence of the chunk before it, if both are of one section."""
    if (before.document_id, before.heading_path) != (chunk.document_id, chunk.heading_path):
        return chunk
    start = before.start + sentence_spans(before.text)[-1][0]
    return replace(chunk, start=start, text=text[start : chunk.end])


def by_meaning(query: str, index: Index, embedder: Embedder) -> list[Chunk]:
    """Rank by the cosine of the vectors alone."""
    return index.chunks([row for row, _ in index.search(embedder.embed_queries([query]), DEPTH)])


def by_both(query: str, index: Index, embedder: Embedder) -> list[Chunk]:
    """Rank as the product does."""
    found = retrieve(query, index, embedder, TODAY, DEPTH)
    return [passage.chunk for passage in found.passages]


RANKERS: Mapping[str, Ranker] = {"meaning": by_meaning, "product": by_both}


def span_measures(
    question: Question, chunks: Sequence[Chunk], visible: Mapping[str, Sequence[int]]
) -> Row:
    """Return the measures `SPANS` of one question; text that two chunks share counts twice."""
    wanted = {(question.document_id, n) for span in question.spans for n in range(*span)}
    first = [_characters(chunk, visible) for chunk in chunks[:TOP]]
    held = [_characters(chunk, visible) for chunk in within(chunks, BUDGET)]
    found = len(wanted & set().union(*first))
    size = sum(map(len, first))
    return {
        "recall": found / len(wanted),
        "precision": found / size if size else 0.0,
        "IoU": found / (len(wanted) + size - found),
        "recall in budget": len(wanted & set().union(*held)) / len(wanted),
    }


def _characters(chunk: Chunk, visible: Mapping[str, Sequence[int]]) -> set[tuple[str, int]]:
    before = visible[chunk.document_id]
    return {(chunk.document_id, n) for n in range(before[chunk.start], before[chunk.end])}


def within(chunks: Sequence[Chunk], words: int) -> list[Chunk]:
    """Return the first chunks that have at most `words` words together."""
    totals = accumulate(len(chunk.text.split()) for chunk in chunks)
    return [chunk for chunk, total in zip(chunks, totals, strict=True) if total <= words]


def own_measures(case: Case, chunks: Sequence[Chunk]) -> Row:
    """Return the measures `OWN` of one question of the project."""
    gold = list(dict.fromkeys(section.key for section in case.gold))
    sections = list(dict.fromkeys(map(_section, chunks)))
    first = {_section(chunk) for chunk in chunks[:TOP_K]}
    found = ranking_measures(gold, sections)
    return {
        "Success@4": found["Success@4"],
        "R@4": found["R@4"],
        "R@8 of passages": len(first.intersection(gold)) / len(gold),
        "facts in 8": _holds(chunks[:TOP_K], case),
        "facts in budget": _holds(within(chunks, BUDGET), case),
    }


def _section(chunk: Chunk) -> str:
    return section_key(chunk.document_id, chunk.heading)


def _holds(chunks: Sequence[Chunk], case: Case) -> float:
    return float(facts_right("\n".join(chunk.text for chunk in chunks), case.facts))


def ranked(
    queries: Sequence[str], documents: Sequence[Document], how: Cut, embedder: Embedder
) -> dict[str, list[list[Chunk]]]:
    """Index `documents` cut one way; return for each ranking the ranked chunks of each query."""
    chunks = cut(documents, how)
    known = {chunk.id: chunk for chunk in chunks}
    bare = [replace(chunk, title="", heading_path=()) for chunk in chunks]
    with TemporaryDirectory() as folder:
        index = write_index(Path(folder), documents, chunks if how.headings else bare, embedder)
        found = {
            name: [[known[c.id] for c in ranker(query, index, embedder)] for query in queries]
            for name, ranker in RANKERS.items()
        }
        index.close()
    return found


def span_table(folder: Path, embedder: Embedder) -> Iterator[str]:
    """Yield a table row for each cut with headings and each ranking; these texts have none."""
    documents, questions = load_spans(folder)
    visible = {document.id: visible_before(document.text) for document in documents}
    yield _head(SPANS)
    for how in (how for how in CUTS if how.headings):
        found = ranked([question.text for question in questions], documents, how, embedder)
        for name, lists in found.items():
            pairs = zip(questions, lists, strict=True)
            yield _row(how, name, [span_measures(q, chunks, visible) for q, chunks in pairs])


def own_table(embedder: Embedder) -> Iterator[str]:
    """Yield a table row for each cut and ranking, on the dev half of the project's questions."""
    documents = load_corpus(PROJECT / "corpus").documents
    vocabulary = Vocabulary(documents)
    cases = [
        case
        for case in load_cases(PROJECT / "evaluation" / "questions.jsonl")
        if isinstance(case, Case) and case.split == "dev"
    ]
    queries = [vocabulary.expand(vocabulary.correct(case.question)) for case in cases]
    yield _head(OWN)
    for how in CUTS:
        for name, lists in ranked(queries, documents, how, embedder).items():
            pairs = zip(cases, lists, strict=True)
            yield _row(how, name, [own_measures(case, chunks) for case, chunks in pairs])


def _head(measures: Sequence[str]) -> str:
    return (
        f"| words | ranking | {' | '.join(measures)} | n |\n|---|---|{'---|' * len(measures)}---|"
    )


def _row(how: Cut, ranking: str, rows: Sequence[Row]) -> str:
    cells = [cell(value) for value in mean_by(rows).values()]
    return f"| {how} | {ranking} | {' | '.join(cells)} | {len(rows)} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder of chunking_spans")
    parser.add_argument("--cache", type=Path, help="folder to keep the vectors in")
    chosen = parser.parse_args()
    with TemporaryDirectory() as scratch:
        stored = StoredEmbedder(load_embedder(Settings()), chosen.cache or Path(scratch))
        for row in own_table(stored):
            print(row, flush=True)
        for row in span_table(chosen.data / "chunking_spans", stored):
            print(row, flush=True)
        stored.close()


if __name__ == "__main__":
    main()
