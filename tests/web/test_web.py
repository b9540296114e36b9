"""The page in a real Chromium: asking, reading, copying."""

import re
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from conftest import build
from fakes import ScriptedGenerator
from page_steps import MARS, PAY, PausingGenerator, announcements, ask, describe_as

pytestmark = pytest.mark.browser
pytest_plugins = ["page_fixtures"]

HOSTILE = "<img src=x onerror=document.title='hacked'> pay of a nurse"


def test_an_answer_shows_its_sentence_quotes_marks_and_sources(page: Page) -> None:
    ask(page, PAY)
    expect(page.locator(".short")).to_contain_text("$93,600")
    expect(page.locator(".quotes blockquote").first).to_contain_text("A nurse has a median pay")
    mark = page.locator(".short .mark").first
    expect(mark).to_have_attribute("aria-label", "Source 1: Nurses, Pay")
    card = page.locator(".card").first
    expect(card).to_contain_text("Reviewed 15 January 2026")
    expect(card).to_contain_text("Overdue for a check")


def test_what_is_verbatim_stands_in_quotation_marks_and_is_not_shown_twice(page: Page) -> None:
    def called_verbatim(route: Route) -> None:
        reply = route.fetch()
        body = reply.text().replace('"verbatim": false', '"verbatim": true')
        route.fulfill(response=reply, body=body)

    ask(page, PAY)
    page.route("**/v1/ask", called_verbatim)
    ask(page, PAY)
    worded, quoted = page.locator(".turn").all()
    expect(worded.locator(".short p")).to_have_text(re.compile(r"^The median .* 2024\. \[1\]"))
    expect(quoted.locator(".short p")).to_have_text(re.compile(r"^“The median .* 2024\.” \[1\]"))
    said = page.locator("blockquote", has_text="A nurse has a median pay")
    expect(worded.locator(said)).to_have_count(1)
    expect(quoted.locator(said)).to_have_count(0)


def test_a_mark_opens_the_document_at_the_highlighted_passage(page: Page) -> None:
    ask(page, PAY)
    mark = page.locator(".short .mark").first
    mark.click()
    highlighted = page.locator("#panel mark")
    expect(highlighted).to_have_text(
        "A nurse has a median pay of $93,600 a year in the United States in May 2024."
    )
    expect(highlighted).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_highlight_is_exact_after_an_emoji(page: Page) -> None:
    ask(page, "Does a plumber need training and a licence?")
    marks = page.locator(".short .mark, .quotes .mark")
    marks.first.wait_for()
    for mark in marks.all():
        mark.click()
        quoted = mark.get_attribute("title")
        assert quoted is not None
        expect(page.locator("#panel mark").first).to_be_visible()
        marked = page.locator("#panel mark").all_inner_texts()
        assert " ".join(marked).split() == quoted.split()


def test_a_citation_address_opens_the_page_at_the_passage(page: Page, address: str) -> None:
    page.goto(f"{address}/?document=nurse&start=5&end=12")
    expect(page.locator("#panel mark")).to_have_text("A nurse")


def test_a_mark_shows_the_text_that_its_answer_cited_after_the_document_changed(
    page: Page, corpus_folder: Path, index_folder: Path
) -> None:
    ask(page, PAY)
    cited = page.locator(".short .mark").first.get_attribute("href") or ""
    assert "&generation=gen-" in cited
    publish(page, corpus_folder, index_folder, "A nurse earns $1 a year.")
    page.locator(".short .mark").first.click()
    expect(page.locator("#panel mark")).to_contain_text("$93,600")
    assert page.url.endswith(cited)
    page.goto(page.url)
    expect(page.locator("#panel mark")).to_contain_text("$93,600")


def test_quotes_that_give_other_figures_are_named_with_their_dates(
    page: Page, corpus_folder: Path, index_folder: Path
) -> None:
    older = "A nurse has a median pay of $75,330 a year in the United States in May 2020."
    publish(page, corpus_folder, index_folder, older, "old-notes.md")
    ask(page, PAY)
    note = page.locator(".disagreement")
    expect(note).to_contain_text("The documents give different figures")
    expect(note).to_contain_text("(2024, reviewed 2026-01-15)")
    expect(note).to_contain_text("(2020)")


