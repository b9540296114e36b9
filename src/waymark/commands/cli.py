"""`waymark …`: messages and exit codes only; every command calls the package.

Exit codes: 0 done · 1 failed, with one line that says what to do · 2 wrong usage · 3 the index
was built, but documents had to be skipped · 4 another process is building the index.
"""

import json
import logging
import socket
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import date
from errno import EADDRINUSE
from pathlib import Path
from typing import Any

import click

from waymark.commands.cli_index import index
from waymark.commands.cli_report import report
from waymark.commands.console import Bar, explained, runnable
from waymark.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
def main() -> None:
    """Answers career-guidance questions from guidance documents, with the passage behind each."""


@main.command()
@explained
def models() -> None:
    """Verify the weights and prepare the language model (once; takes seconds)."""
    from waymark.models import prepare

    bar = Bar()
    try:
        weights = prepare(Settings().models, bar)
    finally:
        bar.close()
    click.echo(f"model ready: {weights.path.name} (SHA-256 {weights.sha256[:12]}…)")


main.add_command(index)
main.add_command(report)


@main.group()
def corpus() -> None:
    """Look after the guidance documents."""


@corpus.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print findings and reading levels as JSON.")
@explained
def corpus_check(as_json: bool) -> None:
    """Check front matter, dates, names, headings, figures and duplicates; exit code 1 if wrong."""
    from waymark.corpus_check import check_corpus

    report = check_corpus(Settings().corpus, date.today())
    if as_json:
        click.echo(json.dumps(asdict(report), indent=1, ensure_ascii=False))
    else:
        for finding in report.findings:
            kind = "warning" if finding.warning else "error"
            where = f"{finding.file}:{finding.line}"
            click.echo(f"{where}: {kind} [{finding.rule}] {finding.fix}")
        _print_reading(report.reading)
        click.echo(f"{report.documents} documents, {len(report.findings)} findings")
    if report.failed:
        sys.exit(1)


