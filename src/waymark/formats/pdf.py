"""PDF → drafts with page numbers: lines from PDFium, put together to paragraphs and tables.

A PDF knows glyphs and places, not paragraphs. `page_layout` decides what lines belong together and
`page_edges` which repeat on the pages; this module reads them. Only importer of pypdfium2.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from waymark.errors import DocumentError
from waymark.formats.page_edges import without_headers_and_footers
from waymark.formats.page_layout import drafts_of
from waymark.formats.parsing import Parsed, assemble
from waymark.formats.reading_order import Cell, Line

MAX_PAGES = 2000
MAX_GROUNDS = 2000  # shapes of a page that white text may stand on; of more, all is seen
WHITE = 250  # of 255, from which red, green and blue are white on paper
CELL_GAP = 1.0  # times the font size between two cells of one line, and
CELL_GAP_RATIO = 3.5  # times the narrowest space of the line, for justified text has wide ones
_HYPHENS = frozenset({2, 0xAD, 0xFFFE})  # how PDFium shows that a word was divided
_SPACES = _HYPHENS | {0xA0, 0x2007, 0x202F}
_NO_TITLE = re.compile(r"\.\w{2,4}$|^untitled|^microsoft", re.IGNORECASE)
_BOLD = re.compile(r"bold|black|heavy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Page:
    """Lines in PDFium's reading order, the bottom and top of the page, its words not seen."""

    lines: Sequence[Line]
    extent: tuple[float, float]
    unseen: int


def parse_pdf(raw: bytes) -> Parsed:
    """Parse a PDF. Raises DocumentError when it is protected, damaged or has no text."""
    document = _open(raw)
    count = len(document)
    if count > MAX_PAGES:
        raise DocumentError(f"has {count} pages; up to {MAX_PAGES} are read. Split the file")
    pages = [_page(document, number) for number in range(count)]
    kept = without_headers_and_footers([p.lines for p in pages], [p.extent for p in pages])
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


def _notes(pages: Sequence[_Page], kept: Sequence[Sequence[Line]]) -> list[str]:
    notes = []
    blank = [number for number, page in enumerate(pages, 1) if not page.lines]
    if blank:
        shown = ", ".join(map(str, blank[:10])) + (" …" if len(blank) > 10 else "")
        notes.append(f"{len(blank)} of {len(pages)} pages hold no text (page {shown})")
    dropped = sum(len(page.lines) for page in pages) - sum(map(len, kept))
    if dropped:
        notes.append(f"{dropped} lines of page headers and footers left out")
    unseen = sum(page.unseen for page in pages)
    if unseen:
        notes.append(f"{unseen} words that readers cannot see left out")
    return notes


def _meta(document: Any) -> dict[str, Any]:
    title = " ".join(document.get_metadata_value("Title").split())
    usable = len(title.split()) > 1 and not _NO_TITLE.search(title)
    return {"title": title} if usable else {}


def _page(document: Any, number: int) -> _Page:
    page = document[number]
    textpage = page.get_textpage()
    reader = _PageReader(page, textpage, number + 1)
    try:
        lines = list(reader.lines())
        return _Page(lines, (reader.box[1], reader.box[3]), reader.unseen)
    finally:
        textpage.close()
        page.close()


class _PageReader:
    """Characters of a page with their boxes, sizes and fonts; `unseen` counts words left out."""

    def __init__(self, page: Any, textpage: Any, number: int) -> None:
        import ctypes

        from pypdfium2 import raw

        self._api, self._ctypes = raw, ctypes
        self._page, self._handle, self._number = page, textpage, number
        self.box: tuple[float, float, float, float] = page.get_bbox()
        self.unseen = 0
        self._corners = [ctypes.c_double() for _ in range(4)]
        self._channels = [ctypes.c_uint() for _ in range(4)]

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
        printed = [i for i in range(start, end) if codes[i] > 32 and codes[i] not in _SPACES]
        shown = list(self._seen(printed))
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
            page=self._number,
            cells=tuple(cells),
            hyphenated=codes[end - 1] in _HYPHENS,
        )

    def _seen(self, printed: Sequence[int]) -> Iterator[int]:
        """The characters of words that readers see; a word is judged by its first character."""
        before, seen = -1, True
        for index in printed:
            if index != before + 1 or before < 0:
                seen = not (self._is_off_page(index) or self._is_white_on_white(index))
                self.unseen += not seen
            if seen:
                yield index
            before = index

    def _is_off_page(self, index: int) -> bool:
        left, bottom, right, top = self._box(index)
        page = self.box
        return right < page[0] or left > page[2] or top < page[1] or bottom > page[3]

    def _is_white_on_white(self, index: int) -> bool:
        """Whether it is only filled, in white, and nothing is drawn where it stands."""
        if not self._is_white(self._api.FPDFText_GetFillColor, self._handle, index):
            return False
        drawn = self._api.FPDFText_GetTextObject(self._handle, index)
        if self._api.FPDFTextObj_GetTextRenderMode(drawn) != self._api.FPDF_TEXTRENDERMODE_FILL:
            return False
        left, bottom, right, top = self._box(index)
        x, y = (left + right) / 2, (bottom + top) / 2
        return not any(a <= x <= c and b <= y <= d for a, b, c, d in self._grounds)

    @cached_property
    def _grounds(self) -> Sequence[tuple[float, float, float, float]]:
        """Boxes of pictures, forms and shapes that are not white."""
        if self._api.FPDFPage_CountObjects(self._page) > MAX_GROUNDS:
            return [self.box]
        objects = self._page.get_objects(max_depth=1)
        return [drawn.get_bounds() for drawn in objects if self._is_ground(drawn)]

    def _is_ground(self, drawn: Any) -> bool:
        if drawn.type != self._api.FPDF_PAGEOBJ_PATH:
            return bool(drawn.type != self._api.FPDF_PAGEOBJ_TEXT)
        fill, stroke = self._ctypes.c_int(), self._ctypes.c_int()
        self._api.FPDFPath_GetDrawMode(drawn, fill, stroke)
        return bool(stroke) or not self._is_white(self._api.FPDFPageObj_GetFillColor, drawn)

    def _is_white(self, fill_colour: Any, *of: Any) -> bool:
        *rgb, alpha = self._channels
        return fill_colour(*of, *rgb, alpha) and all(c.value >= WHITE for c in rgb)

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
        left, right, bottom, top = self._corners
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
