"""What is kept for editors, and above all what is not."""

import re
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.service import question_log
from waymark.service.question_log import (
    FILE,
    Cited,
    QuestionLog,
    RecordsUnusable,
    Refused,
    without_personal_data,
)

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("typed", "secret"),
    [
        ("write to anna.smith+jobs@mail.example.org please", "anna"),
        ("mail me: anna (at) example.com", "anna"),
        ("see https://example.org/me?id=7 for my CV", "example.org"),
        ("my page is www.anna-smith.net", "anna"),
        ("look at anna-smith.co.uk/cv", "anna"),
        ("I am @annasmith on there", "annasmith"),
        ("My name is Anna Smith and I want to be a vet", "Anna"),
        ("my name is anna smith, what next", "smith"),
        ("my name's Anna", "Anna"),
        ("I am called Anna", "Anna"),
        ("I'm called Siobhán O'Neill", "Siobhán"),
        ("Hi, I'm Anna Smith from Leeds", "Smith"),
        ("This is Anna speaking, am I too old?", "Anna"),
        ("please call me Anna", "Anna"),
        ("Mrs Smith told me to ask", "Smith"),
        ("call 020 7946 0958", "7946"),
        ("call +44 (0)20-7946-0958", "7946"),
        ("call (555) 010-9999", "9999"),
        ("my NI number is QQ 12 34 56 C", "34"),
        ("my NI number is AB123456C", "123456"),
        ("my SSN is 078-05-1120", "1120"),
        ("I live at SW1A 1AA", "SW1A"),
        ("jobs near m1 1ae", "1ae"),
        ("jobs near Springfield, IL 62704", "62704"),
        ("zip code 62704", "62704"),
        ("jobs near K1A 0B1", "K1A"),
        ("born 3/4/1999", "1999"),
        ("born 1999-04-03", "04-03"),
        ("card 4111 1111 1111 1111", "1111"),
        ("Can I be a vet? tel.02079460958", "0794"),
        ("ring me,07700900123", "7009"),
        ("phone07700900123", "7009"),
        ("ring 07700/900/123", "900"),
        ("ring 0171/23 45 67", "45"),
        ("my passport is X1234567", "123"),
        ("born on 3 April 1999", "April"),
        ("born 3rd of April 1999", "April"),
        ("born April 3rd, 1999", "April"),
        ("born 3 apr 1999", "1999"),
        ("born 1999/04/03", "04/03"),
        ("my names Anna Smith, can I be a vet", "Smith"),
        ("hi, my name Anna Smith", "Smith"),
        ("Name: Anna Smith. Can I be a vet?", "Smith"),
        ("You can call me Anna Smith", "Smith"),
        ("I'm Anna, 34, can I be a vet", "Anna"),
        ("i'm Anna, aged 34", "Anna"),
        ("I am Siobhán Ní Bhriain", "Siobhán"),
        ("see anna.dev/cv", "anna"),
        ("see linkedin.de/in/anna-smith", "anna"),
    ],
)
def test_personal_data_goes_before_anything_is_kept(typed: str, secret: str) -> None:
    kept = without_personal_data(typed)
    assert secret.casefold() not in kept.casefold(), kept
    assert "[" in kept


@pytest.mark.parametrize(
    "typed",
    [
        "How much does a nurse earn in May 2024?",
        "Is $1,250,000 a year possible?",
        "growth from 2024-2034 and 2024 to 2034",
        "What is CI/CD and node.js?",
        "do I need A1 English or a C1 certificate?",
        "I am Irish and want to be a plumber",
        "what is the name of a person who repairs clocks",
        "SOC code 15-1252",
        "16 GCSEs at grade 9-1",
        "this is a question about pay",
        "is 30000/35000 or $93600-112590 a year usual?",
        "a pay of £ 1250000 and between 1,500,000 and 2,000,000",
        "growth from 2023/24 to 2033/34",
        "figures of April 2024, may 2024 be better?",
        "is node.js/React or a B.Ed/PGCE better?",
        "what does my name mean to employers",
        "will the recruiter call me back, they call me for a talk",
        "I'm Irish, what now",
    ],
)
def test_questions_without_personal_data_stay_as_they_are(typed: str) -> None:
    assert without_personal_data(typed) == typed


@given(st.text(max_size=2000))
def test_what_is_kept_is_short(typed: str) -> None:
    assert len(without_personal_data(typed)) <= question_log.MAX_LENGTH


@given(st.from_regex(r"[a-z0-9]{1,12}@[a-z0-9]{1,12}\.[a-z]{2,6}", fullmatch=True), st.text())
def test_no_e_mail_address_is_kept(address: str, around: str) -> None:
    assert address not in without_personal_data(f"{around} {address} {around}")


@given(st.text(alphabet="0123456789 -().", min_size=7, max_size=40))
def test_cleaning_a_long_number_ends_quickly_and_leaves_no_seven_digits(typed: str) -> None:
    began = time.process_time()
    kept = without_personal_data(f"call {typed * 50}")
    assert time.process_time() - began < 1
    assert not re.search(r"\d{7}", kept)


