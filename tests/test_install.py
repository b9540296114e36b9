import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "install.py"


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return module


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
    with pytest.raises(install.InstallError, match="100 MB free"):
        install.check_disk(100)


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
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not install.is_current("app")
    install.STAMP.write_text(json.dumps({"digest": install.digest(), "kind": "app"}))
    assert install.is_current("app")
    assert not install.is_current("dev")
    monkeypatch.setattr(install, "LLAMA_FLAGS", "-DOTHER=ON")
    assert not install.is_current("app")


def test_other_flags_have_another_wheel(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = install.wheel_folder()
    monkeypatch.setattr(install, "LLAMA_FLAGS", "-DOTHER=ON")
    assert install.wheel_folder() != before
