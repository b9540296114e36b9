"""Message + conversation → what the cross-encoder reads as the question of a follow-up.

The message comes first, then what was said before it, the last first. Which of that the message
leans on, and whether it leans on anything, the model has learnt from conversations
(scripts/training_conversations.py): dense and learnt readers of a conversation need no rewritten
question (Yu et al. 2021, ConvDR, doi:10.1145/3404835.3462856).
"""

from collections.abc import Iterator, Sequence

from waymark.dialogue.asides import is_aside
from waymark.types import Turn

MESSAGES = 3  # of the person, before this one
OF_A_MESSAGE = 14  # words, its last: what is asked mostly ends it
OF_A_REPLY = 16  # words, its first
BEFORE = " « "
BETWEEN = " / "


def with_what_was_said(message: str, history: Sequence[Turn]) -> str:
    """Return `message` with the last messages and the last reply behind it; as it is without any.

    `history` is oldest first. Thanks and the like are left out, with what was replied to them.
    """
    turns = list(_without_asides(history))
    asked = [turn.content for turn in turns if turn.role == "user"]
    said = [" ".join(text.split()[-OF_A_MESSAGE:]) for text in asked[-MESSAGES:]]
    if turns and turns[-1].role == "assistant":
        said.append(" ".join(turns[-1].content.split()[:OF_A_REPLY]))
    return f"{message}{BEFORE}{BETWEEN.join(reversed(said))}" if said else message


def _without_asides(history: Sequence[Turn]) -> Iterator[Turn]:
    aside = False
    for turn in history:
        if turn.role == "user":
            aside = is_aside(turn.content)
        if not aside:
            yield turn
