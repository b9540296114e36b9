"""Public test collections → how well the product's retrieval ranks documents.

Builds an index of SciFact, Cranfield and CISI the way the product does, and prints nDCG@10, R@4
and R@10 with 95 % intervals of the ranking by words, by meaning, by both as the product joins
them, and by reciprocal rank fusion. A document scores as its best chunk.

Usage: measure_retrieval.py DATA_FOLDER [--cache FOLDER] [--train]
"""

import argparse
import csv
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import ir_measures
import numpy as np

from waymark.assembly import CHUNKING, load_embedder
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.evaluation.metrics import Estimate, estimate
from waymark.formats.parsing import parse_plain
from waymark.retrieval import CANDIDATES, retrieve
from waymark.sentences import content_words
from waymark.settings import Settings
from waymark.store.index import Index, write_generation
from waymark.store.manifest import SCHEMA, Manifest, write_manifest
from waymark.types import Chunk, Document, Embedder, Matrix
from waymark.vectors import embed_chunks, embedding_texts

MEASURES = ("nDCG@10", "R@4", "R@10")
DEPTH = 200  # chunks ranked; several of them may be of one document
RRF_K = 60  # the constant of Cormack, Clarke, Büttcher 2009, doi:10.1145/1571941.1572114
TODAY = date(2000, 1, 1)  # nothing in these collections expires

