"""Documents and chunks ↔ the bytes of a SQLite database: its tables, its full text.

The database is made in memory and handed over as bytes, so that a generation is written by one
function that checks every write, and so that nothing of an older corpus can be left in it.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date

from waymark.types import Block, Chunk, Document, Source

_TABLES = """
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL,
                        digest TEXT NOT NULL, meta TEXT NOT NULL,
                        valid_until TEXT) WITHOUT ROWID;
CREATE INDEX documents_that_expire ON documents(valid_until) WHERE valid_until IS NOT NULL;
CREATE TABLE chunks (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
                     document_id TEXT NOT NULL REFERENCES documents(id),
                     heading_path TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
                     pages TEXT NOT NULL, vectors INTEGER NOT NULL, embedded TEXT NOT NULL);
CREATE INDEX chunks_by_document ON chunks(document_id);
CREATE VIRTUAL TABLE full_text USING fts5(title, heading, aliases, body,
                                          tokenize = 'porter unicode61 remove_diacritics 2');
"""


def database_bytes(
    documents: Sequence[Document], chunks: Sequence[Chunk], embedded: Sequence[tuple[int, str]]
) -> bytes:
    """Return the database of `documents` and `chunks`; the row of a chunk is its place, and
    `embedded` says of each how many vectors it has and of what they are, as a digest.

    Same input, same bytes.
    """
    with closing(sqlite3.connect(":memory:")) as database:
        with database:
            database.executescript(_TABLES)
            _insert_documents(database, documents)
            _insert_chunks(database, documents, chunks, embedded)
        return database.serialize()


def load_document(id_: str, title: str, text: str, digest: str, meta: str) -> Document:
    """Return the document of one row of the table `documents`."""
    fields = json.loads(meta)
    for key in ("reviewed", "review_by", "valid_until"):
        fields[key] = load_date(fields[key])
    for key in ("audience", "aliases", "related", "questions", "notes"):
        fields[key] = tuple(fields[key])
    fields["blocks"] = tuple(Block(**block) for block in fields["blocks"])
    fields["sources"] = tuple(Source(**source) for source in fields["sources"])
    return Document(id=id_, title=title, text=text, digest=digest, **fields)


def load_date(stored: str | None) -> date | None:
    """Return a date of the column `meta`, where there is one."""
    return date.fromisoformat(stored) if stored else None


def load_pages(pages: str) -> tuple[tuple[int, int], ...]:
    """Return the column `pages` of a chunk: where a page begins, and its number."""
    return tuple((start, page) for start, page in json.loads(pages))


def _insert_documents(database: sqlite3.Connection, documents: Sequence[Document]) -> None:
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


def _insert_chunks(
    database: sqlite3.Connection,
    documents: Sequence[Document],
    chunks: Sequence[Chunk],
    embedded: Sequence[tuple[int, str]],
) -> None:
    aliases = {document.id: ", ".join(document.aliases) for document in documents}
    database.executemany(
        "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row,
                c.id,
                c.document_id,
                json.dumps(c.heading_path),
                c.start,
                c.end,
                json.dumps(c.pages),
                *of,
            )
            for row, (c, of) in enumerate(zip(chunks, embedded, strict=True))
        ],
    )
    database.executemany(
        "INSERT INTO full_text (rowid, title, heading, aliases, body) VALUES (?, ?, ?, ?, ?)",
        [(row, c.title, c.heading, aliases[c.document_id], c.text) for row, c in enumerate(chunks)],
    )


def _dump_meta(document: Document) -> str:
    fields = {
        key: value
        for key, value in asdict(document).items()
        if key not in ("id", "title", "text", "digest")
    }
    return json.dumps(fields, default=date.isoformat, ensure_ascii=False)
