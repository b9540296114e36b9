import errno
import os
from pathlib import Path

import pytest

from waymark import files
from waymark.errors import OutOfSpace


def test_a_written_file_is_synced_and_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    files.write(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert synced == [5]
    with pytest.raises(FileExistsError):
        files.write(tmp_path / "a", b"other")
    assert (tmp_path / "a").read_bytes() == b"whole"
    files.sync(tmp_path)
    assert len(synced) == 2


def test_a_reader_keeps_a_file_that_is_removed(tmp_path: Path) -> None:
    (tmp_path / "folder" / "below").mkdir(parents=True)
    path = tmp_path / "folder" / "below" / "a"
    files.write(path, b"whole")
    with path.open("rb") as reader:
        files.remove_tree(tmp_path / "folder")
        assert reader.read() == b"whole"
    assert not (tmp_path / "folder").exists()


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    files.write(tmp_path / "kept" / "a", b"x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "kept")
    files.remove_tree(tmp_path / "folder")
    assert (tmp_path / "kept" / "a").is_file()


def test_a_shared_lock_keeps_out_a_sole_one_and_ends_with_its_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch()
    first, second, third = (os.open(path, os.O_RDONLY) for _ in range(3))
    assert files.try_lock(first, shared=True)
    assert files.try_lock(second, shared=True)
    assert not files.try_lock(third, shared=False)
    os.close(first)
    os.close(second)
    assert files.try_lock(third, shared=False)
    os.close(third)


def test_free_space_is_known_of_a_folder_that_is_still_to_be_made(tmp_path: Path) -> None:
    assert files.free_bytes(tmp_path / "a" / "b") > 0
    files.require_space(tmp_path, 1, "")
    with pytest.raises(OutOfSpace, match=r"about .* MB needed, .* MB free\. All is well\."):
        files.require_space(tmp_path, 10**18, "All is well.")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_with_what_it_means(tmp_path: Path, code: int) -> None:
    with (
        pytest.raises(OutOfSpace, match=r"No space left in .* All is well\. Free some space"),
        files.reporting_full_disk(tmp_path, "All is well."),
    ):
        raise OSError(code, os.strerror(code))


def test_other_failures_are_not_called_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output"), files.reporting_full_disk(tmp_path, ""):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
