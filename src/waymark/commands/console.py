"""What the commands share: the progress bar, and errors as one line with an exit code."""

import re
import shlex
import shutil
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
from pydantic import ValidationError
from tqdm import tqdm

from waymark.errors import IndexBusy, WaymarkError

EXIT_FAILED = 1
EXIT_SKIPPED = 3
EXIT_BUSY = 4

_TO_RUN = re.compile(r"(?<=un: )waymark(?= )")

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


def runnable(message: str) -> str:
    """Return `message` with its commands as they can be typed here: the folder of `waymark` need
    not be on the path."""
    called = sys.argv[0]
    if Path(called).name != "waymark" or shutil.which("waymark"):
        return message
    return _TO_RUN.sub(lambda _: shlex.quote(called), message)


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turn what a person can mend into one line and exit code 1, or 4 for IndexBusy."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except WaymarkError as error:
            failure = _Busy if isinstance(error, IndexBusy) else click.ClickException
            raise failure(runnable(str(error))) from error
        except ValidationError as error:
            raise click.ClickException(_unusable_settings(error)) from error
        except BrokenPipeError:
            raise  # whoever read our output has left: click ends without a word
        except OSError as error:
            reason = error.strerror or type(error).__name__
            where = f"{error.filename}: {reason}" if error.filename else reason
            raise click.ClickException(f"{where}. Mend that, then run it again.") from error

    return run


def _unusable_settings(error: ValidationError) -> str:
    wrong = "; ".join(
        f"WAYMARK_{'_'.join(map(str, detail['loc'])).upper()}: {detail['msg']}"
        for detail in error.errors()
    )
    return f"{wrong}. Mend that in the environment, then run it again."
