import importlib.util
import json
import platform
import shutil
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "install.py"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / "waymark" / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "waymark" / ".venv" / "stamp.json")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return module


@pytest.fixture
def installed(install: ModuleType) -> ModuleType:
    """With a .venv that a finished installation left."""
    venv.create(install.VENV, symlinks=True)
    install.STAMP.write_text(json.dumps({"digest": install.digest(), "kind": "app"}))
    return install


def copy(install: Any) -> None:
    folder = install.VENV.parent.with_name("copy") / ".venv"
    shutil.copytree(install.VENV, folder, symlinks=True)
    install.VENV, install.STAMP = folder, folder / install.STAMP.name


def age(install: ModuleType) -> None:
    made = install.VENV / "pyvenv.cfg"
    made.write_text(made.read_text().replace("\nversion = 3.", "\nversion = 2."))


def lose_python(install: ModuleType) -> None:
    (install.VENV / "bin" / "python").unlink()


def test_an_old_python_is_refused_with_an_example(install: ModuleType) -> None:
    with pytest.raises(install.InstallError, match=r"3\.11 or newer, this is 3\.9.*PYTHON="):
        install.check_python((3, 9))
    install.check_python((3, 11))


def test_a_missing_compiler_names_the_package(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(install.InstallError, match="apt install g"):
        install.check_tools()


def test_no_compiler_is_needed_once_the_wheel_is_cached(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    folder = install.wheel_folder()
    folder.mkdir(parents=True)
    (folder / "llama_cpp_python-1-py3-none-any.whl").touch()
    install.check_tools()


def test_a_missing_venv_module_names_the_package(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(install.InstallError, match="apt install python3-venv"):
        install.check_tools()


def test_a_full_disk_is_told_before_anything_is_written(install: ModuleType) -> None:
    with pytest.raises(install.InstallError, match="100 MB free, 4000 MB needed"):
        install.check_disk(100, 0)


def test_what_is_installed_already_need_not_fit_on_the_disk_again(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed.VENV / "torch").write_bytes(b"\0" * 3_000_000)
    monkeypatch.setattr(installed, "NEEDED_MB", 5)
    monkeypatch.setattr(installed, "LLAMA_FLAGS", "-DOTHER=ON")
    monkeypatch.setattr(installed, "check_tools", lambda: None)
    monkeypatch.setattr(installed, "install", lambda _: None)
    for free, code in ((1_000_000, 1), (2_000_000, 0)):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _, usage=usage: usage)
        assert installed.main() == code
    assert "1 MB free, 2 MB needed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("Max retries exceeded with url: /simple/torch/", "does not answer"),
        ("Could not find a version (from versions: none)", "does not answer"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "Do not use it"),
        ("something else", "failed:\nsomething else"),
    ],
)
def test_a_failed_step_is_explained(install: ModuleType, output: str, says: str) -> None:
    assert says in install.explain(output)


def test_a_failing_command_raises_with_its_output(install: ModuleType) -> None:
    with pytest.raises(install.InstallError, match="disk is full"):
        install.run([sys.executable, "-c", "print('No space left'); exit(1)"])


def test_a_finished_installation_is_current_until_a_lock_changes(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert installed.is_current("app")
    assert not installed.is_current("dev")
    monkeypatch.setattr(installed, "LLAMA_FLAGS", "-DOTHER=ON")
    assert not installed.is_current("app")
    installed.STAMP.unlink()
    assert not installed.is_current("app")


@pytest.mark.parametrize("change", [copy, age, lose_python])
def test_an_environment_of_another_folder_or_python_is_made_anew(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch, change: Callable[[ModuleType], None]
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(installed, "run", lambda command, *_: commands.append(command))
    monkeypatch.setattr(installed, "cached_wheel", lambda: Path("llama.whl"))
    installed.install("app")
    assert not any("--clear" in command for command in commands)
    commands.clear()
    change(installed)
    assert not installed.is_current("app")
    installed.install("app")
    assert commands[0][1:] == ["-m", "venv", "--clear", str(installed.VENV)]


def test_a_user_without_a_home_is_told_which_folder_cannot_be_written(
    install: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "cache").write_text("no folder")
    monkeypatch.setattr(install, "run", lambda *_: None)
    monkeypatch.setattr(sys, "argv", ["install.py"])
    for check in ("check_tools", "check_disk"):
        monkeypatch.setattr(install, check, lambda *_: None)
    install.VENV.mkdir(parents=True)
    assert install.main() == 1
    told = capsys.readouterr().err
    assert told.startswith(f"\nmake: {tmp_path / 'cache'}")
    assert "cannot be used (Not a directory). Give this user the right to write there" in told


def test_other_flags_have_another_wheel(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = install.wheel_folder()
    monkeypatch.setattr(install, "LLAMA_FLAGS", "-DOTHER=ON")
    assert install.wheel_folder() != before


def test_a_wheel_fits_another_kernel_but_no_other_c_library(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = install.wheel_folder()
    monkeypatch.setattr(platform, "platform", lambda: "Linux-99.1-x86_64-with-glibc2.36")
    assert install.wheel_folder() == before
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.99"))
    assert install.wheel_folder() != before


def test_a_new_build_replaces_the_installed_one_of_the_same_version(
    installed: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(installed, "run", lambda command, *_: commands.append(command))
    monkeypatch.setattr(installed, "cached_wheel", lambda: Path("llama.whl"))
    installed.install("app")
    (command,) = (command for command in commands if "llama.whl" in command)
    assert "--force-reinstall" in command


def test_clones_that_build_the_wheel_at_the_same_time_each_have_one(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = 0
    built: list[Path] = []

    def build(command: list[str], _: dict[str, str]) -> None:
        nonlocal started
        started += 1
        if started == 1:
            built.append(install.build_wheel())
        Path(command[command.index("-w") + 1], "llama_cpp_python-1-py3-none-any.whl").touch()

    monkeypatch.setattr(install, "run", build)
    built.append(install.build_wheel())
    assert built == [install.cached_wheel()] * 2
    assert list(install.wheel_folder().iterdir()) == built[:1]
