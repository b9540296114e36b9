"""The document panel of the page, and where the focus of keyboards and screen readers goes."""

import re
import threading
from collections.abc import Generator as Steps
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from fakes import ScriptedGenerator
from page_steps import PAY, TRUE, announcements, ask, describe_as, hold
from waymark.types import Prompt

pytestmark = pytest.mark.browser
pytest_plugins = ["page_fixtures"]

BOTH = "What is the median pay of a nurse, and does a plumber need a licence?"
FOCUS_IN_PANEL = "() => document.getElementById('panel').contains(document.activeElement)"
CLOSE_AND_BROWSE = """async () => {
    const panel = document.getElementById("panel");
    const closed = new Promise((done) => panel.addEventListener("close", done));
    document.getElementById("panel-close").click();
    await closed;
    document.getElementById("browse").click();
}"""
QUEUED = 'event: status\ndata: {"state": "queued", "position": 1}\n\n'


def test_a_late_reply_does_not_replace_the_document_asked_for_since(page: Page) -> None:
    ask(page, BOTH)
    held = hold(page, "**/v1/documents/nurse*")
    page.locator(".mark[aria-label*=Nurses]").first.click()
    page.locator(".mark[aria-label*=Plumbers]").first.click()
    expect(page.locator("#panel-title")).to_have_text("Plumbers")
    with page.expect_response("**/v1/documents/nurse*"):
        held[0].continue_()
    page.wait_for_timeout(200)
    expect(page.locator("#panel-title")).to_have_text("Plumbers")


