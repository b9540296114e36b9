"""The offline pipeline: the life of a document, from its file to a published generation.

    corpus → chunking → vectors → index → gate → publishing

Unchanged chunks keep their vectors from the current generation.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

from waymark import files
from waymark.changes import BuildReport, check_removal, compare
from waymark.chunking import ChunkingParameters
from waymark.corpus import Corpus, load_corpus
from waymark.deduplication import distinct_chunks
from waymark.errors import (
    CorpusError,
    GateFailed,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
)
from waymark.files import reporting_full_disk
from waymark.gate import GateFailure, GateQuestion, check_gate, describe, load_gate
from waymark.store.generations import collect
from waymark.store.index import Index, write_generation
from waymark.store.manifest import SCHEMA, Manifest, document_count, write_manifest
from waymark.store.pointer import current_generation
from waymark.store.publishing import (
    UNCHANGED,
    building,
    new_folder,
    next_sequence,
    open_current,
    publish,
    reporting_unwritable,
    set_aside,
)
from waymark.types import Embedder
from waymark.vectors import Progress, count_fresh, embed_chunks, embedding_texts

# Bytes of a database for each byte of the documents' text (5.6 for the shipped ones), and a margin.
DATABASE_SHARE = 8
SPACE_MARGIN = 1_000_000

log = logging.getLogger("waymark")


def build_index(
    corpus_folder: Path,
    index_folder: Path,
    embedding_model: str,
    load_embedder: Callable[[], Embedder],
    parameters: ChunkingParameters,
    on_progress: Progress,
    *,
    allow_removal: bool = False,
    skip_gate: bool = False,
) -> BuildReport:
    """Bring the index in line with the corpus and return what changed.

    Publishes nothing, and loads no model, when the current generation already matches. Raises
    CorpusError when there is no usable document, RemovalRefused, GateInvalid, GateFailed,
    IndexBusy, IndexUnwritable, OutOfSpace; the current generation then stays as it is.
    """
    with reporting_full_disk(index_folder, UNCHANGED), building(index_folder):
        # Read even where nothing else changed: a slip in it shows while its editor is there.
        golden = () if skip_gate else load_gate(corpus_folder)
        found = _compared(corpus_folder, index_folder, embedding_model, parameters, on_progress)
        with found as (old, corpus, report, unchanged):
            if unchanged:
                return report
            if not allow_removal:
                check_removal(report)
            report = _write(
                corpus, index_folder, load_embedder, parameters, on_progress, old, golden, report
            )
        _collect(index_folder)
        return report


def preview_index(
    corpus_folder: Path,
    index_folder: Path,
    embedding_model: str,
    parameters: ChunkingParameters,
    on_progress: Progress,
) -> BuildReport:
    """Return what `build_index` would change; writes nothing and takes no lock.

    `embedded` counts the passages that would have to be embedded. Raises CorpusError.
    """
    found = _compared(corpus_folder, index_folder, embedding_model, parameters, on_progress)
    with found as (old, corpus, report, _):
        chunks, repeats = distinct_chunks(corpus.documents, parameters)
        fresh = count_fresh(chunks, old, embedding_model)
        notes = (*report.notes, *repeats)
        return replace(report, chunks=len(chunks), embedded=fresh, notes=notes)


@contextmanager
def _compared(
    corpus_folder: Path,
    index_folder: Path,
    embedding_model: str,
    parameters: ChunkingParameters,
    on_progress: Progress,
) -> Iterator[tuple[Index | None, Corpus, BuildReport, bool]]:
    """The generation whose vectors can be kept, the corpus, their differences, and whether the
    current generation is whole and matches."""
    old, damage = _open_old(index_folder)
    try:
        corpus = _read(corpus_folder, on_progress, old)
        matches = old and not damage and _matches(old, corpus, embedding_model, parameters)
        uncompared = 0 if old else _documents_in_use(index_folder)
        yield old, corpus, compare(corpus, corpus_folder, old, uncompared), bool(matches)
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


def _open_old(folder: Path) -> tuple[Index | None, str | None]:
    """The generation whose vectors can be kept, and what is wrong with the current one."""
    try:
        return open_current(folder)
    except (IndexMissing, IndexDamaged, IndexMismatch):
        return None, None


def _documents_in_use(folder: Path) -> int:
    """How many documents an index has that cannot be opened, of another schema for example."""
    try:
        return document_count(current_generation(folder))
    except (IndexMissing, IndexDamaged):
        return 0


def _matches(
    index: Index, corpus: Corpus, embedding_model: str, parameters: ChunkingParameters
) -> bool:
    manifest = index.manifest
    return (
        manifest.corpus_digest == corpus.digest
        and manifest.embedding_model == embedding_model
        and manifest.chunking == asdict(parameters)
        and manifest.package == version("waymark")
    )


def _write(
    corpus: Corpus,
    index_folder: Path,
    load_embedder: Callable[[], Embedder],
    parameters: ChunkingParameters,
    on_progress: Progress,
    old: Index | None,
    golden: Sequence[GateQuestion],
    report: BuildReport,
) -> BuildReport:
    chunks, repeats = distinct_chunks(corpus.documents, parameters)
    text_bytes = sum(len(document.text.encode()) for document in corpus.documents)
    embedder = load_embedder()
    texts = [embedding_texts(chunk) for chunk in chunks]
    needed = (
        4 * embedder.dimension * sum(map(len, texts)) + DATABASE_SHARE * text_bytes + SPACE_MARGIN
    )
    files.require_space(index_folder, needed, UNCHANGED)
    embedded, fresh = embed_chunks(texts, embedder, old, on_progress)

    def inspect(index: Index) -> None:
        same_model = old and old.manifest.embedding_model == embedder.model_id
        before = old if same_model else None
        failures = check_gate(golden, index, embedder, date.today(), before)
        if failures:
            raise GateFailed(_gate_message(failures, len(golden)))

    with _private_folder(index_folder) as private:
        written = write_generation(private, corpus.documents, chunks, embedded, embedder.dimension)
        manifest = Manifest(
            schema=SCHEMA,
            package=version("waymark"),
            embedding_model=embedder.model_id,
            dimension=embedder.dimension,
            chunking=asdict(parameters),
            corpus_digest=corpus.digest,
            documents=len(corpus.documents),
            chunks=len(chunks),
            vectors=written.vectors,
            files=written.files,
            sequence=next_sequence(index_folder),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            probes=written.probes,
            corpus=report.corpus,
        )
        write_manifest(private, manifest)
        final = publish(private, inspect)
    return replace(
        report,
        generation=final.name,
        published=True,
        chunks=len(chunks),
        embedded=fresh,
        notes=(*report.notes, *repeats),
    )


@contextmanager
def _private_folder(index_folder: Path) -> Iterator[Path]:
    """The folder of the next generation; one that is not published leaves nothing behind,
    except that one which failed the gate is kept aside to be looked into."""
    with reporting_unwritable(index_folder):
        private = new_folder(index_folder)
        try:
            yield private
        except GateFailed as failure:
            set_aside(private, str(failure))
            _collect(index_folder)
            raise
        except BaseException:
            with suppress(OSError):
                files.remove_tree(private)
            raise


def _gate_message(failures: Sequence[GateFailure], golden: int) -> str:
    return (
        f"{len(failures)} of {golden} golden questions are no longer met, so the new index was "
        f"not published. {UNCHANGED}\n{describe(failures)}\n"
        "Mend the documents or gate.jsonl, or publish all the same: waymark index --skip-gate"
    )


def _collect(folder: Path) -> None:
    """What cannot be deleted now is tried again by the next build: the new index is in use."""
    try:
        collect(folder)
    except OSError as error:
        log.warning("old generations in %s were not deleted: %s", folder, error)
