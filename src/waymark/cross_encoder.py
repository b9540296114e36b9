"""Pairs of texts → what a small cross-encoder makes of each: does it answer, does it carry?

all-MiniLM-L6-v2 with layers of the project's own (scripts/train_cross_encoder.py) over its word
embeddings, so that only the layers are stored. Knows nothing of passages or quotes.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from waymark.types import Scores

BATCH_SIZE = 16
MAX_TOKENS = 256  # of both texts together; longer ones are cut


class CrossEncoder:
    """Scores pairs of texts. Safe to call from several threads.

    `base` is the folder of the embedding model, each of the others a file with layers trained to
    read something: whole questions, where each word may be a condition; messages in a conversation
    with what was said before them; and claims.
    """

    def __init__(self, base: Path, questions: Path, conversations: Path, claims: Path) -> None:
        import torch
        from transformers import AutoTokenizer
        from transformers.utils import logging

        # The base has no such head, and says so at length.
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        self._torch = torch
        self._tokenizer: Any = AutoTokenizer.from_pretrained(base, local_files_only=True)
        self._alone, self._said, self._claimed = (
            _loaded(base, file) for file in (questions, conversations, claims)
        )
        for model in (self._said, self._claimed):
            model.bert.embeddings = self._alone.bert.embeddings  # the base's in all
        self._lock = threading.Lock()

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        """Return (n,) log-odds that each of `texts` answers `question`, in their order."""
        return self._scores(self._alone, question, texts)

    def score_in_conversation(self, heard: str, texts: Sequence[str]) -> Scores:
        """Return the same for a message that has behind it what was said (`said_before`)."""
        return self._scores(self._said, heard, texts)

    def carried(self, claim: str, texts: Sequence[str]) -> Scores:
        """Return (n,) log-odds that each of `texts` says all that `claim` says, in their order."""
        return self._scores(self._claimed, claim, texts)

    def _scores(self, model: Any, first: str, texts: Sequence[str]) -> Scores:
        scores = np.zeros(len(texts), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        with self._lock, self._torch.inference_mode():
            for begin in range(0, len(order), BATCH_SIZE):
                rows = order[begin : begin + BATCH_SIZE]
                scores[rows] = self._batch(model, first, [texts[n] for n in rows])
        return scores

    def _batch(self, model: Any, first: str, texts: list[str]) -> Any:
        pairs = self._tokenizer(
            [first] * len(texts),
            texts,
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        return model(**pairs).logits[:, 0].float().numpy()


def _loaded(base: Path, layers: Path) -> Any:
    """The base model with trained layers, ready to read."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertForSequenceClassification

    model: Any = BertForSequenceClassification.from_pretrained(
        base, num_labels=1, local_files_only=True
    )
    trained = {name: tensor.float() for name, tensor in load_file(layers).items()}
    model.load_state_dict(trained, strict=False)
    model.train(False)
    # Native bfloat16 takes a third of the time and moves a score by a hundredth; where the
    # processor lacks it, it would be emulated slowly.
    if torch.ops.mkldnn._is_mkldnn_bf16_supported():
        model.to(torch.bfloat16)
    return model
