"""Passage → the pieces of it that can be quoted alone: sentences, and whole lists.

A sentence that leans on the one before it keeps it; a list keeps what announces it, and so does an
item where that turns its meaning: "you cannot join if:".
"""

import re
from dataclasses import replace

from waymark.meaning.statements import turning_words
from waymark.sentences import joined, sentence_spans, sentences_of, words
from waymark.types import Chunk, Citation, Evidence, Passage

LIST_MARK = "\n"  # in the text of a document single line breaks stand only between list items
LIST_WORDS = 80  # of a list quoted whole; a longer one is quoted item by item where it can be
MIN_WORDS = 6  # shorter fragments ("Yes.", "AI architect") answer nothing

_LIST = re.compile(r"(?:(?<=\n\n)|\A)[^\n]+(?:\n[^\n]+)+")
# What leans on the sentence before: a pronoun that opens it, or the second word of what it asks to
# do ("Describe them"), and what draws on it ("therefore").
_LEANS = re.compile(
    r"^\W*(?:(?:its?|this|that|these|those|they|their|such|he|she|his|her|both|the same|then"
    r"|otherwise|\w+ them"
    r"|(?:keep|use|make|take|put|read|treat|show|send|write|bring|check|run|test|save|add)"
    r" (?:it|this|that|those))\b|(?:instead|however|in that case),)|\b(?:therefore|thus|hence)\b",
    re.I,
)


def thoughts_of(passage: Passage) -> list[Evidence]:
    """Return the quotable pieces of a passage: its sentences in order, then its lists.

    A sentence that leans on the one before keeps it; one that only announces a list, only asks, or
    is too short is left out.
    """
    thoughts: list[Evidence] = []
    for sentence in sentences_of(passage):
        # What is left out may not take the one before with it.
        if thoughts and _LEANS.search(sentence.text) and sentence.text[-1] not in ":?":
            thoughts.append(joined(thoughts.pop(), sentence))
        else:
            thoughts.append(with_turning(sentence))
    whole = [thought for thought in thoughts if _stands_alone(thought.text)]
    return [*whole, *_lists(passage)] or thoughts


def announcement(piece: Evidence) -> Evidence | None:
    """Return the sentence with a colon that announces the list in which a piece stands."""
    chunk = piece.passage.chunk
    before = chunk.text[: piece.start - chunk.start].rpartition("\n\n")[0]
    if not before.endswith(":"):
        return None
    start = sentence_spans(before)[-1][0]
    return Evidence(
        piece.passage, before[start:], chunk.start + start, chunk.start + len(before), 0
    )


def with_turning(piece: Evidence) -> Evidence:
    """Return a piece together with its announcement where that denies it or makes it a condition:
    alone it would say the opposite."""
    announced = announcement(piece)
    turned = announced and turning_words(announced.text)
    return joined(announced, piece) if announced and turned else piece


def overlap(a: Evidence | Citation, b: Evidence | Citation) -> bool:
    """Tell whether two pieces share a part of one document."""
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end


def repeats(a: Evidence, b: Evidence) -> bool:
    """Tell whether two pieces say the same, word for word, or overlap."""
    return overlap(a, b) or words(a.text) == words(b.text)


def in_context(thought: Evidence) -> str:
    """Return the text that models read for a piece: title and heading say what it is about."""
    chunk = thought.passage.chunk
    return f"{chunk.title}: {chunk.heading}. {thought.text}"


def announced_in_context(piece: Evidence) -> str:
    """Return the same with the sentence that announces the list in which the piece stands."""
    announced = announcement(piece)
    text = f"{announced.text} {piece.text}" if announced else piece.text
    return in_context(replace(piece, text=text))


def embedding_text(chunk: Chunk) -> str:
    """A chunk as it is embedded: its title and headings say what its text is about."""
    return f"{chunk.full_heading}\n{chunk.text}"


def _stands_alone(text: str) -> bool:
    return len(words(text)) >= MIN_WORDS and text[-1] not in ":?"


def _lists(passage: Passage) -> list[Evidence]:
    """The lists of a passage: those up to `LIST_WORDS`, and longer ones of which most items say
    nothing alone, such as questions."""
    chunk = passage.chunk
    found: list[Evidence] = []
    for match in _LIST.finditer(chunk.text):
        start = match.start()
        before = chunk.text[:start].rstrip()
        if before:
            start = sentence_spans(before)[-1][0]
        text = chunk.text[start : match.end()]
        items = match.group().split(LIST_MARK)
        by_item = sum(map(_stands_alone, items)) * 2 > len(items)
        if len(text.split()) <= LIST_WORDS or not by_item:
            found.append(Evidence(passage, text, chunk.start + start, chunk.start + match.end(), 0))
    return found
