"""PDF → drafts with page numbers: lines from PDFium, put together to paragraphs and tables.

A PDF knows glyphs and places, not paragraphs. `page_layout` decides what lines belong together;
this module reads them and drops what repeats at the edges of pages. Only importer of pypdfium2.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

from waymark.errors import DocumentError
from waymark.page_layout import drafts_of
from waymark.parsing import Parsed, assemble
from waymark.reading_order import Cell, Line

MAX_PAGES = 2000
EDGE = 0.12  # of the height of a page, at its top and bottom, where headers and footers stand
MIN_REPEATS = 3  # pages
CELL_GAP = 1.0  # times the font size between two cells of one line, and
CELL_GAP_RATIO = 3.5  # times the narrowest space of the line, for justified text has wide ones
_HYPHENS = frozenset({2, 0xAD, 0xFFFE})  # how PDFium shows that a word was divided
_SPACES = _HYPHENS | {0xA0, 0x2007, 0x202F}
_PAGE_NUMBER = re.compile(r"^\W*(?:\d{1,4}|[ivxl]{1,6})\W*$")
_DIGITS = re.compile(r"\d+")
_NO_TITLE = re.compile(r"\.\w{2,4}$|^untitled|^microsoft", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)


def parse_pdf(raw: bytes) -> Parsed:
    """Parse a PDF. Raises DocumentError when it is protected, damaged or has no text."""
    document = _open(raw)
    count = len(document)
    if count > MAX_PAGES:
        raise DocumentError(f"has {count} pages; up to {MAX_PAGES} are read. Split the file")
    pages = [_lines(document, number) for number in range(count)]
    edges = [_edges(lines, document.get_page_size(number)[1]) for number, lines in enumerate(pages)]
    repeated = _repeated(edges)
    kept = [
        [line for line in lines if line not in edge or not _is_furniture(line, repeated)]
        for lines, edge in zip(pages, edges, strict=True)
    ]
    drafts = drafts_of(kept)
    if not drafts:
        raise DocumentError(
            "no text: its pages hold only pictures (a scan?). Run text recognition (OCR) first"
        )
    return assemble(drafts, _meta(document), _notes(pages, kept))


def _open(raw: bytes) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise DocumentError("is protected by a password. Save it without one") from None
        raise DocumentError("is a damaged or incomplete PDF") from None


def _notes(pages: Sequence[Sequence[Line]], kept: Sequence[Sequence[Line]]) -> list[str]:
    notes = []
    blank = [number for number, lines in enumerate(pages, 1) if not lines]
    if blank:
        shown = ", ".join(map(str, blank[:10])) + (" …" if len(blank) > 10 else "")
        notes.append(f"{len(blank)} of {len(pages)} pages hold no text (page {shown})")
    dropped = sum(map(len, pages)) - sum(map(len, kept))
    if dropped:
        notes.append(f"{dropped} lines of page headers and footers left out")
    return notes


def _meta(document: Any) -> dict[str, Any]:
    title = " ".join(document.get_metadata_value("Title").split())
    usable = len(title.split()) > 1 and not _NO_TITLE.search(title)
    return {"title": title} if usable else {}


def _edges(lines: Sequence[Line], height: float) -> list[Line]:
    inside = (EDGE * height, (1 - EDGE) * height)
    return [line for line in lines if not inside[0] < line.baseline < inside[1]]


def _key(line: Line) -> tuple[str, int]:
    """A line that repeats at the same height, apart from its numbers."""
    return _DIGITS.sub("0", line.text), round(line.bottom / 4)


def _is_furniture(line: Line, repeated: Collection[tuple[str, int]]) -> bool:
    return _key(line) in repeated or bool(_PAGE_NUMBER.match(line.text))


def _repeated(edges: Sequence[Sequence[Line]]) -> set[tuple[str, int]]:
    seen = Counter(key for lines in edges for key in {_key(line) for line in lines})
    return {key for key, times in seen.items() if times >= max(MIN_REPEATS, len(edges) / 4)}


def _lines(document: Any, number: int) -> list[Line]:
    """The lines of text of one page in PDFium's reading order."""
    page = document[number]
    textpage = page.get_textpage()
    reader = _PageReader(textpage, number + 1)
    try:
        return list(reader.lines())
    finally:
        textpage.close()
        page.close()


