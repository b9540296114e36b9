"""Errors that a person can act on: each message ends with what to do next."""


class WaymarkError(Exception):
    """Base of all errors of the package. `code` is stable; the message is for people."""

    code = "error"


class CorpusError(WaymarkError):
    """The corpus folder is missing, empty or unreadable."""

    code = "corpus"


class DocumentError(WaymarkError):
    """One document cannot be read; the build names it and goes on."""

    code = "document"


class IndexMissing(WaymarkError):
    """No generation has been published yet."""

    code = "index_missing"


class IndexDamaged(WaymarkError):
    """A published generation does not match its manifest."""

    code = "index_damaged"


class IndexMismatch(WaymarkError):
    """The generation was built with another embedding model or schema."""

    code = "index_mismatch"


class IndexBusy(WaymarkError):
    """Another process is building the index."""

    code = "index_busy"


class OutOfSpace(WaymarkError):
    """The disk is full."""

    code = "out_of_space"


class ModelMissing(WaymarkError):
    """A weight file is absent."""

    code = "model_missing"


class ModelAltered(WaymarkError):
    """A weight file is not the one that was verified."""

    code = "model_altered"


class GenerationFailed(WaymarkError):
    """The language model stopped with an error."""

    code = "generation_failed"


class QuestionInvalid(WaymarkError):
    """The question is empty, too long or not text."""

    code = "question_invalid"


class QuestionSetInvalid(WaymarkError):
    """A line of a question set is not a labelled case."""

    code = "question_set_invalid"


class IndexUnreadable(WaymarkError):
    """The system refuses to read the index (rights, memory, device); it need not be damaged."""

    code = "index_unreadable"


class IndexUnwritable(WaymarkError):
    """The index folder takes no writes or no locks."""

    code = "index_unwritable"


class BuildCrashed(WaymarkError):
    """The process of a build could not be started, or ended without a word, killed for its memory
    for example."""

    code = "build_crashed"


class RemovalRefused(WaymarkError):
    """A build would take away more documents than a build may without being told to."""

    code = "removal_refused"


class GateInvalid(WaymarkError):
    """A line of the gate is not a question with its document."""

    code = "gate_invalid"


class GateFailed(WaymarkError):
    """A new generation no longer finds what it has to find; it was kept aside."""

    code = "gate_failed"
