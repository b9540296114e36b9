"""Settings → findings: is everything there, whole, and does nothing leave the machine?"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from waymark import models
from waymark.assembly import load_answerer, load_generator, open_index
from waymark.errors import GenerationFailed, ModelMissing, WaymarkError
from waymark.settings import Settings
from waymark.store.generations import verify
from waymark.types import DoneEvent, Prompt

LIBRARIES = ("torch", "sentence-transformers", "faiss-cpu", "llama-cpp-python", "fastapi")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDINGS = ("socket.connect", "socket.sendto", "socket.sendmsg")
LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost", "", None)
MIN_FREE_MB = 500
REPLY_TOKENS = 160  # as many as an answer may have; the first one written is enough


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    name: str
    healthy: bool
    detail: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield a finding per check, in the order in which a person would mend them."""
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("versions", _versions),
        ("embedding model", _embedding_model),
        ("sentence encoder", partial(_layers, models.sentence_weights)),
        ("reranker", partial(_layers, models.reranker_weights)),
        ("reranker of conversations", partial(_layers, models.conversation_weights)),
        ("verifier", partial(_layers, models.verifier_weights)),
        ("language model", _language_model),
        ("index", _index),
        ("write access", _write_access),
        ("no outbound connection", _offline),
    )
    for name, check in checks:
        try:
            yield Finding(name, True, check(settings))
        except (WaymarkError, OSError, ImportError) as error:
            yield Finding(name, False, str(error))


@contextmanager
def recording_connections() -> Iterator[list[str]]:
    """Collect what this process's Python code tries to look up, connect to or send to elsewhere.

    Uses the interpreter's audit events (PEP 578), which code cannot bypass by importing socket
    another way; native libraries are outside their sight.
    """
    attempts: list[str] = []
    recording = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        host = _host(event, arguments) if recording else None
        if host not in LOCAL_HOSTS:
            attempts.append(str(host))

    # An audit hook cannot be removed, so it is switched off instead.
    sys.addaudithook(watch)
    try:
        yield attempts
    finally:
        recording = False


def _host(event: str, arguments: tuple[Any, ...]) -> Any:
    """The machine that an audit event names; None if it names none, as for sockets of files."""
    if event in LOOKUPS:
        return arguments[0]
    address = arguments[1] if event in SENDINGS else None
    return address[0] if isinstance(address, tuple) else None


def _versions(_: Settings) -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return f"waymark {version('waymark')}, Python {python}, {libraries}"


def _embedding_model(_: Settings) -> str:
    models.embedding_weights().verify()
    return f"{models.EMBEDDING_NAME}, SHA-256 as expected"


def _layers(find: Callable[[Path], models.Weights], settings: Settings) -> str:
    """Check layers of the project's own, which `find` names."""
    weights = find(settings.models)
    weights.verify()
    return f"{weights.path.name}, SHA-256 as expected"


def _language_model(settings: Settings) -> str:
    chosen = load_generator(settings)
    if chosen.notice:
        raise ModelMissing(chosen.notice)
    prompt = Prompt("Be brief.", "Are you there?")
    with closing(chosen.generator.generate(prompt, REPLY_TOKENS)) as pieces:
        wrote = any(pieces)
    if settings.model_url:
        name = f"the server at {_address(settings)}"
    else:
        name = str(settings.model or models.PREPARED)
    if not wrote:
        raise GenerationFailed(f"{name} writes nothing. Configure another model")
    verified = "" if settings.model_url or settings.model else ", SHA-256 as recorded"
    return f"{name} answers{verified}"


def _address(settings: Settings) -> str:
    """Where the model server is, without the user and password that may stand in the address."""
    return str(httpx.URL(settings.model_url).copy_with(userinfo=b""))


def _index(settings: Settings) -> str:
    name, manifest = verify(settings.index)  # open_index would be content with an older one
    open_index(settings).close()
    return (
        f"{name}: {manifest.documents} documents, {manifest.chunks} passages, "
        "every file as published"
    )


def _write_access(settings: Settings) -> str:
    if settings.record_questions:
        _check_writable(settings.records)
    _check_writable(settings.index)
    folder = _nearest_existing(settings.index)
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < MIN_FREE_MB:
        raise OSError(f"only {free} MB free in {folder}; a rebuild needs {MIN_FREE_MB}")
    recorded = f", {settings.records} too" if settings.record_questions else ""
    return f"{settings.index} is writable{recorded}, {free:,} MB free"


def _check_writable(folder: Path) -> None:
    with tempfile.TemporaryFile(dir=_nearest_existing(folder)):
        pass


def _offline(settings: Settings) -> str:
    if settings.model_url:
        return f"not checked: questions are sent to {_address(settings)} by configuration"
    with recording_connections() as attempts:
        answerer, _ = load_answerer(settings)
        # The title of a document is a question that the documents cover, so every stage runs.
        title = answerer.index.documents()[0].title
        done = [e for e in answerer.answer(title) if isinstance(e, DoneEvent)]
        answerer.index.close()
    if attempts:
        raise OSError(f"tried to reach {', '.join(sorted(set(attempts)))}")
    return f"a question was answered ({done[0].answer.reason}) without one"


def _nearest_existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
