from pathlib import Path

import pytest

from fakes import ScriptedGenerator, WordEmbedder
from waymark.answering import Answerer
from waymark.evaluation import evaluate, measure, report_markdown
from waymark.index import Index
from waymark.question_sets import Case, Gold

PAY = Case(
    id="pay",
    question="What is the median pay of a nurse?",
    kind="pay",
    split="dev",
    gold=(Gold(document="nurse", section="Pay"),),
    facts=((r"\$93,600",),),
)
UNKNOWN = Case(id="unknown", question="Who repairs violins?", kind="near-topic", split="dev")


@pytest.fixture
def answerer(index: Index) -> Answerer:
    return Answerer(index, WordEmbedder(), ScriptedGenerator("I do not know."))


def test_a_covered_question_is_measured_from_ranking_to_citation(answerer: Answerer) -> None:
    row = measure(PAY, answerer)
    assert row["Success@1"] == row["facts"] == row["facts_quotes"] == 1
    assert row["cites_gold"] == row["citations_valid"] == 1
    assert row["wrongly_abstained"] == row["facts_short"] == 0


def test_a_wrong_fact_and_a_wrong_section_count_as_wrong(answerer: Answerer) -> None:
    other = (Gold(document="plumber", section="Getting in"),)
    row = measure(PAY.model_copy(update={"facts": ((r"\$1,000",),), "gold": other}), answerer)
    assert row["facts"] == row["cites_gold"] == row["Success@1"] == 0


def test_an_uncovered_question_is_right_when_it_abstains(answerer: Answerer) -> None:
    assert measure(UNKNOWN, answerer) == {"abstained": 1.0}


def test_an_interrupted_evaluation_goes_on_where_it_stopped(
    answerer: Answerer, tmp_path: Path
) -> None:
    def stop(done: int, _: int) -> None:
        raise KeyboardInterrupt

    runs = tmp_path / "runs"
    with pytest.raises(KeyboardInterrupt):
        evaluate([PAY, UNKNOWN], answerer, runs, stop)
    (store,) = runs.iterdir()
    store.write_text(store.read_text() + '{"id": "unkn')
    assert isinstance(answerer.generator, ScriptedGenerator)
    asked = len(answerer.generator.prompts)
    results = evaluate([PAY, UNKNOWN], answerer, runs, lambda *_: None)
    assert list(results) == ["pay", "unknown"]
    assert len(answerer.generator.prompts) == asked
    assert evaluate([PAY, UNKNOWN], answerer, runs, lambda *_: None) == results


def test_the_report_shows_means_with_intervals_by_kind(answerer: Answerer) -> None:
    results = {"pay": measure(PAY, answerer), "unknown": measure(UNKNOWN, answerer)}
    text = report_markdown([PAY, UNKNOWN], results)
    assert "| facts | 1.000 | 1.000–1.000 | 1 |" in text
    assert "| near-topic | abstained | 1.000 | 1.000–1.000 | 1 |" in text
    assert "### test" not in text