def test_hostile_text_is_cleaned_in_time() -> None:
    began = time.process_time()
    for typed in ("my name is " * 200, "a." * 1000, "1 " * 1000, "(" * 2000, "a@" * 1000,
                  "I'm A" * 400, "www." * 500, "aa." * 700, "aa.bb/" * 400, "I'm Ab " * 300,
                  "my name Ab " * 200, "3 april " * 250, "0/" * 1000):  # fmt: skip
        without_personal_data(typed[:2000])
    assert time.process_time() - began < 2


def test_questions_are_kept_with_the_day_alone_in_a_private_file(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    records = QuestionLog(folder)
    records.add_refused("Can I train as a blacksmith? Mail a@b.org", DAY)
    assert records.refused() == [Refused(DAY, "Can I train as a blacksmith? Mail [e-mail]")]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with sqlite3.connect(folder / FILE) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(refused)")]
    database.close()
    assert columns == ["number", "day", "question"]


def test_answers_are_counts_per_document_and_day(tmp_path: Path) -> None:
    records = QuestionLog(tmp_path)
    for _ in range(3):
        records.add_answered(["nurse", "nurse", "plumber"], DAY)
    records.add_answered(["nurse"], DAY + timedelta(1))
    assert records.cited() == [
        Cited(DAY, "nurse", 3), Cited(DAY, "plumber", 3), Cited(DAY + timedelta(1), "nurse", 1),
    ]  # fmt: skip


def test_the_oldest_go_when_there_are_too_many_or_they_are_too_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_log, "MAX_QUESTIONS", 5)
    records = QuestionLog(tmp_path)
    for n in range(8):
        records.add_refused(f"question {n}", DAY)
    assert [entry.question for entry in records.refused()] == [f"question {n}" for n in range(3, 8)]
    records.add_answered(["nurse"], DAY)
    later = DAY + timedelta(days=question_log.COUNT_DAYS + 1)
    records.add_refused("a new one", later)
    records.add_answered(["plumber"], later)
    assert [entry.question for entry in records.refused()] == ["a new one"]
    assert [entry.document_id for entry in records.cited()] == ["plumber"]
    assert b"question 7" not in (tmp_path / FILE).read_bytes()  # overwritten, not only unlinked


@pytest.mark.parametrize("later", ["forget", "add_answered"])
def test_old_questions_go_without_a_new_one(tmp_path: Path, later: str) -> None:
    records = QuestionLog(tmp_path)
    records.add_refused("an old one", DAY)
    records.add_refused("a newer one", DAY + timedelta(1))
    day = DAY + timedelta(days=question_log.QUESTION_DAYS + 1)
    if later == "forget":
        records.forget(day)
    else:
        records.add_answered(["nurse"], day)
    assert [entry.question for entry in records.refused()] == ["a newer one"]
    assert b"an old one" not in (tmp_path / FILE).read_bytes()


def test_where_nothing_was_recorded_there_is_nothing_to_forget(tmp_path: Path) -> None:
    QuestionLog(tmp_path / "none").forget(DAY)
    assert not (tmp_path / "none").exists()


def test_many_threads_lose_nothing(tmp_path: Path) -> None:
    records = QuestionLog(tmp_path)
    work = [threading.Thread(target=records.add_answered, args=(["nurse"], DAY)) for _ in range(16)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert records.cited() == [Cited(DAY, "nurse", 16)]


def test_a_process_that_is_killed_while_it_writes_leaves_whole_records(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from datetime import date;"
        "from waymark.service.question_log import QuestionLog;"
        "records = QuestionLog(Path(sys.argv[1]));\n"
        "while True: records.add_refused('question ' + 'x' * 200, date(2026, 11, 26));"
        " print(flush=True)"
    )
    for written in (1, 2, 3):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        for _ in range(written):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
    records = QuestionLog(tmp_path)
    records.add_refused("the last", DAY)
    kept = records.refused()
    assert len(kept) > 6
    assert all(entry.question.endswith("x" * 200) for entry in kept[:-1])


def test_a_failure_to_write_is_logged_once_and_raises_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).mkdir()
    records = QuestionLog(tmp_path)
    records.add_refused("a secret question", DAY)
    records.add_answered(["nurse"], DAY)
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


def test_a_failure_after_a_success_is_logged_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records = QuestionLog(tmp_path)
    for _ in range(2):
        (tmp_path / FILE).mkdir()
        records.add_answered(["nurse"], DAY)
        (tmp_path / FILE).rmdir()
        records.add_answered(["nurse"], DAY)
        (tmp_path / FILE).unlink()
    assert len(caplog.records) == 2


def test_without_records_the_message_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(RecordsUnusable, match="WAYMARK_RECORD_QUESTIONS=true"):
        QuestionLog(tmp_path / "none").refused()
    assert not (tmp_path / "none").exists()


def test_records_that_are_no_database_are_refused_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("<html>" * 1000)
    with pytest.raises(RecordsUnusable, match="Move it away"):
        QuestionLog(tmp_path).cited()
