"""Language models and quantisations → how good their short answers are, on the same quotes.

    python scripts/compare_models.py [--adapter NAME=FILE]... [--every 3] [--threads 1]

Each question of the dev half that the product answers is read once; then every model writes from
the same quotes, through the same grounding: the base as published, our adapter at several
quantisations, further adapters at the one in use, and no model. Prints for each the share of
questions with the facts in the model's own sentences, in the short answer with what completes it,
and in the whole answer; sentences kept of those written; seconds and bytes.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from waymark import models
from waymark.answering import MAX_TOKENS, Answerer
from waymark.assembly import load_answerer
from waymark.evaluation.metrics import facts_right
from waymark.evaluation.question_sets import Case, load_cases
from waymark.generation import LlamaGenerator, QuotationGenerator
from waymark.grounding import Citations, read_claims
from waymark.prompt import answer_prompt
from waymark.readings import Reading
from waymark.retrieval import TOP_K
from waymark.settings import PROJECT, Settings
from waymark.short_answer import ShortAnswer
from waymark.types import Generator, Quote

QUANTISATIONS = ("f16", "q8_0", "q5_0", "q4_1", "q4_0")
OURS = "ours"


@dataclass(slots=True)
class Tally:
    """What one model reached: for each question whether the facts were there, and the rest."""

    own: list[bool] = field(default_factory=list)
    short: list[bool] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    written: int = 0
    kept: int = 0

    def row(self, name: str, size: int) -> str:
        """A row of the table."""
        shares = (sum(values) / len(values) for values in (self.own, self.short, self.whole))
        cells = [*(f"{share:.3f}" for share in shares), f"{self.kept} of {self.written}",
                 f"{sum(self.words) / len(self.words):.0f}", f"{median(self.seconds):.2f}",
                 f"{size / 1e6:.0f}"]  # fmt: skip
        return f"| {name} | {' | '.join(cells)} |"


def answered(answerer: Answerer, every: int) -> Iterator[tuple[Case, Reading]]:
    """Yield each question of the dev half that the product answers, and what it has for it."""
    cases = load_cases(PROJECT / "evaluation" / "questions.jsonl")
    dev = [c for c in cases if isinstance(c, Case) and c.split == "dev" and c.gold]
    for case in dev[::every]:
        found = answerer.reader.read(case.question, (), TOP_K)
        if found.answerability >= answerer.single.decision.threshold:
            yield case, found


def write(case: Case, found: Reading, generator: Generator, answerer: Answerer, to: Tally) -> None:
    """Let one model answer one question, as the product does, and note what came of it."""
    citations = Citations(answerer.today())
    quotes = [Quote(e.text, citations.cite(e)) for e in found.evidence]
    short = ShortAnswer(found, citations, answerer.verifier)
    started = time.perf_counter()
    if generator.context_tokens:
        budget = generator.context_tokens - MAX_TOKENS
        prompt = answer_prompt(found.standalone, found.evidence, generator.count_tokens, budget)
        for claim in read_claims(generator.generate(prompt, MAX_TOKENS)):
            to.written += claim is not None
            if claim and short.add(claim) and short.full:
                break
    to.seconds.append(time.perf_counter() - started)
    to.kept += len(short.sentences)
    own = " ".join(sentence.text for sentence in short.sentences)
    list(short.complete(quotes))
    said = " ".join(sentence.text for sentence in short.sentences)
    quoted = "\n".join(quote.text for quote in quotes)
    to.own.append(facts_right(own, case.facts))
    to.short.append(facts_right(said, case.facts))
    to.whole.append(facts_right(f"{said}\n{quoted}", case.facts))
    to.words.append(len(said.split()))


def variants(folder: Path, adapters: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Make the weight files one after the other and yield their names and places."""
    base = models.base_weights().path
    yield "as published", base
    for name, adapter in adapters.items():
        merged = folder / f"{name}.gguf"
        models.merge_adapter(base, adapter, merged, lambda *_: None)
        for quantisation in QUANTISATIONS if name == OURS else (models.QUANTISATION,):
            made = merged
            if quantisation != "f16":
                made = folder / f"{name}-{quantisation}.gguf"
                models.quantise(merged, made, quantisation)
            yield f"{name}, {quantisation}", made


def main() -> None:
    """Read the questions, let every model write, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--adapter", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--every", type=int, default=3, help="one question in so many")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    adapters = {OURS: models.adapter_weights(Settings().models).path}
    adapters |= {name: Path(file) for name, _, file in (a.partition("=") for a in chosen.adapter)}
    answerer, _ = load_answerer(Settings())
    read = list(answered(answerer, chosen.every))
    print(f"{len(read)} questions\n")
    print("| model | own sentences | short answer | whole answer | kept | words | seconds | MB |")
    print(f"|---|{'---|' * 7}")
    with TemporaryDirectory() as scratch:
        none = Tally()
        for case, found in read:
            write(case, found, QuotationGenerator(), answerer, none)
        print(none.row("none: quotes alone", 0), flush=True)
        for name, path in variants(Path(scratch), adapters):
            generator, tally = LlamaGenerator(path, chosen.threads), Tally()
            for case, found in read:
                write(case, found, generator, answerer, tally)
            print(tally.row(name, path.stat().st_size), flush=True)


if __name__ == "__main__":
    main()
