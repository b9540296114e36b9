"""Corpus folder → Documents, and the files that had to be skipped, each with its reason.

Reads files and their front matter; leaves the text itself to `parsing`. A bad file never stops
the build: it is named, skipped and reported.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from waymark.errors import CorpusError, DocumentError
from waymark.parsing import Parsed, clean_text, parse_html, parse_markdown, parse_plain
from waymark.types import Document, Source

PARSERS = {
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".txt": parse_plain,
    ".html": parse_html,
    ".htm": parse_html,
}
MAX_BYTES = 10_000_000
IGNORED_NAMES = frozenset({"readme.md", "readme.txt", "license.md", "license.txt"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not part of the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in order of id, and what was skipped."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the ids and contents of the documents."""
        whole = hashlib.sha256()
        for document in self.documents:
            whole.update(f"{document.id}\0{document.digest}\n".encode())
        return whole.hexdigest()


def document_paths(folder: Path) -> list[Path]:
    """Return the files of `folder` that can be documents, in a stable order.

    Hidden files and folders, links and the folder's own README and licence are left out.
    Raises CorpusError when the folder does not exist.
    """
    if not folder.is_dir():
        raise CorpusError(
            f"The corpus folder {folder} does not exist. Create it, or set WAYMARK_CORPUS."
        )
    return sorted(path for path in _walk(folder) if path.suffix.lower() in PARSERS)


def load_corpus(folder: Path, on_read: Callable[[int, int], None] = lambda *_: None) -> Corpus:
    """Read every document of `folder`; `on_read` is told how many of how many files are done.

    Raises CorpusError when the folder does not exist.
    """
    documents: dict[str, Document] = {}
    skipped: list[Skipped] = []
    paths = document_paths(folder)
    for done, path in enumerate(paths, 1):
        name = path.relative_to(folder).as_posix()
        try:
            document = load_document(path, folder)
            if document.id in documents:
                raise DocumentError(f"another file already has the id {document.id}")
            documents[document.id] = document
        except DocumentError as error:
            skipped.append(Skipped(name, str(error)))
        except OSError as error:
            skipped.append(Skipped(name, f"cannot be read: {error.strerror}"))
        on_read(done, len(paths))
    return Corpus(tuple(documents[key] for key in sorted(documents)), tuple(skipped))


def load_document(path: Path, folder: Path) -> Document:
    """Read one file. Raises DocumentError when it is not a usable document."""
    if path.stat().st_size > MAX_BYTES:
        raise DocumentError(f"larger than {MAX_BYTES // 1_000_000} MB")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"not UTF-8 text (byte {error.start})") from None
    meta, body = split_front_matter(clean_text(text))
    parsed = PARSERS[path.suffix.lower()](body)
    if not parsed.text:
        raise DocumentError("no text")
    identifier = path.relative_to(folder).with_suffix("").as_posix()
    return _document(identifier, parsed, meta, hashlib.sha256(raw).hexdigest())


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Split YAML front matter from the body. Raises DocumentError, with the line, when broken."""
    if not text.startswith("---\n"):
        return {}, text
    end = text.find("\n---", 3)
    if end < 0:
        raise DocumentError("the front matter that starts in line 1 is never closed with ---")
    try:
        meta = yaml.safe_load(text[4 : end + 1])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise DocumentError(f"front matter, line {line}: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"front matter: {error}") from None
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise DocumentError("front matter must be a mapping of keys to values")
    return meta, text[end + 4 :].partition("\n")[2]


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.name.lower() not in IGNORED_NAMES:
            yield entry


def _document(identifier: str, parsed: Parsed, meta: Mapping[str, Any], digest: str) -> Document:
    fallback = parsed.first_heading or identifier.rsplit("/", 1)[-1]
    return Document(
        id=identifier,
        title=_line(meta.get("title")) or fallback,
        text=parsed.text,
        blocks=parsed.blocks,
        digest=digest,
        summary=_line(meta.get("summary")),
        topic=_line(meta.get("topic")),
        audience=_lines(meta.get("audience")),
        region=_line(meta.get("region")),
        reviewed=_date(meta, "reviewed"),
        review_by=_date(meta, "review_by"),
        valid_until=_date(meta, "valid_until"),
        sources=_sources(meta.get("sources")),
        aliases=_lines(meta.get("aliases")),
        related=_lines(meta.get("related")),
        questions=_lines(meta.get("questions")),
    )


def _line(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _lines(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    values = value if isinstance(value, list) else [value]
    return tuple(line for line in map(_line, values) if line)


def _date(meta: Mapping[str, Any], key: str) -> date | None:
    value = meta.get(key)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        raise DocumentError(f"front matter: {key} must be a date like 2026-01-31") from None


def _sources(value: object) -> tuple[Source, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise DocumentError("front matter: sources must be a list of publisher, title, year")
    return tuple(_source(entry) for entry in value)


def _source(entry: Mapping[str, Any]) -> Source:
    year = entry.get("year")
    return Source(
        _line(entry.get("publisher")),
        _line(entry.get("title")),
        year if isinstance(year, int) and not isinstance(year, bool) else None,
    )
