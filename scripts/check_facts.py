"""Facts → documents: does every fact that the corpus must carry stand where the record says?

`evaluation/facts.jsonl` names, for each fact of the sheet the pages were written from, the section
that carries it and the words that do; `evaluation/occupation_figures.csv` holds the published
figures of the occupation profiles. Both are checked against the pages. Given the fact sheet itself
(and the full table of figures beside it), the record is checked against those too.

    python scripts/check_facts.py [FACT_SHEET]
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "evaluation" / "facts.jsonl"
FIGURES = ROOT / "evaluation" / "occupation_figures.csv"
Sections = Mapping[str, str]
Row = Mapping[str, str]


def sections(page: Path) -> dict[str, str]:
    """Return the text under each second-level heading of a page, white space made single."""
    body = page.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    parts = re.split(r"^## (.+)$", body, flags=re.M)[1:]
    return {
        head: " ".join(text.split()) for head, text in zip(parts[::2], parts[1::2], strict=True)
    }


def unsupported_facts(record: Path, corpus: Path) -> Iterator[str]:
    """Name the facts whose words are not in the section that should carry them."""
    pages: dict[str, Sections] = {}
    for line in record.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        name = entry["document"]
        if name not in pages:
            pages[name] = sections(corpus / f"{name}.md")
        text = pages[name].get(entry["section"], "")
        missing = [words for words in entry["excerpts"] if words not in text]
        if missing or not entry["excerpts"]:
            yield f"{entry['fact']}: {name}, “{entry['section']}” does not say {missing}"


def unrecorded_facts(record: Path, sheet: Path) -> Iterator[str]:
    """Name the facts that stand in only one of the two: the sheet and the record."""
    lines = record.read_text(encoding="utf-8").splitlines()
    recorded = {json.loads(line)["fact"] for line in lines}
    listed = set(re.findall(r"^- (F\d{3}) ", sheet.read_text(encoding="utf-8"), flags=re.M))
    for fact in sorted(recorded ^ listed):
        yield f"{fact}: " + ("is not recorded" if fact in listed else "is not in the fact sheet")


def figures(table: Path) -> list[Row]:
    """Read a table of figures; lines that start with # are notes."""
    lines = table.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def as_printed(row: Row) -> list[str]:
    """Write the figures of a row as the pages print them; what is not published is left out."""
    growth = row["projected_change_percent_2024_34"]
    change = "little or no change" if growth == "0" else f"{growth.lstrip('-')} per cent"
    printed = [f"{int(row['jobs_2024']):,}", change]
    if row["median_pay_annual_usd_2024"]:
        printed.append(f"${int(row['median_pay_annual_usd_2024']):,} a year")
    if row["median_pay_hourly_usd_2024"]:
        printed.append(f"${float(row['median_pay_hourly_usd_2024']):,.2f} an hour")
    return printed


def wrong_figures(table: Path, corpus: Path) -> Iterator[str]:
    """Name the figures of the table that their profile does not print."""
    for row in figures(table):
        page = corpus / f"{row['document']}.md"
        text = " ".join(sections(page).values())
        for figure in as_printed(row):
            if not re.search(rf"(?<![\d,.]){re.escape(figure)}", text):
                yield f"{page.name}: does not print {figure} for {row['title']}"


def altered_figures(table: Path, published: Path) -> Iterator[str]:
    """Name the rows of the table that differ from the published one."""
    originals = {row["title"]: row for row in figures(published)}
    for row in figures(table):
        copy = {name: value for name, value in row.items() if name != "document"}
        original = originals.get(row["title"], {})
        if copy != {name: original.get(name) for name in copy}:
            yield f"{table.name}: {row['title']} differs from {published.name}"


def main(sheet: Path | None) -> int:
    """Print what is wrong; return 1 if anything is."""
    corpus = ROOT / "corpus"
    problems = [*unsupported_facts(RECORD, corpus), *wrong_figures(FIGURES, corpus)]
    if sheet:
        problems += unrecorded_facts(RECORD, sheet)
        problems += altered_figures(FIGURES, sheet.with_name("ooh_facts.csv"))
    for problem in problems:
        print(problem)
    facts = len(RECORD.read_text(encoding="utf-8").splitlines())
    occupations = len(figures(FIGURES))
    print(f"{facts} facts and {occupations} occupations checked, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sheet", nargs="?", type=Path)
    sys.exit(main(parser.parse_args().sheet))