class _PageReader:
    """Characters of a page with their boxes, sizes and fonts."""

    def __init__(self, textpage: Any, page: int) -> None:
        import ctypes

        from pypdfium2 import raw

        self._api, self._ctypes = raw, ctypes
        self._handle, self._page = textpage, page

    def lines(self) -> Iterator[Line]:
        count = self._api.FPDFText_CountChars(self._handle)
        codes = [self._api.FPDFText_GetUnicode(self._handle, index) for index in range(count)]
        start = 0
        for index, code in enumerate([*codes, 10]):
            if code not in (10, 13):
                continue
            line = self._line(codes, start, index)
            if line:
                yield line
            start = index + 1

    def _line(self, codes: Sequence[int], start: int, end: int) -> Line | None:
        shown = [i for i in range(start, end) if codes[i] > 32 and codes[i] not in _SPACES]
        if not shown:
            return None
        first, last = shown[0], shown[-1]
        size = self._size(first)
        cells = self._cells(codes, shown, size)
        return Line(
            text=" ".join(cell.text for cell in cells),
            left=self._box(first)[0],
            right=self._box(last)[2],
            baseline=self._baseline(first),
            bottom=self._baseline(last),
            size=round(size * 2) / 2,
            bold=self._bold(first),
            page=self._page,
            cells=tuple(cells),
            hyphenated=codes[end - 1] in _HYPHENS,
        )

    def _cells(self, codes: Sequence[int], shown: Sequence[int], size: float) -> list[Cell]:
        """Split where the distance between two words is far wider than a space of this line."""
        gaps = dict(self._gaps(codes, shown))
        wide = max(CELL_GAP * size, CELL_GAP_RATIO * min(gaps.values(), default=0.0))
        if min(gaps.values(), default=0.0) > CELL_GAP * size:
            wide = CELL_GAP * size
        cells: list[Cell] = []
        text, start = "", shown[0]
        for before, index in zip([shown[0], *shown], shown, strict=False):
            if gaps.get(index, 0.0) > wide:
                cells.append(Cell(text, self._box(start)[0], self._box(before)[2]))
                text, start = "", index
            elif index in gaps:
                text += " "
            text += _character(codes[index])
        cells.append(Cell(text, self._box(start)[0], self._box(shown[-1])[2]))
        return [cell for cell in cells if cell.text.strip()]

    def _gaps(self, codes: Sequence[int], shown: Sequence[int]) -> Iterator[tuple[int, float]]:
        """For each character that opens a word, how far it is from the word before."""
        for before, index in pairwise(shown):
            if index - before > 1 and not _HYPHENS.intersection(codes[before + 1 : index]):
                yield index, self._box(index)[0] - self._box(before)[2]

    def _box(self, index: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in points; y grows upwards."""
        left, right, bottom, top = (self._ctypes.c_double() for _ in range(4))
        self._api.FPDFText_GetCharBox(self._handle, index, left, right, bottom, top)
        return left.value, bottom.value, right.value, top.value

    def _baseline(self, index: int) -> float:
        x, y = self._ctypes.c_double(), self._ctypes.c_double()
        self._api.FPDFText_GetCharOrigin(self._handle, index, x, y)
        return y.value

    def _size(self, index: int) -> float:
        """Font size in points as shown: some files set size 1 and enlarge it by a matrix."""
        matrix = self._api.FS_MATRIX()
        size: float = self._api.FPDFText_GetFontSize(self._handle, index)
        if self._api.FPDFText_GetMatrix(self._handle, index, matrix):
            size *= self._ctypes.c_float(abs(complex(matrix.c, matrix.d))).value or 1.0
        return max(size, 1.0)

    def _bold(self, index: int) -> bool:
        if self._api.FPDFText_GetFontWeight(self._handle, index) >= 600:
            return True
        name = self._ctypes.create_string_buffer(128)
        flags = self._ctypes.c_int()
        self._api.FPDFText_GetFontInfo(self._handle, index, name, 128, flags)
        return bool(_BOLD.search(name.value.decode("utf-8", "ignore")))


def _character(code: int) -> str:
    if code in _HYPHENS or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    return chr(code)
