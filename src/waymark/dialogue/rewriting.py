"""Conversation + follow-up → the question as the language model would ask it alone, or nothing.

What the model writes is only searched for, never shown as a fact; still it has to stay with what
the person said: a rewrite with a number or a place of its own or from a reply, or with more than a
few such words, is thrown away. Knows nothing of passages or evidence.
"""

from collections.abc import Sequence
from contextlib import closing

from waymark.dialogue.topics import is_aspect
from waymark.errors import GenerationFailed
from waymark.places import is_named, places
from waymark.prompt import rewriting_prompt
from waymark.sentences import content_stems, content_words, stem
from waymark.types import Generator, Turn

MAX_TOKENS = 48
KEPT = 0.3  # of the question's own words must come back, or it is another question
ADDED = 2  # words that the person has not said, besides "pay", "need" and the like


def rewritten(question: str, history: Sequence[Turn], generator: Generator) -> str:
    """Return `question` as a whole question in the person's words.

    "" when there is no model, when it fails, or when it adds or loses too much.
    """
    if not generator.context_tokens:
        return ""
    room = generator.context_tokens - MAX_TOKENS
    prompt = rewriting_prompt(question, history, generator.count_tokens, room)
    try:
        with closing(generator.generate(prompt, MAX_TOKENS)) as pieces:
            written = " ".join("".join(pieces).split())
    except GenerationFailed:
        return ""
    said = " ".join([question, *(turn.content for turn in history if turn.role == "user")])
    return written if _faithful(written, question, said) else ""


def _faithful(written: str, question: str, said: str) -> bool:
    """Tell whether a rewrite takes its words from what the person said and keeps the question's."""
    words, known = content_words(written), content_stems(said)
    asked = content_stems(question)
    added = {word for word in words if stem(word) not in known}
    if any(character.isdigit() for word in added for character in word):
        return False
    if not all(is_named(place, said) for place in places(written)):
        return False
    few = sum(not is_aspect(word) for word in added) <= ADDED
    return bool(words) and few and len(asked.intersection(map(stem, words))) >= KEPT * len(asked)
