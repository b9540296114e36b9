"""What is done to the index folder: every write, sync, rename, removal and lock goes through here.

One place, so that the tests can fail or kill a build at each single operation. Callers name the
functions as `files.write` and so on, for the same reason.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from waymark.errors import IndexUnwritable, OutOfSpace

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What file systems without flock answer: NFS without its lock service, some FUSE and overlays.
LOCKLESS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> bytes:
    """Return the whole content of a file."""
    return path.read_bytes()


def write(path: Path, data: bytes | memoryview) -> None:
    """Create the file `path` with `data` and wait until it is on the disk.

    Nothing is ever overwritten: raises FileExistsError when there is such a file.
    """
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Wait until the entries of a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(source: Path, target: Path) -> None:
    """Give `source` the name `target`, in one step; a file of that name is replaced."""
    source.rename(target)


def make_folder(path: Path) -> None:
    """Create a folder and those above it."""
    path.mkdir(parents=True, exist_ok=True)


def note(descriptor: int, text: str) -> None:
    """Leave `text`, for people only, in an open file; a disk that refuses it refuses nothing
    else."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text.encode())


def remove(path: Path) -> None:
    """Unlink a file. It is never cut short: a process that reads it keeps it whole."""
    path.unlink()


def remove_folder(path: Path) -> None:
    """Remove an empty folder."""
    path.rmdir()


def remove_tree(path: Path) -> None:
    """Remove a file, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        for entry in sorted(path.iterdir()):
            remove_tree(entry)
        remove_folder(path)
    else:
        remove(path)


def size_of(folder: Path) -> int:
    """Return the bytes of the files of a folder."""
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def free_bytes(folder: Path) -> int:
    """Return how many bytes this user may still write where `folder` is, or will be."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def try_lock(descriptor: int, *, shared: bool) -> bool:
    """Take the flock of an open file without waiting; False when another process holds it.

    The lock ends with the descriptor, so with its process: it never goes stale. Raises
    IndexUnwritable on a file system that knows no flock.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in LOCKLESS:
            raise
        raise IndexUnwritable(
            f"The file system of the index folder has no file locks ({error.strerror}), so two "
            "builds could mix. Set WAYMARK_INDEX to a folder on a local disk, "
            "then run: waymark index"
        ) from error
    return True


def require_space(folder: Path, needed: int, consequence: str) -> None:
    """Raise OutOfSpace unless `needed` bytes are free in `folder`."""
    free = free_bytes(folder)
    if free < needed:
        raise OutOfSpace(
            f"Not enough space in {folder}: about {_megabytes(needed)} MB needed, "
            f"{_megabytes(free)} MB free. {consequence} "
            "Free some space, then run the same command again."
        )


@contextmanager
def reporting_full_disk(folder: Path, consequence: str) -> Iterator[None]:
    """Turn "no space left" into OutOfSpace, with what is free and what to do.

    `consequence` says what the failure means for what was there before.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise OutOfSpace(
            f"No space left in {folder} ({_megabytes(free_bytes(folder))} MB free). {consequence} "
            "Free some space, then run the same command again."
        ) from error


def _megabytes(count: int) -> str:
    return f"{max(count, 0) / 1_000_000:.1f}"
