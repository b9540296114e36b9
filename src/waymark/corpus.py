"""Corpus folder → Documents, and the files that had to be skipped, each with its reason.

Finds files and makes documents of them; leaves reading them to `conversion`, and complex formats
to its child process. A bad file never stops the build: it is named, skipped and reported.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from waymark.errors import CorpusError, DocumentError
from waymark.formats.conversion import FORMATS, PARSER_VERSION, UNREAD, check, check_size, convert
from waymark.formats.isolation import IsolatedConverter
from waymark.formats.parsing import Parsed, clean_text
from waymark.types import Document, Source

UNREADABLE = "cannot be read: "  # begins the reason where the system refuses a file or a folder
NO_DOCUMENT = (".", "~$")  # begin the names of hidden files, and of an office's lock files
IGNORED_NAMES = frozenset({"readme.md", "readme.txt", "license.md", "license.txt"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not part of the index, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in order of id, and what was skipped.

    What was left out of a document that was read is in its `notes`.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the ids and contents of the documents, and how they were read."""
        whole = hashlib.sha256()
        for document in self.documents:
            whole.update(f"{document.id}\0{document.digest}\0{document.parser}\n".encode())
        return whole.hexdigest()


def document_paths(folder: Path) -> list[Path]:
    """Return the files of `folder` that can be documents, in a stable order.

    Hidden files and folders, lock files of office programs, links and the folder's own README and
    licence are left out. Raises CorpusError when the folder does not exist.
    """
    return _find(folder)[0]


def load_corpus(
    folder: Path,
    on_read: Callable[[int, int], None] = lambda *_: None,
    known: Mapping[str, Document] | None = None,
) -> Corpus:
    """Read every document of `folder`; `on_read` is told how many of how many files are done.

    A document of `known` (id → document of an earlier generation) is taken over when its file has
    the same bytes and the parsers are the same. Raises CorpusError when the folder does not exist.
    """
    documents: dict[str, Document] = {}
    paths, skipped = _find(folder)
    with IsolatedConverter() as converter:
        for done, path in enumerate(paths, 1):
            name = path.relative_to(folder).as_posix()
            try:
                document = _load(path, folder, converter, known or {})
                if document.id in documents:
                    raise DocumentError(f"another file already has the id {document.id}")
                documents[document.id] = document
            except DocumentError as error:
                skipped.append(Skipped(name, str(error)))
            except OSError as error:
                skipped.append(Skipped(name, f"{UNREADABLE}{error.strerror}"))
            on_read(done, len(paths))
    skipped.sort(key=lambda entry: entry.path)
    return Corpus(tuple(documents[key] for key in sorted(documents)), tuple(skipped))


def _load(
    path: Path, folder: Path, converter: IsolatedConverter, known: Mapping[str, Document]
) -> Document:
    """Read one file. Raises DocumentError when it is not a usable document."""
    suffix = path.suffix.lower()
    check_size(suffix, path.stat().st_size)  # before it is read
    raw = path.read_bytes()
    identifier = path.relative_to(folder).with_suffix("").as_posix()
    digest, parser = hashlib.sha256(raw).hexdigest(), f"{suffix} {PARSER_VERSION}"
    before = known.get(identifier)
    if before and (before.digest, before.parser) == (digest, parser):
        return before
    check(suffix, raw)
    isolated = FORMATS[suffix].isolated or b"<" in raw  # Markdown may hold HTML
    parsed = (converter.convert if isolated else convert)(suffix, raw)
    return _document(identifier, parsed, digest, parser)


def _find(folder: Path) -> tuple[list[Path], list[Skipped]]:
    """The files that can be documents, in a stable order, and what else might be meant as one."""
    if not folder.is_dir():
        raise CorpusError(
            f"The corpus folder {folder} does not exist. Create it, or set WAYMARK_CORPUS."
        )
    paths, skipped = [], []
    for path, reason in _walk(folder):
        name = path.relative_to(folder).as_posix()
        shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        if name.lower() in IGNORED_NAMES:
            continue
        if reason or shown != name:
            skipped.append(Skipped(shown, reason or "its name is not UTF-8: rename it"))
        else:
            paths.append(path)
    return sorted(paths), skipped


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """What may be a document, each with the reason why it cannot be one, if there is one."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                suffix = Path(entry).suffix.lower()
                if entry.name.startswith(NO_DOCUMENT):
                    continue
                if entry.is_symlink():
                    if suffix in FORMATS or suffix in UNREAD or entry.is_dir():
                        yield Path(entry), "is a link, and links are not followed"
                elif entry.is_dir():
                    yield from _walk(Path(entry))
                elif suffix in UNREAD:
                    yield Path(entry), f"{suffix} is not read: {UNREAD[suffix]}"
                elif suffix in FORMATS:
                    yield Path(entry), "" if entry.is_file() else "is not a regular file"
    except OSError as error:
        yield folder, f"{UNREADABLE}{error.strerror}"


def _document(identifier: str, parsed: Parsed, digest: str, parser: str) -> Document:
    meta = parsed.meta
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
        parser=parser,
        notes=parsed.notes,
    )


def _line(value: object) -> str:
    return "" if value is None else " ".join(clean_text(str(value)).split())


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
    known = isinstance(year, int) and not isinstance(year, bool) and 0 < year < 10_000
    return Source(_line(entry.get("publisher")), _line(entry.get("title")), year if known else None)
