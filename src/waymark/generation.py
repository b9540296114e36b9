"""Prompt → pieces of text: a local GGUF model, an OpenAI-compatible server, or no model.

Only importer of llama_cpp. One `LlamaGenerator` serves one prompt at a time; whoever calls it
keeps that rule (`app`). Knows nothing of passages or grounding.
"""

import codecs
import logging
import time
from collections.abc import Generator as Steps
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ValidationError

from waymark.errors import GenerationFailed, ModelMissing
from waymark.files import sha256_file
from waymark.types import Prompt

CONTEXT_TOKENS = 2048
BATCH_TOKENS = 256  # read between two chances to stop: about half a second on two cores
TIME_LIMIT = 60.0  # seconds for one reply
PIECE_LIMIT = 20.0  # seconds of silence of a server, which may have to read a prompt or to queue
LOOP_TOKENS = 12  # a run of tokens this long that repeats at once is a loop

log = logging.getLogger(__name__)


class _Failing:
    """Remembers why a model fails, and logs it once until that changes."""

    failure: str | None = None

    def _failed(self, reason: str) -> GenerationFailed:
        if reason != self.failure:
            log.warning("%s", reason)
        self.failure = reason
        return GenerationFailed(reason)


class LlamaGenerator(_Failing):
    """Greedy generation with llama.cpp from one GGUF file with a ChatML vocabulary.

    Raises ModelMissing when the file cannot be loaded.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        from llama_cpp import Llama

        self.model = path.stem
        self.context_tokens = CONTEXT_TOKENS
        self._path = path
        try:
            self._llama: Any = Llama(
                str(path),
                n_ctx=CONTEXT_TOKENS,
                n_batch=BATCH_TOKENS,
                n_threads=threads,
                n_threads_batch=threads,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError) as error:
            raise ModelMissing(f"{path} cannot be loaded ({error}). Run: waymark models") from None
        self._end = self._special("<|im_end|>")

    def identity(self) -> str:
        """Return the SHA-256 of the weights, which is read from the file."""
        return sha256_file(self._path)

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` in tokens; chat marks in it are plain characters."""
        return len(self._plain(text))

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        """Yield the reply in pieces; "" while the prompt is read. Raises GenerationFailed."""
        tokens = self._chat(prompt)
        if len(tokens) + max_tokens > self.context_tokens:
            raise GenerationFailed(f"The prompt of {len(tokens)} tokens is too long.")
        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        written: list[int] = []
        barred = self._plain(prompt.barred)
        deadline = time.monotonic() + TIME_LIMIT
        try:
            self._llama.reset()
            for begin in range(0, len(tokens), BATCH_TOKENS):
                self._llama.eval(tokens[begin : begin + BATCH_TOKENS])
                yield ""
            while len(written) < max_tokens and time.monotonic() < deadline:
                token = self._next(written, barred)
                if token == self._end or token == self._llama.token_eos() or _loops(written, token):
                    break
                written.append(token)
                self.failure = None
                yield decoder.decode(self._llama.detokenize([token], prev_tokens=tokens[-1:]))
                self._llama.eval([token])
        except (RuntimeError, ValueError) as error:
            reason = f"The language model stopped ({error}). Run: waymark doctor"
            raise self._failed(reason) from error

    def _next(self, written: list[int], barred: list[int]) -> int:
        """The likeliest token, but not the one that would go on to begin as `barred` does."""
        from llama_cpp import LogitsProcessorList

        position = len(written)
        if not 0 < position < len(barred) or written != barred[:position]:
            return int(self._llama.sample(temp=0.0))

        def bar(_: object, scores: NDArray[np.single]) -> NDArray[np.single]:
            scores[barred[position]] = -np.inf
            return scores

        return int(self._llama.sample(temp=0.0, logits_processor=LogitsProcessorList([bar])))

    def _chat(self, prompt: Prompt) -> list[int]:
        """ChatML tokens; people's and documents' text can never become a chat mark."""
        return [
            *self._marked("<|im_start|>system\n"),
            *self._plain(prompt.system),
            *self._marked("<|im_end|>\n<|im_start|>user\n"),
            *self._plain(prompt.user),
            *self._marked("<|im_end|>\n<|im_start|>assistant\n"),
        ]

    def _marked(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def _plain(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=False))

    def _special(self, mark: str) -> int:
        tokens = self._marked(mark)
        return tokens[0] if len(tokens) == 1 else int(self._llama.token_eos())