@pytest.mark.parametrize("question", [PAY, MARS])
def test_help_is_named_beside_the_answer_to_someone_who_may_be_in_despair(
    page: Page, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    monkeypatch.setattr("waymark.answering.heard_in", lambda *_: "possible")
    ask(page, question)
    expect(page.locator(".support")).to_contain_text("Samaritans")


def test_a_mark_of_a_generation_that_is_gone_shows_the_text_as_it_is_now(
    page: Page, corpus_folder: Path, index_folder: Path
) -> None:
    ask(page, PAY)
    quote = "A nurse has a median pay of $93,600 a year in the United States in May 2024."
    for text in ("Pay differs.", "Pay differs a lot.", f"Pay differs. {quote}"):
        publish(page, corpus_folder, index_folder, text)
    page.locator(".short .mark").first.click()
    expect(page.locator("#panel")).to_contain_text("updated since this answer")
    expect(page.locator("#panel mark")).to_have_text(quote)


def publish(
    page: Page, corpus_folder: Path, index_folder: Path, text: str, file: str = "nurse.md"
) -> None:
    """Publish a generation with another text about pay in `file`; wait until it is served."""
    (corpus_folder / file).write_text(f"## Pay\n\n{text}\n", encoding="utf-8")
    name = build(corpus_folder, index_folder).generation
    ready = page.url.rstrip("/") + "/health/ready"
    deadline = time.monotonic() + 10
    while httpx.get(ready).json()["generation"] != name:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_page_says_whether_questions_are_recorded(page: Page) -> None:
    expect(page.locator("footer")).to_contain_text("Your questions are not recorded")


def test_an_unknown_document_is_explained(page: Page, address: str) -> None:
    page.goto(f"{address}/?document=none")
    expect(page.locator("#panel")).to_contain_text("There is no such page in the guidance")
    expect(page.locator("#panel")).not_to_contain_text("/v1")


def test_an_abstention_looks_different_names_help_and_its_topics_can_be_asked(page: Page) -> None:
    ask(page, MARS)
    box = page.locator(".abstention")
    expect(box).to_contain_text("The guidance does not cover this")
    expect(box).to_contain_text("Call the adviser.")
    expect(page.locator(".card")).to_have_count(0)
    box.locator(".chips button").first.click()
    expect(page.locator(".turn")).to_have_count(2)


def test_an_abstention_opens_the_sections_that_come_nearest(page: Page) -> None:
    ask(page, "What does a plumber earn in tips?")
    page.locator(".nearest a").first.click()
    expect(page.locator("#panel h2")).to_have_text("Plumbers")
    expect(page.locator("#panel mark").first).to_contain_text("A plumber needs a licence")


@pytest.mark.parametrize(
    ("question", "title", "says"),
    [
        ("I want to kill myself", "You are not alone", "Samaritans"),
        ("Can I sue my boss?", "This needs a person", "free legal advice"),
    ],
)
def test_what_needs_a_person_is_said_kindly_and_without_anything_beside_it(
    page: Page, question: str, title: str, says: str
) -> None:
    ask(page, question)
    box = page.locator(".abstention")
    expect(box).to_contain_text(title)
    expect(box).to_contain_text(says)
    expect(box).not_to_contain_text("does not cover")
    expect(box.locator("button")).to_have_count(0)


def test_thanks_get_a_word_and_nothing_is_said_not_to_be_covered(page: Page) -> None:
    ask(page, PAY)
    ask(page, "great, thanks!")
    box = page.locator(".abstention")
    expect(box).to_contain_text("Ask whenever another question comes up")
    expect(box.locator("h3, button")).to_have_count(0)


def test_a_follow_up_is_sent_with_the_conversation(page: Page) -> None:
    ask(page, "How does a plumber start training?")
    ask(page, "and is there a licence?")
    expect(page.locator(".understood")).to_contain_text("plumber: is there a licence?")


def test_a_refused_follow_up_shows_how_it_was_read(page: Page) -> None:
    ask(page, "How does a plumber start training?")
    ask(page, "do they travel to distant planets?")
    refused = page.locator(".turn").last
    expect(refused.locator(".abstention")).to_contain_text("does not cover this")
    expect(refused.locator(".understood")).to_contain_text(
        "plumber: do they travel to distant planets?"
    )


def test_a_reload_restores_the_conversation_as_it_was(page: Page) -> None:
    ask(page, PAY)
    before = page.locator("#turns").inner_text()
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    assert page.locator("#turns").inner_text() == before
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_markup_in_a_question_stays_text(page: Page) -> None:
    ask(page, HOSTILE)
    expect(page.locator(".asked")).to_contain_text("<img src=x")
    assert page.locator("#turns img").count() == 0
    assert page.title() != "hacked"


def test_a_stream_that_breaks_off_is_shown_as_a_failure(page: Page) -> None:
    cut = 'event: quotes\ndata: {"quotes": []}\n\n'
    page.route("**/v1/ask", lambda route: route.fulfill(body=cut, content_type="text/event-stream"))
    ask(page, PAY)
    failure = page.locator(".failure")
    expect(failure).to_contain_text("broke off")
    page.unroute("**/v1/ask")
    failure.locator("button").click()
    expect(page.locator(".short")).to_contain_text("$93,600")
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (503, '{"error": {"code": "busy", "message": "Many people are asking."}}', "Many people"),
        (500, "<html>", "error (500)"),
        (200, 'event: error\ndata: {"code": "x", "message": "It went wrong."}\n\n', "went wrong"),
    ],
)
def test_an_error_says_what_the_server_said(page: Page, status: int, body: str, says: str) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(status=status, body=body))
    ask(page, PAY)
    expect(page.locator(".failure")).to_contain_text(says)


