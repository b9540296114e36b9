"""`waymark index …`: build the index, look at its generations, take one back."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from typing import Any

import click

from waymark.commands.console import EXIT_FAILED, EXIT_SKIPPED, Bar, explained, runnable
from waymark.errors import RemovalRefused
from waymark.settings import Settings

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(invoke_without_command=True)
@as_json_option
@click.option("--dry-run", is_flag=True, help="Only say what would change; build nothing.")
@click.option(
    "--allow-removal", is_flag=True, help="Let many documents go, or another folder take over."
)
@click.option("--skip-gate", is_flag=True, help="Publish even if golden questions fail.")
@click.option("--watch", is_flag=True, help="Stay, and build again whenever a document changes.")
@click.pass_context
@explained
def index(
    context: click.Context,
    as_json: bool,
    dry_run: bool,
    allow_removal: bool,
    skip_gate: bool,
    watch: bool,
) -> None:
    """Bring the index in line with the corpus; publishes only when something changed.

    Exit codes: 0 done, 1 refused or failed, 3 done but documents were skipped, 4 another
    process is building.
    """
    from waymark.assembly import build

    if context.invoked_subcommand:
        if as_json or dry_run or allow_removal or skip_gate or watch:
            raise click.UsageError(f"options go after {context.invoked_subcommand}")
        return
    if watch:
        if as_json or dry_run or allow_removal or skip_gate:
            raise click.UsageError("--watch takes no other option: it builds as usual")
        _watch(Settings())
        return
    with closing(Bar()) as bar:
        report = build(
            Settings(), bar, dry_run=dry_run, allow_removal=allow_removal, skip_gate=skip_gate
        )
    if as_json:
        click.echo(json.dumps(asdict(report), indent=1))
    else:
        _print_report(report, dry_run)
    if dry_run and not allow_removal:
        _warn_of_removal(report)
    if report.skipped:
        sys.exit(EXIT_SKIPPED)


@index.command("list")
@as_json_option
@explained
def list_command(as_json: bool) -> None:
    """List the generations, newest first."""
    from waymark.store.generations import list_generations

    listed = list_generations(Settings().index)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in listed], indent=1))
        return
    for entry in listed:
        click.echo(
            f"{entry.name}  {entry.state:<10}  {entry.created or '?':<25}  "
            f"{entry.documents} documents, {entry.chunks} passages, "
            f"{entry.bytes / 1_000_000:.1f} MB"
        )
    if not listed:
        click.echo(runnable("There is no index yet. Run: waymark index"))


@index.command()
@click.argument("name", default="")
@explained
def rollback(name: str) -> None:
    """Put the generation NAME, or the one before the current, back into use."""
    from waymark.models import EMBEDDING_ID
    from waymark.store import generations

    target = generations.rollback(Settings().index, name, EMBEDDING_ID)
    click.echo(f"in use: {target.name}")
    click.echo("The next `waymark index` follows the documents again: mend them first.")


@index.command()
@click.argument("name", default="")
@as_json_option
@explained
def verify(name: str, as_json: bool) -> None:
    """Check the generation NAME, or the current one, byte for byte; exit code 1 if damaged."""
    from waymark.store import generations

    folder, manifest = generations.verify(Settings().index, name)
    if as_json:
        click.echo(json.dumps({"generation": folder, **asdict(manifest)}, indent=1))
    else:
        click.echo(
            f"whole: {folder}, {manifest.documents} documents, {manifest.chunks} passages, "
            f"{len(manifest.probes)} probe searches as when it was built"
        )


@index.command()
@click.option("--keep", default=1, show_default=True, type=click.IntRange(1))
@as_json_option
@explained
def prune(keep: int, as_json: bool) -> None:
    """Delete all but the newest generations now, and with them the text of deleted documents.

    Exit code 1 when a process still reads one of them.
    """
    from waymark.store import generations

    pruned = generations.prune(Settings().index, keep)
    if as_json:
        click.echo(json.dumps(pruned.deleted))
    elif pruned.deleted or not pruned.held:
        click.echo("\n".join(f"deleted {name}" for name in pruned.deleted) or "nothing to delete")
    if pruned.held:
        raise click.ClickException(
            f"Not deleted, because a process reads it: {', '.join(pruned.held)}. "
            "Restart the service, then run: waymark index prune"
        )


def _watch(settings: Settings) -> None:
    """Build after each change until Ctrl+C; the embedding model is loaded once, when needed."""
    import threading
    from functools import cache

    from waymark.assembly import build, load_embedder
    from waymark.service.watching import changes, keep_building

    load = cache(lambda: load_embedder(settings))

    def once() -> dict[str, Any]:
        return asdict(build(settings, lambda *_: None, load=load))

    click.echo(f"Watching {settings.corpus}  (Ctrl+C stops it)")
    try:
        noticed = changes(settings.corpus, threading.Event())
        keep_building(noticed, once, click.echo, click.echo)
    except KeyboardInterrupt:
        click.echo("Stopped.")


def _warn_of_removal(report: Any) -> None:
    from waymark.changes import check_removal

    try:
        check_removal(report)
    except RemovalRefused as error:
        click.echo(f"This build would be refused: {error}", err=True)
        sys.exit(EXIT_FAILED)


def _print_report(report: Any, dry_run: bool) -> None:
    if dry_run:
        click.echo(f"nothing was built; in use: {report.generation or 'no index yet'}")
    else:
        click.echo(f"{'published' if report.published else 'unchanged:'} {report.generation}")
    click.echo(
        f"{report.documents} documents, {report.chunks} passages: "
        f"{len(report.added)} documents added, {len(report.changed)} changed, "
        f"{len(report.removed)} removed, {len(report.unreadable)} no longer readable, "
        f"{len(report.skipped)} skipped"
    )
    if report.published or dry_run:
        verb = "would be embedded:" if dry_run else "embedded"
        click.echo(f"{verb} {report.embedded} of {report.chunks} chunks")
    for sign, ids in (
        ("+", report.added),
        ("~", report.changed),
        ("-", report.removed),
        ("?", report.unreadable),
    ):
        for document_id in ids:
            click.echo(f"  {sign} {document_id}")
    if report.notes:
        click.echo(
            f"  {len(report.notes)} notes on what was left out of documents or guessed: "
            "waymark index --dry-run --json lists them"
        )
    for entry in report.skipped:
        click.echo(f"  skipped {entry.path}: {entry.reason}", err=True)
