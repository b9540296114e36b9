"""The shapes of HTTP requests and replies, with the examples that the API description shows."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from waymark.answering import MAX_QUESTION
from waymark.grounding import passage_url
from waymark.retrieval import TOP_K
from waymark.types import Answer, Block, Document, Note, Passage, Role, Source, Turn

MAX_TURNS = 500
MAX_TURN = 20_000  # characters
READ_OF_TURN = 2_000  # characters, as many as a question may have: longer turns cost time
MAX_TOP_K = 20

_QUESTION = "How much does an entry-level machine-learning engineer make?"

# How long it may be is for `check_question` to say: each refusal of a question has one code.
_Question = Annotated[
    str, Field(json_schema_extra={"maxLength": MAX_QUESTION}, examples=[_QUESTION])
]

answer_json = TypeAdapter(Answer)


class _Request(BaseModel):
    # A misspelt field must not be ignored: the caller would believe that it had an effect.
    model_config = ConfigDict(extra="forbid", strict=True)


class ErrorDetail(BaseModel):
    code: Annotated[str, Field(description="Stable; docs/api.md lists all.", examples=["busy"])]
    message: Annotated[str, Field(description="For people.")]


class ErrorReply(BaseModel):
    error: ErrorDetail


class TurnBody(_Request):
    role: Annotated[Role, Field(description="Who said it.")]
    content: Annotated[str, Field(max_length=MAX_TURN)]


class AskRequest(_Request):
    question: _Question
    history: Annotated[
        list[TurnBody],
        Field(max_length=MAX_TURNS, description="Earlier turns, oldest first.", examples=[[]]),
    ] = []
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Passages to read.")] = TOP_K

    def turns(self) -> tuple[Turn, ...]:
        """The history as the pipeline takes it: the beginning of each turn."""
        return tuple(Turn(turn.role, turn.content[:READ_OF_TURN]) for turn in self.history)


class SearchRequest(_Request):
    question: _Question
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K)] = TOP_K


class PassageBody(BaseModel):
    rank: int
    score: float
    document_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    url: str
    reviewed: date | None
    stale: bool
    page: Annotated[int | None, Field(description="Of the file, where it has pages.")]


class SearchReply(BaseModel):
    generation: str
    passages: list[PassageBody]


class DocumentSummary(BaseModel):
    id: str
    title: str
    summary: str
    topic: str
    region: str
    reviewed: date | None
    review_by: date | None
    stale: bool
    valid_until: date | None
    expired: Annotated[bool, Field(description="No longer used for answers.")]


class DocumentsReply(BaseModel):
    generation: str
    documents: list[DocumentSummary]


class RelatedDocument(BaseModel):
    id: str
    title: str


class DocumentBody(DocumentSummary):
    generation: str
    audience: list[str]
    sources: list[Source]
    related: list[RelatedDocument]
    text: str
    blocks: Annotated[
        list[Block],
        Field(description="Parts of the text in order; offsets count Unicode code points."),
    ]


class RebuildRequest(_Request):
    """The choices of `waymark index`; with none a build does what it does."""

    dry_run: Annotated[bool, Field(description="Only say what would change.")] = False
    allow_removal: Annotated[
        bool, Field(description="Let many documents go, or another folder take over.")
    ] = False
    skip_gate: Annotated[
        bool, Field(description="Publish although golden questions are no longer met.")
    ] = False


class GenerationBody(BaseModel):
    generation: str
    sequence: int
    created: datetime
    documents: int
    in_use: bool


class BuildBody(BaseModel):
    running: bool
    trigger: Annotated[str | None, Field(description="request or watch")] = None
    dry_run: bool = False
    started: datetime | None = None
    stage: str | None = None
    done: int = 0
    total: int = 0


class SkippedBody(BaseModel):
    path: str
    reason: str


class LastBuildBody(BaseModel):
    trigger: str
    dry_run: Annotated[bool, Field(description="The lists say what would change.")]
    finished: datetime
    seconds: float
    error: ErrorDetail | None = None
    generation: str = ""
    published: bool = False
    documents: int = 0
    chunks: int = 0
    embedded: Annotated[int, Field(description="Passages embedded anew.")] = 0
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    unreadable: Annotated[
        list[str], Field(description="Were in use; their files are skipped now.")
    ] = []
    skipped: list[SkippedBody] = []
    notes: Annotated[
        list[Note], Field(description="What was left out of documents, or guessed.")
    ] = []


class IndexReply(BaseModel):
    """The first six fields describe the generation in use and are null before there is one."""

    generation: str | None = None
    sequence: int | None = None
    created: datetime | None = None
    documents: int | None = None
    chunks: int | None = None
    embedding_model: str | None = None
    problem: Annotated[
        str | None,
        Field(description="Why there is none, or not the newest, or why answers only quote."),
    ]
    kept: list[GenerationBody]
    build: BuildBody
    last: Annotated[LastBuildBody | None, Field(description="Since the service started.")]


class AboutReply(BaseModel):
    name: str
    version: str
    mode: Annotated[str, Field(description="generation, or quotation without a model")]
    notice: str | None
    model: str
    generation: str
    documents: int
    contact: str
    records_questions: Annotated[
        bool,
        Field(
            description="Whether questions not covered are kept, without recognised personal "
            "details."
        ),
    ]
    sends_questions: Annotated[
        bool,
        Field(description="Whether questions and earlier turns go to a model server."),
    ]
    examples: list[str]


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How the API description lists the errors of a route."""
    return {status: {"model": ErrorReply} for status in statuses}


def error_body(code: str, message: str) -> dict[str, Any]:
    """The one shape of every error."""
    return ErrorReply(error=ErrorDetail(code=code, message=message)).model_dump()


def is_past(day: date | None, today: date) -> bool:
    """Tell whether the last day, if there is one, is over."""
    return day is not None and day < today


def passage_body(passage: Passage, today: date) -> PassageBody:
    """A passage as the API shows it."""
    chunk = passage.chunk
    return PassageBody(
        rank=passage.rank,
        score=passage.score,
        document_id=chunk.document_id,
        title=chunk.title,
        heading=chunk.heading,
        text=chunk.text,
        start=chunk.start,
        end=chunk.end,
        url=passage_url(chunk.document_id, chunk.start, chunk.end),
        reviewed=passage.reviewed,
        stale=is_past(passage.review_by, today),
        page=chunk.page_at(chunk.start),
    )


def document_summary(document: Document, today: date) -> DocumentSummary:
    """A document as the list shows it."""
    return DocumentSummary(
        id=document.id,
        title=document.title,
        summary=document.summary,
        topic=document.topic,
        region=document.region,
        reviewed=document.reviewed,
        review_by=document.review_by,
        stale=is_past(document.review_by, today),
        valid_until=document.valid_until,
        expired=is_past(document.valid_until, today),
    )


def document_body(
    document: Document, titles: dict[str, str], generation: str, today: date
) -> DocumentBody:
    """A whole document of `generation`; `titles` by id says which related documents exist."""
    return DocumentBody(
        **document_summary(document, today).model_dump(),
        generation=generation,
        audience=list(document.audience),
        sources=list(document.sources),
        related=[RelatedDocument(id=i, title=titles[i]) for i in document.related if i in titles],
        text=document.text,
        blocks=list(document.blocks),
    )
