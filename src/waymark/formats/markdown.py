"""Markdown → the text readers see, and its blocks.

Markdown is a way to write HTML and may hold HTML, so it is read as the page it stands for: a line
break keeps figures apart, what is hidden is left out, a table in either notation is rows.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.html_blocks import block_names
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from waymark.formats.markup import INLINE
from waymark.formats.parsing import Parsed, assemble, clean_text
from waymark.formats.webpage import visible_drafts

# Any other tag in a sentence is a placeholder ("Dear <name>") or would swallow what follows it.
_IN_SENTENCES = (INLINE | {"br", *block_names}) - {"html", "head", "title", "body", "iframe"}
# An unclosed one on a line of its own would swallow the rest of the page: "<Title> <Surname>".
_SWALLOWING = frozenset("title iframe noframes textarea xmp plaintext".split())
_OPENED = re.compile(r"<([a-z][a-z0-9-]*)\b[^<>]*>", re.IGNORECASE)
_CLOSED = re.compile(r"</([a-z]+)", re.IGNORECASE)
_TAG = re.compile(r"</?([a-z][a-z0-9-]*)", re.IGNORECASE)


def parse_markdown(raw: str) -> Parsed:
    """Parse CommonMark with tables; the text that stands for a picture is read in its place."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.add_render_rule("image", _alternative)
    parser.add_render_rule("html_inline", _tag)
    parser.add_render_rule("html_block", _block)
    drafts, notes = visible_drafts(parser.render(clean_text(raw)))
    return assemble(drafts, notes=notes)


def _alternative(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    return escapeHtml(tokens[place].content)


def _tag(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    found = _TAG.match(tokens[place].content)
    return tokens[place].content if found and found[1].lower() in _IN_SENTENCES else ""


def _block(_: Any, tokens: Sequence[Token], place: int, *__: Any) -> str:
    block = tokens[place].content
    left_open = _SWALLOWING - {name.lower() for name in _CLOSED.findall(block)}
    return _OPENED.sub(lambda tag: "" if tag[1].lower() in left_open else tag[0], block)
