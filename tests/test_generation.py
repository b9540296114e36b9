import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from waymark import generation
from waymark.errors import GenerationFailed
from waymark.files import sha256_file
from waymark.generation import LlamaGenerator, QuotationGenerator, ServerGenerator, _loops
from waymark.models import prepared_weights
from waymark.prompt import SYSTEM
from waymark.settings import Settings
from waymark.types import Prompt

PASSAGES = (
    "[1] Nurses > Getting in\nNurses need a degree and a licence.\n\n"
    "[2] Nurses > Pay\nNurses earned a median of $93,600 a year in 2024.\n\n"
    "[3] Plumbers > Training\nPlumbers learn for four years.\n\n"
)
PROMPT = Prompt(SYSTEM, PASSAGES + "Question: What do nurses need?")


class ChatServer(BaseHTTPRequestHandler):
    """Answers as an OpenAI-compatible server does; the model name chooses how it fails."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(500 if body["model"] == "broken" else 200)
        self.end_headers()
        if body["model"] == "silent":
            time.sleep(0.5)
            return
        while body["model"] == "endless":
            try:
                self.wfile.write(b'data: {"choices": [{"delta": {"content": "word "}}]}\n\n')
            except OSError:
                return
        said = "not json" if body["model"] == "garbage" else None
        for piece in ("Nurses ", "earn é", body["messages"][0]["role"]):
            chunk = said or json.dumps({"choices": [{"delta": {"content": piece}}]})
            self.wfile.write(f"data: {chunk}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), ChatServer)
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/v1"
    listener.shutdown()
    thread.join()
    listener.server_close()


def test_a_server_streams_its_pieces(server: str) -> None:
    pieces = ServerGenerator(server, "m", "key").generate(PROMPT, 50)
    assert "".join(pieces) == "Nurses earn ésystem"


def replying(text: str) -> ServerGenerator:
    """A generator whose server replies with `text`, whatever it is asked."""
    generator = ServerGenerator("http://models.example/v1", "m")
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=text))
    generator._client = httpx.Client(base_url="http://models.example", transport=transport)
    return generator


@pytest.mark.parametrize(
    "event",
    ['{"choices": [{"delta": null, "finish_reason": "stop"}]}', '{"choices": [], "usage": {}}',
     '{"choices": null, "error": null}', '{"usage": {"total_tokens": 9}}', '{"object": "ping"}',
     '{"choices": [{"delta": {"content": null}}]}', "[DONE]",
     ""],
)  # fmt: skip
def test_an_event_without_text_is_no_failure(event: str) -> None:
    generator = replying(f': waiting\n\ndata: {event}\n\ndata: {{"choices": []}}\n\n')
    assert "".join(generator.generate(PROMPT, 50)) == ""
    assert generator.failure is None


@pytest.mark.parametrize(
    "reply",
    ["data: null", "data: [1]", 'data: {"choices": [null]}', 'data: {"choices": {"a": 1}}',
     'data: {"choices": [{"delta": {"content": ["canary"]}}]}',
     'data: {"error": {"message": "canary"}}', 'data: {"object": "error", "message": "canary"}',
     'data: {"choices": [{"delta": {"content": ""}}], "error": {"message": "canary"}}',
     "<html>Log in, canary</html>", '{"choices": [{"message": {"content": "canary"}}]}', ""],
)  # fmt: skip
def test_what_is_no_stream_of_a_reply_is_a_failure_and_is_not_repeated(reply: str) -> None:
    generator = replying(reply + "\n\n")
    with pytest.raises(GenerationFailed, match="model server failed") as failed:
        list(generator.generate(PROMPT, 50))
    assert generator.failure == str(failed.value)
    assert "canary" not in generator.failure


@pytest.mark.parametrize("model", ["broken", "garbage"])
def test_a_failing_server_is_a_generation_failure(server: str, model: str) -> None:
    with pytest.raises(GenerationFailed, match="model server failed"):
        list(ServerGenerator(server, model).generate(PROMPT, 50))


def test_an_absent_server_is_a_generation_failure() -> None:
    with pytest.raises(GenerationFailed):
        list(ServerGenerator("http://127.0.0.1:9", "m").generate(PROMPT, 50))


def test_a_server_that_falls_silent_is_a_generation_failure(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "PIECE_LIMIT", 0.1)
    with pytest.raises(GenerationFailed, match="timed out"):
        list(ServerGenerator(server, "silent").generate(PROMPT, 50))


def test_a_server_that_does_not_stop_is_stopped(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "TIME_LIMIT", 0.1)
    began = time.monotonic()
    assert "word word" in "".join(ServerGenerator(server, "endless").generate(PROMPT, 50))
    assert time.monotonic() - began < 5


def test_why_a_model_fails_is_known_until_it_writes_and_logged_when_it_changes(
    server: str, caplog: pytest.LogCaptureFixture
) -> None:
    generator = ServerGenerator(server, "broken", "canary-key")
    with caplog.at_level(logging.WARNING):
        for model in ("broken", "broken", "garbage"):
            generator.model = model
            with pytest.raises(GenerationFailed, match=r"run: waymark doctor$") as failed:
                list(generator.generate(PROMPT, 50))
            assert str(failed.value) == generator.failure
        generator.model = "m"
        list(generator.generate(PROMPT, 50))
        assert generator.failure is None
        generator.model = "garbage"
        with pytest.raises(GenerationFailed):
            list(generator.generate(PROMPT, 50))
    said = [record.getMessage() for record in caplog.records]
    assert ["status 500" in line for line in said] == [True, False, False]
    assert not any("canary" in line or server in line for line in said)


def test_a_model_that_is_stopped_while_it_writes_has_not_failed(server: str) -> None:
    generator = ServerGenerator(server, "m")
    generator.failure = "It failed before."
    pieces = generator.generate(PROMPT, 50)
    next(pieces)
    pieces.close()
    assert generator.failure is None


def test_two_servers_of_one_model_name_are_told_apart() -> None:
    one, other = (ServerGenerator(f"http://127.0.0.1:{port}/v1", "m") for port in (8001, 8002))
    assert one.model == other.model
    assert one.identity() != other.identity()


def test_quotation_writes_nothing() -> None:
    assert list(QuotationGenerator().generate(PROMPT, 50)) == []


def test_a_run_of_tokens_that_repeats_is_a_loop() -> None:
    run = list(range(12))
    assert _loops(run + run[:-1], run[-1])
    assert not _loops(run + run[:-1], 99)
    assert not _loops([], 1)


@pytest.fixture(scope="module")
def llama() -> LlamaGenerator:
    return LlamaGenerator(prepared_weights(Settings().models).path)


@pytest.mark.model
def test_the_model_answers_from_the_passage_with_a_mark(llama: LlamaGenerator) -> None:
    said = "".join(llama.generate(PROMPT, 80))
    assert said.casefold().endswith("a degree and a licence [1].")


@pytest.mark.model
def test_the_model_is_known_by_the_digest_of_its_weights(llama: LlamaGenerator) -> None:
    assert llama.identity() == sha256_file(prepared_weights(Settings().models).path)


@pytest.mark.model
def test_a_reply_never_begins_as_it_must_not(llama: LlamaGenerator) -> None:
    question = PASSAGES + "Question: How much do nurses earn?"
    free = "".join(llama.generate(Prompt(SYSTEM, question), 40))
    barred = "".join(llama.generate(Prompt(SYSTEM, question, barred=free), 40))
    assert barred
    assert not barred.startswith(free)


@pytest.mark.model
def test_the_model_gives_the_same_answer_twice_and_after_being_stopped(
    llama: LlamaGenerator,
) -> None:
    first = "".join(llama.generate(PROMPT, 40))
    stopped = llama.generate(Prompt(SYSTEM, "[1] Other\nText.\n\nQuestion: What?"), 40)
    next(stopped)
    stopped.close()
    assert "".join(llama.generate(PROMPT, 40)) == first


@pytest.mark.model
def test_chat_marks_in_text_are_plain_characters(llama: LlamaGenerator) -> None:
    assert llama.count_tokens("<|im_end|>") > 1


@pytest.mark.model
def test_a_prompt_that_is_too_long_fails_and_the_next_one_works(llama: LlamaGenerator) -> None:
    with pytest.raises(GenerationFailed, match="too long"):
        list(llama.generate(Prompt(SYSTEM, "word " * 3000), 40))
    assert "".join(llama.generate(PROMPT, 20))


@pytest.mark.model
def test_pieces_join_to_whole_characters(llama: LlamaGenerator) -> None:
    text = "[1] Cafés > Öffnungszeiten\nDas Café öffnet um 8 Uhr – täglich.\n\nQuestion: When?"
    assert "\ufffd" not in "".join(llama.generate(Prompt(SYSTEM, text), 40))
