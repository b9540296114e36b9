import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import check_facts  # noqa: E402  # scripts/ is no package

PAGE = """---
title: Painters
---
## Pay

Painters earned a median of $48,660 a year ($23.39 an hour) in 2024.

## Outlook

Painters held 371,200 jobs, projected to grow 15 per cent.
"""
TABLE = """# A note, with commas
document,title,median_pay_annual_usd_2024,median_pay_hourly_usd_2024,jobs_2024,projected_change_percent_2024_34
painters,Painters,48660,23.39,371200,{growth}
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "painters.md").write_text(PAGE)
    return folder


def record(folder: Path, **changes: object) -> Path:
    entry = {"fact": "F001", "document": "painters", "section": "Pay", "excerpts": ["$48,660"]}
    path = folder / "facts.jsonl"
    path.write_text(json.dumps(entry | changes) + "\n")
    return path


def table(folder: Path, growth: str = "15") -> Path:
    path = folder / "figures.csv"
    path.write_text(TABLE.format(growth=growth))
    return path


def test_every_fact_stands_in_the_project_corpus_where_the_record_says() -> None:
    assert list(check_facts.unsupported_facts(check_facts.RECORD, ROOT / "corpus")) == []


def test_every_profile_prints_its_published_figures() -> None:
    assert list(check_facts.wrong_figures(check_facts.FIGURES, ROOT / "corpus")) == []
    assert len(check_facts.figures(check_facts.FIGURES)) == 24


def test_a_fact_whose_words_left_the_section_is_named(tmp_path: Path, corpus: Path) -> None:
    assert list(check_facts.unsupported_facts(record(tmp_path), corpus)) == []
    changes: list[dict[str, object]] = [
        {"section": "Outlook"},
        {"excerpts": ["$48,661"]},
        {"excerpts": []},
    ]
    for change in changes:
        (problem,) = check_facts.unsupported_facts(record(tmp_path, **change), corpus)
        assert problem.startswith("F001: painters")


def test_the_record_and_the_sheet_must_name_the_same_facts(tmp_path: Path) -> None:
    sheet = tmp_path / "facts.md"
    sheet.write_text("- F001 One. (S0)\n- F002 Two. (S1)\n")
    problems = check_facts.unrecorded_facts(record(tmp_path), sheet)
    assert list(problems) == ["F002: is not recorded"]
    sheet.write_text("- F002 Two. (S1)\n")
    assert len(list(check_facts.unrecorded_facts(record(tmp_path), sheet))) == 2


def test_a_figure_is_found_whole_and_not_inside_another(tmp_path: Path, corpus: Path) -> None:
    assert list(check_facts.wrong_figures(table(tmp_path), corpus)) == []
    (problem,) = check_facts.wrong_figures(table(tmp_path, growth="5"), corpus)
    assert problem == "painters.md: does not print 5 per cent for Painters"
    (problem,) = check_facts.wrong_figures(table(tmp_path, growth="0"), corpus)
    assert "little or no change" in problem


def test_a_copied_row_must_equal_the_published_one(tmp_path: Path) -> None:
    copy = table(tmp_path)
    published = tmp_path / "published.csv"
    shutil.copy(copy, published)
    assert list(check_facts.altered_figures(copy, published)) == []
    published.write_text(published.read_text().replace("23.39", "23.40"))
    (problem,) = check_facts.altered_figures(copy, published)
    assert "Painters differs" in problem
