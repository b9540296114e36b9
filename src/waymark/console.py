"""What the commands share: the progress bar, and errors as one line with an exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from tqdm import tqdm

from waymark.errors import IndexBusy, WaymarkError

EXIT_FAILED = 1
EXIT_SKIPPED = 3
EXIT_BUSY = 4

P = ParamSpec("P")
R = TypeVar("R")


class _Busy(click.ClickException):
    exit_code = EXIT_BUSY


class Bar:
    """A progress bar that follows a pipeline through its stages."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: tqdm[Any] | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` are finished in `stage`."""
        if stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=f"{stage:<10}", file=sys.stderr, leave=True)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Finish the line."""
        if self._bar is not None:
            self._bar.close()


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the package's errors into their message and exit code 1, or 4 for IndexBusy."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except WaymarkError as error:
            failure = _Busy if isinstance(error, IndexBusy) else click.ClickException
            raise failure(str(error)) from error

    return run
