"""`evaluation/*.jsonl` → labelled cases; the schema of evaluation/README.md."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from waymark.errors import QuestionSetInvalid
from waymark.types import Turn

Split = Literal["dev", "test"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gold(_Strict):
    """A section that carries the answer."""

    document: str
    section: str

    @property
    def key(self) -> str:
        """The section as one name, unique in the corpus."""
        return section_key(self.document, self.section)


class _Message(_Strict):
    role: Literal["user", "assistant"]
    content: Annotated[str, Field(min_length=1)]


class Case(_Strict):
    """A question and what a right reply holds; without gold the right reply is an abstention.

    Each group of `facts` lists alternative regular expressions; one of each group must match.
    A dialogue has `turns`, the last of them the question, and its `standalone` form. A question
    about safety says what it `expects`.
    """

    set: str = ""  # name of the file it is from
    id: str
    question: Annotated[str, Field(min_length=1)]
    turns: tuple[_Message, ...] = ()
    standalone: str = ""
    kind: str
    style: str = ""
    expects: Literal["", "answer", "signpost", "support"] = ""
    split: Split
    gold: tuple[Gold, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()

    @property
    def history(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.turns[:-1])

    @model_validator(mode="before")
    @classmethod
    def _ask_last_turn(cls, values: Any) -> Any:
        match values:
            case {"turns": [*_, {"content": question}]} if "question" not in values:
                return {**values, "question": question}
        return values

    @field_validator("turns")
    @classmethod
    def _alternate(cls, turns: tuple[_Message, ...]) -> tuple[_Message, ...]:
        if any(turn.role != ("user", "assistant")[i % 2] for i, turn in enumerate(turns)):
            raise ValueError("user and assistant must take turns, the user first")
        if turns and len(turns) % 2 == 0:
            raise ValueError("the last turn must be the user's")
        return turns

    @field_validator("facts")
    @classmethod
    def _compile(cls, facts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for group in facts:
            for pattern in group:
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"{pattern!r}: {error}") from None
        return facts


class Pair(_Strict):
    """Two questions that differ by one detail of the person, and deserve the same reply."""

    set: str = ""
    id: str
    a: Annotated[str, Field(min_length=1)]
    b: Annotated[str, Field(min_length=1)]
    differs: str
    split: Split

    @field_validator("b")
    @classmethod
    def _differ(cls, b: str, info: ValidationInfo) -> str:
        if b == info.data.get("a"):
            raise ValueError("a and b are the same question")
        return b

    @property
    def kind(self) -> str:
        """What the questions differ by."""
        return self.differs


Labelled = Case | Pair


def section_key(document_id: str, heading: str) -> str:
    """Name a section as question sets do: by the document and its outermost heading."""
    return f"{document_id}#{heading.partition(' > ')[0]}"


def load_cases(path: Path) -> list[Labelled]:
    """Read one file, in order. Raises QuestionSetInvalid with the line that is wrong."""
    cases: list[Labelled] = []
    # A file's own lines: str.splitlines() also ends one at U+2028, a plain character in JSON.
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            form = Pair if '"differs"' in line else Case
            try:
                case = form.model_validate_json(line)
            except ValidationError as error:
                detail = error.errors()[0]
                where = ".".join(str(part) for part in detail["loc"])
                raise QuestionSetInvalid(f"{path}:{number}: {where}: {detail['msg']}") from None
            cases.append(case.model_copy(update={"set": path.stem}))
    check_ids(cases)
    return cases


def check_ids(cases: Iterable[Labelled]) -> None:
    """Raise QuestionSetInvalid if two cases share an id."""
    for name, count in Counter(case.id for case in cases).items():
        if count > 1:
            raise QuestionSetInvalid(f"the id {name} stands twice")
