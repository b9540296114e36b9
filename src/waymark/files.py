"""What the package does to files beyond reading and writing: digests, syncing, full disks."""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waymark.errors import OutOfSpace


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def reporting_full_disk(folder: Path, consequence: str) -> Iterator[None]:
    """Turn "no space left" into OutOfSpace, with what is free and what to do.

    `consequence` says what the failure means for what was there before.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        free = shutil.disk_usage(folder).free // 1_000_000
        raise OutOfSpace(
            f"No space left in {folder} ({free} MB free). {consequence} "
            "Free some space, then run the same command again."
        ) from error
