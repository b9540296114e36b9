"""What was asked in vain, and which documents answered: kept for editors where switched on.

Holds no address, history or time: a question the documents do not cover is kept without recognised
personal details and with the day alone, an answer only as one more for each document it cites. What
is recognised as personal goes before anything is written; a person named in an unusual way may
remain, which is why nothing is kept unless the service is told to.
"""

import logging
import os
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from waymark.errors import WaymarkError

FILE = "questions.sqlite"
MAX_QUESTIONS = 10_000  # the oldest go first; about 3 MB at most
MAX_LENGTH = 300  # characters of a question
QUESTION_DAYS = 180
COUNT_DAYS = 400

_TABLES = """
CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY, day TEXT NOT NULL,
                                    question TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS cited (day TEXT NOT NULL, document_id TEXT NOT NULL,
                                  answers INTEGER NOT NULL,
                                  PRIMARY KEY (day, document_id)) WITHOUT ROWID;
"""

_NAME = (
    r"(?!(?:and|but|i|im|i['’]m|from|in|at|who|where|how|what|can|could|the|a|an|with|is"
    r"|about|after|again|back|before|for|if|later|on|to|when)\b)"
)
_NAMES = rf"(?:{_NAME}[^\W\d_][\w'’.-]*)(?:\s+{_NAME}[^\W\d_][\w'’-]*){{0,2}}"
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"
_PATTERNS = (
    (r"(?i)\b(?:https?://|www\.)\S+", "[link]"),
    (r"(?i)(?<![\w.+'-])[\w.+'-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", "[e-mail]"),
    (r"(?<!\w)@\w{2,}", "[account]"),
    (r"(?i)(?<![\w.-])(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|co\.uk|org\.uk|ac\.uk|uk|io|me)\b\S*",
     "[link]"),
    # Any other domain with a path; "node.js/React" is none, nor is "B.Ed/PGCE".
    (r"(?i)(?<![\w.-])(?:[a-z0-9-]+\.)*[a-z0-9-]{2,}\.(?!(?:js|ts|py)/)[a-z]{2,}/\S+", "[link]"),
    (rf"(?i)\b(my\s+(?:full\s+|first\s+|last\s+)?name(?:\s+is|['’]?s)|my\s+surname\s+is|name:"
     rf"|i(?:\s+am|['’]?m)\s+(?:called|named)|(?:they|please|just|you\s+can|you\s+may)\s+call\s+me"
     rf"|this\s+is(?=\s+{_NAMES}\s+(?:speaking|here|writing)))\s+{_NAMES}", r"\1 [name]"),
    (rf"\b((?i:my\s+(?:full\s+|first\s+|last\s+)?name))\s+{_CAPITALISED}(?:\s+{_CAPITALISED})*",
     r"\1 [name]"),
    (rf"\b((?i:i(?:['’]?m|\sam)))\s+{_CAPITALISED}(?:(?:\s+{_CAPITALISED})+|(?=,\s+(?:aged?\s+)?\d))",
     r"\1 [name]"),
    (rf"\b(Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s+{_CAPITALISED}(?:\s+{_CAPITALISED})?", r"\1 [name]"),
    (r"(?i)\b[a-z]{2}(?:[ -]?\d\d){3}[ -]?[a-d]\b", "[number]"),  # National Insurance
    (r"\b\d{3}[ -]\d{2}[ -]\d{4}\b", "[number]"),  # Social Security
    (r"(?i)\b(?:gir\s?0aa|[a-z]{1,2}\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2})\b", "[postcode]"),
    (r"\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b\d{5}-\d{4}\b|(?i:\bzip(?:\s*code)?\s+)\d{5}\b",
     "[postcode]"),
    (r"(?i)\b[abceghj-nprstvxy]\d[abceghj-nprstv-z][ -]?\d[abceghj-nprstv-z]\d\b", "[postcode]"),
    (rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d\d\b|\b{_YEAR}[/-]\d\d?[/-]\d\d?\b", "[date]"),
    (rf"(?i)\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b|\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
     "[date]"),
    # Seven digits or more that are not an amount and not a range of years; with / only where they
    # begin as a telephone number does, because two amounts may be written so.
    (rf"(?<![$£€])(?<![$£€]\s)(?<!\d)(?<!\d[.,])(?!{_YEAR}\s?[-–]\s?{_YEAR}(?!\d))"
     r"(?:[+0](?:[\s()./-]{0,2}\d){6,}|\(?\+?\(?\d(?:[\s().-]{0,2}\d){6,})", "[number]"),
)  # fmt: skip
_PERSONAL = tuple((re.compile(pattern), marker) for pattern, marker in _PATTERNS)

log = logging.getLogger(__name__)


class RecordsUnusable(WaymarkError):
    """There are no records, or they cannot be read."""

    code = "records"


@dataclass(frozen=True, slots=True)
class Refused:
    """A question that the documents did not cover."""

    day: date
    question: str


@dataclass(frozen=True, slots=True)
class Cited:
    """How many answers of one day cited a document."""

    day: date
    document_id: str
    answers: int


def without_personal_data(question: str) -> str:
    """Return `question` with addresses, numbers, codes, dates and introduced names as [markers]."""
    for pattern, marker in _PERSONAL:
        question = pattern.sub(marker, question)
    return question[:MAX_LENGTH]


class QuestionLog:
    """The records in `folder`; safe to use from several threads and processes.

    SQLite's own journal makes each addition whole or absent. A failure to write is logged once
    until a write succeeds, and never reaches the person who asks.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._complained = False

    def add_refused(self, question: str, day: date) -> None:
        """Keep a question that was not covered, without recognised personal details."""
        self._write(
            day,
            (
                "INSERT INTO refused (day, question) VALUES (?, ?)",
                [(day.isoformat(), without_personal_data(question))],
            ),
        )

    def add_answered(self, document_ids: Collection[str], day: date) -> None:
        """Count one more answer for each document."""
        self._write(
            day,
            (
                "INSERT INTO cited VALUES (?, ?, 1) "
                "ON CONFLICT DO UPDATE SET answers = answers + 1",
                [(day.isoformat(), document_id) for document_id in sorted(set(document_ids))],
            ),
        )

    def forget(self, day: date) -> None:
        """Delete what on `day` is older than is promised, as each addition does; does nothing
        where there is no file."""
        if os.access(self._path, os.F_OK):  # which never raises
            self._write(day)

    def refused(self) -> list[Refused]:
        """Return the kept questions, oldest first. Raises RecordsUnusable."""
        rows = self._read("SELECT day, question FROM refused ORDER BY number")
        return [Refused(date.fromisoformat(day), question) for day, question in rows]

    def cited(self) -> list[Cited]:
        """Return the counts in order of day and document. Raises RecordsUnusable."""
        rows = self._read("SELECT day, document_id, answers FROM cited ORDER BY day, document_id")
        return [Cited(date.fromisoformat(day), name, answers) for day, name, answers in rows]

    def _write(self, day: date, *statements: tuple[str, list[tuple[Any, ...]]]) -> None:
        """Execute all of `statements`, each for its rows of values, and delete what on `day` is
        too old or too much; or nothing of that."""
        try:
            with self._open() as database, database:
                database.executescript(_TABLES)
                for sql, rows in (*statements, *_deletions(day)):
                    database.executemany(sql, rows)
            self._complained = False
        except (sqlite3.Error, OSError) as error:
            if not self._complained:
                log.warning("nothing can be recorded in %s, or deleted: %s", self._path, error)
            self._complained = True

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its journal the permissions of the file, so they must be right at once.
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path.chmod(0o600)
        database = sqlite3.connect(self._path, timeout=5)
        try:
            database.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
            yield database
        finally:
            database.close()

    def _read(self, sql: str) -> list[tuple[Any, ...]]:
        if not self._path.is_file():
            raise RecordsUnusable(
                f"Nothing has been recorded in {self._path.parent}. Set "
                "WAYMARK_RECORD_QUESTIONS=true, then run: waymark serve"
            )
        try:
            with self._open() as database:
                return database.execute(sql).fetchall()
        except sqlite3.Error as error:
            raise RecordsUnusable(
                f"{self._path} cannot be read ({error}). Move it away; a new one is begun by: "
                "waymark serve"
            ) from None


def _deletions(day: date) -> tuple[tuple[str, list[tuple[Any, ...]]], ...]:
    """The statements that delete what on `day` is too old or too much, with their values."""
    oldest = (day - timedelta(days=QUESTION_DAYS)).isoformat()
    oldest_count = (day - timedelta(days=COUNT_DAYS)).isoformat()
    return (
        (
            "DELETE FROM refused WHERE day < ? OR number <= (SELECT max(number) FROM refused) - ?",
            [(oldest, MAX_QUESTIONS)],
        ),
        ("DELETE FROM cited WHERE day < ?", [(oldest_count,)]),
    )
