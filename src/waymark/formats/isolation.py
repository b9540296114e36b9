"""Parsers of complex formats, run in a child process with limits on time, memory and output.

A file that makes a parser hang, crash or swell costs that one file: the child is killed and the
next file gets a new one. One child serves many files, because starting Python for each costs more
than reading it. Requests and replies are JSON, so that a reply can only ever be data.
"""

import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, BinaryIO, Self, get_args

from waymark.errors import DocumentError
from waymark.formats.conversion import convert
from waymark.formats.parsing import Parsed
from waymark.types import Block, BlockKind

TOO_LONG = "takes too long to read"
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds of processor and of wall time, bytes of address space and
    of the reply. Wall time is generous, because a busy machine is not the file's fault."""

    processor_seconds: int = 60
    seconds: float = 600.0
    memory_bytes: int = 2_000_000_000
    reply_bytes: int = 64_000_000


class IsolatedConverter:
    """Converts files in a child process; use as a context manager. For one thread."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def convert(self, suffix: str, raw: bytes) -> Parsed:
        """Read one file. Raises DocumentError, also when the parser hung, crashed or swelled."""
        deadline = time.monotonic() + self._limits.seconds
        child = self._started()
        header = json.dumps({"suffix": suffix}).encode()
        try:
            _send(child.stdin, deadline, _frame(header) + _frame(raw))
            reply = _receive(child.stdout, deadline, self._limits.reply_bytes)
        except _Exceeded as error:
            self._stop()
            raise DocumentError(str(error)) from None
        except (BrokenPipeError, EOFError):
            code = self._stop()
            raise DocumentError(_cause(code)) from None
        except BaseException:
            self._stop()
            raise
        if reply.get("again"):
            self._stop()
        if "error" in reply:
            raise DocumentError(str(reply["error"])[:500])
        return _parsed(reply)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._stop()
            limits = (self._limits.memory_bytes, self._limits.processor_seconds)
            # -P: nothing is imported from the current folder, which may hold files of strangers.
            command = [sys.executable, "-P", "-m", __name__, *map(str, limits)]
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=_environment(),
            )
            for pipe in (self._child.stdin, self._child.stdout):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
        return self._child

    def _stop(self) -> int | None:
        """End the child, if there is one, and return its exit status."""
        child, self._child = self._child, None
        if child is None:
            return None
        try:
            # One that has crashed says by which signal; one that waits or hangs is killed.
            code: int | None = child.wait(0.2) if child.stdout and _closed(child.stdout) else None
        except subprocess.TimeoutExpired:
            code = None
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        return code


class _Exceeded(Exception):
    """A limit was passed; the message is for people."""


def _environment() -> Mapping[str, str]:
    """What the child needs to find the package, and no secrets of the service."""
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "SYSTEMROOT") if key in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}


def _cause(code: int | None) -> str:
    if code == -signal.SIGXCPU:
        return TOO_LONG
    return f"its parser crashed (signal {-code})" if code and code < 0 else "its parser crashed"


def _frame(content: bytes) -> bytes:
    return _LENGTH.pack(len(content)) + content


def _wait(pipe: Any, deadline: float, writing: bool) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not _ready(pipe, left, writing):
        raise _Exceeded(TOO_LONG)


def _ready(pipe: Any, seconds: float, writing: bool = False) -> bool:
    poll = select.poll()
    poll.register(pipe, select.POLLOUT if writing else select.POLLIN)
    return bool(poll.poll(seconds * 1000))


def _closed(pipe: Any) -> bool:
    return _ready(pipe, 0) and not pipe.read(1)


def _send(pipe: Any, deadline: float, content: bytes) -> None:
    view = memoryview(content)
    while view:
        _wait(pipe, deadline, writing=True)
        view = view[pipe.write(view) or 0 :]


def _receive(pipe: Any, deadline: float, most: int) -> Mapping[str, Any]:
    (length,) = _LENGTH.unpack(_read(pipe, deadline, _LENGTH.size))
    if length > most:
        raise _Exceeded(f"holds more than {most / 1_000_000:g} MB of text")
    reply = json.loads(_read(pipe, deadline, length))
    return reply if isinstance(reply, dict) else {"error": "its parser gave no usable reply"}


def _read(pipe: Any, deadline: float, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        _wait(pipe, deadline, writing=False)
        part = pipe.read(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _parsed(reply: Mapping[str, Any]) -> Parsed:
    """Rebuild what the child found; a reply of another shape is an error of that file."""
    try:
        text = str(reply["text"])
        blocks = tuple(Block(**block) for block in reply["blocks"])
        kinds = get_args(BlockKind)
        if any(b.kind not in kinds or not 0 <= b.start <= b.end <= len(text) for b in blocks):
            raise ValueError("a block outside the text")
        first = reply["first_heading"]
        return Parsed(text, blocks, first, dict(reply["meta"]), tuple(map(str, reply["notes"])))
    except (KeyError, TypeError, ValueError):
        raise DocumentError("its parser gave no usable reply") from None


def serve(requests: BinaryIO, replies: BinaryIO, memory_bytes: int, processor_seconds: int) -> None:
    """The child: answer one request after another until there are no more."""
    _limit(memory_bytes)
    while header := _next(requests):
        _allow(processor_seconds)
        raw = _next(requests) or b""
        reply = json.dumps(_reply(json.loads(header)["suffix"], raw, memory_bytes), default=str)
        replies.write(_frame(reply.encode()))
        replies.flush()


def _reply(suffix: str, raw: bytes, memory_bytes: int) -> Mapping[str, Any]:
    try:
        return asdict(convert(suffix, raw))
    except DocumentError as error:
        return {"error": str(error)}
    except MemoryError:
        # What is left of the memory is in pieces: the next file gets a new process.
        return {"error": f"needs more than {memory_bytes // 1_000_000} MB to read", "again": True}


def _next(requests: BinaryIO) -> bytes | None:
    head = requests.read(_LENGTH.size)
    return requests.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else None


def _allow(processor_seconds: int) -> None:
    """Let the next file take so long from now; past that the kernel ends the child."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + processor_seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _limit(memory_bytes: int) -> None:
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, value in wanted.items():
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for a reply
    serve(sys.stdin.buffer, replies, *map(int, sys.argv[1:]))
