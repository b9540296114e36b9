"""The documents say what the program does."""

import re
import subprocess
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from waymark import errors
from waymark.answering import MAX_QUESTION, NOT_COVERED, NOTHING_KEPT
from waymark.commands.cli import main
from waymark.fixed_replies import READ_BACK
from waymark.service.api import (
    MAX_TOP_K,
    MAX_TURN,
    MAX_TURNS,
    READ_OF_TURN,
    AboutReply,
    AskRequest,
    BuildBody,
    DocumentBody,
    DocumentsReply,
    DocumentSummary,
    IndexReply,
    PassageBody,
    RebuildRequest,
    SearchReply,
    SearchRequest,
    TurnBody,
)
from waymark.service.app import MAX_BODY, create_app
from waymark.settings import PROJECT, Settings
from waymark.types import Answer, Citation

README = (PROJECT / "README.md").read_text(encoding="utf-8")
API = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("| `")]


def test_every_setting_is_documented_with_its_name() -> None:
    for name in Settings.model_fields:
        assert f"| `WAYMARK_{name.upper()}` |" in README


def test_defaults_in_the_table_are_the_defaults_of_the_program() -> None:
    for name, field in Settings.model_fields.items():
        row = next(r for r in rows(README) if f"`WAYMARK_{name.upper()}`" in r)
        shown = row.split("|")[2].strip().strip("`")
        default = field.default.name if isinstance(field.default, Path) else field.default
        if default in (None, ""):
            assert shown == "none"
        elif name not in ("contact", "crisis_contacts"):
            assert shown == (str(default).lower() if isinstance(default, bool) else str(default))


def table(head: str) -> dict[str, list[str]]:
    """The rows under `head`: what the first column says → the other columns."""
    under = API.split(f"| {head} |")[1].split("\n\n")[0]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows(under)]
    return {first: rest for first, *rest in cells}


def documented(head: str) -> set[str]:
    """What the first column of the table under `head` names."""
    return {name for first in table(head) for name in first.split("`")[1::2]}