def _print_reading(reading: Any) -> None:
    if reading:
        ordered = sorted(reading, key=reading.get)
        shown = [ordered[0], ordered[len(ordered) // 2], ordered[-1]]
        easy, middle, hard = (f"{reading[i]:.0f} ({i})" for i in shown)
        click.echo(f"reading level (LIX; 40 easy, 55 hard): {easy} to {hard}, median {middle}")


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@explained
def ask(question: str, as_json: bool) -> None:
    """Answer one QUESTION."""
    from waymark.assembly import load_answerer
    from waymark.service.api import answer_json
    from waymark.types import DoneEvent

    answerer, notice = load_answerer(Settings())
    if notice:
        click.echo(runnable(notice), err=True)
    for event in answerer.answer(question):
        if isinstance(event, DoneEvent):
            if as_json:
                click.echo(answer_json.dump_json(event.answer, indent=1).decode())
            else:
                _print_answer(event.answer)


def _print_answer(answer: Any) -> None:
    click.echo(answer.text)
    if answer.citations:
        click.echo()
    for citation in answer.citations:
        heading = f" > {citation.heading}" if citation.heading else ""
        reviewed = f", reviewed {citation.reviewed}" if citation.reviewed else ""
        stale = " (past its review date)" if citation.stale else ""
        click.echo(f"[{citation.marker}] {citation.title}{heading}{reviewed}{stale}")


@main.command()
@click.argument("question")
@click.option("--top-k", default=8, show_default=True, type=click.IntRange(1, 50))
@click.option("--json", "as_json", is_flag=True, help="Print the passages as JSON.")
@explained
def search(question: str, top_k: int, as_json: bool) -> None:
    """Show the passages nearest to QUESTION, without an answer."""
    from waymark.answering import check_question
    from waymark.assembly import load_embedder, open_index
    from waymark.retrieval import retrieve
    from waymark.service.api import passage_body
    from waymark.vocabulary import Vocabulary

    settings = Settings()
    asked, today = check_question(question), date.today()
    with closing(open_index(settings)) as index:
        query = Vocabulary(index.documents()).query(asked)
        found = retrieve(query, index, load_embedder(settings), today, top_k)
    bodies = [passage_body(passage, today) for passage in found.passages]
    if as_json:
        click.echo(json.dumps([b.model_dump(mode="json") for b in bodies], indent=1))
        return
    for body in bodies:
        click.echo(f"{body.rank}. {body.title} > {body.heading}  ({body.score:.4f})")
        click.echo(f"   {body.text}\n")


@main.command()
@click.option("--split", type=click.Choice(["dev", "test", "both"]), default="both")
@click.option("--quotes-only", is_flag=True, help="Leave out the language model.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, each question included.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for report.md and .json.")
@click.argument("sets", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@explained
def evaluate(
    sets: tuple[Path, ...], split: str, quotes_only: bool, as_json: bool, output: Path | None
) -> None:
    """Ask every question of the JSON Lines SETS and report the measures; resumable."""
    from waymark.assembly import load_answerer
    from waymark.evaluation import reporting
    from waymark.evaluation.question_sets import check_ids, load_cases
    from waymark.generation import QuotationGenerator

    settings = Settings()
    cases = [c for path in sets for c in load_cases(path) if split in (c.split, "both")]
    check_ids(cases)
    answerer, notice = load_answerer(settings)
    if quotes_only:
        answerer.generator = QuotationGenerator()
    elif notice:
        click.echo(runnable(notice), err=True)
    bar = Bar()
    try:
        results = reporting.evaluate(
            cases,
            answerer,
            settings.index / "evaluations",
            lambda done, total: bar("evaluating", done, total),
        )
    finally:
        bar.close()
    markdown = reporting.report_markdown(cases, results)
    data = reporting.report_json(cases, results)
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "report.md").write_text(markdown, encoding="utf-8")
        (output / "report.json").write_text(data, encoding="utf-8")
    click.echo(data if as_json else markdown)


@main.command()
@click.option("--host", help="Address to serve on (WAYMARK_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (WAYMARK_PORT).")
@click.option("--watch", is_flag=True, help="Build again when a document changes (WAYMARK_WATCH).")
@explained
def serve(host: str | None, port: int | None, watch: bool) -> None:
    """Serve the chat page and the API."""
    import uvicorn

    from waymark.assembly import open_index
    from waymark.service.app import create_app

    settings = Settings()
    given = {
        "host": host or settings.host,
        "port": port or settings.port,
        "watch": watch or settings.watch,
    }
    settings = settings.model_copy(update=given)
    if not settings.watch:  # with it, the first build may be the service's own
        open_index(settings).close()
    address = f"http://{settings.host}:{settings.port}"
    app = create_app(
        settings, on_ready=lambda: click.echo(f"Waymark is ready: {address}  (Ctrl+C stops it)")
    )
    listener = _listen(settings.host, settings.port)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("waymark").setLevel(logging.INFO)
    click.echo("Loading the models …")
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=10)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if error.errno == EADDRINUSE:
            other = port + 1 if port < 65535 else port - 1
            advice = f"Choose another port: WAYMARK_PORT={other} make run"
        else:
            advice = "Check WAYMARK_HOST (an IPv4 address or a name) and WAYMARK_PORT"
        raise click.ClickException(
            f"Cannot serve on {host}:{port} ({error.strerror}). {advice}"
        ) from error


@main.command()
@explained
def doctor() -> None:
    """Check models, index, versions and write access, and prove that nothing leaves the machine."""
    from waymark.commands.doctor import examine

    healthy = True
    for finding in examine(Settings()):
        healthy = healthy and finding.healthy
        state = "ok  " if finding.healthy else "FAIL"
        click.echo(f"{state}  {finding.name}: {runnable(finding.detail)}")
    if not healthy:
        sys.exit(1)