def test_a_late_document_does_not_call_away_who_types(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    ask(page, PAY)
    held = hold(page, "**/v1/documents/nurse*")
    page.locator(".short .mark").first.click()
    page.locator("#question").focus()
    held[0].continue_()
    expect(page.locator("#panel mark")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()


def test_a_closed_document_is_not_opened_again_by_a_reload(page: Page, address: str) -> None:
    page.goto(f"{address}/?document=nurse")
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{address}/")
    page.reload()
    expect(page.locator("#examples button").first).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()


def test_back_leaves_a_document_before_it_leaves_the_conversation(page: Page, address: str) -> None:
    ask(page, BOTH)
    page.locator(".short .mark, .quotes .mark").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?document=\w+&start=\d+&end=\d+&generation="))
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(f"{address}/")
    expect(page.locator(".asked")).to_have_count(1)
    page.go_forward()
    expect(page.locator("#panel mark")).to_be_visible()


def test_back_goes_to_what_the_panel_showed_before(page: Page) -> None:
    page.click("#browse")
    page.get_by_role("link", name="Nurses").click()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.locator("#panel nav a", has_text="Plumbers").click()
    expect(page.locator("#panel-title")).to_have_text("Plumbers")
    page.go_back()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.go_back()
    expect(page.locator("#panel-title")).to_have_text("Documents")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#browse")).to_be_focused()


def test_a_closed_panel_is_no_step_on_the_way_back(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.click("#browse")
    page.get_by_role("link", name="Nurses").click()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.click("#panel-close")
    expect(page).to_have_url(f"{address}/")
    page.go_back()
    expect(page).to_have_url("about:blank")


def test_what_is_opened_just_after_closing_can_be_left_again(page: Page, address: str) -> None:
    page.click("#browse")
    page.get_by_role("link", name="Nurses").click()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.evaluate(CLOSE_AND_BROWSE)
    expect(page.locator("#panel-title")).to_have_text("Documents")
    expect(page).to_have_url(f"{address}/?documents")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()


def test_back_does_not_call_away_who_types(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    page.click("#browse")
    page.get_by_role("link", name="Nurses").click()
    page.locator("#panel nav a", has_text="Plumbers").click()
    expect(page.locator("#panel-title")).to_have_text("Plumbers")
    page.fill("#question", "What is")
    page.go_back()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    expect(page.locator("#question")).to_be_focused()


def test_back_to_the_list_finds_what_was_typed_above_it(page: Page) -> None:
    page.click("#browse")
    page.get_by_label("Filter by title").fill("nurs")
    page.get_by_role("link", name="Nurses").click()
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.go_back()
    expect(page.get_by_label("Filter by title")).to_have_value("nurs")
    expect(page.locator("#panel [role=status]")).to_have_text("1 document")


def test_closing_the_panel_leaves_the_conversation_where_it_is(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 400})
    page.click("#browse")
    ask(page, PAY)
    ask(page, "How does a plumber start training?")
    page.evaluate("scrollTo(0, 60)")
    page.click("#panel-close")
    expect(page).to_have_url(re.compile(r"/$"))
    assert page.evaluate("scrollY") == 60


def test_the_skip_link_is_no_step_on_the_way_back(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    page.click("#browse")
    expect(page.locator(".documents a").first).to_be_visible()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.click("#panel-close")
    expect(page).to_have_url(f"{address}/")


def test_many_documents_in_a_row_are_closed_at_once(page: Page, address: str) -> None:
    page.evaluate(
        """async () => {
            const { openDocument } = await import("/web/panel.js");
            for (let end = 5; end < 65; end += 1) openDocument("nurse", { start: 0, end });
        }"""
    )
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    page.click("#panel-close")
    expect(page).to_have_url(f"{address}/")
    page.reload()
    expect(page.locator("#panel")).to_be_hidden()


def test_a_reload_shows_the_same_document_beside_the_conversation(page: Page) -> None:
    ask(page, PAY)
    page.locator(".mark").first.click()
    marked = page.locator("#panel mark").inner_text()
    page.reload()
    expect(page.locator("#panel mark")).to_have_text(marked)
    expect(page.locator(".asked")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_a_broken_address_shows_the_document_as_it_is(page: Page, address: str) -> None:
    page.goto(f"{address}/?document=nurse&start=x&end=5")
    expect(page.locator("#panel-title")).to_have_text("Nurses")
    expect(page.locator("#panel article")).to_contain_text("A nurse has")
    expect(page.locator("#panel mark")).to_have_count(0)


def test_an_answer_that_came_behind_a_document_is_told_when_that_is_closed(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    ask(page, PAY)
    held = hold(page, "**/v1/ask")
    page.fill("#question", "How does a plumber start training?")
    page.press("#question", "Enter")
    page.locator(".short .mark").first.click()
    expect(page.locator("#panel mark")).to_be_focused()
    held[0].continue_()
    expect(page.locator("#stop")).to_be_hidden()
    assert not any("plumber" in said for said in announcements(page))
    page.keyboard.press("Escape")
    expect(page.locator("#live")).to_contain_text("plumber")


def test_a_narrow_panel_keeps_the_focus_until_it_is_closed(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    ask(page, PAY)
    mark = page.locator(".short .mark").first
    mark.click()
    dialog = page.get_by_role("dialog", name="Nurses")
    expect(dialog.locator("mark")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        active = page.evaluate("() => document.activeElement.tagName")
        assert active == "BODY" or page.evaluate(FOCUS_IN_PANEL)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mark).to_be_focused()


def test_the_backdrop_of_a_narrow_panel_closes_it(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 700})
    page.click("#browse")
    expect(page.locator(".documents a").first).to_be_visible()
    page.mouse.click(790, 690)
    expect(page.locator("#panel")).to_be_visible()
    page.mouse.click(20, 300)
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#browse")).to_be_focused()


def test_a_wide_panel_leaves_the_conversation_and_the_header_in_reach(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    ask(page, PAY)
    page.locator(".short .mark").first.click()
    expect(page.get_by_role("dialog", name="Nurses")).to_be_visible()
    page.click("#browse", timeout=2_000)
    documents = page.get_by_role("dialog", name="Documents")
    expect(documents).to_contain_text("Plumbers")
    ask(page, "How does a plumber start training?")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#new", timeout=2_000)
    expect(page.locator("#panel")).to_be_hidden()


def test_a_panel_that_no_longer_fits_beside_the_conversation_stands_alone(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    page.click("#browse")
    expect(page.locator(".documents a").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 700})
    expect(page.locator("#panel:modal")).to_be_visible()
    page.set_viewport_size({"width": 1300, "height": 800})
    expect(page.locator("#panel:not(:modal)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#browse")).to_be_focused()


def test_escape_in_the_question_box_leaves_the_panel_and_the_place(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    page.click("#browse")
    expect(page.locator(".documents a").first).to_be_visible()
    page.fill("#question", "How long is")
    page.keyboard.press("Escape")
    page.keyboard.type(" it?")
    expect(page.locator("#question")).to_have_value("How long is it?")
    expect(page.locator("#panel")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1300])
def test_escape_clears_the_filter_before_it_closes_the_list(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.click("#browse")
    filter_box = page.get_by_label("Filter by title")
    filter_box.fill("plumb")
    page.keyboard.press("Escape")
    expect(filter_box).to_have_value("")
    expect(page.locator(".documents li")).to_have_count(3)
    filter_box.dispatch_event("keydown", {"key": "Escape", "isComposing": True})
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


def test_filtering_says_how_many_documents_are_left(page: Page) -> None:
    page.click("#browse")
    left = page.locator("#panel").get_by_role("status")
    expect(left).to_have_text("3 documents")
    page.get_by_label("Filter by title").fill("plumb")
    expect(left).to_have_text("1 document")
    page.get_by_label("Filter by title").fill("astronaut")
    expect(left).to_have_text("No document has this in its title.")


def test_a_long_draft_leaves_the_conversation_in_sight_at_high_zoom(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    ask(page, PAY)
    page.fill("#question", "A line\n" * 12)
    page.locator(".asked").scroll_into_view_if_needed()
    within = "([x, y]) => document.elementFromPoint(x, y).closest('main') !== null"
    assert page.evaluate(within, [160, 250])
    box = page.locator("#question").bounding_box()
    assert box is not None
    assert box["height"] <= 0.3 * 256


def test_a_long_draft_covers_nothing_at_the_end_of_the_page(page: Page) -> None:
    ask(page, PAY)
    page.fill("#question", "A line\n" * 12)
    page.evaluate("() => scrollTo({ top: 1e6, behavior: 'instant' })")
    footer, form = page.locator("footer").bounding_box(), page.locator("#ask").bounding_box()
    assert footer is not None
    assert form is not None
    assert footer["y"] + footer["height"] <= form["y"]


def test_a_printed_document_stands_alone_on_its_sheets(page: Page) -> None:
    page.set_viewport_size({"width": 1300, "height": 800})
    ask(page, PAY)
    page.emulate_media(media="print")
    expect(page.locator(".short")).to_be_visible()
    page.emulate_media(media="screen")
    page.locator(".short .mark").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#panel")).to_contain_text("Nights bring more pay")
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("#panel-close")).to_be_hidden()


def test_a_document_opened_without_a_passage_is_announced_by_its_title(page: Page) -> None:
    page.click("#browse")
    page.locator(".documents a", has_text="Plumbers").click()
    expect(page.locator("#panel-title")).to_have_text("Plumbers")
    expect(page.locator("#panel-title")).to_be_focused()


def test_a_document_can_be_opened_in_a_tab_of_its_own(page: Page) -> None:
    page.click("#browse")
    with page.context.expect_page() as opened:
        page.locator(".documents a", has_text="Plumbers").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator("#panel-title")).to_have_text("Plumbers")
    expect(page.locator("#panel-title")).to_have_text("Documents")


def test_an_answer_that_was_read_out_is_found_once_on_the_page(page: Page) -> None:
    page.clock.install()
    ask(page, PAY)
    assert "$93,600" in announcements(page)[-1]
    page.clock.fast_forward(5_000)
    expect(page.locator("#live")).to_have_text("")


def test_a_notice_that_comes_later_is_announced(page: Page) -> None:
    describe_as(page, notice="A notice for everyone.")
    expect(page.get_by_role("status")).to_have_count(2)  # known before they say anything
    ask(page, PAY)
    expect(page.locator("#notice")).to_have_text("A notice for everyone.")
    assert "A notice for everyone." in announcements(page)


def test_a_finished_answer_leaves_the_focus_with_whoever_reads(page: Page) -> None:
    ask(page, PAY)
    held = hold(page, "**/v1/ask")
    page.fill("#question", "How does a plumber start training?")
    page.press("#question", "Enter")
    card = page.locator(".card").first
    card.focus()
    held[0].continue_()
    expect(page.locator("#stop")).to_be_hidden()
    expect(card).to_be_focused()


def test_the_place_in_line_is_announced(page: Page) -> None:
    page.route(
        "**/v1/ask", lambda route: route.fulfill(body=QUEUED, content_type="text/event-stream")
    )
    ask(page, PAY)
    assert "One person is ahead of you…" in announcements(page)


def test_how_a_follow_up_was_understood_is_announced_with_its_answer(page: Page) -> None:
    ask(page, "How does a plumber start training?")
    ask(page, "and is there a licence?")
    assert announcements(page)[-1].startswith("Understood as: plumber: is there a licence?\n")


class HaltingGenerator(ScriptedGenerator):
    """Writes one true sentence; ends when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        yield TRUE + "And then there is a longer sentence"
        assert self.end.wait(30)
        yield " it ends."


class TestWhileAnAnswerIsWritten:
    @pytest.fixture
    def generator(self) -> HaltingGenerator:
        return HaltingGenerator()

    @pytest.fixture(autouse=True)
    def begin(self, page: Page, generator: HaltingGenerator) -> Iterator[None]:
        page.fill("#question", PAY)
        page.press("#question", "Enter")
        expect(page.locator(".short")).to_contain_text("$93,600")
        yield
        generator.end.set()

    def test_ask_hands_the_focus_to_stop(self, page: Page) -> None:
        page.click("#stop")
        page.fill("#question", PAY)
        page.click("#send")
        expect(page.locator("#stop")).to_be_focused()

    @pytest.mark.parametrize("pressed", ["text=Ask again", "#new"])
    def test_whoever_asks_by_a_button_that_goes_can_stop_at_once(
        self, page: Page, pressed: str
    ) -> None:
        page.click("#stop")
        page.locator(pressed).click()
        if pressed == "#new":
            page.locator("#examples button").first.click()
        expect(page.locator("#stop")).to_be_focused()

    def test_stop_gives_the_focus_back_to_the_question(self, page: Page) -> None:
        page.click("#stop")
        expect(page.locator("#question")).to_be_focused()

    def test_a_mark_keeps_the_focus_when_the_answer_is_drawn_anew(
        self, page: Page, generator: HaltingGenerator
    ) -> None:
        page.locator(".short .mark").focus()
        generator.end.set()
        expect(page.locator("#stop")).to_be_hidden()
        expect(page.locator(".short .mark")).to_be_focused()

    def test_the_mark_of_a_quote_that_becomes_part_of_the_short_answer_keeps_the_focus(
        self, page: Page, generator: HaltingGenerator
    ) -> None:
        page.click("#stop")
        page.click("#new")
        page.fill("#question", BOTH)
        page.press("#question", "Enter")
        turn = page.locator(".turn").last
        turn.locator(".quotes .mark[aria-label*=Plumbers]").first.focus()
        generator.end.set()
        expect(page.locator("#stop")).to_be_hidden()
        expect(turn.locator(".short .mark[aria-label*=Plumbers]")).to_be_focused()

    def test_closing_the_panel_returns_to_a_mark_that_was_drawn_anew(
        self, page: Page, generator: HaltingGenerator
    ) -> None:
        page.locator(".quotes .mark").first.click()
        expect(page.locator("#panel mark")).to_be_focused()
        generator.end.set()
        expect(page.locator("#stop")).to_be_hidden()
        expect(page.locator("#panel mark")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".quotes .mark").first).to_be_focused()
