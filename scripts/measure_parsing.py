"""A folder of real files → what each library gets out of them, beside what Waymark does.

For each file: words, headings, list items and table rows kept, the share of the words of
`expected_outputs/NAME.md` (where a file has one) that were found, and seconds. Waymark reads each
file as the index does, in its child process; other libraries are compared where they are installed.

Usage: measure_parsing.py FOLDER… [--only-waymark]
"""

import argparse
import io
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from waymark.errors import DocumentError
from waymark.formats.conversion import FORMATS, UNREAD, check
from waymark.formats.isolation import IsolatedConverter
from waymark.formats.markdown import parse_markdown
from waymark.types import Block


@dataclass(frozen=True)
class Outcome:
    """What a library got out of a file, or why it got nothing."""

    text: str
    blocks: tuple[Block, ...] = ()
    reason: str = ""

    def kinds(self) -> str:
        """Headings / list items / table rows."""
        found = Counter(block.kind for block in self.blocks)
        return f"{found['heading']}/{found['item']}/{found['row']}" if self.blocks else "–"


Reader = Callable[[bytes], Outcome]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    arguments.add_argument("--only-waymark", action="store_true")
    chosen = arguments.parse_args()
    print(f"{'file':44} {'library':12} {'words':>7} {'h/li/rows':>12} {'expected':>8} {'s':>6}")
    totals: Counter[str] = Counter()
    with IsolatedConverter() as converter:
        for path in files(chosen.folders):
            libraries = {"waymark": waymark(path.suffix.lower(), converter)}
            if not chosen.only_waymark:
                libraries |= others(path.suffix.lower())
            for library, read in libraries.items():
                kind = report(path, library, read)
                if library == "waymark":
                    totals[kind] += 1
    print(", ".join(f"{count} {kind}" for kind, count in totals.most_common()))


def files(folders: list[Path]) -> Iterator[Path]:
    """Every file below the folders that is no expected output."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.parent.name != "expected_outputs":
                yield path


def report(path: Path, library: str, read: Reader) -> str:
    """Print a line on one file and return what became of it."""
    raw = path.read_bytes()
    begin = time.perf_counter()
    outcome = read(raw)
    seconds = time.perf_counter() - begin
    words = len(outcome.text.split())
    found = expected_share(path, outcome.text)
    shown = "–" if found is None else f"{found:.0%}"
    print(
        f"{path.name[:44]:44} {library:12} {words:7} {outcome.kinds():>12} {shown:>8} "
        f"{seconds:6.2f} {outcome.reason[:90]}"
    )
    return "read" if words else "no document" if outcome.reason == NO_DOCUMENT else "refused"


NO_DOCUMENT = "no document"


def waymark(suffix: str, converter: IsolatedConverter) -> Reader:
    """Read as the index does."""

    def read(raw: bytes) -> Outcome:
        if suffix not in FORMATS:
            return Outcome("", reason=UNREAD.get(suffix, NO_DOCUMENT))
        try:
            check(suffix, raw)
            parsed = converter.convert(suffix, raw)
        except DocumentError as error:
            return Outcome("", reason=str(error))
        return Outcome(parsed.text, parsed.blocks, "; ".join(parsed.notes))

    return read


def expected_share(path: Path, text: str) -> float | None:
    """Which share of the expected words was found, each as often as it is expected."""
    expected = path.parent / "expected_outputs" / f"{path.stem}.md"
    if not expected.is_file() or not expected.stat().st_size or path.suffix != ".pdf":
        return None
    wanted = words_of(expected.read_text(encoding="utf-8"))
    found = words_of(text)
    return (wanted & found).total() / max(1, wanted.total())


def words_of(text: str) -> Counter[str]:
    """Words and figures of a text, without the marks of tables and rules."""
    return Counter(re.findall(r"\w+(?:[.,/-]\w+)*", text.casefold()))


def others(suffix: str) -> Mapping[str, Reader]:
    """The other libraries that read such files and are installed here."""
    candidates: dict[str, dict[str, Reader]] = {
        ".pdf": {"pypdf": pypdf, "pdfplumber": pdfplumber},
        ".html": {"trafilatura": trafilatura},
        ".docx": {"docx": python_docx},
        ".xlsx": {"python_calamine": calamine},
    }
    found = {n: guarded(r) for n, r in candidates.get(suffix, {}).items() if find_spec(n)}
    if suffix in FORMATS and find_spec("markitdown"):
        found["markitdown"] = guarded(markitdown(suffix))
    return found


def guarded(read: Reader) -> Reader:
    """A library's failure as an outcome."""

    def safely(raw: bytes) -> Outcome:
        try:
            return read(raw)
        except Exception as error:
            return Outcome("", reason=f"{type(error).__name__}: {error}".replace("\n", " "))

    return safely


def pypdf(raw: bytes) -> Outcome:
    """Plain text."""
    from pypdf import PdfReader

    return Outcome("\n\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages))


def pdfplumber(raw: bytes) -> Outcome:
    """Text, and the rows of ruled tables."""
    import pdfplumber as library

    rows: list[Block] = []
    with library.open(io.BytesIO(raw)) as document:
        parts = []
        for page in document.pages:
            parts.append(page.extract_text() or "")
            for table in page.extract_tables():
                rows += [Block("row", 0, 0)] * len(table)
            page.close()
    return Outcome("\n".join(parts), tuple(rows))


def markitdown(suffix: str) -> Reader:
    """Markdown."""

    def read(raw: bytes) -> Outcome:
        from markitdown import MarkItDown

        text = MarkItDown().convert_stream(io.BytesIO(raw), file_extension=suffix).text_content
        return Outcome(text, parse_markdown(text).blocks)

    return read


def trafilatura(raw: bytes) -> Outcome:
    """The main content as Markdown."""
    from trafilatura import extract

    text = extract(raw, output_format="markdown", include_tables=True) or ""
    return Outcome(text, parse_markdown(text).blocks)


def python_docx(raw: bytes) -> Outcome:
    """Paragraphs and tables."""
    from docx import Document

    document = Document(io.BytesIO(raw))
    parts = [p.text for p in document.paragraphs]
    rows = [Block("row", 0, 0)] * sum(len(table.rows) for table in document.tables)
    parts += [c.text for table in document.tables for row in table.rows for c in row.cells]
    return Outcome("\n".join(parts), tuple(rows))


def calamine(raw: bytes) -> Outcome:
    """Values of cells."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    text = "\n".join(" ".join(map(str, row)) for row in rows)
    return Outcome(text, (Block("row", 0, 0),) * len(rows))


if __name__ == "__main__":
    main()
