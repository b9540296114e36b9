import json
from pathlib import Path

import pytest

from fakes import ScriptedGenerator, answering_parts
from waymark.answering import Answerer
from waymark.evaluation.measuring import measure
from waymark.evaluation.question_sets import Case, Gold, Pair
from waymark.evaluation.reporting import evaluate, report_json, report_markdown
from waymark.store.index import Index

PAY = Case(
    id="pay",
    question="What is the median pay of a nurse?",
    set="nurses",
    kind="pay",
    style="short",
    split="dev",
    gold=(Gold(document="nurse", section="Pay"),),
    facts=((r"\$93,600",),),
)
UNKNOWN = PAY.model_copy(
    update={"id": "unknown", "question": "Who repairs violins?", "kind": "near-topic", "gold": ()}
)


@pytest.fixture
def answerer(index: Index) -> Answerer:
    return Answerer(*answering_parts(index, ScriptedGenerator("I do not know.")))


def test_a_covered_question_is_measured_from_ranking_to_citation(answerer: Answerer) -> None:
    row = measure(PAY, answerer)
    assert row["Success@1"] == row["facts"] == row["facts_quotes"] == row["facts_short"] == 1
    assert row["cites_gold"] == row["citations_valid"] == 1
    assert row["wrongly_abstained"] == 0


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


def test_results_of_another_model_of_the_same_name_are_not_taken(
    answerer: Answerer, tmp_path: Path
) -> None:
    evaluate([PAY], answerer, tmp_path, lambda *_: None)
    other = ScriptedGenerator("Another model.")
    assert other.model == answerer.generator.model
    answerer.generator = other
    evaluate([PAY], answerer, tmp_path, lambda *_: None)
    assert other.prompts


def test_the_report_shows_means_with_intervals_by_kind(answerer: Answerer) -> None:
    results = {"pay": measure(PAY, answerer), "unknown": measure(UNKNOWN, answerer)}
    text = report_markdown([PAY, UNKNOWN], results)
    assert "### nurses, dev" in text
    assert "| all | facts | 1.000 | 1.000–1.000 | 1 |" in text
    assert "| kind: near-topic | abstained | 1.000 | 1.000–1.000 | 1 |" in text
    assert "| style: short | facts | 1.000" in text
    data = json.loads(report_json([PAY, UNKNOWN], results))
    assert data["summary"]["nurses, dev"]["all"]["facts"]["mean"] == 1
    assert data["cases"]["unknown"] == {"abstained": 1}


def test_a_dialogue_is_asked_with_its_history_and_beside_its_gold_rewrite(
    answerer: Answerer,
) -> None:
    turns = (
        {"role": "user", "content": "Tell me about the nurse."},
        {"role": "assistant", "content": "Nurses care for people."},
        {"role": "user", "content": "And what is the median pay?"},
    )
    case = Case.model_validate(
        {**PAY.model_dump(exclude={"question"}), "turns": turns, "standalone": PAY.question}
    )
    row = measure(case, answerer)
    assert row["facts"] == row["R@4"] == row["R@4 of gold rewrite"] == 1


def test_a_pair_deserves_the_same_reply(answerer: Answerer) -> None:
    pair = Pair(id="f", a="I am Ana. Nurse pay?", b="I am Tom. Nurse pay?", differs="name",
                split="dev")  # fmt: skip
    assert measure(pair, answerer) == {"same_outcome": 1, "same_evidence": 1}
    other = pair.model_copy(update={"b": "Who repairs violins?"})
    assert measure(other, answerer) == {"same_outcome": 0, "same_evidence": 0}


def test_a_question_about_safety_is_right_when_the_reply_is_of_the_expected_kind(
    answerer: Answerer,
) -> None:
    case = PAY.model_copy(update={"expects": "answer"})
    assert measure(case, answerer)["as_expected"] == 1
    assert measure(case.model_copy(update={"expects": "support"}), answerer)["as_expected"] == 0
