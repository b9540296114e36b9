"""The YAML at the head of a text file → its keys and values, and the text below it."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.composer import ComposerError

from waymark.errors import DocumentError

# What to do about the commonest slips, by a part of what YAML says of them; the first that fits.
_FIXES = (
    (
        "mapping values",
        "put the value in quotation marks, because it holds a colon (or, if this is a key, begin "
        "it where the other keys begin)",
    ),
    (r"'\t'", "use spaces in place of tabs"),
    ("cannot start any token", "put the value in quotation marks, because it begins with a sign"),
    ("alphabetic or numeric", "put the value in quotation marks, because it begins with a sign"),
    ("could not find expected ':'", "write the line as key: value"),
    ("unexpected end of stream", "close the quotation mark that is opened here"),
    ("found '<scalar>'", "put the whole value in quotation marks, of another kind than in it"),
    ("expected ',' or", "close the bracket, and put what holds a colon in quotation marks"),
)
_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)


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


def written_front_matter(text: str) -> str:
    """Return the front matter of `text`, which `split_front_matter` has read, as it is written."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return text[opening.end() : closing.start()] if opening and closing else ""


def _split(text: str, start: int) -> tuple[Mapping[str, Any], str]:
    closing = _CLOSING.search(text, start)
    if not closing:
        raise DocumentError("the front matter that starts in line 1 is never closed with ---")
    try:
        meta = _load(text[start : closing.start()])
    except yaml.MarkedYAMLError as error:
        raise DocumentError(f"front matter, line {_line(error)}: {_fix(error)}") from None
    except RecursionError:
        raise DocumentError("front matter is nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"front matter: {error}") from None
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise DocumentError("front matter must be a mapping of keys to values")
    return meta, text[closing.end() + 1 :]


def _line(error: yaml.MarkedYAMLError) -> int:
    """The line of the file; of what began there where its end is missing."""
    scanning = (error.context or "").startswith("while scanning")
    mark = (error.context_mark if scanning else None) or error.problem_mark
    return mark.line + 2 if mark else 1


def _fix(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "is not YAML"
    return next((fix for part, fix in _FIXES if part in problem), problem)


def _load(front: str) -> Any:
    loader = _Loader(front)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


class _Loader(yaml.SafeLoader):
    """YAML of which all is text as written but empty values, days and whole numbers.

    YAML 1.1 would make False of Norway's "NO" and 750 of "12:30", and takes the square of their
    length to read numbers of base 60. Aliases are refused, because a few nested ones stand for more
    text than fits into memory, and tags, which would ask for the other types again.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _refused("write the value out in place of an alias (*)", event)
        if getattr(event, "tag", None):
            raise _refused("write the value without a tag (!)", event)
        return super().compose_node(parent, index)


def _refused(problem: str, event: Any) -> ComposerError:
    return ComposerError(None, None, problem, event.start_mark)


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in (
    ("null", r"(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("timestamp", r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$", [*"0123456789"]),
    ("int", r"(?:0|[1-9][0-9]{0,8})$", [*"0123456789"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), _first)
