"""The nouns of Waymark: what each stage hands to the next.

Holds data and Protocols only; knows no library and no other module of the package.
Every offset is a half-open range `[start, end)` of characters (Unicode code points) into
`Document.text`, the text that readers see.
"""

from collections.abc import Generator as Steps
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]  # (n, d), unit rows
Scores = NDArray[np.float32]  # (n,)
BlockKind = Literal["heading", "paragraph", "item", "row", "code"]
Role = Literal["user", "assistant"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document's facts come from."""

    publisher: str
    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, table row, code block or heading of a document."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    anchor: str | None = None
    page: int | None = None  # of a file that has pages, from 1


@dataclass(frozen=True, slots=True)
class Section:
    """The text under one heading, with the headings above it, outermost first."""

    heading_path: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus. `id` is its path inside the corpus without extension.

    `digest` is the SHA-256 of the file's bytes. A document depends on its own file only.
    """

    id: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    digest: str
    summary: str = ""
    topic: str = ""
    audience: tuple[str, ...] = ()
    region: str = ""
    reviewed: date | None = None
    review_by: date | None = None
    valid_until: date | None = None  # the last day on which it is used for answers
    sources: tuple[Source, ...] = ()
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    parser: str = ""  # the format and version of the parser that read the file
    notes: tuple[str, ...] = ()  # what was left out of the text or guessed

    @property
    def suggestion(self) -> str:
        """A question to which this document has the answer; its title if it names none."""
        return self.questions[0] if self.questions else self.title


@dataclass(frozen=True, slots=True)
class Note:
    """What was left out of a document, or guessed, when it was indexed."""

    document_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """The stored unit of retrieval: a run of sentences from one section."""

    id: str
    document_id: str
    title: str
    heading_path: tuple[str, ...]
    start: int
    end: int
    text: str
    pages: tuple[tuple[int, int], ...] = ()  # offset from which each page is that of the text

    def page_at(self, offset: int) -> int | None:
        """The page on which a character of the document stands, in files that have pages."""
        return next((page for start, page in reversed(self.pages) if start <= offset), None)

    @property
    def heading(self) -> str:
        """The headings above the chunk as one line, outermost first; may be empty."""
        return " > ".join(self.heading_path)

    @property
    def full_heading(self) -> str:
        """The title, and below it the headings, as one line."""
        return f"{self.title} > {self.heading}" if self.heading else self.title


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for one question. `rank` starts at 1; a higher score is better."""

    chunk: Chunk
    rank: int
    score: float
    reviewed: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Ranked passages, best first, and the highest cosine between the question and a chunk."""

    passages: tuple[Passage, ...]
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage, or several, or a list, verbatim, with its span.

    `score` says how well it answers the question, in log-odds; 0 where nobody asked.
    """

    passage: Passage
    text: str
    start: int
    end: int
    score: float

    @property
    def document_id(self) -> str:
        """Which document it stands in."""
        return self.passage.chunk.document_id

    @property
    def span(self) -> tuple[str, int, int]:
        """Where it stands: document, start and end."""
        return self.document_id, self.start, self.end


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker resolved to the span of a document that supports a sentence."""

    marker: int
    document_id: str
    title: str
    heading: str
    quote: str
    start: int
    end: int
    url: str
    reviewed: date | None
    stale: bool
    page: int | None = None  # of the file, where it has pages


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A piece of the short answer: a sentence of the model, which passed grounding, or a quote that
    completes it.

    `verbatim`: it is the whole quote of its citation, word for word, whether the model copied it or
    it was added. Any other is as the model wrote it.
    """

    text: str
    citations: tuple[Citation, ...]
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence as it is shown: a sentence of the guidance, or several, or a list,
    verbatim."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two quotes of different documents that give one thing other figures.

    `markers` are theirs; `dates` says of each which years it names and when it was reviewed.
    """

    markers: tuple[int, int]
    dates: tuple[str, str]


@dataclass(frozen=True, slots=True)
class NearSection:
    """Where the documents come nearest to a question that they do not cover: a section, and the
    span of it that is shown first."""

    document_id: str
    title: str
    heading: str
    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole reply. `text` is the short answer, the quotes and what to know of them, ready to
    show.

    `uncovered` names what of an answered question the documents do not cover, in the person's
    words: a part of the message, a place or a year; `nearest` says where to look when they cover
    nothing of it. `disagreements` names quotes that contradict
    each other in a figure. `support` is said beside the answer to someone who may be in despair, ""
    to all others.
    """

    text: str
    sentences: tuple[AnswerSentence, ...]
    quotes: tuple[Quote, ...]
    citations: tuple[Citation, ...]
    abstained: bool
    reason: str
    suggestions: tuple[str, ...]
    nearest: tuple[NearSection, ...]
    uncovered: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]
    support: str
    question: str
    standalone_question: str
    generation: str
    model: str
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation so far."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the generator receives. `user` holds text of people and documents: never markup.

    A reply never begins with `barred`, where the generator can prevent it.
    """

    system: str
    user: str
    barred: str = ""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """Progress: `queued` (with the number of people ahead), `searching` or `writing`."""

    state: Literal["queued", "searching", "writing"]
    position: int = 0


@dataclass(frozen=True, slots=True)
class PassagesEvent:
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class QuotesEvent:
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class DoneEvent:
    answer: Answer


Event = StatusEvent | PassagesEvent | QuotesEvent | SentenceEvent | DoneEvent


class Embedder(Protocol):
    """Texts to unit vectors. `model_id` names the weights, so that an index can be refused."""

    model_id: str
    dimension: int

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`."""
        ...


class Reranker(Protocol):
    """How likely a text answers a question, read together."""

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        """Return (n,) log-odds that each of `texts` answers `question`, in their order."""
        ...

    def score_in_conversation(self, heard: str, texts: Sequence[str]) -> Scores:
        """Return the same for a message that has behind it what was said before."""
        ...


class Verifier(Protocol):
    """Whether a text says what a claim says, read together."""

    def carried(self, claim: str, texts: Sequence[str]) -> Scores:
        """Return (n,) log-odds that each of `texts` says all that `claim` says, in their order."""
        ...


class Generator(Protocol):
    """A prompt to pieces of text. `context_tokens` is 0 when there is no model to write.

    Closing the iterator stops the work at once. `failure` says, for operators, why the model
    failed; None until it does, and again as soon as it writes.
    """

    model: str
    context_tokens: int
    failure: str | None

    def identity(self) -> str:
        """Return what tells this model from others of its name: a digest or an address."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` in tokens of this model."""
        ...

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        """Yield pieces of the reply; an empty piece means that the model is still reading.

        Raises GenerationFailed.
        """
        ...
