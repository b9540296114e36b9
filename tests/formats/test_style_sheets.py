import pytest

from waymark.formats.style_sheets import declarations, hides, named_styles


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
        ("opacity:.01", True),
        ("opacity:5%", True),
        ("opacity:50%", False),
        ("filter:blur(1px) opacity(0)", True),
        ("filter:opacity()", False),
        ("content-visibility:hidden", True),
        ("transform:scale(0)", True),
        ("transform:rotate(1deg) scale(1, 0)", True),
        ("transform:scale3d(1, 1, 0)", False),
        ("transform:scale(-1)", False),
        ("transform:translateX(-9999px)", True),
        ("transform:translate(-50%, -50%)", False),
        ("clip-path:inset(100%)", True),
        ("clip-path:inset(0 50%)", True),
        ("clip-path:inset(0 100% 0 0)", True),
        ("clip-path:inset(10% round 5px)", False),
        ("clip-path:inset(auto)", False),
        ("clip-path:circle(0 at 50% 50%)", True),
        ("clip-path:circle(50%)", False),
        ("clip:rect(0, 0, 0, 0);position:absolute", True),
        ("clip:rect(1px 1px 1px 1px);position:fixed", True),
        ("clip:rect(0, 0, 0, 0)", False),
        ("clip:rect(0, 200px, 50px, 0);position:absolute", False),
        ("clip:auto;position:absolute", False),
        ("left:-99vw", True),
        ("top:-100dvh", True),
        ("left:-20in", True),
        ("margin-left:calc(-9999px)", True),
        ("margin-left:-50vw", False),
        ("margin-left:-50%", False),
        ("margin-left:-2em", False),
        ("width:1px;height:1px;overflow:hidden", True),
        ("height:1%;overflow:hidden", False),
        ("width:1em;overflow:hidden", False),
        ("text-indent:100%;white-space:nowrap;overflow:hidden", True),
        ("text-indent:100%;overflow:hidden", False),
    ],
)
def test_a_style_hides_an_element_when_nothing_is_left_to_see(style: str, hidden: bool) -> None:
    assert hides(declarations(style)) == hidden


@pytest.mark.parametrize("part", ["@media print{", "@a{.b{", "{}", "/*", "@a;", ".a:not(", "}"])
def test_broken_style_sheets_are_read_in_linear_time(part: str) -> None:
    named_styles([(part * 100_000, "")])


@pytest.mark.parametrize("part", ["1", ".1", "a(", "a", "calc(", "a(1 ", "("])
def test_broken_values_are_read_in_linear_time(part: str) -> None:
    value = part * 100_000
    assert not hides({"opacity": value, "left": value, "transform": value})