Ranker = Callable[[str, Index, Embedder], list[str]]  # query → document ids, best first
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries by id, and for each judged query the grade of its relevant documents."""

    name: str
    documents: tuple[Document, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


class StoredEmbedder:
    """Keeps each vector in a file by the SHA-256 of model and text, so that a repeat is quick."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.model_id = embedder.model_id
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._stored = sqlite3.connect(folder / "vectors.sqlite")
        self._stored.execute(
            "CREATE TABLE IF NOT EXISTS vectors (digest TEXT PRIMARY KEY, vector BLOB)"
        )

    def close(self) -> None:
        """Release the file; the object cannot be used afterwards."""
        self._stored.close()

    def embed_passages(self, texts: Sequence[str], batch: int = 256) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`."""
        digests = {self._digest(text): text for text in texts}
        fresh = [digest for digest in digests if self._read(digest) is None]
        # Texts of like length share a batch, so that little is spent on padding.
        fresh.sort(key=lambda digest: len(digests[digest]))
        for begin in range(0, len(fresh), batch):
            part = fresh[begin : begin + batch]
            rows = self._embedder.embed_passages([digests[digest] for digest in part])
            entries = [(d, row.tobytes()) for d, row in zip(part, rows, strict=True)]
            with self._stored:
                self._stored.executemany("INSERT INTO vectors VALUES (?, ?)", entries)
        found = [self._read(self._digest(text)) for text in texts]
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`."""
        return self.embed_passages(texts)

    def _digest(self, text: str) -> str:
        return hashlib.sha256(f"{self.model_id}\0{text}".encode()).hexdigest()

    def _read(self, digest: str) -> np.ndarray | None:
        query = "SELECT vector FROM vectors WHERE digest = ?"
        row = self._stored.execute(query, (digest,)).fetchone()
        return np.frombuffer(row[0], dtype=np.float32) if row else None


def plain_document(identifier: str, title: str, text: str) -> Document:
    """Return plain text as a document of the product."""
    parsed = parse_plain(text)
    return Document(identifier, title, parsed.text, parsed.blocks, digest="")


def load_scifact(folder: Path, split: str) -> Collection:
    """Read SciFact in the layout of BEIR (doi:10.48550/arXiv.2104.08663)."""
    documents = [json.loads(line) for line in lines(folder / "corpus.jsonl")]
    asked = [json.loads(line) for line in lines(folder / "queries.jsonl")]
    qrels: dict[str, dict[str, int]] = {}
    for row in csv.DictReader(lines(folder / "qrels" / f"{split}.tsv"), delimiter="\t"):
        qrels.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return Collection(
        f"SciFact {split}",
        tuple(plain_document(d["_id"], d["title"], d["text"]) for d in documents),
        {query["_id"]: query["text"] for query in asked},
        qrels,
    )


def load_cranfield(folder: Path) -> Collection:
    """Read Cranfield. Its judgements number the queries by position, and grade 1 is the best."""
    queries = read_tagged(folder / "cran.qry")
    qrels: dict[str, dict[str, int]] = {}
    for line in lines(folder / "cranqrel"):
        query, document, grade = line.split()
        if int(grade) > 0:  # -1 is not relevant
            qrels.setdefault(query, {})[document] = 5 - int(grade)
    return Collection(
        "Cranfield",
        _tagged_documents(folder / "cran.all.1400"),
        {str(number): _one_line(query["W"]) for number, query in enumerate(queries, 1)},
        qrels,
    )


def load_cisi(folder: Path) -> Collection:
    """Read CISI; queries without judgements are left out."""
    qrels: dict[str, dict[str, int]] = {}
    for line in lines(folder / "CISI.REL"):
        query, document = line.split()[:2]
        qrels.setdefault(query, {})[document] = 1
    queries = {query["I"]: _one_line(query["W"]) for query in read_tagged(folder / "CISI.QRY")}
    return Collection("CISI", _tagged_documents(folder / "CISI.ALL"), queries, qrels)


def read_tagged(path: Path) -> list[dict[str, str]]:
    """Read records of the SMART format: a line ".I 7" begins one, a line ".W" a field of it."""
    records: list[dict[str, str]] = []
    tag = ""
    for line in lines(path):
        opened = re.fullmatch(r"\.(?:I +(\d+)|([A-Z])) *", line)
        if opened and opened[1]:
            records.append({"I": str(int(opened[1]))})
            tag = ""
        elif opened:
            tag = opened[2]
        elif tag:
            records[-1][tag] = f"{records[-1].get(tag, '')}{line}\n"
    return records


def _tagged_documents(path: Path) -> tuple[Document, ...]:
    return tuple(
        plain_document(record["I"], _one_line(record.get("T", "")), record.get("W", ""))
        for record in read_tagged(path)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def lines(path: Path) -> list[str]:
    """Return the lines of a file without their ends; only a line feed ends one."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def write_index(
    folder: Path, documents: Sequence[Document], chunks: Sequence[Chunk], embedder: Embedder
) -> Index:
    """Write `chunks` as a generation into the empty `folder` and open it."""
    texts = [embedding_texts(chunk) for chunk in chunks]
    vectors, _ = embed_chunks(texts, embedder, None, lambda *_: None)
    written = write_generation(folder, documents, chunks, vectors, embedder.dimension)
    manifest = Manifest(
        schema=SCHEMA,
        package=version("waymark"),
        embedding_model=embedder.model_id,
        dimension=embedder.dimension,
        chunking={},
        corpus_digest="",
        documents=len(documents),
        chunks=len(chunks),
        vectors=written.vectors,
        files=written.files,
        sequence=1,
        created="",
    )
    write_manifest(folder, manifest)
    return Index(folder)


def by_words(query: str, index: Index, embedder: Embedder) -> list[str]:
    """Rank by BM25 alone."""
    return _documents(index, _rows(index.search_text(content_words(query), DEPTH)))


def by_meaning(query: str, index: Index, embedder: Embedder) -> list[str]:
    """Rank by the cosine of the vectors alone."""
    return _documents(index, _rows(index.search(embedder.embed_queries([query]), DEPTH)))


def by_both(query: str, index: Index, embedder: Embedder) -> list[str]:
    """Rank as the product does."""
    found = retrieve(query, index, embedder, TODAY, DEPTH)
    return list(dict.fromkeys(passage.chunk.document_id for passage in found.passages))


