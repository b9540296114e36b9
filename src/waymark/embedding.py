"""Texts → float32 (n, d) unit rows, with all-MiniLM-L6-v2 or another local model.

Only importer of sentence-transformers. Loads from a folder, never from a hub.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from waymark.errors import ModelMissing
from waymark.types import Embedder, Matrix

BATCH_SIZE = 32

Vector = NDArray[np.float32]  # (d,)


class SentenceTransformerEmbedder:
    """Embeds with a model folder on disk. Safe to call from several threads.

    `model_id` is what the manifest of an index records; pass the name and the SHA-256 of the
    weights. `layers` is a file of trained layers that replace those of the folder. Raises
    ModelMissing when the folder is absent.
    """

    def __init__(
        self,
        folder: Path,
        model_id: str,
        threads: int | None = None,
        layers: Path | None = None,
    ) -> None:
        if not folder.is_dir():
            raise ModelMissing(f"The embedding model {folder} is missing. Run: make install")
        # The app promises that nothing leaves the machine; the libraries must not even ask.
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        if threads:
            torch.set_num_threads(threads)
        self.model_id = model_id
        model: Any = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        if layers:
            from safetensors.torch import load_file

            trained = {name: tensor.float() for name, tensor in load_file(layers).items()}
            model[0].auto_model.load_state_dict(trained, strict=False)
        self._model = model
        self.dimension = int(model.get_embedding_dimension())
        # Fast tokenizers fail with "Already borrowed" when two threads share one
        # (huggingface/transformers#47085).
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`; (0, d) for no texts."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            rows = self._model.encode(
                list(texts),
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return np.ascontiguousarray(rows, dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`."""
        return self.embed_passages(texts)


class CachingEmbedder:
    """Remembers the vectors of the `size` texts used last; safe to use from several threads.

    Evidence is chosen among the same few thousand sentences again and again.
    """

    def __init__(self, embedder: Embedder, size: int = 20_000) -> None:
        self.model_id = embedder.model_id
        self.dimension = embedder.dimension
        self._embedder = embedder
        self._size = size
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`; (0, d) for no texts."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        fresh = [text for text in dict.fromkeys(texts) if text not in found]
        found |= dict(zip(fresh, self._embedder.embed_passages(fresh), strict=True))
        with self._lock:
            for text, vector in found.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        rows = [found[text] for text in texts]
        return np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Return (n, d) float32 unit rows in the order of `texts`, which it does not keep."""
        return self._embedder.embed_queries(texts)
