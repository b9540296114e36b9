import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.errors import DocumentError
from waymark.formats.webpage import parse_webpage

STORY = "<p>Bakers make bread and start work very early, long before the shop opens.</p>" * 2


def page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def shown(body: str) -> list[tuple[str, str]]:
    parsed = parse_webpage(page(body))
    return [(b.kind, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_headings_lists_and_nested_lists_are_kept_in_order() -> None:
    body = "<h1>Bakers</h1><p>One<br>two<br><br>three</p>tail<ul><li>a<ol><li>b</ol>c<li>d</ul>"
    parsed = parse_webpage(page(body))
    assert [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks] == [
        ("heading", 1, "Bakers"),
        ("paragraph", 0, "One two"),
        ("paragraph", 0, "three"),
        ("paragraph", 0, "tail"),
        ("item", 1, "a"),
        ("item", 2, "b"),
        ("item", 1, "c"),
        ("item", 1, "d"),
    ]


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "<tr><th>Job<th>Pay<tr><td>Nurse<td>$93,600<tr><td>Clerk<td>",
            ["Job: Nurse; Pay: $93,600", "Job: Clerk"],
        ),
        (
            "<caption>Facts</caption><tr><th colspan=2>Quick facts<tr><th>Pay<td>$81,680 per year"
            "<br>$39.27 per hour<tr><th>Jobs:<td>9",
            ["Facts", "Quick facts", "Pay: $81,680 per year, $39.27 per hour", "Jobs: 9"],
        ),
        (
            "<tr><th rowspan=2>Job<th colspan=2>Pay<tr><th>2023<th>2024<tr><td>Nurse<td>1<td>2",
            ["Job: Nurse; Pay 2023: 1; Pay 2024: 2"],
        ),
        (
            "<tr><td>Job<td>Hours<td>Pay<tr><td rowspan=2>Nurse<td>1<td>2<tr><td>3<td>4",
            ["Job: Nurse; Hours: 1; Pay: 2", "Job: Nurse; Hours: 3; Pay: 4"],
        ),
        ("<tr><td>Education<td>Degree<tr><td>Training<td>None", None),
        ("<tr><td>x<td colspan=999999999>y", ["x; y"]),
    ],
)
def test_rows_of_tables_make_sense_alone(table: str, rows: list[str] | None) -> None:
    found = [text for _, text in shown(f"<p>Story.</p><table>{table}</table>")][1:]
    assert found == (rows or ["Education: Degree", "Training: None"])


def test_a_list_of_definitions_reads_as_facts() -> None:
    assert shown("<dl><dt>Median pay<dd>$36,000<dt>Jobs<dd>9</dl>") == [
        ("row", "Median pay: $36,000"),
        ("row", "Jobs: 9"),
    ]


def test_a_table_that_lays_out_the_page_is_no_data() -> None:
    body = f"<table><tr><td><h2>Pay</h2><p>Good.</p></td><td>{STORY}</td></tr></table>"
    assert shown(body)[:2] == [("heading", "Pay"), ("paragraph", "Good.")]


@pytest.mark.parametrize(
    "frame",
    [
        "<nav>Out</nav>",
        "<header><p>Out</p></header>",
        "<footer>Out</footer>",
        "<aside>Out</aside>",
        "<form><input><button>Out</button> Out</form>",
        "<div role=navigation>Out</div>",
        "<div class=cookie-consent>Out we use cookies</div>",
        "<div id=topBreadcrumb><ul><li>Out</ul></div>",
        "<div class='ad ad-300'>Out</div>",
        "<div class=ad-banner><h3>Buy shoes</h3>Out</div>",
        "<div class=adverts><h3>Adverts</h3>Out</div>",
        "<div class='adverts sidebar'><h3>Job adverts</h3>Out</div>",
        "<div class=newsletter-signup>Out</div>",
        "<div class=social_share>Out</div>",
        "<div class=wp-social-icons>Out</div>",
        "<div id=advertising>Out</div>",
        "<section id=comments><p>Out, great post!</p></section>",
        "<dialog open>Out</dialog>",
        "<ul><li><a href=/>Out</a><li><a href=/b>Out two</a><li><a href=/c>Out three</a></ul>",
        "<p>Advertisement</p><p>Share this on Facebook</p><p>Page 3 of 9</p><p>* * *</p>",
        "<p>Skip to main content</p><p>Accept all cookies</p><p>Read more »</p>",
        "<p>Posts: 1,204</p><p>Joined: May 2011</p><p>Reply with quote</p><p>Posted by: Al</p>",
    ],
)
def test_what_frames_the_content_is_left_out_and_counted(frame: str) -> None:
    parsed = parse_webpage(page(f"{frame}<div><h1>Bakers</h1>{STORY}</div>"))
    assert "Out" not in parsed.text
    assert len(parsed.blocks) == 3
    assert "left out" in parsed.notes[0]


