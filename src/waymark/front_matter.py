"""The YAML at the head of a text file → its keys and values, and the text below it."""

from collections.abc import Mapping
from typing import Any

import yaml

from waymark.errors import DocumentError


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Split YAML front matter from the body. Raises DocumentError, with the line, when broken."""
    if not text.startswith("---\n"):
        return {}, text
    end = text.find("\n---", 3)
    if end < 0:
        raise DocumentError("the front matter that starts in line 1 is never closed with ---")
    try:
        meta = yaml.safe_load(text[4 : end + 1])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise DocumentError(f"front matter, line {line}: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentError(f"front matter: {error}") from None
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise DocumentError("front matter must be a mapping of keys to values")
    return meta, text[end + 4 :].partition("\n")[2]
