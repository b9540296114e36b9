"""One immutable generation: vectors, documents, chunks, full text and the manifest over them.

Writes, opens and searches one folder; `publishing` decides which folder is current. Only
importer of faiss. Distances never leave this file: every score is higher-is-better.
"""

import errno
import hashlib
import json
import os
import sqlite3
import struct
import threading
import weakref
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from waymark import files
from waymark.errors import IndexDamaged, IndexMismatch, IndexUnwritable
from waymark.store.database import database_bytes, load_date, load_document, load_pages
from waymark.store.manifest import (
    MANIFEST,
    Manifest,
    Probe,
    reporting_unreadable,
    verify_generation,
)
from waymark.store.probing import choose_probes, still_found
from waymark.types import Chunk, Document, Matrix

VECTORS = "vectors.faiss"
CHUNKS = "chunks.sqlite"

# A flat index as faiss stores it: kind, dimension, count; 45 bytes of header in all.
FLAT_HEADER = struct.Struct("<4siq")
FLAT_HEADER_BYTES = 45

DEEPER = 4  # times as many vectors are looked at until there are enough different chunks

# Weights of the full-text columns in bm25(): a hit in the title or an alias says more about
# what a passage is about than one in its body. In the order of the table.
COLUMN_WEIGHTS = {"title": 2.0, "heading": 2.0, "aliases": 1.0, "body": 1.0}


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of a chunk: (n, d) float32 with unit rows, n at least 1, and a digest of the
    texts that they are of."""

    vectors: Matrix
    digest: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the manifest says of the files of a generation: as they were meant, not as they are."""

    files: dict[str, dict[str, Any]]
    vectors: int
    probes: tuple[Probe, ...]


def write_generation(
    folder: Path,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    embedded: Sequence[Embedded],
    dimension: int,
) -> Written:
    """Write vectors and texts into the empty `folder`; `embedded[i]` is that of `chunks[i]`.

    Raises OSError when the disk refuses; a disk that loses data without saying so is found out
    when the generation is opened.
    """
    if len(chunks) != len(embedded):
        raise ValueError(f"vectors of {len(embedded)} for {len(chunks)} chunks")
    # faiss.write_index can lose the end of a file on a full disk without raising
    # (measured: reliability A-01); bytes written by Python cannot.
    import faiss

    none = np.zeros((0, dimension), dtype=np.float32)
    rows = np.concatenate([none, *(some.vectors for some in embedded)])
    flat = faiss.IndexFlatIP(dimension)
    flat.add(rows)
    of = [(len(some.vectors), some.digest) for some in embedded]
    described = {
        CHUNKS: _write(folder / CHUNKS, database_bytes(documents, chunks, of)),
        VECTORS: _write(folder / VECTORS, faiss.serialize_index(flat).data),
    }
    return Written(described, len(rows), choose_probes(flat, len(rows)))


def _write(path: Path, data: bytes | memoryview) -> dict[str, Any]:
    files.write(path, data)
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