class ServerGenerator(_Failing):
    """Streams from any OpenAI-compatible chat server (vLLM, llama.cpp's, and others).

    `url` is the base address that `/chat/completions` is appended to.
    """

    def __init__(self, url: str, model: str, key: str = "") -> None:
        self.model = model
        self.context_tokens = 8192
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(
            base_url=url.rstrip("/") + "/", headers=headers, timeout=PIECE_LIMIT
        )

    def identity(self) -> str:
        """Return the address of the server; what it serves under a name is not known."""
        return str(self._client.base_url)

    def count_tokens(self, text: str) -> int:
        """Return an upper estimate: a token of English is rarely shorter than three letters."""
        return len(text) // 3 + 1

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        """Yield the reply in pieces. Raises GenerationFailed when the server fails, falls silent
        or sends what is no reply."""
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        deadline = time.monotonic() + TIME_LIMIT
        try:
            with self._client.stream("POST", "chat/completions", json=body) as response:
                response.raise_for_status()
                for piece in _pieces(response.iter_lines(), deadline):
                    if piece:
                        self.failure = None
                    yield piece
        except (httpx.HTTPError, ValueError) as error:
            raise self._failed(_server_failure(error)) from error


class QuotationGenerator:
    """Stands in when there is no usable model: writes nothing, so the quotes are the answer."""

    def __init__(self) -> None:
        self.model = "quotation"
        self.context_tokens = 0
        self.failure: str | None = None

    def identity(self) -> str:
        """Return "": there are no weights."""
        return ""

    def count_tokens(self, text: str) -> int:
        """Return 0: there is no vocabulary."""
        return 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        """Yield nothing."""
        yield from ()


def _no_error(kind: str) -> str:
    if kind == "error":
        raise ValueError("an error is no piece of a reply")
    return kind


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta | None = None


class _Event(BaseModel):
    """What is read of one event of a stream; the first and the last of a reply have no text, nor
    has one that tells what it cost, or that the server lives."""

    object: Annotated[str, AfterValidator(_no_error)] = ""
    choices: list[_Choice] | None = None
    error: None = None


def _pieces(lines: Iterable[str], deadline: float) -> Iterator[str]:
    """The pieces of a streamed reply until `deadline`; ValueError for what is no such reply."""
    streamed = False
    for line in lines:
        if time.monotonic() > deadline:
            break
        if line.startswith("data:"):
            streamed = True
            data = line.removeprefix("data:").strip()
            if data not in ("", "[DONE]"):
                yield _piece(data)
    if not streamed:  # a page to log in, for example
        raise ValueError("the reply is no stream")


def _piece(data: str) -> str:
    try:
        event = _Event.model_validate_json(data)
    except ValidationError:  # says what was sent, which may repeat the question
        raise ValueError("the stream holds an error or what is no piece of a reply") from None
    return "".join(choice.delta.content or "" for choice in event.choices or () if choice.delta)


def _server_failure(error: Exception) -> str:
    """What went wrong, without the address, which may hold a password."""
    if isinstance(error, httpx.HTTPStatusError):
        what = f"status {error.response.status_code}"
    else:
        what = f"{type(error).__name__}: {error}"
    return (
        f"The model server failed ({what}). Check WAYMARK_MODEL_URL and WAYMARK_MODEL_KEY, "
        "then run: waymark doctor"
    )


def _loops(written: list[int], token: int) -> bool:
    """Tell whether `token` completes a second copy of the run just before it."""
    recent = [*written[-2 * LOOP_TOKENS + 1 :], token]
    return len(recent) == 2 * LOOP_TOKENS and recent[:LOOP_TOKENS] == recent[LOOP_TOKENS:]
