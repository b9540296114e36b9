from datetime import date
from pathlib import Path

import pytest

from waymark.corpus_check import CorpusReport, check_corpus
from waymark.settings import PROJECT

TODAY = date(2026, 3, 1)
PAGE = """---
title: Welders
summary: What welders do.
topic: occupation
audience: [explorer]
region: US
reviewed: 2026-01-15
review_by: 2027-01-15
sources:
  - {publisher: Office, title: Yearbook, year: 2025}
aliases: [welding operator]
related: []
questions: ["What do welders do?"]
---
## What the job involves

Welders join metal parts with heat.
"""


def check(folder: Path, today: date = TODAY, **files: str | bytes) -> CorpusReport:
    """Write `files` beside one good page and check the folder."""
    for name, content in {"welder": PAGE, **files}.items():
        raw = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.md").write_bytes(raw)
    return check_corpus(folder, today)


def found(report: CorpusReport) -> list[tuple[str, int, str]]:
    return [(f.file, f.line, f.rule) for f in report.findings if f.rule != "length"]


def test_a_good_page_has_no_findings_and_a_reading_level(tmp_path: Path) -> None:
    report = check(tmp_path)
    assert found(report) == []
    assert not report.failed
    # 6 words in one sentence, none of them longer than six letters but "Welders"
    assert report.reading == {"welder": pytest.approx(22.7)}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: Welders\n", "", 1),
        ("topic: occupation", "topic: ocupation", 4),
        ("audience: [explorer]", "audience: []", 5),
        ("reviewed: 2026-01-15", "reviewed: soon", 7),
        ("year: 2025", "year: last", 9),
        ("What welders do.", "word " * 41, 3),
        ("region: US", "regoin: US", 1),
        ('["What do welders do?"]', "[]", 13),
    ],
)
def test_the_schema_names_the_line_of_the_key(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    report = check(tmp_path, welder=PAGE.replace(old, new))
    assert ("welder.md", line, "front-matter") in found(report)
    assert report.failed


def test_dashes_within_a_value_do_not_move_the_lines(tmp_path: Path) -> None:
    page = PAGE.replace("What welders do.", '"What they\n---- weld."').replace("region: US\n", "")
    assert ("welder.md", 1, "front-matter") in found(check(tmp_path, welder=page))
    page = page.replace("reviewed: 2026-01-15", "region: US\nreviewed: soon")
    assert ("welder.md", 8, "front-matter") in found(check(tmp_path, welder=page))


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("title: Welders", "title: Help: with jobs", "line 2: put the value in quotation marks"),
        ("title: Welders", "title: 2024", "title: must be text: put it in quotation marks"),
        ("title: Welders", 'title: ""', "title: is empty: fill it in"),
        ("region: US", "regoin: US", "regoin: is no key here: see corpus/README.md"),
        ("region: US\n", "", "region: is missing: add it"),
        (", year: 2025", "", "sources, entry 1, year: is missing: add it"),
        ("2025", "last", "sources, entry 1, year: must be a year like 2025"),
        ("2025", "3000", "sources, entry 1, year: Input should be less than or equal to 2100"),
        ("{publisher: Office, title: Yearbook, year: 2025}", "Office", "sources, entry 1: must"),
        ("2026-01-15", "soon", "reviewed: must be a date like 2026-01-31"),
        ("2026-01-15", "", "reviewed: must be a date like 2026-01-31"),
        ("[explorer]", "explorer", "audience: must be a list: write it in [ ]"),
        ("[explorer]", "[]", "audience: is empty: name at least one"),
        ("[explorer]", "[boss]", "audience, entry 1: must be 'explorer', 'student',"),
        ("What welders do.", "word " * 41, "summary: has more than 40 words: shorten it"),
    ],
)
def test_a_slip_in_the_front_matter_is_told_with_what_to_do(
    tmp_path: Path, old: str, new: str, fix: str
) -> None:
    report = check(tmp_path, welder=PAGE.replace(old, new, 1))
    assert any(fix in finding.fix for finding in report.findings)


def test_formats_that_the_build_reads_are_no_errors(tmp_path: Path) -> None:
    (tmp_path / "guide.pdf").write_bytes(b"%PDF-1.7\0")
    (tmp_path / "plain.txt").write_text("Text.")
    report = check(tmp_path)
    assert found(report) == [("guide.pdf", 1, "format"), ("plain.txt", 1, "front-matter")]
    assert not report.failed


def test_a_text_file_with_front_matter_is_checked_like_any_page(tmp_path: Path) -> None:
    (tmp_path / "smith.txt").write_text(PAGE.replace("Welders", "Smiths").replace("US", '""'))
    report = check(tmp_path)
    assert ("smith.txt", 6, "front-matter") in found(report)
    assert report.failed


@pytest.mark.parametrize(
    ("content", "line", "rule"),
    [
        (b"---\nti\0tle", 1, "binary"),
        ("---\ntitle: caf\xe9\n---\n".encode("latin-1"), 2, "encoding"),
        ("- a\n- list\n", 1, "front-matter"),
        ("---\n- a\n- list\n---\n## A\n\nText.\n", 1, "front-matter"),
        ("---\ntitle: [\n---\n", 3, "front-matter"),
        ("---\ntitle: never closed\n", 1, "front-matter"),
        (b"x" * 10_000_001, 1, "size"),
    ],
    ids="binary encoding none list broken unclosed size".split(),
)
def test_a_bad_file_is_one_clear_finding(
    tmp_path: Path, content: str | bytes, line: int, rule: str
) -> None:
    assert found(check(tmp_path, bad=content)) == [("bad.md", line, rule)]