def by_ranks(query: str, index: Index, embedder: Embedder) -> list[str]:
    """Rank by reciprocal rank fusion of the same candidates."""
    scores: dict[int, float] = {}
    dense = index.search(embedder.embed_queries([query]), CANDIDATES)
    lexical = index.search_text(content_words(query), CANDIDATES)
    for ranking in (dense, lexical):
        for rank, row in enumerate(_rows(ranking), 1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
    return _documents(index, sorted(scores, key=lambda row: (-scores[row], row)))


RANKERS: Mapping[str, Ranker] = {
    "words": by_words,
    "meaning": by_meaning,
    "product": by_both,
    "rank fusion": by_ranks,
}


def _rows(found: Sequence[tuple[int, float]]) -> list[int]:
    return [row for row, _ in found]


def _documents(index: Index, rows: Sequence[int]) -> list[str]:
    return list(dict.fromkeys(chunk.document_id for chunk in index.chunks(rows)))


def measured(collection: Collection, index: Index, embedder: Embedder) -> dict[str, list[Row]]:
    """Return, for each ranker, the measures of each judged query, in order of the judgements."""
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    found: dict[str, list[Row]] = {}
    for name, ranker in RANKERS.items():
        rows: dict[str, Row] = {query: dict.fromkeys(MEASURES, 0.0) for query in collection.qrels}
        run = {
            query: {
                document: 1 / rank
                for rank, document in enumerate(
                    ranker(collection.queries[query], index, embedder), 1
                )
            }
            for query in collection.qrels
        }
        for metric in ir_measures.iter_calc(measures, collection.qrels, run):
            rows[metric.query_id][str(metric.measure)] = float(metric.value)
        found[name] = list(rows.values())
    return found


def table(name: str, found: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield a table row for each ranker, and one for the product's lead over the better of words
    and meaning, query by query."""
    for ranker, rows in found.items():
        cells = [cell(estimate([row[m] for row in rows])) for m in MEASURES]
        yield f"| {name} | {ranker} | {' | '.join(cells)} | {len(rows)} |"
    leads: list[str] = []
    for m in MEASURES:
        values = {ranker: np.array([row[m] for row in rows]) for ranker, rows in found.items()}
        better = max(("words", "meaning"), key=lambda ranker: float(values[ranker].mean()))
        leads.append(cell(estimate((values["product"] - values[better]).tolist())))
    yield f"| {name} | product's lead over the better | {' | '.join(leads)} | {len(rows)} |"


def cell(value: Estimate) -> str:
    """Return a mean and its interval as text."""
    return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})"


def main() -> None:
    """Measure every collection of the folder and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="folder of scifact, cranfield and cisi")
    parser.add_argument("--cache", type=Path, help="folder to keep the vectors in")
    parser.add_argument("--train", action="store_true", help="SciFact's training queries alone")
    chosen = parser.parse_args()
    collections = [load_scifact(chosen.data / "scifact", "train" if chosen.train else "test")]
    if not chosen.train:
        collections += [
            load_cranfield(chosen.data / "cranfield"),
            load_cisi(chosen.data / "cisi"),
        ]
    print(f"| collection | ranking | {' | '.join(MEASURES)} | n |\n|---|---|{'---|' * 4}")
    with TemporaryDirectory() as scratch:
        stored = StoredEmbedder(load_embedder(Settings()), chosen.cache or Path(scratch))
        for number, collection in enumerate(collections):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            chunks = chunks_of(collection.documents, CHUNKING)
            index = write_index(folder, collection.documents, chunks, stored)
            found = measured(collection, index, stored)
            index.close()
            print("\n".join(table(collection.name, found)), flush=True)
        stored.close()


def chunks_of(documents: Sequence[Document], parameters: ChunkingParameters) -> list[Chunk]:
    """Return the chunks of all `documents`, in order."""
    return [chunk for document in documents for chunk in chunk_document(document, parameters)]


if __name__ == "__main__":
    main()
