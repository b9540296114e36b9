"""`waymark report …`: what editors should write, check or renew next."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from waymark.commands.console import explained
from waymark.settings import Settings


@click.group()
def report() -> None:
    """What editors should write, check or renew next."""


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_top = click.option("--top", default=20, show_default=True, type=click.IntRange(1, 1000))


@report.command("gaps")
@_top
@_as_json
@explained
def report_gaps(top: int, as_json: bool) -> None:
    """Questions that the documents do not cover, grouped, the most asked first."""
    from waymark.assembly import load_statement_embedder
    from waymark.service.editor_reports import gaps

    settings = Settings()
    refused = _records(settings).refused()
    found = gaps(refused, load_statement_embedder(settings)) if refused else ()
    if not as_json:
        click.echo(f"{len(refused)} questions not covered, in {len(found)} groups")
    _print_entries(found[:top], as_json, lambda g: [
        f"{g.asked:>4}  {g.question}  ({g.first} to {g.last})", *(f"      {o}" for o in g.others)
    ])  # fmt: skip


@report.command("impact")
@_top
@_as_json
@explained
def report_impact(top: int, as_json: bool) -> None:
    """Documents behind most answers, the one reviewed longest ago first."""
    from waymark.service.editor_reports import impact

    settings = Settings()
    cited = _records(settings).cited()
    found = impact(cited, _documents(settings), top)
    _print_entries(found, as_json, lambda d: [
        f"{d.answers:>6} answers  reviewed {d.reviewed or 'never'!s:<10}  "
        f"review by {d.review_by or 'no date'!s:<10}  {d.document_id}"
    ])  # fmt: skip


@report.command("stale")
@_as_json
@explained
def report_stale(as_json: bool) -> None:
    """Documents past their review date, within 30 days of it, or without one."""
    from waymark.service.editor_reports import stale

    found = stale(_documents(Settings()), date.today())
    _print_entries(found, as_json, lambda d: [
        f"{d.state:<8} {d.review_by or ''!s:<10}  {d.document_id}"
    ])  # fmt: skip


def _records(settings: Settings) -> Any:
    """The records, without what is older than is promised though no service runs to delete it."""
    from waymark.service.question_log import QuestionLog

    records = QuestionLog(settings.records)
    records.forget(date.today())
    return records


def _documents(settings: Settings) -> Any:
    from waymark.assembly import open_index

    index = open_index(settings)
    try:
        return index.documents()
    finally:
        index.close()


def _print_entries(found: Any, as_json: bool, lines: Callable[[Any], list[str]]) -> None:
    if as_json:
        entries = [asdict(entry) for entry in found]
        click.echo(json.dumps(entries, indent=1, ensure_ascii=False, default=date.isoformat))
        return
    for entry in found:
        for line in lines(entry):
            click.echo(line)
