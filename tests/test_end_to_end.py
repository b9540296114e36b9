"""The product as shipped: real corpus, real models, from the command to the answer."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.answering import Answerer
from waymark.assembly import load_answerer
from waymark.commands.cli import main
from waymark.commands.doctor import examine, recording_connections
from waymark.meaning.figures import numbers
from waymark.retrieval import retrieve
from waymark.settings import Settings
from waymark.types import Answer, DoneEvent, Turn

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("shipped")
    settings = Settings(index=folder)
    result = CliRunner().invoke(main, ["index"], env={"WAYMARK_INDEX": str(folder)})
    assert result.exit_code == 0, result.output
    return settings


@pytest.fixture(scope="module")
def answerer(settings: Settings) -> Iterator[Answerer]:
    loaded, notice = load_answerer(settings)
    assert notice is None
    yield loaded
    loaded.index.close()


def test_an_unchanged_corpus_costs_less_than_two_seconds(settings: Settings) -> None:
    begun = time.process_time()  # not by the clock of a machine that others use too
    result = CliRunner().invoke(main, ["index"], env={"WAYMARK_INDEX": str(settings.index)})
    assert "unchanged: gen-" in result.stdout
    assert time.process_time() - begun < 2


def ask(answerer: Answerer, question: str, *earlier: str) -> Answer:
    history = [t for q in earlier for t in (Turn("user", q), Turn("assistant", "…"))]
    done = list(answerer.answer(question, history))[-1]
    assert isinstance(done, DoneEvent)
    return done.answer


QUESTION = "how much does an entry level machine learning engineer make"


def test_the_pay_question_gets_the_figures_with_a_citation_that_resolves(
    answerer: Answerer,
) -> None:
    answer = ask(answerer, QUESTION)
    first = answer.quotes[0]
    assert "$70,000 to $90,000 a year" in first.text
    document = answerer.index.document(first.citation.document_id)
    assert document is not None
    assert document.id == "ml-job-search-pay"
    assert document.text[first.citation.start : first.citation.end] == first.text


def test_a_follow_up_is_understood(answerer: Answerer) -> None:
    answer = ask(answerer, "and with more experience?", QUESTION)
    assert any("$120,000 to $150,000" in quote.text for quote in answer.quotes)


@pytest.mark.parametrize(
    "question",
    [
        "who won the world cup in 2018?",
        "what is the weather tomorrow",
        "how do I become a plumber in Tokyo?",
        "what visa do I need to work in Germany?",
        "write me a poem about autumn",
        "how much do pilots earn",
    ],
)
def test_what_the_documents_do_not_cover_is_not_answered(answerer: Answerer, question: str) -> None:
    answer = ask(answerer, question)
    assert answer.abstained
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("What is the median pay of data scientists?", "$112,590"),
        ("How fast will jobs for software developers grow?", "16 per cent"),
        ("do i need a degree to be an ml engineer?", "do not always need a degree"),
        ("how much do nurses earn", "$93,600"),
        ("What is the STAR method?", "situation, task, action, result"),
        ("whats mlops", "machine-learning operations"),
        ("difference between data scientist and ml engineer", "insight and analysis"),
    ],
)
def test_what_they_cover_is_answered_with_the_fact(
    answerer: Answerer, question: str, fact: str
) -> None:
    answer = ask(answerer, question)
    assert fact in answer.text
    for sentence in answer.sentences:
        for citation in sentence.citations:
            assert numbers(sentence.text) <= numbers(citation.quote)


def test_every_question_that_a_document_suggests_is_answered_from_it(answerer: Answerer) -> None:
    for document in answerer.index.documents():
        assert document.questions, document.id
        for question in document.questions:
            cited = {citation.document_id for citation in ask(answerer, question).citations}
            assert document.id in cited, question


def test_every_job_title_and_code_of_a_profile_finds_it(answerer: Answerer) -> None:
    missed = [
        alias
        for document in answerer.index.documents()
        for alias in document.aliases
        if document.topic == "occupation"
        if document.id not in found(answerer, f"what does a {alias} do?")
        or document.id not in found(answerer, alias)
    ]
    assert missed == []


def test_aliases_of_all_pages_find_them(answerer: Answerer) -> None:
    reached = [
        document.id in found(answerer, alias)
        for document in answerer.index.documents()
        for alias in document.aliases
    ]
    assert len(reached) > 450
    assert sum(reached) / len(reached) >= 0.97


def found(answerer: Answerer, query: str) -> set[str]:
    """The documents of the first four passages."""
    passages = retrieve(query, answerer.index, answerer.embedder, answerer.today(), 4).passages
    return {passage.chunk.document_id for passage in passages}


def test_nothing_leaves_the_machine(settings: Settings) -> None:
    with recording_connections() as attempts:
        loaded, _ = load_answerer(settings)
        ask(loaded, QUESTION)
        loaded.index.close()
    assert attempts == []


def test_the_recorder_sees_an_attempt_to_connect() -> None:
    import socket

    with recording_connections() as attempts, pytest.raises((TimeoutError, ConnectionError)):
        socket.create_connection(("192.0.2.1", 9), timeout=0.01)
    assert attempts[0] == "192.0.2.1"


def test_doctor_finds_everything_healthy_and_names_what_is_not(
    settings: Settings, tmp_path: Path
) -> None:
    assert {f.name: f.detail for f in examine(settings) if not f.healthy} == {}
    broken = settings.model_copy(update={"index": tmp_path, "models": tmp_path})
    failing = {f.name for f in examine(broken) if not f.healthy}
    assert failing == {
        "sentence encoder",
        "reranker",
        "reranker of conversations",
        "verifier",
        "language model",
        "index",
        "no outbound connection",
    }
