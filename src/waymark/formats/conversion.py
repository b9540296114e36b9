"""Bytes of one file → its readable text, by what its name and its content say it is.

A file whose content is not what its name says is refused with both, so that nobody wonders why a
saved login page was indexed as a PDF. Each format is read by one function, whose library is only
imported when such a file comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from waymark.errors import DocumentError
from waymark.formats.content_types import NAMES, content_type
from waymark.formats.encoding import decode
from waymark.formats.front_matter import split_front_matter
from waymark.formats.markdown import parse_markdown
from waymark.formats.parsing import Parsed, clean_text, parse_plain

PARSER_VERSION = 4  # raise it whenever a file can come out differently: all files are read anew


@dataclass(frozen=True, slots=True)
class Format:
    """How files of a format are read, and whether away from the program (`isolation`)."""

    parse: Callable[[bytes], Parsed]
    content: frozenset[str]  # of `content_types` that a file with such a name may hold
    max_bytes: int
    isolated: bool = True


def _text(parse: Callable[[str], Parsed], markup: bool = False) -> Callable[[bytes], Parsed]:
    def read(raw: bytes) -> Parsed:
        text, notes = decode(raw, markup)
        meta, body = split_front_matter(clean_text(text))
        parsed = parse(body)
        return replace(parsed, meta={**parsed.meta, **meta}, notes=(*notes, *parsed.notes))

    return read


def _webpage(body: str) -> Parsed:
    from waymark.formats.webpage import parse_webpage

    return parse_webpage(body)


def _pdf(raw: bytes) -> Parsed:
    from waymark.formats.pdf import parse_pdf

    return parse_pdf(raw)


def _docx(raw: bytes) -> Parsed:
    from waymark.formats.office import parse_docx

    return parse_docx(raw)


def _pptx(raw: bytes) -> Parsed:
    from waymark.formats.office import parse_pptx

    return parse_pptx(raw)


def _epub(raw: bytes) -> Parsed:
    from waymark.formats.office import parse_epub

    return parse_epub(raw)


def _xlsx(raw: bytes) -> Parsed:
    from waymark.formats.spreadsheets import parse_xlsx

    return parse_xlsx(raw)


def _csv(raw: bytes) -> Parsed:
    from waymark.formats.spreadsheets import parse_csv

    return parse_csv(raw)


def _tsv(raw: bytes) -> Parsed:
    from waymark.formats.spreadsheets import parse_csv

    return parse_csv(raw, "\t")


_WRITTEN = frozenset({"text", "html"})  # a text may begin with a tag
_MARKDOWN = Format(_text(parse_markdown), _WRITTEN, 10_000_000, isolated=False)
_HTML = Format(_text(_webpage, markup=True), _WRITTEN, 20_000_000)

FORMATS: Mapping[str, Format] = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": Format(_text(parse_plain), _WRITTEN, 10_000_000, isolated=False),
    ".html": _HTML,
    ".htm": _HTML,
    ".xhtml": _HTML,
    ".pdf": Format(_pdf, frozenset({"pdf"}), 100_000_000),
    ".docx": Format(_docx, frozenset({"docx"}), 50_000_000),
    ".pptx": Format(_pptx, frozenset({"pptx"}), 100_000_000),
    ".xlsx": Format(_xlsx, frozenset({"xlsx"}), 20_000_000),
    ".epub": Format(_epub, frozenset({"epub"}), 50_000_000),
    ".csv": Format(_csv, frozenset({"text"}), 20_000_000),
    ".tsv": Format(_tsv, frozenset({"text"}), 20_000_000),
}
# Documents that are not read, and how to make them readable; other files are no documents.
UNREAD: Mapping[str, str] = {
    ".doc": "save it as .docx or PDF",
    ".rtf": "save it as .docx or PDF",
    ".odt": "save it as .docx or PDF",
    ".pages": "save it as .docx or PDF",
    ".ppt": "save it as .pptx or PDF",
    ".odp": "save it as .pptx or PDF",
    ".key": "save it as .pptx or PDF",
    ".xls": "save it as .xlsx or CSV",
    ".ods": "save it as .xlsx or CSV",
    ".numbers": "save it as .xlsx or CSV",
    ".msg": "save its text as .txt or PDF",
    ".eml": "save its text as .txt or PDF",
    ".mobi": "save it as EPUB or PDF",
    ".mht": "save it as HTML",
    ".mhtml": "save it as HTML",
    ".xlsm": "save it as .xlsx or CSV",
    ".zip": "unpack it",
}


def check_size(suffix: str, size: int) -> None:
    """Raise DocumentError when a file named `suffix` has too many bytes."""
    most = FORMATS[suffix].max_bytes
    if size > most:
        raise DocumentError(f"larger than {most // 1_000_000} MB")


def check(suffix: str, raw: bytes) -> None:
    """Raise DocumentError when a file named `suffix` is too large, empty or something else."""
    check_size(suffix, len(raw))
    found = content_type(raw)
    if found == "empty":
        raise DocumentError("no text: the file is empty")
    if found == "protected":
        raise DocumentError("is protected by a password. Save it without one")
    if found not in FORMATS[suffix].content:
        raise DocumentError(f"is named {suffix} but is {NAMES[found]}")


def convert(suffix: str, raw: bytes) -> Parsed:
    """Read a file that `check` let through, in this process.

    Raises DocumentError when it is not usable; a library's own errors are named in it.
    """
    try:
        parsed = FORMATS[suffix].parse(raw)
    except (DocumentError, MemoryError):
        raise
    # Libraries for strangers' files fail in too many ways to list; one bad file is one line.
    except Exception as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())
        raise DocumentError(f"cannot be read ({told[:200]})") from error
    if all(block.kind == "heading" for block in parsed.blocks):
        raise DocumentError("no text below its headings" if parsed.blocks else "no text")
    return parsed