class Index:
    """A verified generation, open for searching. Safe to use from several threads.

    Holds a shared lock on its manifest until it is closed: what is read is never collected.
    """

    def __init__(self, folder: Path) -> None:
        """Verify and open `folder`.

        Raises IndexDamaged, IndexMismatch, or IndexUnreadable when the system refuses.
        """
        self.folder = folder
        self._lock = threading.Lock()
        with ExitStack() as undo, reporting_unreadable(folder):
            self._release = weakref.finalize(self, os.close, _hold(folder / MANIFEST))
            undo.callback(self._release)
            self.manifest = verify_generation(folder)
            self._vectors = _load_vectors(folder / VECTORS, self.manifest)
            # One read-only connection behind a lock: queries take well under a millisecond.
            self._database = _open_database(folder / CHUNKS)
            undo.callback(self._database.close)
            self._check()
            counts = self._query("SELECT vectors FROM chunks ORDER BY row", ())
            # (m,) the row of the chunk that each vector is of, in ascending order
            self._owner = np.repeat(np.arange(len(counts)), [count for (count,) in counts])
            undo.pop_all()

    @property
    def name(self) -> str:
        """The name of the generation."""
        return self.folder.name

    def close(self) -> None:
        """Release the generation; the object cannot be used afterwards."""
        with self._lock:
            self._database.close()
        self._release()

    def search(
        self, vector: Matrix, top_k: int, without: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Return up to `top_k` (row, cosine) pairs for a (1, d) unit vector, best first.

        The cosine of a chunk is that of its nearest vector. Rows in `without` are passed over
        and take no place.
        """
        top_k = min(top_k, self.manifest.chunks - len(without))
        if top_k < 1:
            return []
        barred = np.flatnonzero(np.isin(self._owner, sorted(without)))
        depth, most = top_k, len(self._owner) - len(barred)
        while True:
            depth = min(DEEPER * depth, most)
            best: dict[int, float] = {}
            for place, score in self._nearest(vector, depth, barred):
                best.setdefault(int(self._owner[place]), score)
            # What is not a number is near to nothing: there can be fewer in the end.
            if len(best) >= top_k or depth == most:
                return list(best.items())[:top_k]

    def _nearest(self, vector: Matrix, depth: int, barred: Any) -> list[tuple[int, float]]:
        """Return `depth` (place, cosine) pairs of single vectors, best first."""
        import faiss

        # The stub of the SWIG class knows no keywords.
        chosen = faiss.IDSelectorNot(faiss.IDSelectorBatch(barred))
        parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        scores, places = self._vectors.search(vector, depth, params=parameters)
        pairs = zip(places[0], scores[0], strict=True)
        return [(int(place), float(score)) for place, score in pairs if place >= 0]

    def search_text(
        self, terms: Sequence[str], top_k: int, without: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Return up to `top_k` (row, BM25) pairs for any of `terms`, best first.

        Rows in `without` are passed over and take no place.
        """
        query = " OR ".join(map(_quoted, dict.fromkeys(terms)))
        if not query:
            return []
        weights = ", ".join(map(str, COLUMN_WEIGHTS.values()))
        found = self._query(
            f"SELECT rowid, -bm25(full_text, {weights}) AS score FROM full_text "
            "WHERE full_text MATCH ? AND rowid NOT IN (SELECT value FROM json_each(?)) "
            "ORDER BY score DESC, rowid LIMIT ?",
            (query, json.dumps(sorted(without)), top_k),
        )
        return [(row, score) for row, score in found]

    def expired_rows(self, today: date) -> frozenset[int]:
        """Return the rows of chunks whose document was valid until a day before `today`."""
        found = self._query(
            "SELECT c.row FROM documents d JOIN chunks c ON c.document_id = d.id "
            "WHERE d.valid_until < ?",
            (today.isoformat(),),
        )
        return frozenset(row for (row,) in found)

    def document_frequency(self, term: str) -> int:
        """Return how many chunks hold `term`, after the full text's own stemming."""
        asked = (_quoted(term),)
        found = self._query("SELECT count(*) FROM full_text WHERE full_text MATCH ?", asked)
        return int(found[0][0])

    def chunks(self, rows: Sequence[int]) -> list[Chunk]:
        """Return the chunks at `rows`, in that order."""
        found = self._query(
            'SELECT c.row, c.id, c.document_id, d.title, c.heading_path, c.start, c."end", '
            'substr(d.text, c.start + 1, c."end" - c.start), c.pages '
            "FROM chunks c JOIN documents d ON d.id = c.document_id "
            "WHERE c.row IN (SELECT value FROM json_each(?))",
            (json.dumps(list(rows)),),
        )
        by_row = {
            row: Chunk(
                id_, doc, title, tuple(json.loads(path)), start, end, text, load_pages(pages)
            )
            for row, id_, doc, title, path, start, end, text, pages in found
        }
        return [by_row[row] for row in rows]

    def embedded(self) -> dict[str, int]:
        """Return the rows of chunks by the digest of the texts that their vectors are of."""
        return dict(self._query("SELECT embedded, row FROM chunks", ()))

    def vectors(self, row: int) -> Matrix:
        """Return the stored vectors of the chunk at `row` as (n, d) float32."""
        first, end = np.searchsorted(self._owner, [row, row + 1])
        found: Matrix = self._vectors.reconstruct_n(int(first), int(end - first))
        return found

    def cosines(self, rows: Sequence[int], vector: Matrix) -> list[float]:
        """Return for each of the chunks at `rows` the cosine of its vector nearest to `vector`,
        a (1, d) unit vector."""
        return [float((self.vectors(row) @ vector[0]).max()) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """Return one document with its text and blocks, or None when there is none of that id."""
        found = self._query(
            "SELECT id, title, text, digest, meta FROM documents WHERE id = ?", (document_id,)
        )
        return load_document(*found[0]) if found else None

    def documents(self) -> list[Document]:
        """Return all documents in order of id."""
        rows = self._query("SELECT id, title, text, digest, meta FROM documents ORDER BY id", ())
        return [load_document(*row) for row in rows]

    def documents_without_text(self) -> list[Document]:
        """Return all documents in order of id with neither text nor blocks, which can be those of
        many books."""
        rows = self._query(
            "SELECT id, title, '', digest, json_set(meta, '$.blocks', json('[]')) "
            "FROM documents ORDER BY id",
            (),
        )
        return [load_document(*row) for row in rows]

    def titles(self) -> dict[str, str]:
        """Return the title of each document by its id."""
        return dict(self._query("SELECT id, title FROM documents", ()))

    def review_dates(self, ids: Collection[str]) -> dict[str, tuple[date | None, date | None]]:
        """Return by id when these documents were last reviewed and when they are to be again."""
        found = self._query(
            "SELECT id, json_extract(meta, '$.reviewed'), json_extract(meta, '$.review_by') "
            "FROM documents WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(ids)),),
        )
        return {id_: (load_date(reviewed), load_date(by)) for id_, reviewed, by in found}

    def _query(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    def _check(self) -> None:
        """Compare counts and searches with those of the build."""
        try:
            counts = self._query(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM chunks), "
                "(SELECT total(vectors) FROM chunks)",
                (),
            )[0]
        except sqlite3.Error as error:
            raise IndexDamaged(
                f"{self.folder / CHUNKS} cannot be read ({error}). Run: waymark index"
            ) from None
        made = self.manifest
        if counts != (made.documents, made.chunks, made.vectors):
            raise IndexDamaged(f"{self.folder} holds texts of another build. Run: waymark index")
        if not all(still_found(self._vectors, probe) for probe in self.manifest.probes):
            raise IndexMismatch(
                f"A search in {self.folder} does not find what it found when it was built "
                "(another faiss?). Run: waymark index"
            )


def _hold(manifest: Path) -> int:
    """Open the manifest under a shared lock; return the descriptor that holds it."""
    try:
        descriptor = os.open(manifest, os.O_RDONLY)
    except (FileNotFoundError, NotADirectoryError):
        raise IndexDamaged(f"{manifest.parent} has no {MANIFEST}. Run: waymark index") from None
    try:
        held = files.try_lock(descriptor, shared=True)
    except IndexUnwritable:
        return descriptor  # nobody can build, so nobody collects, where there are no locks
    except BaseException:
        os.close(descriptor)
        raise
    if not held:
        os.close(descriptor)
        raise IndexDamaged(f"{manifest.parent} is being deleted. Run: waymark index")
    return descriptor


def _quoted(term: str) -> str:
    """A term as a string of the full text's query language."""
    return '"' + term.replace('"', '""') + '"'


def _load_vectors(path: Path, manifest: Manifest) -> Any:
    """Return the flat index of `path`; its size is settled before faiss allocates anything."""
    import faiss

    data = files.read(path)
    n, d = manifest.vectors, manifest.dimension
    if len(data) != FLAT_HEADER_BYTES + 4 * n * d or data[: FLAT_HEADER.size] != FLAT_HEADER.pack(
        b"IxFI", d, n
    ):
        raise IndexDamaged(f"{path} does not hold {n} vectors of {d} numbers. Run: waymark index")
    try:
        return faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
    except RuntimeError:
        raise IndexDamaged(f"{path} cannot be read. Run: waymark index") from None


def _open_database(path: Path) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        return sqlite3.connect(uri, uri=True, check_same_thread=False)
    except sqlite3.OperationalError as error:  # its bytes were just found right
        raise OSError(errno.EIO, str(error)) from None
