import pytest

from waymark.formats.markup import pieces, tree_of


def shown(body: str) -> list[tuple[str, str]]:
    found = pieces(tree_of(f"<html><body>{body}</body></html>"))
    return [(piece.draft.kind, piece.draft.text) for piece in found]


def test_only_br_breaks_a_line_and_two_of_them_a_paragraph() -> None:
    assert shown("<p>earn\n<b>$93,600</b>\n<a id=n></a>\n<b>a year</b></p>") == [
        ("paragraph", "earn $93,600 a year")
    ]
    assert shown("<p>Pay:<br>\n<b>$93,600</b> a year.<br>\n<br>\nHours</p>") == [
        ("paragraph", "Pay: $93,600 a year."),
        ("paragraph", "Hours"),
    ]


def test_a_picture_in_a_sentence_does_not_end_it() -> None:
    assert shown("<p>Nurses earn <img src=x> $93,600.</p>") == [
        ("paragraph", "Nurses earn $93,600.")
    ]


def test_terms_share_the_definition_below_them_and_one_without_is_kept() -> None:
    body = (
        "<dl><dt>Nurse</dt><dt>Midwife</dt><dd>$93,600</dd><dd>37 hours</dd>"
        "<dt>Baker</dt><dd>$36,000</dd><dt>Clerk</dt></dl>"
    )
    assert [text for _, text in shown(f"{body}<dl><dd>alone</dl>")] == [
        "Nurse, Midwife: $93,600",
        "Nurse, Midwife: 37 hours",
        "Baker: $36,000",
        "Clerk",
        "alone",
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<dl><dt>Pay<dd><p>$93,600</p>2024</dl>", "Pay: $93,600 2024"),
        ("<dl><dt>Pay<dd><table><tr><td>$93,600<td>2024</table></dl>", "Pay: $93,600 2024"),
        ("<table><tr><td>Pay<td><div>$93,600</div>2024</table>", "Pay: $93,600, 2024"),
        (
            "<table><tr><td>Office<td><div>Leeds</div>, <div>York</div></table>",
            "Office: Leeds, York",
        ),
        ("<pre>$93,600<br>2024</pre>", "$93,600\n2024"),
        ("<p>They earn $93,600<sup>1</sup> a year.</p>", "They earn $93,600 1 a year."),
        ("<h2>Pay in 2024<sup><a href=#n>1</a></sup></h2>", "Pay in 2024 1"),
        ("<p>the 10<sup>th</sup> of May</p>", "the 10th of May"),
    ],
)
def test_figures_stay_apart(body: str, text: str) -> None:
    assert [found for _, found in shown(body)] == [text]


def test_words_are_not_taken_apart_by_marks_inside_them() -> None:
    assert shown("<h2>Nurse<b>s</b>, <i>midwives</i>!</h2>") == [("heading", "Nurses, midwives!")]


@pytest.mark.parametrize("span", ["60", "0", "9" * 5000])
def test_a_cell_stands_in_all_the_rows_that_it_spans(span: str) -> None:
    rows = "".join(f"<tr><td>Job {n}<td>{n}" for n in range(1, 60))
    body = (
        "<table><thead><tr><th>Region<th>Job<th>Pay<tbody>"
        f"<tr><td rowspan={span}>North<td>Job 0<td>0{rows}<tbody><tr><td>South<td>Job 60<td>60"
        "</table>"
    )
    assert [text for _, text in shown(body)] == [
        *(f"Region: North; Job: Job {n}; Pay: {n}" for n in range(60)),
        "Region: South; Job: Job 60; Pay: 60",
    ]


def test_a_table_of_one_column_with_a_head_is_rows() -> None:
    body = "<table><thead><tr><th>Job<tbody><tr><td>Nurse</table>"
    assert shown(body) == [("row", "Job: Nurse")]
