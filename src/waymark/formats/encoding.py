"""Bytes of a text file → text, and a note when the encoding had to be guessed."""

import codecs
import re

from waymark.errors import DocumentError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.IGNORECASE)
_WESTERN = "cp1252"
# As browsers read these declarations, see "Names and labels" of the WHATWG Encoding Standard. What
# Latin-1 has as control characters are the dashes and quotation marks of Windows-1252, and a
# declaration that can be read byte by byte does not stand in UTF-16.
_MEANT = {
    "iso8859-1": _WESTERN,
    "iso8859-9": "cp1254",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
# What office files in other scripts were saved in before UTF-8; a wider search guesses worse.
_CANDIDATES = [
    _WESTERN,
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp932",
    "gb18030",
    "big5",
    "cp949",
]
MAX_CONTROLS = 0.02  # share of bytes that a damaged text may hold; a binary file holds more
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
INTACT = 2  # valid characters beyond ASCII for each broken one: no other encoding has so many
SURE_FROM = 12  # non-ASCII bytes, with fewer the guess is the commonest encoding
SAMPLE = 200_000  # bytes looked at for the guess


def decode(raw: bytes, markup: bool = False) -> tuple[str, tuple[str, ...]]:
    """Decode by byte order mark, the declaration in `markup`, UTF-8, or a guess, in this order.

    UTF-8 with a few bytes that are not is read as such: a guess would spoil all the rest.

    Returns the text and notes on what is not certain. Raises DocumentError for binary data.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return _strict(raw[len(mark) :], name), ()
    notes: tuple[str, ...] = ()
    if b"\0" in raw:
        wide = _without_mark(raw)
        if wide:
            return _strict(raw, wide), (f"no byte order mark: read as {wide.upper()}",)
        raw, notes = _without_nuls(raw)
    for name in filter(None, (_declared(raw) if markup else None, "utf-8")):
        try:
            return raw.decode(name), notes
        except (UnicodeError, LookupError):
            continue
    text, broken = _damaged_utf8(raw)
    if text:
        return text, (*notes, f"{broken} characters that are not UTF-8 replaced")
    name = _guess(raw[:SAMPLE])
    shown = {"cp1252": "Windows-1252", "cp932": "Shift-JIS"}.get(name, name)
    return raw.decode(name, "replace"), (*notes, f"not UTF-8: read as {shown}, which is a guess")


def _declared(raw: bytes) -> str | None:
    """Name the encoding that a page declares, as browsers understand it, if any."""
    found = _DECLARED.search(raw[:4096])
    try:
        name = codecs.lookup(found[1].decode("ascii")).name if found else None
    except LookupError:
        return None
    return _MEANT.get(name, name) if name else None


def _strict(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        raise DocumentError(f"not {name.upper()} text (byte {error.start})") from None


def _without_mark(raw: bytes) -> str | None:
    """Name UTF-16 that lost its byte order mark: every second byte of Latin text is NUL."""
    sample = raw[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if any(byte < 9 for byte in sample if byte):
        return None
    if odd > 0.6 * half and not even:
        return "utf-16-le"
    if even > 0.6 * half and not odd:
        return "utf-16-be"
    return None


def _without_nuls(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    nuls = raw.count(0)
    if len(raw) - len(raw.translate(None, _CONTROLS)) > len(raw) * MAX_CONTROLS:
        raise DocumentError("is not text: it holds NUL bytes and control characters")
    return raw.replace(b"\0", b""), (f"{nuls} NUL bytes left out",)


def _damaged_utf8(raw: bytes) -> tuple[str, int]:
    """Read UTF-8 with a few broken characters; return how many. No text where it is none."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd") - raw.count("\ufffd".encode())
    intact = len(text) - len(text.encode("ascii", "ignore")) - broken
    return (text, broken) if intact >= INTACT * broken else ("", 0)


def _guess(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    if len(raw) - len(raw.translate(None, bytes(range(128, 256)))) < SURE_FROM:
        return _WESTERN
    best = from_bytes(raw, cp_isolation=_CANDIDATES).best()
    return best.encoding if best else _WESTERN
