"""The shapes of HTTP requests and replies, with the examples that the API description shows."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from waymark.answering import MAX_QUESTION
from waymark.grounding import passage_url
from waymark.retrieval import TOP_K
from waymark.types import Answer, Block, Document, Passage, Role, Source, Turn

MAX_TURNS = 500
MAX_TURN = 20_000  # characters
MAX_TOP_K = 20

_QUESTION = "How much does an entry-level machine-learning engineer make?"

answer_json = TypeAdapter(Answer)


class _Request(BaseModel):
    # A misspelt field must not be ignored: the caller would believe that it had an effect.
    model_config = ConfigDict(extra="forbid", strict=True)


class TurnBody(_Request):
    role: Annotated[Role, Field(description="Who said it.")]
    content: Annotated[str, Field(max_length=MAX_TURN)]


class AskRequest(_Request):
    question: Annotated[str, Field(max_length=MAX_QUESTION, examples=[_QUESTION])]
    history: Annotated[
        list[TurnBody],
        Field(max_length=MAX_TURNS, description="Earlier turns, oldest first.", examples=[[]]),
    ] = []
    top_k: Annotated[int, Field(ge=1, le=MAX_TOP_K, description="Passages to read.")] = TOP_K

    def turns(self) -> tuple[Turn, ...]:
        """The history as the pipeline takes it."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)


class SearchRequest(_Request):
    question: Annotated[str, Field(max_length=MAX_QUESTION, examples=[_QUESTION])]
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
    audience: list[str]
    sources: list[Source]
    related: list[RelatedDocument]
    text: str
    blocks: Annotated[
        list[Block],
        Field(description="Parts of the text in order; offsets count Unicode code points."),
    ]


class AboutReply(BaseModel):
    name: str
    version: str
    mode: Annotated[str, Field(description="generation, or quotation without a model")]
    notice: str | None
    model: str
    generation: str
    documents: int
    contact: str
    examples: list[str]


class ErrorDetail(BaseModel):
    code: str
    message: str


class ErrorReply(BaseModel):
    error: ErrorDetail


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


def document_body(document: Document, titles: dict[str, str], today: date) -> DocumentBody:
    """A whole document; `titles` by id says which related documents exist."""
    return DocumentBody(
        **document_summary(document, today).model_dump(),
        audience=list(document.audience),
        sources=list(document.sources),
        related=[RelatedDocument(id=i, title=titles[i]) for i in document.related if i in titles],
        text=document.text,
        blocks=list(document.blocks),
    )
