"""Follow-ups written for training → the forms in which the product searches for them.

What the encoders meet is no question that somebody worded whole, but what the rules make of a
conversation: the topic or earlier messages in front of what was asked. Dense retrieval for
conversations learns from such forms (Yu et al. 2021, ConvDR, doi:10.1145/3404835.3462856).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training_examples import entries_about_corpus, history_of
from training_file import stands_alone
from waymark.conversation import standalone_question
from waymark.sentences import content_stems
from waymark.types import Document
from waymark.vocabulary import Vocabulary

SHARE = 0.6  # of the content words of the whole question that a form of the rules has to hold
LAST = 3  # messages before a follow-up, which hold what it leans on unless a reply does


def entries_as_searched(training: Path, corpus: Sequence[Document]) -> list[dict[str, Any]]:
    """All entries about the corpus, and behind them the forms of those that are follow-ups."""
    entries = list(entries_about_corpus(training))
    follow_ups = [entry for entry in entries if "history" in entry]
    return [*entries, *as_searched(follow_ups, Vocabulary(corpus))]


def as_searched(
    entries: Sequence[dict[str, Any]], vocabulary: Vocabulary
) -> Iterator[dict[str, Any]]:
    """Each form of each of `entries` that says what is meant, with the labels of the entry: those
    of the rules, and all that was said. `of` is the question that stands alone.

    What the rules took the topic from means nothing, and is left out.
    """
    for entry in entries:
        whole = stands_alone(entry)
        forms = [form for form in _forms(entry, vocabulary) if _says(form, whole, vocabulary)]
        said = [*(asked for asked, _ in entry["history"][-LAST:]), entry["question"]]
        for form in dict.fromkeys([*forms, vocabulary.correct(" ".join(said))]):
            if form != whole:
                yield entry | {"of": whole, "standalone": form}


def _forms(entry: dict[str, Any], vocabulary: Vocabulary) -> Sequence[str]:
    history = vocabulary.corrected(history_of(entry))
    asked = vocabulary.correct(entry["question"])
    standing = standalone_question(asked, history, vocabulary.names_in)
    return list(dict.fromkeys([standing.focused, standing.joined]))


def _says(form: str, whole: str, vocabulary: Vocabulary) -> bool:
    """Tell whether `form` names what `whole` does and holds most of its words."""
    meant, said = vocabulary.titled(whole), vocabulary.titled(form)
    names = {word for name in vocabulary.names_in(whole) for word in name.casefold().split()}
    named = names.intersection(meant.casefold().split())
    needed = content_stems(meant)
    held = needed & content_stems(said)
    return named.issubset(said.casefold().split()) and len(held) >= SHARE * len(needed)
