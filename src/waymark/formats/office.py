"""Word, PowerPoint and EPUB files → drafts. Only importer of mammoth and python-pptx.

mammoth turns Word's styles into HTML, which `markup` reads; python-pptx gives shapes in the order
of the slide. What readers cannot see and what neither library reads is left out and counted.
"""

import io
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from waymark.errors import DocumentError
from waymark.formats.archives import Archive
from waymark.formats.encoding import decode
from waymark.formats.parsing import Draft, Parsed, assemble
from waymark.formats.tables import Row, grid_drafts
from waymark.formats.webpage import parse_fragment
from waymark.formats.word_hidden import Styles, drop_hidden, styles_of

_DOCUMENT = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_STYLE_SHEET = "word/styles.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='toc 1'] => !
p[style-name='toc 2'] => !
p[style-name='toc 3'] => !
"""
_WRAPPERS = tuple(f"{_WORD}{name}" for name in ("fldSimple", "dir", "bdo"))  # unread by mammoth
_UNREAD = "An unrecognised element was ignored"  # begins its message
_CHARTS = ("chart", "chartex", "diagram")  # end the address that says what a graphic is
_TRUE = ("1", "true")
_CHAPTERS = ("application/xhtml+xml", "text/html")


def parse_docx(raw: bytes) -> Parsed:
    """Parse a Word document: headings by their styles, lists, tables, foot- and endnotes."""
    import mammoth

    archive = Archive(raw)
    changed: dict[str, bytes] = {}
    styles = Styles()
    if _STYLE_SHEET in archive.names:
        sheet = _xml(archive.read(_STYLE_SHEET))
        styles = styles_of(sheet)
        changed[_STYLE_SHEET] = _style_names(sheet)
    parts = (_DOCUMENT, *(name for name in _NOTES if name in archive.names))
    roots = {part: _unwrapped(_xml(archive.read(part))) for part in parts}
    hidden = sum(drop_hidden(root, styles) for root in roots.values())
    changed |= {part: _written(root) for part, root in roots.items()}
    result = mammoth.convert_to_html(
        archive.repack(changed),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda _: {"src": ""}),
    )
    left_out = {
        "words set to hidden": hidden,
        "words of equations and other parts that are not read": _unread(result.messages, roots),
        "charts and diagrams": sum(map(_charts, roots.values())),
    }
    return assemble(parse_fragment(result.value), _core(archive), _notes(left_out))


def _unwrapped(root: Any) -> Any:
    from lxml.etree import strip_tags

    strip_tags(root, *_WRAPPERS)
    return root


def _unread(messages: Collection[Any], roots: Mapping[str, Any]) -> int:
    """How many words the elements hold that mammoth says it has ignored."""
    told = [message.message for message in messages if message.message.startswith(_UNREAD)]
    names = {f"{{*}}{re.split('[:}]', text)[-1]}" for text in told}
    unread = [element for root in roots.values() for element in root.iter(*names)] if names else []
    return _text_words(unread)


def _charts(root: Any) -> int:
    kinds = (graphic.get("uri", "").rpartition("/")[2] for graphic in root.iter("{*}graphicData"))
    return sum(kind in _CHARTS for kind in kinds)


def _text_words(elements: Collection[Any]) -> int:
    texts = {text for element in elements for text in element.iter("{*}t")}
    return sum(len((text.text or "").split()) for text in texts)


def _notes(left_out: Mapping[str, int]) -> list[str]:
    return [f"{count} {what} left out" for what, count in left_out.items() if count]


def _style_names(sheet: Any) -> bytes:
    """The style sheet without looks: only names and numbering matter, and it is read slowly."""
    for part in list(sheet.iter(f"{_WORD}rPr", f"{_WORD}tblPr", f"{_WORD}tblStylePr")):
        part.getparent().remove(part)
    for part in list(sheet.iterchildren(f"{_WORD}latentStyles", f"{_WORD}docDefaults")):
        sheet.remove(part)
    return _written(sheet)


def _written(root: Any) -> bytes:
    from lxml.etree import tostring

    return tostring(root, xml_declaration=True, encoding="UTF-8")  # type: ignore[no-any-return]


def _core(archive: Archive) -> dict[str, Any]:
    """The title in the file's properties, where somebody gave one of several words."""
    if "docProps/core.xml" not in archive.names:
        return {}
    found = _xml(archive.read("docProps/core.xml")).iter("{http://purl.org/dc/elements/1.1/}title")
    title = " ".join("".join(element.text or "" for element in found).split())
    return {"title": title} if len(title.split()) > 1 else {}


