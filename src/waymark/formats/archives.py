"""Zip files from strangers: what kind of document one is, and its members within limits.

A small zip can unpack to terabytes, and an XML file of 1 KB can name itself a billion times; both
are refused by their headers, before anything is unpacked.
"""

import io
import re
import zipfile
import zlib

from waymark.errors import DocumentError

MAX_MEMBERS = 10_000
MAX_UNPACKED = 400_000_000  # bytes in all
MAX_RATIO = 150  # unpacked to packed size, for members from 10 MB
RATIO_FROM = 10_000_000
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_ENTITY_WIDE = re.compile(rb"<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y")


class Archive:
    """The members of a zip file that passed the limits."""

    def __init__(self, raw: bytes) -> None:
        """Open and check. Raises DocumentError: damaged, protected, or a bomb."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise DocumentError("is a damaged or incomplete file") from None
        members = self._zip.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise DocumentError("is protected by a password. Save it without one")
        unpacked = sum(member.file_size for member in members)
        if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or any(map(_swells, members)):
            raise DocumentError(
                f"would unpack to {len(members)} parts of {unpacked // 1_000_000} MB: refused"
            )
        self.names = tuple(member.filename for member in members)

    def read(self, name: str) -> bytes:
        """Return a member. Raises DocumentError: missing, damaged, or it declares entities."""
        try:
            content = self._zip.read(name)
        except KeyError:
            raise DocumentError(f"is incomplete: its part {name} is missing") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            raise DocumentError("is a damaged or incomplete file") from None
        if _ENTITY.search(content) or _ENTITY_WIDE.search(content[:4000]):
            raise DocumentError(f"declares XML entities in {name}: refused")
        return content

    def repack(self, changed: dict[str, bytes]) -> io.BytesIO:
        """The XML members as a new zip, some of them `changed`; pictures and the like stay out."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as packed:
            for name in self.names:
                if name.lower().endswith((".xml", ".rels")):
                    packed.writestr(name, changed[name] if name in changed else self.read(name))
        target.seek(0)
        return target


def _swells(member: zipfile.ZipInfo) -> bool:
    large = member.file_size >= RATIO_FROM
    return large and member.file_size > MAX_RATIO * max(1, member.compress_size)
