"""The offline pipeline: the life of a document, from its file to a published generation.

    corpus → chunking → embedding → index → publishing

Unchanged chunks keep their vectors from the current generation.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from waymark.chunking import ChunkingParameters
from waymark.corpus import Corpus, Skipped, load_corpus
from waymark.deduplication import distinct_chunks
from waymark.errors import CorpusError, IndexDamaged, IndexMismatch, IndexMissing
from waymark.files import reporting_full_disk
from waymark.index import (
    SCHEMA,
    Index,
    Manifest,
    describe_files,
    write_generation,
    write_manifest,
)
from waymark.publishing import (
    building,
    collect,
    current_generation,
    new_folder,
    next_sequence,
    publish,
)
from waymark.types import Chunk, Embedder, Matrix, Note

Progress = Callable[[str, int, int], None]  # stage, done, total
EMBED_BATCH = 64
UNCHANGED = "The index in use is unchanged."


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Lists hold document ids in order."""

    generation: str
    published: bool
    documents: int
    chunks: int
    embedded: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Note, ...] = ()  # what was left out of documents, or guessed


def build_index(
    corpus_folder: Path,
    index_folder: Path,
    embedding_model: str,
    load_embedder: Callable[[], Embedder],
    parameters: ChunkingParameters,
    on_progress: Progress,
) -> BuildReport:
    """Bring the index in line with the corpus and return what changed.

    Publishes nothing, and loads no model, when the current generation already matches. Raises
    CorpusError when there is no usable document, IndexBusy, OutOfSpace; the current generation
    then stays as it is.
    """
    with building(index_folder), reporting_full_disk(index_folder, UNCHANGED):
        old = _open_current(index_folder, embedding_model)
        try:
            corpus = _read(corpus_folder, on_progress, old)
            report = _compare(corpus, old)
            if old and _matches(old, corpus, parameters):
                return report
            return _write(
                corpus, index_folder, load_embedder(), parameters, on_progress, old, report
            )
        finally:
            if old:
                old.close()


def _read(folder: Path, on_progress: Progress, old: Index | None) -> Corpus:
    known = {document.id: document for document in old.documents()} if old else {}
    corpus = load_corpus(folder, lambda done, total: on_progress("reading", done, total), known)
    if not corpus.documents:
        reasons = "".join(f"\n  {entry.path}: {entry.reason}" for entry in corpus.skipped)
        raise CorpusError(
            f"No usable document in {folder}. Put Markdown, HTML, PDF or Office files there, "
            f"then run: waymark index{reasons}"
        )
    return corpus


def _open_current(folder: Path, embedding_model: str) -> Index | None:
    """The current generation if its vectors can be reused; a damaged one is rebuilt whole."""
    try:
        index = Index(current_generation(folder))
    except (IndexMissing, IndexDamaged, IndexMismatch):
        return None
    if index.manifest.embedding_model != embedding_model:
        index.close()
        return None
    return index


def _matches(index: Index, corpus: Corpus, parameters: ChunkingParameters) -> bool:
    manifest = index.manifest
    return (
        manifest.corpus_digest == corpus.digest
        and manifest.chunking == asdict(parameters)
        and manifest.package == version("waymark")
    )


def _compare(corpus: Corpus, old: Index | None) -> BuildReport:
    before = {d.id: d.digest for d in old.documents()} if old else {}
    after = {d.id: d.digest for d in corpus.documents}
    return BuildReport(
        generation=old.name if old else "",
        published=False,
        documents=len(after),
        chunks=old.manifest.chunks if old else 0,
        embedded=0,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(i for i in after.keys() & before.keys() if after[i] != before[i])),
        removed=tuple(sorted(before.keys() - after.keys())),
        skipped=corpus.skipped,
        notes=tuple(Note(d.id, text) for d in corpus.documents for text in d.notes),
    )


def _write(
    corpus: Corpus,
    index_folder: Path,
    embedder: Embedder,
    parameters: ChunkingParameters,
    on_progress: Progress,
    old: Index | None,
    report: BuildReport,
) -> BuildReport:
    chunks, repeats = distinct_chunks(corpus.documents, parameters)
    vectors, embedded = _embed(chunks, embedder, old, on_progress)
    private = new_folder(index_folder)
    try:
        write_generation(private, corpus.documents, chunks, vectors)
        write_manifest(
            private,
            Manifest(
                schema=SCHEMA,
                package=version("waymark"),
                embedding_model=embedder.model_id,
                dimension=embedder.dimension,
                chunking=asdict(parameters),
                corpus_digest=corpus.digest,
                documents=len(corpus.documents),
                chunks=len(chunks),
                files=describe_files(private),
                sequence=next_sequence(index_folder),
                created=datetime.now(UTC).isoformat(timespec="seconds"),
            ),
        )
        final = publish(private)
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
    collect(index_folder)
    return BuildReport(
        generation=final.name,
        published=True,
        documents=report.documents,
        chunks=len(chunks),
        embedded=embedded,
        added=report.added,
        changed=report.changed,
        removed=report.removed,
        skipped=report.skipped,
        notes=(*report.notes, *repeats),
    )


def embedding_text(chunk: Chunk) -> str:
    """What is embedded for a chunk: its title and headings say what its text is about."""
    heading = f"{chunk.title} > {chunk.heading}" if chunk.heading else chunk.title
    return f"{heading}\n{chunk.text}"


def _embed(
    chunks: Sequence[Chunk], embedder: Embedder, old: Index | None, on_progress: Progress
) -> tuple[Matrix, int]:
    """Return (n, d) vectors in the order of `chunks`, and how many were computed anew."""
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    reusable = _reusable_rows(chunks, old)
    kept = [i for i, chunk in enumerate(chunks) if embedding_text(chunk) in reusable]
    if old and kept:
        vectors[kept] = old.vectors([reusable[embedding_text(chunks[i])] for i in kept])
    fresh = sorted(set(range(len(chunks))) - set(kept))
    for begin in range(0, len(fresh), EMBED_BATCH):
        on_progress("embedding", begin, len(fresh))
        batch = fresh[begin : begin + EMBED_BATCH]
        vectors[batch] = embedder.embed_passages([embedding_text(chunks[i]) for i in batch])
    on_progress("embedding", len(fresh), len(fresh))
    return vectors, len(fresh)


def _reusable_rows(chunks: Sequence[Chunk], old: Index | None) -> dict[str, int]:
    """Embedded text → row in the old generation, compared by text and never only by id."""
    if old is None:
        return {}
    rows = old.chunk_rows()
    known = [rows[chunk.id] for chunk in chunks if chunk.id in rows]
    stored = zip(old.chunks(known), known, strict=True) if known else ()
    return {embedding_text(chunk): row for chunk, row in stored}