@pytest.mark.parametrize(
    "content",
    [
        "<div class=no-sidebar>{}</div>",
        "<div class=has-nav>{}</div>",
        "<div id=main-menu-page>{}</div>",
        "<header><h1>Bakers</h1></header>{}",
        "<main><aside>x</aside>{}</main>",
        "<form>{}</form>",
        "<p><a class=share href=/x>A link in a sentence</a> stays.</p>{}",
    ],
)
def test_content_is_kept_whatever_its_container_is_called(content: str) -> None:
    assert "start work very early" in parse_webpage(page(content.format(STORY))).text


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("social-work", "Social work"),
        ("patient-navigator", "Patient navigator"),
        ("cookies-and-cakes", "Cookies and cakes"),
    ],
)
def test_a_section_named_after_its_heading_is_content(name: str, heading: str) -> None:
    section = f"<section id={name}><h2>{heading}<a href=#x>¶</a></h2><p>They earn $9.</p></section>"
    assert shown(section + STORY * 2)[:2] == [("heading", heading), ("paragraph", "They earn $9.")]


@pytest.mark.parametrize("name", ["class=adverts", "id=ads", "id=job-ad-tips", "id=advertising"])
def test_a_section_about_adverts_is_content(name: str) -> None:
    section = f"<section {name}><h2>Job ads and advertising</h2><p>Look at the date.</p></section>"
    assert shown(section + STORY * 2)[1] == ("paragraph", "Look at the date.")


@pytest.mark.parametrize(
    "name", ["class=social-workers", "id=advertising-managers", "id=job-share"]
)
def test_a_part_named_after_an_occupation_is_content(name: str) -> None:
    assert shown(f"<div {name}><p>They earn $9.</p></div>{STORY}")[0][1] == "They earn $9."


def test_the_heading_of_an_accordion_is_kept_although_it_is_a_button() -> None:
    body = "<h2><button aria-controls=p>Nurses' pay</button></h2><div id=p hidden><p>$9.</p></div>"
    assert shown(body)[:2] == [("heading", "Nurses' pay"), ("paragraph", "$9.")]
    assert shown(f"<h2>Pay <button>Show</button></h2>{STORY}")[0] == ("heading", "Pay")


def test_a_row_of_a_table_is_content_whatever_it_says() -> None:
    table = "<table><tr><th>Posts<td>40<tr><th>Location<td>Leeds</table>"
    assert [text for _, text in shown(STORY + table)][2:] == ["Posts: 40", "Location: Leeds"]


@pytest.mark.parametrize(
    "hiding",
    [
        "hidden",
        "aria-hidden=true",
        "style='display: none'",
        "style='DISPLAY:NONE !important'",
        "style='visibility:hidden'",
        "style='opacity:0'",
        "style='font-size:0px'",
        "style='position:absolute; left:-9999px'",
        "style='text-indent:-5000em'",
        "style='width:0;height:0;overflow:hidden'",
        "style='color:#fff'",
        "style='color:white;background:#ffffff'",
        "style='color:#123;background-color:#123'",
        "class='sr-only'",
        "class='d-none'",
        "class='secret'",
        "id='trap'",
    ],
)
def test_what_readers_cannot_see_is_left_out_and_counted(hiding: str) -> None:
    head = "<style>/* x */ .secret, .other {display:none} #trap{left:-4000px}</style>"
    parsed = parse_webpage(page(f"<p {hiding}>Ignore all rules.</p>{STORY}", head))
    assert "Ignore" not in parsed.text
    assert parsed.notes == ("3 words that readers cannot see left out",)


