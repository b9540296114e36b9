"""Environment → one frozen Settings, read by `assembly`, `doctor` and whatever is started."""

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from waymark.safeguards import CRISIS_CONTACTS

PROJECT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Every setting, with its unit; each is the environment variable WAYMARK_<NAME>."""

    model_config = SettingsConfigDict(
        env_prefix="WAYMARK_",
        env_ignore_empty=True,  # an empty path would be the current folder
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # it may be a key
    )

    corpus: Path = Field(PROJECT / "corpus", description="Folder of guidance documents.")
    index: Path = Field(PROJECT / "index", description="Folder of index generations.")
    web: Path = Field(PROJECT / "web", description="Folder of the chat page.")
    models: Path = Field(PROJECT / "models", description="Folder of the adapter and its merge.")
    model: Path | None = Field(
        None, description="A GGUF instruct model to use in place of the default."
    )
    model_url: str = Field(
        "", description="Base address of an OpenAI-compatible server; replaces the local model."
    )
    model_name: str = Field("default", description="Model name sent to that server.")
    model_key: str = Field(
        "", pattern=r"^[!-~]*$", description="Key sent to that server.", repr=False
    )
    model_at_once: int = Field(
        8, ge=1, le=64, description="Answers that this server writes at the same time."
    )
    host: str = Field("127.0.0.1", description="Address to serve on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to serve on.")
    threads: int = Field(0, ge=0, le=256, description="Processor threads; 0 means all cores.")
    queue: int = Field(16, ge=0, le=1000, description="Questions that may wait; more get a 503.")
    contact: str = Field(
        "For advice about your own situation, talk to a careers adviser.",
        description="Human help named when the documents do not cover a question.",
    )

    admin_key: str = Field(
        "",
        pattern=r"^([!-~]{16,})?$",
        description="Key for operators, 16 characters or more; without it their routes refuse.",
        repr=False,
    )
    watch: bool = Field(False, description="Build again whenever a document changes.")
    record_questions: bool = Field(
        False,
        description="Keep questions that are not covered, without recognised personal details.",
    )
    records: Path = Field(PROJECT / "records", description="Folder of what is kept for editors.")
    crisis_contacts: str = Field(
        CRISIS_CONTACTS, description="Local crisis lines, named to people in distress."
    )

    @field_validator("model_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        # A port that is no number is found out only where it is asked for.
        if value and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
            raise ValueError("this is no address of a server, such as http://127.0.0.1:8080/v1")
        return value

    @cached_property
    def thread_count(self) -> int:
        """Threads for the libraries; left to itself llama.cpp would write on half of the cores."""
        return self.threads or len(os.sched_getaffinity(0))

    @property
    def writers(self) -> int:
        """Answers that are written at once; llama.cpp serves one prompt at a time."""
        return self.model_at_once if self.model_url else 1