def test_a_byte_order_mark_and_windows_line_ends_are_warnings(tmp_path: Path) -> None:
    report = check(tmp_path, welder=("\ufeff" + PAGE).replace("\n", "\r\n").encode())
    assert found(report) == [("welder.md", 1, "byte-order-mark"), ("welder.md", 1, "line-ends")]
    assert not report.failed


def test_the_clock_decides_what_is_stale_or_expired(tmp_path: Path) -> None:
    page = PAGE.replace("review_by", "valid_until: 2027-06-30\nreview_by")
    for today, rules in (
        (date(2026, 1, 14), ["date"]),
        (date(2027, 1, 15), []),
        (date(2027, 1, 16), ["stale"]),
        (date(2027, 7, 1), ["expired", "stale"]),
    ):
        report = check(tmp_path, today, welder=page)
        assert sorted(rule for _, _, rule in found(report)) == rules
        assert report.failed == (rules == ["date"])


def test_a_review_date_before_the_review_is_an_error(tmp_path: Path) -> None:
    report = check(tmp_path, welder=PAGE.replace("2027-01-15", "2026-01-15"))
    assert found(report) == [("welder.md", 8, "date"), ("welder.md", 8, "stale")]


def test_ids_that_differ_only_by_case_are_an_error(tmp_path: Path) -> None:
    rules = [rule for _, _, rule in found(check(tmp_path, Welder=PAGE))]
    assert "duplicate-id" in rules


def test_a_title_or_alias_leads_to_one_document(tmp_path: Path) -> None:
    other = PAGE.replace("Welders", "Smiths").replace("Welders join", "Smiths shape")
    assert ("welder.md", 11, "duplicate-alias") in found(check(tmp_path, smith=other))
    other = other.replace("welding operator", "welders")
    assert ("welder.md", 2, "duplicate-title") in found(check(tmp_path, smith=other))
    twice = other.replace("[welders]", "[farrier, Farrier]")
    assert found(check(tmp_path, smith=twice)) == [("smith.md", 11, "duplicate-alias")]


@pytest.mark.parametrize("related", ["welder", "nobody"])
def test_a_related_document_must_be_another_one_that_exists(tmp_path: Path, related: str) -> None:
    page = PAGE.replace("related: []", f"related: [{related}]")
    assert found(check(tmp_path, welder=page)) == [("welder.md", 12, "unknown-related")]


def test_a_dead_relative_link_is_found_and_a_living_one_is_not(tmp_path: Path) -> None:
    text = "See [one](welder.md#top), [two](gone.md), [three](HTTPS://example.org/x)."
    report = check(tmp_path, welder=PAGE + f"\n{text}\n")
    assert found(report) == [("welder.md", 19, "dead-link")]


def test_a_link_to_a_name_with_a_space_is_alive_in_either_spelling(tmp_path: Path) -> None:
    (tmp_path / "pay scales.csv").write_text("Job,Pay")
    text = "See [one](pay%20scales.csv), [two](<pay scales.csv>), [three](<no scales.csv>)."
    report = check(tmp_path, welder=PAGE + f"\n{text}\n")
    assert [finding.fix for finding in report.findings if finding.rule == "dead-link"] == [
        "no scales.csv leads nowhere"
    ]


def test_nearly_equal_paragraphs_are_found_in_the_later_file(tmp_path: Path) -> None:
    said = " ".join(f"word{i}" for i in range(30))
    other = PAGE.replace("Welders", "Smiths").replace("welding operator", "farrier")
    report = check(tmp_path, welder=f"{PAGE}\n{said}\n", a=f"{other}\n{said} more\n")
    assert found(report) == [("welder.md", 19, "near-duplicate")]


def test_a_paragraph_on_very_many_pages_is_found_once_on_each_but_the_first(
    tmp_path: Path,
) -> None:
    said = " ".join(f"word{i}" for i in range(30))
    pages = {
        f"page{n:03}": PAGE.replace("Welders", f"Job {n}").replace("welding operator", f"job-{n}")
        + f"\n{said}\n"
        for n in range(80)
    }
    report = check(tmp_path, TODAY, **pages)
    repeated = [f for f in report.findings if f.rule == "near-duplicate"]
    assert [f.file for f in repeated] == [f"page{n:03}.md" for n in range(1, 80)]
    assert {f.fix for f in repeated} == {"says nearly the same as page000.md:19: keep one"}


def test_the_keys_of_front_matter_have_their_lines_after_spaces_in_the_first_line(
    tmp_path: Path,
) -> None:
    page = PAGE.replace("topic: occupation", "topic: ocupation").replace("---\n", "--- \n", 1)
    assert ("welder.md", 4, "front-matter") in found(check(tmp_path, welder=page))


def test_the_documents_of_this_project_pass() -> None:
    report = check_corpus(PROJECT / "corpus", date.today())
    by_time = {"stale", "expired"}
    assert [finding for finding in report.findings if finding.rule not in by_time] == []
