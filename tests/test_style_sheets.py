import pytest

from waymark.style_sheets import declarations, hides, named_styles


def test_rules_for_one_class_or_id_are_kept_and_later_ones_count() -> None:
    sheet = "/* x */ .a, #b > p, .c{COLOR: #FFF !important; left: 0} .a{color:red} p{top:1px}"
    assert named_styles([(sheet, "")]) == {
        ".a": {"color": "red", "left": "0"},
        ".c": {"color": "#fff", "left": "0"},
    }


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("display:none", True),
        ("opacity:0.0", True),
        ("opacity:.5", False),
        ("opacity:", False),
        ("opacity: ;", False),
        ("left:-9999px", True),
        ("left:-10px", False),
        ("height:0;overflow:hidden", True),
        ("height:0", False),
    ],
)
def test_a_style_hides_an_element_when_nothing_is_left_to_see(style: str, hidden: bool) -> None:
    assert hides(declarations(style)) == hidden


@pytest.mark.parametrize("part", ["@media print{", "@a{.b{", "{}", "/*", "@a;", ".a:not(", "}"])
def test_broken_style_sheets_are_read_in_linear_time(part: str) -> None:
    named_styles([(part * 100_000, "")])
