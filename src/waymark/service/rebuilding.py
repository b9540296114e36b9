"""Builds of the index while the service runs: one at a time, in a child process.

A crash of a parser or a full memory ends the child and not the service; publishing is safe
against a child killed at any moment, and the lock of the index folder against a second builder.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from waymark.errors import BuildCrashed, WaymarkError

COMMAND = (sys.executable, "-P", "-m", "waymark.service.build_process")  # -P as in `isolation`
SECRETS = ("WAYMARK_ADMIN_KEY", "WAYMARK_MODEL_KEY")  # of no use to a build
GRACE_SECONDS = 5.0  # between asking a child to end and ending it

Trigger = Literal["request", "watch"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a build is told: only to say what it would change, to remove most documents, to
    publish although golden questions are no longer met."""

    dry_run: bool = False
    allow_removal: bool = False
    skip_gate: bool = False

    def arguments(self) -> list[str]:
        """The choices as `build_process` takes them on its command line."""
        return [f"--{name.replace('_', '-')}" for name, chosen in asdict(self).items() if chosen]


AS_USUAL = Choices()


class RebuildRunning(WaymarkError):
    """A build that this service started has not ended yet."""

    code = "rebuild_running"


class RebuildFailed(WaymarkError):
    """A build ended without a report."""

    code = "rebuild_failed"


@dataclass(frozen=True, slots=True)
class Running:
    """A build under way: its stage, and how much of it is done."""

    trigger: Trigger
    choices: Choices
    started: datetime
    stage: str = "starting"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the last build ended: with the fields of a BuildReport, or with an error."""

    trigger: Trigger
    choices: Choices
    finished: datetime
    seconds: float
    report: Mapping[str, Any] | None
    error_code: str = ""
    error: str = ""


class Rebuilder:
    """Starts builds and knows how they go; safe to use from several threads."""

    def __init__(
        self, corpus: Path, index: Path, threads: int, command: Sequence[str] = COMMAND
    ) -> None:
        self._command = command
        self._environment = {k: v for k, v in os.environ.items() if k not in SECRETS} | {
            "WAYMARK_CORPUS": str(corpus),
            "WAYMARK_INDEX": str(index),
            "WAYMARK_THREADS": str(threads),
        }
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._follower: threading.Thread | None = None
        self._running: Running | None = None
        self._last: Outcome | None = None
        self._closed = False

    @property
    def running(self) -> Running | None:
        """The build under way, if any."""
        return self._running

    @property
    def last(self) -> Outcome | None:
        """How the last build of this service ended, if there was one."""
        return self._last

    def start(self, trigger: Trigger, choices: Choices = AS_USUAL) -> Running:
        """Start a build and return at once. Raises RebuildRunning, BuildCrashed."""
        with self._lock:
            if self._running or self._closed:
                raise RebuildRunning(
                    "The index is being rebuilt already. See GET /v1/index for how far it is."
                )
            self._process = self._started(choices)
            running = self._running = Running(trigger, choices, datetime.now(UTC))
            self._follower = threading.Thread(
                target=self._follow, args=(self._process, running), name="follow-build"
            )
            self._follower.start()
        return running

    def run(self, trigger: Trigger) -> Mapping[str, Any]:
        """Wait for a build under way, then build and return the fields of the BuildReport.

        Raises RebuildFailed, BuildCrashed.
        """
        while True:
            self.wait()
            try:
                self.start(trigger)
                break
            except RebuildRunning:
                if self._closed:
                    raise RebuildFailed("The service is stopping.") from None
        self.wait()
        if self._last is None or self._last.report is None:
            failure = RebuildFailed(self._last.error if self._last else "The build did not end.")
            if self._last and self._last.error_code:
                failure.code = self._last.error_code
            raise failure
        return self._last.report

    def wait(self) -> None:
        """Return when no build is under way."""
        follower = self._follower
        if follower:
            follower.join()

    def close(self) -> None:
        """End a build under way; the index in use stays as it is. No build starts afterwards."""
        with self._lock:
            self._closed = True
            process = self._process
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self.wait()

    def _started(self, choices: Choices) -> "subprocess.Popen[str]":
        try:
            return subprocess.Popen(
                [*self._command, *choices.arguments()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                env=self._environment,
            )
        except OSError as error:
            raise BuildCrashed(
                f"The build could not be started ({error.strerror}). The index in use is "
                "unchanged. Try again when the machine has less to do."
            ) from error

    def _follow(self, process: "subprocess.Popen[str]", running: Running) -> None:
        try:
            self._last = self._outcome(process, running)
        except BaseException:
            self._last = None  # lest the build before be taken for this one
            raise
        finally:
            self._running = None

    def _outcome(self, process: "subprocess.Popen[str]", running: Running) -> Outcome:
        """Read what a build says until it ends."""
        began = time.monotonic()
        said: dict[str, Any] = {}
        assert process.stdout is not None
        with process:  # waits for it, whatever fails here
            for line in process.stdout:
                said |= _parsed(line)
                if "progress" in said:
                    stage, done, total = said.pop("progress")
                    self._running = replace(running, stage=stage, done=done, total=total)
        exit_code = process.wait()
        error = said.get("error", {})
        if "report" not in said and not error:
            error = {"code": BuildCrashed.code, "message": _crash(exit_code)}
        return Outcome(
            running.trigger,
            running.choices,
            datetime.now(UTC),
            round(time.monotonic() - began, 1),
            said.get("report"),
            error.get("code", ""),
            error.get("message", ""),
        )


def _parsed(line: str) -> dict[str, Any]:
    """A line of the child; one that was cut off by its end says nothing."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _signal_name(number: int) -> str:
    """The name of a signal; real-time signals have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _crash(exit_code: int) -> str:
    if exit_code < 0:
        how = f"was ended by {_signal_name(-exit_code)}"
        hint = " (often a sign of too little memory)" if exit_code == -signal.SIGKILL else ""
    else:
        how, hint = f"stopped with exit code {exit_code}", ""
    return (
        f"The build {how}{hint}. The index in use is unchanged. "
        "The service's log has the reason; to see it again, run: waymark index"
    )