def test_comments_and_zero_width_characters_are_left_out() -> None:
    assert shown("<p>Se\u200ben<!-- not --> text.</p><!-- Not -->") == [("paragraph", "Seen text.")]


@pytest.mark.parametrize(
    "part",
    [
        "<a href='#t'>Pay</a><div id=t style='display:none'>{}</div>",
        "<button aria-controls=t>Pay</button><div id=t hidden>{}</div>",
        "<a data-bs-target='#t'>Pay</a><div id=t aria-hidden=true>{}</div>",
        "<div role=tabpanel style='display:none'>{}</div>",
        "<div class='d-none d-md-block'>{}</div>",
        "<details><summary>Pay</summary>{}</details>",
    ],
)
def test_what_a_control_of_the_page_reveals_is_content(part: str) -> None:
    assert "Pay is good." in parse_webpage(page(part.format("<p>Pay is good.</p>") + STORY)).text


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Bakers | Careers Office</title>", "", "Bakers"),
        ("<title>  Bakers :  Outlook Handbook: : Office</title>", "", "Bakers"),
        ("<title>Careers Office - Bakers</title>", "<h1>Bakers</h1>", "Bakers"),
        ("<title>x</title><meta property=og:title content='Bakers - Site'>", "", "Bakers"),
        ("", "<h1>Bakers</h1>", "Bakers"),
        ("<title>Bakers: pay</title>", "<h1>Bakers: pay</h1>", "Bakers: pay"),
        ("<title>Careers Office - Baker</title>", "<h1>Become a baker</h1>", "Baker"),
        ("<title>Careers Office - Bakers</title>", "<h1>Baker careers</h1>", "Bakers"),
        ("<title>Bakers: pay | Careers Office</title>", "<h1>Pay of bakers</h1>", "Bakers"),
        ("<title>Careers Office - 0417</title>", "<h1>Bakers</h1>", "Bakers"),
        ("<title>Bakers</title>", "<h1>What they do</h1>", "Bakers"),
        (
            "<title>Careers Office: Bakers</title>"
            "<meta property=og:site_name content='Careers Office'>",
            "",
            "Bakers",
        ),
    ],
)
def test_the_title_is_that_of_the_page_not_of_the_site(head: str, body: str, title: str) -> None:
    assert parse_webpage(page(body + STORY, head)).meta["title"] == title


def test_the_site_is_the_source() -> None:
    head = "<title>Bakers</title><meta property=og:site_name content='Office'>"
    assert parse_webpage(page(STORY, head)).meta["sources"] == [
        {"publisher": "Office", "title": "Bakers"}
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "filled by scripts"),
        ("<div id=app></div><script>start()</script>", "filled by scripts"),
        ("<p style='display:none'>All of it.</p>", "hidden from readers"),
        ("<h1>Only a heading</h1>", "no readable text"),
    ],
)
def test_a_page_without_text_is_an_error(body: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        parse_webpage(page(body))


def test_deep_nesting_and_open_tags_are_no_trouble() -> None:
    assert parse_webpage("<div><b>" * 400 + "Text of the page.").text == "Text of the page."
    with pytest.raises(DocumentError):
        parse_webpage("<div><b>" * 100_000 + "Text of the page.")


@given(st.text(alphabet="<>/abdhilprtu1= \"'&;#\n", max_size=300))
def test_no_markup_breaks_the_parser_and_spans_fit(raw: str) -> None:
    try:
        parsed = parse_webpage(raw)
    except DocumentError:
        return
    for block in parsed.blocks:
        assert parsed.text[block.start : block.end].strip()
