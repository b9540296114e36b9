"""Training material → token ids that the adapter of the language model is trained from.

    python scripts/prepare_adapter.py --out FOLDER [--share 0.2]

Writes FOLDER/packs.json, and beside it the base model, of all questions about the corpus or of a
share of them (0.3 s each on one core). Many examples share a pack: a common
beginning and branches that do not see each other. An example is a system message, what the person
says, and the reply to learn. Answers are shaped as the product asks for them: quotes chosen by
`select_evidence` from passages that retrieval would bring, look-alikes among them. Rewriting
turns a follow-up into a question that stands alone. Nothing here comes from the evaluation sets
(tests/test_training_data.py).
"""

import argparse
import json
import random
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from train_adapter import BASE, PACKS, Pack
from training_examples import (
    Example,
    agreement,
    entries_about_corpus,
    from_documents,
    from_questions,
    history_of,
    is_held_out,
    is_kept,
)
from training_file import noisy
from waymark import models
from waymark.assembly import load_cross_encoder, load_embedder
from waymark.embedding import CachingEmbedder
from waymark.evidence import select_evidence
from waymark.grounding import Claim, ground
from waymark.prompt import (
    ABSTENTION,
    MODEL_QUOTES,
    SYSTEM,
    numbered,
    rewriting_prompt,
    user_text,
)
from waymark.sentences import sentence_spans
from waymark.settings import PROJECT, Settings
from waymark.thoughts import embedding_text, repeats
from waymark.types import Embedder, Evidence, Matrix, Passage, Reranker, Verifier

DOCUMENTS = 0.3  # of the questions about documents; the adapter started from has seen them all
PACK_TOKENS = 4_000
HELD_PACKS = 8
PASSAGES = 8
MENDED = 3  # right sentences put in, at the most
RESTS_ON = 0.35  # of an answer's sentence stand in a quote, or it rests on none
LONGEST = 40  # words of a sentence taken over from a quote
SHUFFLED = 0.05  # of the prompts have their quotes in another order than by score
UNANSWERED = 0.1  # of the questions without an answer are kept: the code decides, the model hints
PARTLY = re.compile(r"\s*(?:But )?[Tt]he documents do not cover (?!this question)[^.]*\.")


@dataclass(frozen=True, slots=True)
class Text:
    """One example: what the model is given and the reply it is to learn."""

    system: str
    user: str
    reply: str
    held_out: bool


def texts(rng: random.Random, share: float) -> Iterator[Text]:
    """Examples: answers to `share` of the questions about the corpus, and rewritten follow-ups."""
    documents = from_documents(PROJECT / "training" / "documents")
    examples = [e for e in documents if e.held_out or rng.random() < DOCUMENTS]
    about_corpus = from_questions(PROJECT / "training", PROJECT / "corpus")
    examples += [e for e in about_corpus if rng.random() < share]
    yield from _answers(examples, rng)
    yield from _follow_ups(PROJECT / "training" / "documents")
    for entry in entries_about_corpus(PROJECT / "training"):
        if "history" in entry:
            yield _rewrite(entry, is_kept(entry))


def _answers(examples: Sequence[Example], rng: random.Random) -> Iterator[Text]:
    settings = Settings()
    embedder = CachingEmbedder(load_embedder(settings), size=200_000)
    cross_encoder = load_cross_encoder(settings)
    passages = list(dict.fromkeys(c.passage for e in examples for c in e.candidates))
    vectors = embedder.embed_passages([embedding_text(p.chunk) for p in passages])
    for example in examples:
        if not example.answer and rng.random() > UNANSWERED:
            continue
        question = noisy(example.question, rng)
        near = _retrieved(example, question, passages, vectors, embedder)
        quotes = _quotes(example, question, near, embedder, cross_encoder, rng)
        reply = marked(example.answer, quotes, cross_encoder) if example.answer else ABSTENTION
        if reply:
            yield Text(SYSTEM, user_text(question, numbered(quotes)), reply, example.held_out)


def _retrieved(
    example: Example, question: str, passages: Sequence[Passage], vectors: Matrix,
    embedder: Embedder,
) -> list[Passage]:  # fmt: skip
    """The nearest passages; those with the answer are always among them."""
    order = np.argsort(-(vectors @ embedder.embed_queries([question])[0]))
    needed = list(dict.fromkeys(c.passage for c in example.gold))
    others = [passages[n] for n in order[:PASSAGES] if passages[n] not in needed]
    return [*needed, *others][:PASSAGES]


