"""What a file is by its first bytes, whatever its name says."""

import io
import re
import zipfile

from waymark.formats.archives import MAX_MEMBERS

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (_OLE, "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_HEAD = 1024  # bytes, in which a PDF may begin
_TRAILER = re.compile(rb"startxref\s+\d+\s+%%EOF")  # ends one
_LISTED = b"PK\x01\x02"
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_INSIDE = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("META-INF/container.xml", "epub"),
)
NAMES = {
    "pdf": "PDF", "docx": "a Word document", "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook", "epub": "an e-book (EPUB)", "zip": "a plain zip archive",
    "damaged-zip": "a damaged or incomplete zip archive",
    "crowded-zip": f"a zip archive of more than {MAX_MEMBERS} parts", "ole": "an old Office file",
    "protected": "protected by a password", "rtf": "rich text (RTF)", "image": "a picture",
    "archive": "an archive", "program": "a program", "html": "HTML", "text": "plain text",
    "empty": "empty",
}  # fmt: skip


def content_type(raw: bytes) -> str:
    """Return one of the keys of `NAMES`; "text" is what nothing else was recognised in."""
    if not raw.lstrip(b"\0 \t\r\n"):
        return "empty"
    if _is_pdf(raw):
        return "pdf"
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside(raw)
    for magic, name in _MAGIC:
        if raw.startswith(magic) and (name == "rtf" or not _is_word(magic, raw)):
            return "protected" if name == "ole" and _is_encrypted(raw) else name
    return "html" if _HTML.match(raw[:4096].removeprefix(b"\xef\xbb\xbf")) else "text"


def _is_word(magic: bytes, raw: bytes) -> bool:
    """Whether the first letters of a text only look like the mark of a format, as "MZ" does."""
    return magic.isascii() and b"\0" not in raw[:_HEAD]


def _is_pdf(raw: bytes) -> bool:
    """A page about PDF may name its mark as well; in a PDF other bytes may stand before it."""
    if raw.lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-"):
        return True
    return b"%PDF-" in raw[:_HEAD] and bool(_TRAILER.search(raw[-_HEAD:]))


def _is_encrypted(raw: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in raw


def _inside(raw: bytes) -> str:
    """What a zip file holds. Its parts are counted before they are listed, which takes memory.

    A part is listed by what follows its mark; the number at the end of the file need not be true.
    """
    if raw.count(_LISTED) > MAX_MEMBERS:
        return "crowded-zip"
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return "damaged-zip"
    return next((kind for name, kind in _INSIDE if name in names), "zip")
