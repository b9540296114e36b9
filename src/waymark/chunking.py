"""Document → Chunks.

A chunk is a run of whole sentences of one section, at most `max_words` words long; it carries
its headings and its span in the document. A list or table that fits stays whole, with the sentence
that announces it; so does a longer one of which that sentence turns the meaning ("You cannot join
if:"), since its items would say the opposite without it. Knows nothing of embeddings.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby

from waymark.meaning.statements import turning_words
from waymark.sentences import sentence_spans
from waymark.types import Block, Chunk, Document, Section

MAX_WORDS = 110  # of 60 to 200 none found clearly more for as many words (docs/LOG.md)
TURNED_WORDS = 400  # of a list kept whole because of what announces it


@dataclass(frozen=True, slots=True)
class ChunkingParameters:
    """What decides where chunks end; part of the manifest.

    `rules` counts the versions of this module and of `thoughts` by which the same text is cut
    otherwise.
    """

    max_words: int = MAX_WORDS
    rules: int = 4


def chunk_document(
    document: Document, parameters: ChunkingParameters, without: Collection[int] = ()
) -> list[Chunk]:
    """Return the chunks of `document` in reading order; their spans never overlap.

    Blocks that start at an offset in `without` are in no chunk.
    """
    chunks: list[Chunk] = []
    seen: dict[str, int] = {}
    for section in sections(document):
        for start, end in _packed(document.text, section.blocks, parameters.max_words, without):
            text = document.text[start:end]
            digest = _digest(section.heading_path, text)
            seen[digest] = seen.get(digest, 0) + 1
            suffix = f"-{seen[digest]}" if seen[digest] > 1 else ""
            chunks.append(
                Chunk(
                    id=f"{document.id}#{digest}{suffix}",
                    document_id=document.id,
                    title=document.title,
                    heading_path=_below_title(section.heading_path, document.title),
                    start=start,
                    end=end,
                    text=text,
                    pages=_pages(section.blocks, start, end),
                )
            )
    return chunks


def sections(document: Document) -> list[Section]:
    """Group blocks under their headings, in reading order; sections without text are left out."""
    found: list[Section] = []
    path: list[tuple[int, str]] = []
    body: list[Block] = []

    def close() -> None:
        if body:
            found.append(Section(tuple(title for _, title in path), tuple(body)))
            body.clear()

    for block in document.blocks:
        if block.kind == "heading":
            close()
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, document.text[block.start : block.end]))
        else:
            body.append(block)
    close()
    return found


def _pages(blocks: tuple[Block, ...], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Where each page begins among the blocks between `start` and `end`."""
    found: list[tuple[int, int]] = []
    for block in blocks:
        inside = block.start < end and start < block.end
        if inside and block.page is not None and (not found or found[-1][1] != block.page):
            found.append((max(start, block.start), block.page))
    return tuple(found)


def _digest(heading_path: tuple[str, ...], text: str) -> str:
    return hashlib.sha256("\n".join((*heading_path, text)).encode()).hexdigest()[:12]


def _below_title(path: tuple[str, ...], title: str) -> tuple[str, ...]:
    """Many files repeat their title as the first heading; say it once."""
    return path[1:] if path and path[0] == title else path


def _packed(
    text: str, blocks: tuple[Block, ...], max_words: int, without: Collection[int]
) -> Iterator[tuple[int, int]]:
    """Chunks of the runs of blocks that lie between those left out."""
    for left_out, run in groupby(blocks, lambda block: block.start in without):
        if not left_out:
            yield from _pack(text, tuple(run), max_words)


def _pack(text: str, blocks: tuple[Block, ...], max_words: int) -> Iterator[tuple[int, int]]:
    """Fill chunks greedily with whole sentences."""
    start: int | None = None
    end = 0
    used = 0
    for unit_start, unit_end in _units(text, blocks, max_words):
        size = len(text[unit_start:unit_end].split())
        if start is not None and used + size > max_words:
            yield start, end
            start, used = None, 0
        if start is None:
            start = unit_start
        end = unit_end
        used += size
    if start is not None:
        yield start, end


def _units(text: str, blocks: tuple[Block, ...], max_words: int) -> Iterator[tuple[int, int]]:
    """Whole lists, each with the sentence that announces it, and sentences; one longer than a
    whole chunk is cut between words, so nothing is lost."""
    units: list[tuple[int, int]] = []
    for run in _runs(text, blocks):
        announced = units[-1:] if units and text[units[-1][1] - 1] == ":" else []
        begin, end = announced[0][0] if announced else run[0].start, run[-1].end
        turned = any(turning_words(text[slice(*span)]) for span in announced)
        most = max(max_words, TURNED_WORDS) if turned else max_words
        if len(run) > 1 and len(text[begin:end].split()) <= most:
            units[len(units) - len(announced) :] = [(begin, end)]
        else:
            units += (
                piece
                for block in run
                for first, last in sentence_spans(text[block.start : block.end])
                for piece in _cut(text, block.start + first, block.start + last, max_words)
            )
    yield from units


def _runs(text: str, blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Blocks on successive lines, which are the items of one list or the rows of one table."""
    run: list[Block] = []
    for block in blocks:
        if run and text[run[-1].end : block.start] != "\n":
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _cut(text: str, start: int, end: int, max_words: int) -> Iterator[tuple[int, int]]:
    position = start
    while position < end:
        pieces = text[position:end].split(maxsplit=max_words)
        if len(pieces) <= max_words:
            yield position, end
            return
        cut = end - len(pieces[-1])
        yield position, position + len(text[position:cut].rstrip())
        position = cut