def _quotes(
    example: Example, question: str, near: Sequence[Passage], embedder: Embedder,
    reranker: Reranker, rng: random.Random,
) -> list[Evidence]:  # fmt: skip
    """What the product would quote, with the right sentences it missed in place of the last."""
    quotes = list(select_evidence(question, near, embedder, reranker))[:MODEL_QUOTES]
    missed = [g for g in example.gold if not any(repeats(g, q) for q in quotes)]
    for gold in missed[:MENDED]:
        wrong = [q for q in quotes if not any(repeats(g, q) for g in example.gold)]
        if wrong:
            quotes.remove(wrong[-1])
        quotes.append(gold)
    if rng.random() < SHUFFLED:
        rng.shuffle(quotes)
    return quotes


def marked(answer: str, quotes: Sequence[Evidence], verifier: Verifier) -> str:
    """Return `answer` with a mark after each sentence, for the quote that carries it.

    What grounding would drop teaches nothing that is ever shown: such a sentence gives way to the
    sentence of the quotes that it rests on, if that is short enough, and is left out otherwise.
    Returns "" if nothing is left.
    """
    answer = PARTLY.sub("", answer)
    kept: list[tuple[str, int]] = []
    passages = [quote.passage for quote in quotes]
    for start, end in sentence_spans(answer):
        said = answer[start:end].strip()
        best = max(range(len(quotes)), key=lambda n: agreement(said, quotes[n].text))
        if agreement(said, quotes[best].text) < RESTS_ON:
            continue
        if ground(Claim(said, (best + 1,)), passages, verifier) is None:
            said = _own_words(said, quotes[best])
        if said and all(said != other for other, _ in kept):
            kept.append((said, best))
    return " ".join(_with_mark(said, number + 1) for said, number in kept)


def _own_words(said: str, quote: Evidence) -> str:
    """The sentence of `quote` that shares most with `said`, "" if it is long."""
    text = " ".join(quote.text.split())
    sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
    nearest = max(sentences, key=lambda sentence: agreement(said, sentence))
    return nearest if len(nearest.split()) <= LONGEST else ""


def _with_mark(sentence: str, number: int) -> str:
    end = sentence[-1] if sentence[-1] in ".!?" else ""
    return f"{sentence.removesuffix(end)} [{number}]{end or '.'}"


def _follow_ups(folder: Path) -> Iterator[Text]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            for entry in document["followups"]:
                yield _rewrite(entry, is_held_out(document["title"]))


def _rewrite(entry: dict[str, Any], held_out: bool) -> Text:
    asked = entry.get("question") or entry["q"]
    prompt = rewriting_prompt(asked, history_of(entry), count_tokens=len, budget=sys.maxsize)
    return Text(prompt.system, prompt.user, entry["standalone"].strip(), held_out)


def packs_of(chosen: Sequence[Text], rng: random.Random) -> list[Pack]:
    """Tokenise as the product does and fill packs, texts of one beginning together."""
    from llama_cpp import Llama

    tokenizer: Any = Llama(str(models.base_weights().path), vocab_only=True, verbose=False)

    def tokens(text: str, special: bool) -> list[int]:
        return list(tokenizer.tokenize(text.encode(), add_bos=False, special=special))

    packs: list[Pack] = []
    for system in dict.fromkeys(text.system for text in chosen):
        prefix = [
            *tokens("<|im_start|>system\n", True),
            *tokens(system, False),
            *tokens("<|im_end|>\n<|im_start|>user\n", True),
        ]
        branches: list[tuple[list[int], int]] = []
        for text in rng.sample(own := [t for t in chosen if t.system == system], len(own)):
            asked = [
                *tokens(text.user, False),
                *tokens("<|im_end|>\n<|im_start|>assistant\n", True),
            ]
            branch = [*asked, *tokens(text.reply, False), *tokens("<|im_end|>", True)]
            if branches and sum(len(b) for b, _ in branches) + len(branch) > PACK_TOKENS:
                packs.append(Pack(prefix, branches))
                branches = []
            branches.append((branch, len(asked)))
        packs.append(Pack(prefix, branches))
    rng.shuffle(packs)
    return packs


def main() -> None:
    """Write packs and base model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1.0, help="of the questions, 0 to 1")
    chosen = parser.parse_args()
    folder: Path = chosen.out
    rng = random.Random(0)
    material = list(texts(rng, chosen.share))
    packs = {
        "learnt": packs_of([t for t in material if not t.held_out], rng),
        "held": packs_of([t for t in material if t.held_out], rng)[:HELD_PACKS],
    }
    folder.mkdir(parents=True, exist_ok=True)
    stored = {name: [asdict(pack) for pack in some] for name, some in packs.items()}
    (folder / PACKS).write_text(json.dumps(stored), encoding="utf-8")
    shutil.copyfile(models.base_weights().path, folder / BASE)
    print(len(material), "texts,", {name: len(some) for name, some in packs.items()})


if __name__ == "__main__":
    main()
