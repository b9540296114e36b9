"""The YAML at the head of a text file → its keys and values, and the text below it."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.composer import ComposerError

from waymark.errors import DocumentError

_OPENING = re.compile(r"---[ \t]*\n")


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Split YAML front matter from the body. Raises DocumentError, with the line, when broken."""
    opening = _OPENING.match(text)
    if not opening:
        return {}, text
    try:
        return _split(text, opening.end())
    except DocumentError:
        if text.startswith("\n", opening.end()):  # a rule of the text, where a blank line follows
            return {}, text
        raise


def _split(text: str, start: int) -> tuple[Mapping[str, Any], str]:
    end = text.find("\n---", start - 1)
    if end < 0:
        raise DocumentError("the front matter that starts in line 1 is never closed with ---")
    try:
        meta = _load(text[start : end + 1])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise DocumentError(f"front matter, line {line}: {error.problem}") from None
    except RecursionError:
        raise DocumentError("front matter is nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"front matter: {error}") from None
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise DocumentError("front matter must be a mapping of keys to values")
    return meta, text[end + 4 :].partition("\n")[2]


def _load(front: str) -> Any:
    loader = _Loader(front)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """YAML without aliases: a few nested ones stand for more text than fits into memory."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise ComposerError(None, None, "write the value out in place of an alias (*)", mark)
        return super().compose_node(parent, index)
