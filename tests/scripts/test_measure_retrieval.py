"""The scripts that measure retrieval and chunking, on made-up collections."""

import json
import sys
from pathlib import Path

import pytest

from fakes import WordEmbedder
from waymark.chunking import ChunkingParameters
from waymark.evaluation.question_sets import Case
from waymark.settings import PROJECT
from waymark.types import Document

sys.path.insert(0, str(PROJECT / "scripts"))

import measure_chunking  # scripts/ is no package
import measure_retrieval

DOCUMENTS = (
    measure_retrieval.plain_document("1", "Nurses", "A nurse has pay. Pay at night is more."),
    measure_retrieval.plain_document("2", "Plumbers", "A plumber needs training."),
    measure_retrieval.plain_document("3", "Empty", ""),
)
TAGGED = """.I 1
.T
Pay of
nurses
.W
Nurses are paid.
.I 002
.T
Plumbers
.W
They mend pipes.
.X
1\t5\t1
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def test_tagged_records_keep_their_fields_apart(tmp_path: Path) -> None:
    write(tmp_path, all=TAGGED)
    assert measure_retrieval.read_tagged(tmp_path / "all") == [
        {"I": "1", "T": "Pay of\nnurses\n", "W": "Nurses are paid.\n"},
        {"I": "2", "T": "Plumbers\n", "W": "They mend pipes.\n", "X": "1\t5\t1\n"},
    ]


def test_cranfield_counts_queries_by_position_and_grade_1_as_the_best(tmp_path: Path) -> None:
    write(
        tmp_path,
        cran__all__1400=TAGGED,
        cran__qry=".I 004\n.W\nfirst\n.I 009\n.W\nsecond\n",
        cranqrel="1 1 1 \n2 1 4\n2 2 -1\n",
    )
    collection = measure_retrieval.load_cranfield(tmp_path)
    assert collection.queries == {"1": "first", "2": "second"}
    assert collection.qrels == {"1": {"1": 4}, "2": {"1": 1}}
    assert [(d.id, d.title) for d in collection.documents] == [
        ("1", "Pay of nurses"),
        ("2", "Plumbers"),
    ]


def test_cisi_reads_the_first_two_columns_of_its_judgements(tmp_path: Path) -> None:
    queries = ".I 1\n.W\nwho is\npaid?\n"
    write(tmp_path, CISI__ALL=TAGGED, CISI__QRY=queries, CISI__REL="     1      2\t0\t0.000000\n")
    collection = measure_retrieval.load_cisi(tmp_path)
    assert collection.queries == {"1": "who is paid?"}
    assert collection.qrels == {"1": {"2": 1}}


def test_scifact_reads_one_half_of_the_judgements(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    write(tmp_path / "qrels", test__tsv="query-id\tcorpus-id\tscore\n7\t1\t1\n")
    write(
        tmp_path,
        corpus__jsonl='{"_id": "1", "title": "Nurses", "text": "A line\u2028with a separator."}\n',
        queries__jsonl='{"_id": "7", "text": "who?"}\n{"_id": "8", "text": "of the other half"}\n',
    )
    collection = measure_retrieval.load_scifact(tmp_path, "test")
    assert collection.qrels == {"7": {"1": 1}}
    assert [document.id for document in collection.documents] == ["1"]


def test_a_stored_vector_is_not_embedded_again(tmp_path: Path) -> None:
    first, second = WordEmbedder(), WordEmbedder()
    stored = measure_retrieval.StoredEmbedder(first, tmp_path)
    rows = stored.embed_passages(["pay", "nurse", "pay"])
    stored.close()
    again = measure_retrieval.StoredEmbedder(second, tmp_path)
    assert (again.embed_passages(["pay", "nurse", "pay"]) == rows).all()
    assert again.embed_queries(["school"]).shape == (1, WordEmbedder.dimension)
    assert (len(first.embedded), second.embedded) == (2, ["school"])
    again.close()


def test_each_ranking_is_measured_and_the_products_lead_is_told(tmp_path: Path) -> None:
    qrels = {"a": {"1": 1}, "b": {"2": 1}}
    queries = {"a": "pay", "b": "plumber", "unjudged": "pension"}
    collection = measure_retrieval.Collection("Toy", DOCUMENTS, queries, qrels)
    chunks = measure_retrieval.chunks_of(DOCUMENTS, ChunkingParameters(max_words=4))
    index = measure_retrieval.write_index(tmp_path, DOCUMENTS, chunks, WordEmbedder())
    found = measure_retrieval.measured(collection, index, WordEmbedder())
    index.close()
    best = {"nDCG@10": 1.0, "R@4": 1.0, "R@10": 1.0}
    assert found == {name: [best, best] for name in measure_retrieval.RANKERS}
    *_, lead = measure_retrieval.table("Toy", found)
    assert "lead" in lead
    assert lead.count("0.000 (0.000 to 0.000)") == 3


def test_spans_survive_what_parsing_does_to_white_space(tmp_path: Path) -> None:
    raw = "One  two.\n\n\n Three\nfour."
    (tmp_path / "corpora").mkdir()
    write(tmp_path / "corpora", toy__md=raw)
    start = raw.index("Three")
    references = json.dumps([{"start_index": start, "end_index": len(raw)}]).replace('"', '""')
    table = f'question,references,corpus_id\nwhat?,"{references}",toy\n'
    write(tmp_path, questions_df__csv=table)
    [document], [question] = measure_chunking.load_spans(tmp_path)
    before = measure_chunking.visible_before(document.text)
    ((low, high),) = question.spans
    wanted = [n for n in range(len(document.text)) if low <= before[n] < before[n + 1] <= high]
    assert "".join(document.text[n] for n in wanted) == "Threefour."


def test_an_overlapping_chunk_begins_with_the_sentence_before_it_in_its_section() -> None:
    parsed = measure_retrieval.plain_document("1", "T", "One two. Three four. Five six.")
    found = measure_chunking.cut([parsed], measure_chunking.Cut(4, overlap=True))
    assert [chunk.text for chunk in found] == ["One two. Three four.", "Three four. Five six."]


def test_shared_text_is_found_once_and_counted_twice() -> None:
    document = measure_retrieval.plain_document("1", "T", "ab cd. ef gh. ij kl.")
    chunks = measure_chunking.cut([document], measure_chunking.Cut(4, overlap=True))
    visible = {"1": measure_chunking.visible_before(document.text)}
    question = measure_chunking.Question("?", "1", ((5, 15),))  # the last two of three sentences
    assert measure_chunking.span_measures(question, chunks, visible) == {
        "recall": 1.0,
        "precision": 0.5,  # 10 of 10 + 10 characters
        "IoU": 0.5,
        "recall in budget": 1.0,
    }


def test_own_questions_count_sections_and_the_facts_in_what_was_retrieved() -> None:
    text = "Median pay is $10. Nights bring more."
    chunks = measure_chunking.cut(
        [measure_retrieval.plain_document("nurse", "Nurses", text)], measure_chunking.Cut(4)
    )
    case = Case.model_validate(
        {"id": "q", "question": "?", "kind": "pay", "split": "dev", "facts": [[r"\$10"], ["more"]],
         "gold": [{"document": "nurse", "section": ""}, {"document": "nurse", "section": "No"}]}
    )  # fmt: skip
    row = measure_chunking.own_measures(case, chunks)
    assert row == pytest.approx(
        {"Success@4": 1, "R@4": 0.5, "R@8 of passages": 0.5, "facts in 8": 1, "facts in budget": 1}
    )
    assert measure_chunking.own_measures(case, chunks[:1])["facts in 8"] == 0


def test_a_document_without_text_has_no_chunk() -> None:
    empty: Document = DOCUMENTS[2]
    assert measure_retrieval.chunks_of([empty], ChunkingParameters()) == []
