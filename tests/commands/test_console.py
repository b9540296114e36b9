import errno
import shutil
import sys
from pathlib import Path

import pytest

from conftest import waymark
from waymark.commands.console import runnable
from waymark.store import generations


def test_a_setting_that_cannot_be_read_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WAYMARK_PORT", "secret")
    result = waymark("index", "list")
    assert result.exit_code == 1
    assert result.output.startswith("Error: WAYMARK_PORT: Input should be a valid integer")
    assert result.output.count("\n") == 1
    assert "secret" not in result.output


def test_what_the_system_refuses_is_one_line_that_names_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/some/folder")

    monkeypatch.setattr(generations, "list_generations", refuse)
    result = waymark("index", "list")
    assert result.exit_code == 1
    assert result.output.startswith("Error: /some/folder: Permission denied. Mend that")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("called", "on_path", "shown"),
    [
        (".venv/bin/waymark", None, "Run: .venv/bin/waymark index"),
        ("/my folder/waymark", None, "Run: '/my folder/waymark' index"),
        (".venv/bin/waymark", "/usr/bin/waymark", "Run: waymark index"),
        ("/usr/bin/pytest", None, "Run: waymark index"),
    ],
)
def test_a_command_in_a_message_can_be_typed_as_it_stands(
    monkeypatch: pytest.MonkeyPatch, called: str, on_path: str | None, shown: str
) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    monkeypatch.setattr(shutil, "which", lambda _: on_path)
    assert runnable("There is no index. Run: waymark index") == f"There is no index. {shown}"