def names(text: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", text))


def all_fields(kind: Any) -> set[str]:
    """The fields of a reply and of all that it holds."""
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    parts = [schema, *schema.get("$defs", {}).values()]
    return {name for part in parts for name in part.get("properties", ())}


def test_the_limits_of_a_request_are_those_of_the_program() -> None:
    limits = {name: rest[-1] for name, rest in table("name").items()}
    assert f"at most {MAX_QUESTION:,} characters" in limits["`question`"]
    assert f"at most {MAX_TURNS}; the last {READ_BACK} are read" in limits["`history`"]
    said = limits["`history[].content`"]
    assert f"at most {MAX_TURN:,} characters; the first {READ_OF_TURN:,} are read" in said
    assert f"1 to {MAX_TOP_K}" in limits["`top_k`"]
    assert f"at most {MAX_BODY // 1000} kB" in API


def test_every_field_of_a_request_is_documented_with_its_default_and_no_other() -> None:
    asked = {name: field for name, field in AskRequest.model_fields.items()}
    asked |= {f"history[].{name}": field for name, field in TurnBody.model_fields.items()}
    defaults = {
        f"`{name}`": "required" if field.is_required() else f"`{field.default}`"
        for name, field in asked.items()
    }
    assert {name: rest[0] for name, rest in table("name").items()} == defaults
    for address, kind in (("search", SearchRequest), ("index/rebuild", RebuildRequest)):
        (taken,) = re.findall(rf"`/v1/{address}` takes ([^:.]+)", API)
        assert names(taken) == set(kind.model_fields)


@pytest.mark.parametrize(
    ("reply", "kind", "elsewhere"),
    [
        ("POST /v1/search", SearchReply, PassageBody),
        ("GET /v1/documents", DocumentsReply, None),
        ("GET /v1/documents/{id}", DocumentBody, DocumentSummary),
        ("GET /v1/about", AboutReply, None),
        ("GET /v1/index", IndexReply, BuildBody),
        ("POST /v1/index/rebuild", BuildBody, None),
    ],
)
def test_every_field_of_other_replies_is_documented_and_no_other(
    reply: str, kind: Any, elsewhere: Any
) -> None:
    shown = names(table("reply to")[f"`{reply}`"][0])
    assert shown | (all_fields(elsewhere) if elsewhere else set()) == all_fields(kind)


def test_the_fields_of_passages_citations_and_health_are_documented_and_no_other() -> None:
    assert names(table("event")["`passages`"][0]) == all_fields(SearchReply)
    assert names(table("field")["`citations`"][0]) == all_fields(Citation)
    sent = set(re.findall(r'^ +"(\w+)": ', source("app.py"), re.M))
    assert names(table("reply to")["`GET /health/ready`"][0]) == sent


def source(name: str) -> str:
    (path,) = (PROJECT / "src" / "waymark").rglob(name)
    return path.read_text(encoding="utf-8")


def test_every_error_code_that_can_be_sent_is_documented_and_no_other() -> None:
    handled = create_app(Settings())._app.exception_handlers  # type: ignore[attr-defined]
    codes = {kind.code for kind in handled if hasattr(kind, "code")}
    given = (
        r'(?:_error|_unavailable|error_body)\((?:\d+, )?"(\w+)"|\d{3}: "(\w+)"|status_code, "(\w+)"'
    )
    for name in ("error_replies.py", "protection.py", "event_stream.py"):
        codes |= {code for found in re.findall(given, source(name)) for code in found if code}
    assert documented("`code`") == codes


def test_every_code_with_which_a_build_can_end_is_documented_and_no_other() -> None:
    of_others = {
        "error", "document", "index_missing", "generation_failed", "question_invalid",
        "question_set_invalid",
    }  # fmt: skip
    kinds = [kind for kind in vars(errors).values() if hasattr(kind, "code")]
    assert documented("`code` of a build") == {kind.code for kind in kinds} - of_others


def test_every_reason_of_an_answer_is_documented_and_no_other() -> None:
    reasons = {NOT_COVERED, NOTHING_KEPT}
    reasons |= set(re.findall(r'"(answered|quoted: [^"]+)"', source("answering.py")))
    topics = re.findall(r'Safeguard\("(\w+)", "(\w+)"', source("fixed_replies.py"))
    rules = yaml.safe_load(source("safeguards.yaml"))
    topics += [(kind, rule["topic"]) for kind in ("support", "signpost") for rule in rules[kind]]
    reasons |= {f"{kind}: {topic}" for kind, topic in topics}
    assert documented("value of `reason`") == reasons


def test_every_event_of_a_stream_is_documented_and_no_other() -> None:
    sent = set(re.findall(r'_named\("(\w+)"', source("event_stream.py")))
    assert documented("event") == sent


def test_every_field_of_an_answer_is_documented_and_no_other() -> None:
    assert documented("field") == {field.name for field in fields(Answer)}


def test_every_address_is_documented_and_no_other() -> None:
    described = create_app(Settings())._app.openapi()["paths"]  # type: ignore[attr-defined]
    named = {name.split()[1].partition("?")[0] for name in documented("request")}
    assert named == {path.replace("document_id:path", "id").replace("document_id", "id")
                     for path in described}  # fmt: skip


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    documented = {r.split("`waymark ")[1].split()[0].strip("`") for r in rows(README)
                  if r.startswith("| `waymark ")}  # fmt: skip
    assert documented == set(main.commands)


def test_the_file_tables_equal_the_folders() -> None:
    folders = {r.split("`")[1].split("/")[0] for r in rows(README) if "/` |" in r}
    assert all((PROJECT / name).is_dir() for name in folders)
    if (PROJECT / ".git").exists():  # whoever works in a clone has folders of their own beside
        files = subprocess.check_output(["git", "ls-files"], cwd=PROJECT, text=True).splitlines()
        kept = {name.partition("/")[0] for name in files if "/" in name}
        assert folders == {name for name in kept if not name.startswith(".")}


def test_the_tables_of_the_architecture_equal_the_rooms_of_the_package() -> None:
    package = PROJECT / "src" / "waymark"
    architecture = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = architecture.split("\n## Files\n")[1].split("\n## ")[0]
    stages, *rooms = section.split("\n### `")
    listed = {"": stages} | {room.split("/`")[0]: room for room in rooms}
    assert set(listed) == {"", *(path.parent.name for path in package.glob("*/__init__.py"))}
    for room, text in listed.items():
        names = {name for row in rows(text) for name in row.split("|")[1].split("`")[1::2]}
        assert names == {p.name for p in (package / room).glob("*.py")} - {"__init__.py"}, room


def test_every_script_is_named_in_the_file_table() -> None:
    row = next(r for r in rows(README) if r.startswith("| `scripts/`"))
    patterns = row.split("`")[3::2]
    for script in PROJECT.glob("scripts/*.py"):
        assert any(fnmatch(script.stem, pattern) for pattern in patterns), script.name


def test_every_relative_link_leads_somewhere() -> None:
    pages = [page for kind in ("*.md", "docs/*.md", "*/README.md") for page in PROJECT.glob(kind)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for target in (part.split(")")[0] for part in text.split("](")[1:]):
            if not target.startswith("http"):
                path, _, heading = target.partition("#")
                there = page.parent / path
                assert there.exists(), f"{page.relative_to(PROJECT)}: {target}"
                # headings of one word are all that is linked to
                assert not heading or f"## {heading.capitalize()}" in there.read_text("utf-8")
