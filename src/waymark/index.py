"""One immutable generation: vectors, documents, chunks, full text and the manifest over them.

Writes, verifies, opens and searches one folder; `publishing` decides which folder is current.
Only importer of faiss. Distances never leave this file: every score is higher-is-better.
"""

import json
import sqlite3
import threading
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from waymark.errors import IndexDamaged, IndexMismatch
from waymark.files import sha256_file
from waymark.types import Block, Chunk, Document, Matrix, Source

SCHEMA = 4  # of the tables and of the stored fields of a document
MANIFEST = "manifest.json"
VECTORS = "vectors.faiss"
CHUNKS = "chunks.sqlite"

# Weights of the full-text columns in bm25(): a hit in the title or an alias says more about
# what a passage is about than one in its body.
COLUMN_WEIGHTS = {"title": 2.0, "heading": 2.0, "aliases": 1.0, "body": 1.0}

_TABLES = """
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL,
                        digest TEXT NOT NULL, meta TEXT NOT NULL,
                        valid_until TEXT) WITHOUT ROWID;
CREATE INDEX documents_that_expire ON documents(valid_until) WHERE valid_until IS NOT NULL;
CREATE TABLE chunks (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
                     document_id TEXT NOT NULL REFERENCES documents(id),
                     heading_path TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
                     pages TEXT NOT NULL);
CREATE INDEX chunks_by_document ON chunks(document_id);
CREATE VIRTUAL TABLE full_text USING fts5(title, heading, aliases, body,
                                          tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(full_text, row);
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of; binds its files together."""

    schema: int
    package: str
    embedding_model: str
    dimension: int
    chunking: dict[str, Any]
    corpus_digest: str
    documents: int
    chunks: int
    files: dict[str, dict[str, Any]]
    sequence: int
    created: str


def write_generation(
    folder: Path, documents: Sequence[Document], chunks: Sequence[Chunk], vectors: Matrix
) -> None:
    """Write vectors and texts into the empty `folder`; row i of `vectors` is `chunks[i]`.

    `vectors` is (n, d) float32 with unit rows. Raises OSError when the disk refuses.
    """
    if len(chunks) != len(vectors):
        raise ValueError(f"{len(vectors)} vectors for {len(chunks)} chunks")
    _write_chunks(folder / CHUNKS, documents, chunks)
    # faiss.write_index can lose the end of a file on a full disk without raising
    # (measured: reliability A-01); bytes written by Python cannot.
    import faiss

    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    (folder / VECTORS).write_bytes(faiss.serialize_index(flat).tobytes())


def describe_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return bytes and SHA-256 of each data file of a generation."""
    return {
        name: {"bytes": (folder / name).stat().st_size, "sha256": sha256_file(folder / name)}
        for name in (VECTORS, CHUNKS)
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest` as JSON into `folder`."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a generation. Raises IndexDamaged or IndexMismatch (schema)."""
    try:
        fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        schema = fields["schema"]
        manifest = Manifest(**fields) if schema == SCHEMA else None
    except FileNotFoundError:
        raise IndexDamaged(f"{folder} has no {MANIFEST}. Run: waymark index") from None
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"{folder / MANIFEST} is damaged ({error}). Run: waymark index"
        ) from None
    if manifest is None:
        raise IndexMismatch(
            f"{folder} has schema {schema}, this version reads {SCHEMA}. Run: waymark index"
        )
    return manifest