def test_a_server_that_is_gone_is_explained(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, PAY)
    expect(page.locator(".failure")).to_contain_text("cannot be reached")


def test_the_answer_is_announced_once_when_it_is_finished(page: Page) -> None:
    ask(page, PAY)
    said = announcements(page)
    assert said[0] == "Searching the guidance"
    assert len([text for text in said if "$93,600" in text]) == 1


def test_copy_takes_the_answer_with_its_sources(page: Page) -> None:
    ask(page, PAY)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "$93,600" in copied
    assert "[1] Nurses, Pay (reviewed 15 January 2026, past its review date)" in copied


def test_without_a_clipboard_the_text_to_copy_is_shown_selected(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.reload()
    ask(page, PAY)
    page.get_by_role("button", name="Copy").click()
    box = page.get_by_label("Copy the selected text:")
    expect(box).to_be_focused()
    selected = box.evaluate("(b) => b.value.slice(b.selectionStart, b.selectionEnd)")
    assert "$93,600" in selected
    assert "[1] Nurses, Pay" in selected


def test_what_the_page_is_stays_on_it_beside_an_answer(page: Page) -> None:
    expect(page.locator("h1")).to_be_in_viewport()
    ask(page, PAY)
    expect(page.locator("#welcome")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask about careers")
    expect(page.locator("footer")).to_contain_text("Information, not advice.")


def test_the_whole_way_works_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(PAY)
    page.keyboard.press("Enter")
    expect(page.locator("#stop")).to_be_hidden(timeout=15_000)
    page.locator(".short .mark").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel mark")).to_be_focused()


def test_all_documents_can_be_listed_filtered_and_opened(page: Page) -> None:
    page.get_by_role("button", name="Documents").click()
    page.get_by_label("Filter by title").fill("plumb")
    expect(page.locator(".documents li")).to_have_count(1)
    page.locator(".documents a").click()
    expect(page.locator("#panel-title")).to_have_text("Plumbers")
    expect(page.locator("#panel li").first).to_contain_text("Training on the job")


def test_the_notice_of_the_service_is_visible(page: Page) -> None:
    describe_as(page, notice="A notice for everyone.")
    page.reload()
    expect(page.locator("#notice")).to_have_text("A notice for everyone.")


@pytest.mark.parametrize("width", [320, 360])
def test_a_phone_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    ask(page, PAY)
    page.locator(".short .mark").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


class TestStopping:
    @pytest.fixture
    def generator(self) -> ScriptedGenerator:
        return PausingGenerator()

    def test_stop_keeps_what_had_arrived_and_stops_the_model(
        self, page: Page, generator: ScriptedGenerator
    ) -> None:
        page.fill("#question", PAY)
        page.press("#question", "Enter")
        expect(page.locator(".short")).to_contain_text("$93,600")
        page.click("#stop")
        expect(page.locator(".status")).to_contain_text("Stopped")
        expect(page.locator(".short")).to_contain_text("$93,600")
        deadline = time.monotonic() + 5
        while not generator.closed and time.monotonic() < deadline:
            time.sleep(0.02)
        assert generator.closed == 1
