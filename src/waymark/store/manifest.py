"""What a generation is made of: its manifest, which binds its files together by SHA-256.

The manifest carries its own digest too, so that damage shows in a generation that `CURRENT`
does not name. Writes, reads and checks manifests; knows nothing of vectors.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from waymark import files
from waymark.errors import IndexDamaged, IndexMismatch, IndexUnreadable

SCHEMA = 6  # of the manifest, the tables and the stored fields of a document
MANIFEST = "manifest.json"
BLANK = "0" * 64


@dataclass(frozen=True, slots=True)
class Probe:
    """The rows nearest to the vector of `row`, best first, and their scores when it was built."""

    row: int
    nearest: tuple[int, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is made of and what it was made from."""

    schema: int
    package: str
    embedding_model: str
    dimension: int
    chunking: dict[str, Any]
    corpus_digest: str
    documents: int
    chunks: int
    vectors: int
    files: dict[str, dict[str, Any]]
    sequence: int
    created: str
    probes: tuple[Probe, ...] = ()
    corpus: str = ""  # the folder that was read; "" in generations of before it was noted


def seal(fields: Mapping[str, Any]) -> bytes:
    """Return `fields` as JSON text that holds the SHA-256 of itself with zeros in that place."""
    text = json.dumps({**fields, "digest": BLANK}, indent=1, sort_keys=True, ensure_ascii=False)
    data = (text + "\n").encode("utf-8")
    return data.replace(_entry(BLANK), _entry(hashlib.sha256(data).hexdigest()))


def unseal(data: bytes) -> dict[str, Any]:
    """Return the fields of sealed JSON. Raises ValueError when a single byte is another."""
    fields: Any = json.loads(data.decode("utf-8"))
    if not isinstance(fields, dict):
        raise ValueError("no JSON object")
    digest = str(fields.pop("digest", ""))
    blank = data.replace(_entry(digest), _entry(BLANK))
    if hashlib.sha256(blank).hexdigest() != digest:
        raise ValueError("its digest does not fit its content")
    return fields


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest` as sealed JSON into `folder`."""
    files.write(folder / MANIFEST, seal(asdict(manifest)))


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a generation.

    Raises IndexDamaged, IndexMismatch (another version) or IndexUnreadable.
    """
    path = folder / MANIFEST
    with reporting_unreadable(path):
        try:
            data = files.read(path)
        except (FileNotFoundError, NotADirectoryError):
            raise IndexDamaged(f"{folder} has no {MANIFEST}. Run: waymark index") from None
    try:
        _check_schema(folder, data)
        fields = unseal(data)
        _check_fields(folder, fields)
        probes = tuple(Probe(p["row"], tuple(p["nearest"]), tuple(p["scores"]))
                       for p in fields.pop("probes"))  # fmt: skip
        return Manifest(**fields, probes=probes)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise IndexDamaged(f"{path} is damaged ({error}). Run: waymark index") from None


def document_count(folder: Path) -> int:
    """Return how many documents a generation has, whatever its schema; 0 when that is unknown."""
    try:
        return int(json.loads(files.read(folder / MANIFEST))["documents"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0


def verify_generation(folder: Path) -> Manifest:
    """Check every file of a generation against its manifest, byte for byte.

    Raises IndexDamaged naming the file, IndexMismatch when the schema is another, or
    IndexUnreadable when the system does not let us look.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        with reporting_unreadable(path):
            if not path.is_file() or path.stat().st_size != expected["bytes"]:
                raise IndexDamaged(f"{path} is missing or has another size. Run: waymark index")
            if files.sha256_file(path) != expected["sha256"]:
                raise IndexDamaged(f"{path} has changed since it was built. Run: waymark index")
    return manifest


@contextmanager
def reporting_unreadable(path: Path) -> Iterator[None]:
    """Keep apart what the system refuses and what is damaged: the first is mended elsewhere.

    Raises IndexUnreadable for the first; a file that vanished while it was read is damage.
    """
    try:
        yield
    except MemoryError:
        raise IndexUnreadable(
            f"There is not enough memory to open {path}; nothing says that it is damaged, and "
            "nothing was changed. Free some memory, then run the same command again."
        ) from None
    except FileNotFoundError:
        raise IndexDamaged(f"{path} is no longer there. Run: waymark index") from None
    except OSError as error:
        raise IndexUnreadable(
            f"{path} cannot be read ({error.strerror}); nothing says that it is damaged, and "
            "nothing was changed. Give this user the right to read it, then run: waymark doctor"
        ) from error


def _check_schema(folder: Path, data: bytes) -> None:
    schema = json.loads(data.decode("utf-8"))["schema"]
    if schema != SCHEMA:
        raise IndexMismatch(
            f"{folder} has schema {schema}, this version reads {SCHEMA}. Run: waymark index"
        )


def _check_fields(folder: Path, fields: Mapping[str, Any]) -> None:
    """An unknown field under a seal that fits is no damage: a later version wrote it."""
    unknown = sorted(fields.keys() - Manifest.__dataclass_fields__.keys())
    if unknown:
        raise IndexMismatch(
            f"{folder} was built by a later version, {fields['package']}: this one does not know "
            f"{', '.join(unknown)}. Install that version, or run: waymark index"
        )


def _entry(digest: str) -> bytes:
    return f'"digest": "{digest}"'.encode()
