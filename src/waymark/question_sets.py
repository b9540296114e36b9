"""`evaluation/*.jsonl` → labelled cases; the schema of evaluation/README.md."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from waymark.errors import QuestionSetInvalid

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
        return f"{self.document}#{self.section}"


class Case(_Strict):
    """A question and what a right reply holds; without gold the right reply is an abstention.

    Each group of `facts` lists alternative regular expressions; one of each group must match.
    """

    id: str
    question: Annotated[str, Field(min_length=1)]
    kind: str
    style: str = ""
    split: Split
    gold: tuple[Gold, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()

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


def load_cases(path: Path) -> list[Case]:
    """Read one file, in order. Raises QuestionSetInvalid with the line that is wrong."""
    cases: list[Case] = []
    seen: set[str] = set()
    adapter = TypeAdapter(Case)
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            case = adapter.validate_json(line)
        except ValidationError as error:
            detail = error.errors()[0]
            where = ".".join(str(part) for part in detail["loc"])
            raise QuestionSetInvalid(f"{path}:{number}: {where}: {detail['msg']}") from None
        if case.id in seen:
            raise QuestionSetInvalid(f"{path}:{number}: the id {case.id} stands twice")
        seen.add(case.id)
        cases.append(case)
    return cases
