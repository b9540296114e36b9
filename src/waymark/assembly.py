"""Settings → ready parts: the one place that picks concrete classes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from waymark import models
from waymark.answering import Answerer
from waymark.changes import BuildReport
from waymark.chunking import ChunkingParameters
from waymark.cross_encoder import CrossEncoder
from waymark.embedding import CachingEmbedder, SentenceTransformerEmbedder
from waymark.errors import IndexMismatch, ModelAltered, ModelMissing
from waymark.generation import LlamaGenerator, QuotationGenerator, ServerGenerator
from waymark.indexing import build_index, preview_index
from waymark.settings import Settings
from waymark.store.index import Index
from waymark.store.pointer import current_generation
from waymark.store.publishing import open_current
from waymark.types import Embedder, Generator
from waymark.vectors import Progress

CHUNKING = ChunkingParameters()

log = logging.getLogger("waymark")


@dataclass(frozen=True, slots=True)
class ChosenGenerator:
    """The generator in use, and why it is not the configured one, if so."""

    generator: Generator
    notice: str | None = None


def load_embedder(settings: Settings) -> Embedder:
    """Verify and load the embedding model of the index, which puts a question near the passages
    and sentences that answer it. Raises ModelMissing or ModelAltered."""
    base = models.embedding_weights()
    base.verify()
    layers = models.sentence_weights(settings.models)
    layers.verify()
    return SentenceTransformerEmbedder(
        base.path.parent, models.EMBEDDING_ID, settings.thread_count, layers.path
    )


def load_statement_embedder(settings: Settings) -> Embedder:
    """Verify and load the model that puts statements of like meaning near each other. Raises
    ModelMissing or ModelAltered."""
    weights = models.embedding_weights()
    weights.verify()
    return SentenceTransformerEmbedder(
        weights.path.parent, models.STATEMENT_ID, settings.thread_count
    )


def load_cross_encoder(settings: Settings) -> CrossEncoder:
    """Verify and load the cross-encoder, which reranks and verifies. Raises ModelMissing or
    ModelAltered."""
    layers = models.cross_encoder_weights(settings.models)
    for weights in layers:
        weights.verify()
    return CrossEncoder(models.embedding_folder(), *(weights.path for weights in layers))


def open_index(settings: Settings, embedding_model: str = models.EMBEDDING_ID) -> Index:
    """Open the current generation, or with a warning the newest whole one when it is damaged.

    Raises IndexMissing, IndexDamaged, IndexUnreadable, or IndexMismatch when another embedding
    model built it.
    """
    index, warning = open_current(settings.index)
    if warning:
        log.warning("%s", warning)
    return _built_with(embedding_model, index)


def _built_with(embedding_model: str, index: Index) -> Index:
    built_with = index.manifest.embedding_model
    if built_with != embedding_model:
        index.close()
        raise IndexMismatch(
            f"The index was built with {built_with}, but {embedding_model} is configured. "
            "Run: waymark index"
        )
    return index


def build(
    settings: Settings,
    on_progress: Progress,
    *,
    dry_run: bool = False,
    allow_removal: bool = False,
    skip_gate: bool = False,
    load: Callable[[], Embedder] | None = None,
) -> BuildReport:
    """Bring the index in line with the corpus, or only say what that would change.

    `load` gives the embedding model, else it is loaded where something is to be embedded. Raises
    what `indexing.build_index` and `preview_index` raise.
    """
    corpus, index, model = settings.corpus, settings.index, models.EMBEDDING_ID
    if dry_run:
        return preview_index(corpus, index, model, CHUNKING, on_progress)
    return build_index(
        corpus,
        index,
        model,
        load or partial(load_embedder, settings),
        CHUNKING,
        on_progress,
        allow_removal=allow_removal,
        skip_gate=skip_gate,
    )


def load_generator(settings: Settings) -> ChosenGenerator:
    """Load the configured language model, or fall back to quotation and say why."""
    if settings.model_url:
        server = ServerGenerator(settings.model_url, settings.model_name, settings.model_key)
        return ChosenGenerator(server)
    try:
        if settings.model:
            return ChosenGenerator(LlamaGenerator(settings.model, settings.thread_count))
        weights = models.prepared_weights(settings.models)
        weights.verify()
        return ChosenGenerator(LlamaGenerator(weights.path, settings.thread_count))
    except (ModelMissing, ModelAltered, ImportError) as error:
        notice = f"Answers are quotations only, because the language model is not usable. {error}"
        return ChosenGenerator(QuotationGenerator(), notice)


def reopen_index(settings: Settings, answerer: Answerer) -> Index:
    """Open the generation that is current now, for the models of `answerer`, and no older one.

    Raises as `open_index` does.
    """
    index = Index(current_generation(settings.index))
    return _built_with(answerer.embedder.model_id, index)


def load_answerer(settings: Settings) -> tuple[Answerer, str | None]:
    """Everything that answering needs, and why its answers are quotations only, if they are."""
    embedder = load_embedder(settings)
    index = open_index(settings, embedder.model_id)
    chosen = load_generator(settings)
    cross_encoder = load_cross_encoder(settings)
    answerer = Answerer(
        index,
        CachingEmbedder(embedder),
        load_statement_embedder(settings),
        cross_encoder,
        cross_encoder,
        chosen.generator,
        settings.contact,
        settings.crisis_contacts,
    )
    return answerer, chosen.notice