def _xml(raw: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        raise DocumentError("is a damaged or incomplete file") from None


def parse_pptx(raw: bytes) -> Parsed:
    """Parse slides: titles as headings, text, tables and speaker's notes; the page is the slide."""
    from pptx import Presentation

    archive = Archive(raw)
    for name in archive.names:
        if name.lower().endswith((".xml", ".rels")):
            archive.read(name)
    deck: Any = Presentation(io.BytesIO(raw))
    drafts: list[Draft] = []
    hidden = unseen = charts = 0
    for number, slide in enumerate(deck.slides, 1):
        if slide._element.get("show") == "0":
            hidden += 1
        else:
            unseen += _drop_unseen(slide.shapes, deck.slide_width, deck.slide_height)
            charts += _charts(slide.shapes._element)
            drafts += _slide(slide, number, any(draft.kind == "heading" for draft in drafts))
    left_out = {
        "hidden slides": hidden,
        "words that readers cannot see": unseen,
        "charts and diagrams": charts,
    }
    return assemble(drafts, _core(archive), _notes(left_out))


def _drop_unseen(shapes: Any, width: int | None, height: int | None) -> int:
    """Drop shapes that are hidden or beside the slide; return how many words they held."""
    tree = shapes._element
    named = (name for name in tree.iterdescendants("{*}cNvPr") if name.get("hidden") in _TRUE)
    hidden = {name.getparent().getparent() for name in named}
    beside = {shape._element for shape in shapes if _is_beside(shape, width, height)}
    unseen = (hidden | beside) - {tree}
    words = _text_words(unseen)
    for element in unseen:
        element.getparent().remove(element)
    return words


def _is_beside(shape: Any, width: int | None, height: int | None) -> bool:
    if not (width and height):
        return False
    if shape.left is None or shape.width is None or getattr(shape, "rotation", False):
        return False
    across = shape.left + shape.width < 0 or shape.left > width
    return bool(across or shape.top + shape.height < 0 or shape.top > height)


def _slide(slide: Any, page: int, below_heading: bool) -> list[Draft]:
    """The drafts of a slide. One without a title is no part of what the title before it names."""
    title = slide.shapes.title
    text = title.text_frame.text.strip() if title is not None else ""
    body = list(_body(slide, title, page))
    if not text and body and below_heading:
        text = f"Slide {page}"
    return [Draft("heading", text, 2, page), *body] if text else body


def _body(slide: Any, title: Any, page: int) -> Iterator[Draft]:
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False) and shape.has_table:
            rows = [[" ".join(c.text.split()) for c in row.cells] for row in shape.table.rows]
            named = shape.table.first_row
            marked = [Row(row, header=named and not place) for place, row in enumerate(rows)]
            yield from grid_drafts(marked, page)
        elif shape.has_text_frame:
            yield from _frame(shape.text_frame, page)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _frame(slide.notes_slide.notes_text_frame, page)


def _frame(frame: Any, page: int) -> Iterator[Draft]:
    lines = [paragraph for paragraph in frame.paragraphs if paragraph.text.strip()]
    for line in lines:
        if len(lines) > 1:
            yield Draft("item", line.text, line.level + 1, page)
        else:
            yield Draft("paragraph", line.text, 0, page)


def _shapes(shapes: Any) -> Iterator[Any]:
    """Shapes from top to bottom, those of groups included, however deeply nested."""
    waiting = sorted(shapes, key=_place, reverse=True)
    while waiting:
        shape = waiting.pop()
        if hasattr(shape, "shapes"):
            waiting += sorted(shape.shapes, key=_place, reverse=True)
        else:
            yield shape


def _place(shape: Any) -> tuple[int, int]:
    return (shape.top or 0, shape.left or 0)


def parse_epub(raw: bytes) -> Parsed:
    """Parse an e-book: its chapters in the order of its spine."""
    archive = Archive(raw)
    container = _xml(archive.read("META-INF/container.xml"))
    package = next((e.get("full-path") for e in container.iter("{*}rootfile")), None)
    if not package:
        raise DocumentError("is an e-book without contents")
    root = _xml(archive.read(package))
    items = {item.get("id"): item for item in root.iter("{*}item")}
    drafts: list[Draft] = []
    for reference in root.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTERS:
            continue
        if "nav" in item.get("properties", "").split():
            continue
        name = posixpath.join(posixpath.dirname(package), unquote(item.get("href", "")))
        text, _ = decode(archive.read(posixpath.normpath(name)), markup=True)
        drafts += parse_fragment(text)
    title = next((e.text for e in root.iter("{http://purl.org/dc/elements/1.1/}title")), None)
    return assemble(drafts, {"title": title} if title else {})
