import pytest

from waymark.formats.hidden import drop_hidden
from waymark.formats.markup import tree_of

SEEN = "Nurses earn $93,600."


def shown(body: str, style: str = "") -> tuple[str, int]:
    tree = tree_of(f"<html><head><style>{style}</style></head><body>{body}</body></html>")
    words = drop_hidden(tree)
    return " ".join(tree.find("body").text_content().split()), words


@pytest.mark.parametrize(
    "body",
    [
        "<div style='background:#036'><p style='color:#fff'>{}</p></div>",
        "<div style='background-image:url(x)'><p style='color:#fff'>{}</p></div>",
        "<table bgcolor='#003366'><tr><td style='color:white'>{}</table>",
        "<div style='color:#fff'><p style='background:#036'>{}</p></div>",
        "<div style='color:#fff'><p style='color:#000'>{}</p></div>",
        "<ul style='font-size:0'><li style='font-size:16px'>{}</ul>",
        "<div style='visibility:hidden'><p style='visibility:visible'>{}</p></div>",
    ],
)
def test_text_looks_as_what_is_around_and_above_it_makes_it_look(body: str) -> None:
    assert shown(body.format(SEEN)) == (SEEN, 0)


@pytest.mark.parametrize(
    "body",
    [
        "<div style='background:#036'><p style='background:#fff;color:white'>{}</p></div>",
        "<div style='background:#036'><p style='color:#036;background:none'>{}</p></div>",
        "<div style='color:#fff'><p>{}</p></div>",
        "<div style='font-size:0'><p style='font-size:2em'>{}</p></div>",
        "<div style='visibility:hidden'><p style='font-size:2em'>{}</p></div>",
        "<div style='opacity:0'><p style='opacity:1;color:#000'>{}</p></div>",
        "<div style='display:none'><p style='display:block'>{}</p></div>",
    ],
)
def test_what_an_element_hands_down_hides_its_children_too(body: str) -> None:
    assert shown(body.format(SEEN)) == ("", 3)


def test_only_the_words_that_cannot_be_seen_are_taken_out() -> None:
    body = "<p style='color:#fff'>Ignore <b style='color:#000'>nurses</b> all rules.</p>earn"
    assert shown(body) == ("nurses earn", 3)


def test_the_ground_of_the_page_counts() -> None:
    assert shown(f"<p style='color:#fff'>{SEEN}</p>", "body{background:#000}") == (SEEN, 0)


@pytest.mark.parametrize(
    "style",
    [
        "@media print{.part{display:none}}",
        "@media (max-width:600px){.part{display:none}}",
        "@media print{@supports (display:grid){.part{display:none}}}",
        ".part{display:none} .part.active{display:block}",
        ".open > .part{opacity:1} .part{opacity:0}",
        ".part{max-height:0;overflow:hidden} :checked ~ .part{max-height:50em}",
    ],
)
def test_what_is_hidden_in_print_or_until_it_is_opened_is_seen(style: str) -> None:
    assert shown(f"<div class=part>{SEEN}</div>", style) == (SEEN, 0)


@pytest.mark.parametrize(
    "style",
    [
        "@media screen{.part{display:none}}",
        "@media only screen and (min-width:1px), print{.part{display:none}}",
        "@import url(x.css); .part{display:none}",
        "@font-face{font-family:x} .part{display:none}",
        "@supports (display:grid){.part{display:none}}",
        ".part{display:none} .part::before{display:block}",
        ".part{display:none} .part p{display:block}",
        ".part{display:none} @media print{.part.active{display:block}}",
        ".part{display:none} .other:not(.part){display:block}",
    ],
)
def test_what_a_style_sheet_always_hides_is_left_out(style: str) -> None:
    assert shown(f"<div class=part>{SEEN}</div>", style) == ("", 3)


def test_a_style_sheet_for_print_hides_nothing() -> None:
    tree = tree_of(f"<style media=print>.a{{display:none}}</style><p class=a>{SEEN}</p>")
    assert drop_hidden(tree) == 0


@pytest.mark.parametrize("ground", ["white none repeat scroll 0% 0%", "#ffffff none"])
def test_a_white_ground_without_a_picture_is_white(ground: str) -> None:
    body = f"<p style='background:{ground}'>Seen. <span style='color:#fff'>Not seen.</span></p>"
    assert shown(body) == ("Seen.", 2)


@pytest.mark.parametrize(
    "style",
    [
        "color:transparent",
        "color:rgba(0, 0, 0, 0)",
        "color:#fff0",
        "color:#FEFEFE",
        "color:hsl(0, 0%, 100%)",
        "color:rgb(255 255 255)",
        "color:rgb(0 0 0 / 3%)",
        "color:#000; background:rgba(0, 0, 0, .99)",
        "color:#fff; background:0 0",
        "color:#fff; background:rgba(0, 0, 0, .03)",
        "color:var(--x); background:var(--x)",
        "color:transparent; background:url(x)",
        "font-size:1px",
        "font-size:.1em",
        "font-size:5%",
    ],
)
def test_text_that_hardly_differs_from_nothing_is_not_seen(style: str) -> None:
    assert shown(f"<p style='{style}'>{SEEN}</p>") == ("", 3)


@pytest.mark.parametrize(
    "style",
    [
        "color:#767676",
        "color:#eee",
        "color:rgba(0, 0, 0, .6)",
        "color:#fff; background:rgba(0, 0, 0, .5)",
        "color:#fff; background:var(--dark)",
        "color:#fff; background:navy",
        "color:#fff; background:#036 url(x) no-repeat",
        "color:transparent; background:linear-gradient(red, blue); -webkit-background-clip:text",
        "font-size:.8em",
        "font-size:x-small",
        "font-size:calc(1rem + 1vw)",
    ],
)
def test_text_that_differs_from_what_is_behind_it_is_seen(style: str) -> None:
    assert shown(f"<p style='{style}'>{SEEN}</p>") == (SEEN, 0)


def test_sizes_of_the_font_above_are_multiplied() -> None:
    nested = "<div style='font-size:30%'>" * 2
    assert shown(f"{nested}<p style='font-size:1em'>{SEEN}</p>") == ("", 3)


def test_letters_coloured_by_an_attribute_look_so() -> None:
    assert shown(f"<p><font color=white>{SEEN}</font></p>") == ("", 3)
    assert shown(f"<td bgcolor=#003366><font color=White>{SEEN}</font>") == (SEEN, 0)


def test_what_another_rule_brings_into_sight_is_seen() -> None:
    sheet = ".part{transform:scale(0)} .open .part{transform:scale(1)}"
    assert shown(f"<div class=part>{SEEN}</div>", sheet) == (SEEN, 0)
