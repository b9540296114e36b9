"""Question + quotes → Prompt: all text that the model is given, within its token budget.

The wording is that of the adapter's training data (models/README.md); a changed character
costs accuracy.
"""

import re
from collections.abc import Callable, Sequence

from waymark.types import Evidence, Prompt, Turn

SYSTEM = (
    "Answer the question using only the numbered passages. Cite passages like [1]. "
    "If they do not contain the answer, say so."
)
REWRITE = "Rewrite the last question so that it can be understood without the conversation."
ABSTENTION = "The documents do not cover this question."
PARTLY = "The documents do not cover "

_MARKER = re.compile(r" ?\[\d+\]")

MODEL_QUOTES = 4  # that the model reads; more mislead a small one (docs/LOG.md, 2026-11-26)
REPLY_WORDS = 40  # of a turn, when a question is rewritten; its end rarely holds the topic
REWRITTEN_TURNS = 7
FRAME_TOKENS = 32  # ChatML marks around system text, user text and reply


def answer_prompt(
    question: str,
    quotes: Sequence[Evidence],
    count_tokens: Callable[[str], int],
    budget: int,
) -> Prompt:
    """Return the prompt for the first `MODEL_QUOTES` of `quotes`, or as many as fit into `budget`
    tokens.

    At least one quote stays: the first is shortened by whole words when it alone is too long.
    """
    fixed = count_tokens(SYSTEM) + count_tokens(f"\n\nQuestion: {question}") + FRAME_TOKENS
    room = budget - fixed
    parts: list[str] = []
    for part in numbered(quotes[:MODEL_QUOTES]):
        size = count_tokens(part + "\n\n")
        if size > room:
            if not parts:
                parts.append(_shorten(part, room, count_tokens))
            break
        parts.append(part)
        room -= size
    # The code has decided that the question can be answered; the model abstains far too readily
    # (docs/LOG.md, 2026-11-24), and what it says instead still has to pass grounding.
    return Prompt(SYSTEM, user_text(question, parts), barred=ABSTENTION)


def rewriting_prompt(
    question: str,
    history: Sequence[Turn],
    count_tokens: Callable[[str], int],
    budget: int,
) -> Prompt:
    """Return the prompt that asks for `question` as it would be asked alone.

    The newest turns that fit into `budget` tokens go with it; of a reply its beginning.
    """
    lines = [f"User: {question}"]
    for turn in reversed(history):
        speaker = "User" if turn.role == "user" else "Assistant"
        # What an abstention suggests instead is nobody's topic yet.
        said = ABSTENTION if turn.content.startswith(ABSTENTION) else turn.content
        line = f"{speaker}: {' '.join(_MARKER.sub('', said).split()[:REPLY_WORDS])}"
        if FRAME_TOKENS + count_tokens("\n".join([REWRITE, line, *lines])) > budget:
            break
        lines.insert(0, line)
    return Prompt(REWRITE, "\n".join(lines[-REWRITTEN_TURNS:]))


def user_text(question: str, parts: Sequence[str]) -> str:
    """Return what stands in the place of the person: the numbered quotes and the question."""
    return "\n\n".join([*parts, f"Question: {question}"])


def numbered(quotes: Sequence[Evidence]) -> list[str]:
    """Return each quote under its title and heading, numbered from 1."""
    return [
        f"[{n}] {quote.passage.chunk.full_heading}\n{quote.text}"
        for n, quote in enumerate(quotes, 1)
    ]


def _shorten(text: str, room: int, count_tokens: Callable[[str], int]) -> str:
    words = text.split(" ")
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if count_tokens(" ".join(words[:middle])) <= room:
            low = middle
        else:
            high = middle - 1
    return " ".join(words[:low])