def verify_generation(folder: Path) -> Manifest:
    """Check every file of a generation against its manifest, byte for byte.

    Raises IndexDamaged naming the file, or IndexMismatch when the schema is another.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != expected["bytes"]:
            raise IndexDamaged(f"{path} is missing or has another size. Run: waymark index")
        if sha256_file(path) != expected["sha256"]:
            raise IndexDamaged(f"{path} has changed since it was built. Run: waymark index")
    return manifest


class Index:
    """A verified generation, open for searching. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Verify and open `folder`. Raises IndexDamaged or IndexMismatch."""
        import faiss

        self.folder = folder
        self.manifest = verify_generation(folder)
        data = np.frombuffer((folder / VECTORS).read_bytes(), dtype=np.uint8)
        try:
            self._vectors = faiss.deserialize_index(data)
        except RuntimeError:
            raise IndexDamaged(f"{folder / VECTORS} cannot be read. Run: waymark index") from None
        # One read-only connection behind a lock: queries take well under a millisecond.
        self._database = sqlite3.connect(
            f"{(folder / CHUNKS).resolve().as_uri()}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
        )
        self._lock = threading.Lock()
        shape = (self._vectors.ntotal, self._vectors.d)
        if shape != (self.manifest.chunks, self.manifest.dimension):
            self.close()
            raise IndexDamaged(f"{folder} holds vectors of another shape. Run: waymark index")

    @property
    def name(self) -> str:
        """The name of the generation."""
        return self.folder.name

    def close(self) -> None:
        """Release the database; the object cannot be used afterwards."""
        with self._lock:
            self._database.close()

    def search(
        self, vector: Matrix, top_k: int, without: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Return up to `top_k` (row, cosine) pairs for a (1, d) unit vector, best first.

        Rows in `without` are passed over and take no place.
        """
        import faiss

        top_k = min(top_k, self.manifest.chunks - len(without))
        if top_k < 1:
            return []
        barred = faiss.IDSelectorBatch(np.asarray(sorted(without), dtype=np.int64))
        # The stub of the SWIG class knows no keywords.
        chosen = faiss.IDSelectorNot(barred)
        parameters = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]
        scores, rows = self._vectors.search(vector, top_k, params=parameters)
        return [(int(r), float(s)) for r, s in zip(rows[0], scores[0], strict=True) if r >= 0]

    def search_text(
        self, terms: Sequence[str], top_k: int, without: Collection[int] = ()
    ) -> list[tuple[int, float]]:
        """Return up to `top_k` (row, BM25) pairs for any of `terms`, best first.

        Rows in `without` are passed over and take no place.
        """
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
        if not query:
            return []
        weights = ", ".join(str(COLUMN_WEIGHTS[c]) for c in ("title", "heading", "aliases", "body"))
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
        quoted = '"' + term.replace('"', '""') + '"'
        found = self._query("SELECT count(*) FROM full_text WHERE full_text MATCH ?", (quoted,))
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
                id_, doc, title, tuple(json.loads(path)), start, end, text, _load_pages(pages)
            )
            for row, id_, doc, title, path, start, end, text, pages in found
        }
        return [by_row[row] for row in rows]

    def chunk_rows(self) -> dict[str, int]:
        """Return the row of every chunk id."""
        return dict(self._query("SELECT id, row FROM chunks", ()))

    def vectors(self, rows: Sequence[int]) -> Matrix:
        """Return the stored vectors at `rows` as (n, d) float32."""
        found: Matrix = np.asarray(
            [self._vectors.reconstruct(row) for row in rows], dtype=np.float32
        )
        return found.reshape(len(rows), self.manifest.dimension)

    def document(self, document_id: str) -> Document | None:
        """Return one document with its text and blocks, or None when there is none of that id."""
        found = self._query(
            "SELECT id, title, text, digest, meta FROM documents WHERE id = ?", (document_id,)
        )
        return _load_document(*found[0]) if found else None

    def documents(self) -> list[Document]:
        """Return all documents in order of id."""
        rows = self._query("SELECT id, title, text, digest, meta FROM documents ORDER BY id", ())
        return [_load_document(*row) for row in rows]

    def _query(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()


def _write_chunks(path: Path, documents: Sequence[Document], chunks: Sequence[Chunk]) -> None:
    aliases = {document.id: ", ".join(document.aliases) for document in documents}
    with closing(sqlite3.connect(path)) as database, database:
        # The folder is private until it is published, and synced then: a journal buys nothing.
        database.execute("PRAGMA journal_mode = OFF")
        database.executescript(_TABLES)
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    d.id,
                    d.title,
                    d.text,
                    d.digest,
                    _dump_meta(d),
                    d.valid_until.isoformat() if d.valid_until else None,
                )
                for d in documents
            ],
        )
        database.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row,
                    c.id,
                    c.document_id,
                    json.dumps(c.heading_path),
                    c.start,
                    c.end,
                    json.dumps(c.pages),
                )
                for row, c in enumerate(chunks)
            ],
        )
        database.executemany(
            "INSERT INTO full_text (rowid, title, heading, aliases, body) VALUES (?, ?, ?, ?, ?)",
            [
                (row, c.title, c.heading, aliases[c.document_id], c.text)
                for row, c in enumerate(chunks)
            ],
        )


def _dump_meta(document: Document) -> str:
    fields = {
        key: value
        for key, value in asdict(document).items()
        if key not in ("id", "title", "text", "digest")
    }
    return json.dumps(fields, default=date.isoformat, ensure_ascii=False)


def _load_pages(pages: str) -> tuple[tuple[int, int], ...]:
    return tuple((start, page) for start, page in json.loads(pages))


def _load_document(id_: str, title: str, text: str, digest: str, meta: str) -> Document:
    fields = json.loads(meta)
    for key in ("reviewed", "review_by", "valid_until"):
        fields[key] = date.fromisoformat(fields[key]) if fields[key] else None
    for key in ("audience", "aliases", "related", "questions", "notes"):
        fields[key] = tuple(fields[key])
    fields["blocks"] = tuple(Block(**block) for block in fields["blocks"])
    fields["sources"] = tuple(Source(**source) for source in fields["sources"])
    return Document(id=id_, title=title, text=text, digest=digest, **fields)
