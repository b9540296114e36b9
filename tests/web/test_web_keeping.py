"""The page keeps what was asked, says what becomes of it, and says when something fails."""

import json
import re

import pytest
from playwright.sync_api import Page, Request, expect

from fakes import ScriptedGenerator
from page_steps import MARS, PAY, PausingGenerator, announcements, ask, describe_as, hold

pytestmark = pytest.mark.browser
pytest_plugins = ["page_fixtures"]

PLUMBER = "How does a plumber start training?"
CAUTION = "Questions may be recorded, and sent to another server."
BUSY = "Another answer is still being written."
CUT = 'event: quotes\ndata: {"quotes": []}\n\n'


def cut_off(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(body=CUT, content_type="text/event-stream"))


def history(request: Request) -> list[dict[str, str]]:
    sent: list[dict[str, str]] = json.loads(request.post_data or "")["history"]
    return sent


def asked(page: Page) -> list[str]:
    return [text.removeprefix("You asked: ") for text in page.locator(".asked").all_text_contents()]


def test_asking_before_the_service_has_described_itself_keeps_the_conversation(page: Page) -> None:
    ask(page, PLUMBER)
    held = hold(page, "**/v1/about")
    page.reload()
    ask(page, MARS)
    assert asked(page) == [PLUMBER, MARS]
    expect(page.locator(".contact")).to_be_hidden()
    held[0].continue_()
    expect(page.locator(".contact")).to_have_text("Call the adviser.")
    page.unroute("**/v1/about")
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    assert asked(page) == [PLUMBER, MARS]


@pytest.mark.parametrize("stored", ["null", "[null]"])
def test_a_damaged_store_is_an_empty_conversation(page: Page, stored: str) -> None:
    page.evaluate("(text) => sessionStorage.setItem('waymark-conversation', text)", stored)
    page.reload()
    ask(page, PAY)
    expect(page.locator(".short")).to_contain_text("$93,600")


def test_sentences_kept_before_they_told_whose_words_they_are_are_still_shown(page: Page) -> None:
    ask(page, PAY)
    page.evaluate("""() => {
      const turns = JSON.parse(sessionStorage.getItem("waymark-conversation"));
      for (const sentence of turns[0].answer.sentences) delete sentence.verbatim;
      sessionStorage.setItem("waymark-conversation", JSON.stringify(turns));
    }""")
    page.reload()
    expect(page.locator(".short p")).to_have_text(re.compile(r"^The median pay .* \[1\]"))
    expect(page.locator(".quotes blockquote").first).to_contain_text("A nurse has a median pay")


def test_until_the_service_says_what_it_records_the_page_is_cautious(page: Page) -> None:
    page.route("**/v1/about", lambda route: route.abort())
    page.reload()
    expect(page.locator("#notice")).to_contain_text("cannot be reached")
    expect(page.locator("footer")).to_contain_text(CAUTION)
    page.unroute("**/v1/about")
    with page.expect_response("**/v1/about", timeout=3_000):
        ask(page, MARS)
    expect(page.locator("footer")).to_contain_text("not recorded")
    expect(page.locator(".contact")).to_have_text("Call the adviser.")


def test_the_service_is_asked_again_until_it_has_described_itself(page: Page) -> None:
    page.clock.install()
    page.route("**/v1/about", lambda route: route.fulfill(status=503, json={}))
    page.reload()
    expect(page.locator("#notice")).to_contain_text("error (503)")
    page.unroute("**/v1/about")
    page.clock.fast_forward(5_000)
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator("#examples button").first).to_be_visible()


@pytest.mark.parametrize("records", [False, True])
def test_the_page_says_that_questions_are_sent_to_another_server(page: Page, records: bool) -> None:
    describe_as(page, sends_questions=True, records_questions=records)
    page.reload()
    footer = page.locator("footer")
    expect(footer).to_contain_text("to another server, which may keep them")
    expect(footer).not_to_contain_text("in this tab only")
    expect(footer).to_contain_text("are saved with the day" if records else "not recorded here")


def test_recording_that_was_switched_on_since_is_said_when_the_next_question_is_asked(
    page: Page,
) -> None:
    describe_as(page, records_questions=True)
    held = hold(page, "**/v1/ask")
    page.fill("#question", PAY)
    page.press("#question", "Enter")
    expect(page.locator("footer")).to_contain_text("are saved with the day")
    held[0].continue_()


def test_a_model_that_failed_is_said_with_the_answer_once_and_no_longer_when_it_writes_again(
    page: Page,
) -> None:
    with page.expect_response("**/v1/about"):
        ask(page, PAY)
    for _ in range(2):
        held = hold(page, "**/v1/ask")
        with page.expect_response("**/v1/about"):
            page.fill("#question", PAY)
            page.press("#question", "Enter")
        describe_as(page, notice="The model fails.")
        with page.expect_response("**/v1/about"):
            held[0].continue_()
        expect(page.locator("#notice")).to_have_text("The model fails.")
        expect(page.locator("#stop")).to_be_hidden()
        page.unroute("**/v1/ask")
    assert announcements(page).count("The model fails.") == 1
    page.unroute("**/v1/about")
    ask(page, PAY)
    expect(page.locator("#notice")).to_be_hidden()


def test_a_failed_question_can_be_asked_again_after_a_reload(page: Page) -> None:
    cut_off(page)
    ask(page, PAY)
    page.unroute("**/v1/ask")
    page.reload()
    expect(page.locator(".failure")).to_contain_text("broke off")
    page.locator(".failure button").click()
    expect(page.locator(".short")).to_contain_text("$93,600")
    assert asked(page) == [PAY]


def test_a_question_without_an_answer_is_not_history(page: Page) -> None:
    cut_off(page)
    ask(page, "Which pen is best?")
    page.unroute("**/v1/ask")
    ask(page, PLUMBER)
    with page.expect_request("**/v1/ask") as sent:
        ask(page, PAY)
    turns = history(sent.value)
    assert [turn["role"] for turn in turns] == ["user", "assistant"]
    assert turns[0]["content"] == PLUMBER


def test_an_older_question_that_is_tried_again_is_read_as_when_it_was_asked(page: Page) -> None:
    ask(page, PLUMBER)
    cut_off(page)
    ask(page, "and is there a licence?")
    page.unroute("**/v1/ask")
    ask(page, PAY)
    with page.expect_request("**/v1/ask") as sent:
        page.locator(".failure button").click()
    assert [turn["content"] for turn in history(sent.value)][::2] == [PLUMBER]
    expect(page.locator(".understood")).to_contain_text("plumber: is there a licence?")


def test_a_half_typed_question_survives_a_reload_but_not_a_new_conversation(page: Page) -> None:
    page.fill("#question", "How long is")
    page.reload()
    expect(page.locator("#question")).to_have_value("How long is")
    ask(page, PAY)
    page.reload()
    expect(page.locator("#question")).to_have_value("")
    page.fill("#question", "And then")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#question")).to_have_value("")


def test_a_question_that_is_too_long_is_kept_whole_and_not_sent(page: Page) -> None:
    text = "I worked for years in a bakery. " * 100 + "Can I become a nurse? 🙂"
    page.fill("#question", text)
    count = page.locator("#count")
    expect(count).to_have_text("1,223 characters too many")
    expect(page.locator("#question")).to_have_accessible_description("1,223 characters too many")
    expect(page.locator("#ask").get_by_role("status")).to_have_text("1,223 characters too many")
    expect(page.locator("#send")).to_be_disabled()
    page.press("#question", "Enter")
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question")).to_have_value(text)
    page.fill("#question", text[:2001])
    expect(count).to_have_text("1 character too many")
    page.fill("#question", text[:2000])
    expect(count).to_have_text("")
    expect(page.locator("#send")).to_be_enabled()


def test_a_connection_that_goes_silent_is_a_failure(page: Page) -> None:
    page.clock.install()
    hold(page, "**/v1/ask")
    page.fill("#question", PAY)
    page.press("#question", "Enter")
    page.clock.fast_forward(29_000)
    expect(page.locator("#stop")).to_be_visible()
    page.clock.fast_forward(1_000)
    expect(page.locator(".failure")).to_contain_text("has gone silent")
    expect(page.locator("#send")).to_be_visible()


def test_a_failure_is_announced(page: Page) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page, PAY)
    assert announcements(page)[-1].startswith("No complete answer. Waymark cannot be reached.")


@pytest.mark.parametrize("reply", [None, 503])
def test_documents_that_cannot_be_listed_are_explained(page: Page, reply: int | None) -> None:
    page.route(
        "**/v1/documents",
        lambda route: route.fulfill(status=reply, json={}) if reply else route.abort(),
    )
    page.click("#browse")
    expect(page.locator("#panel-title")).to_have_text("The documents cannot be listed")
    expect(page.locator("#panel-body")).to_contain_text(re.compile(r"cannot be reached|\(503\)"))


def test_a_page_without_storage_still_answers_and_begins_anew(page: Page) -> None:
    page.add_init_script(
        """Object.defineProperty(window, "sessionStorage",
          { get() { throw new DOMException("denied", "SecurityError"); } })"""
    )
    page.reload()
    ask(page, PAY)
    expect(page.locator(".short")).to_contain_text("$93,600")
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_a_new_conversation_that_would_delete_much_asks_first(page: Page) -> None:
    ask(page, PLUMBER)
    page.fill("#question", "How long is")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#new")
    assert asked(page) == [PLUMBER]
    expect(page.locator("#question")).to_have_value("How long is")
    ask(page, PAY)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#new")
    assert asked(page) == [PLUMBER, PAY]


def test_a_new_conversation_begins_though_the_service_cannot_be_reached(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/?document=nurse")
    ask(page, PAY)
    page.route("**/*", lambda route: route.abort())
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#question")).to_be_focused()
    assert page.url == f"{address}/"


def test_a_sign_in_page_in_place_of_a_reply_is_no_puzzle(page: Page) -> None:
    page.route("**/v1/about", lambda route: route.fulfill(body="<html>Sign in</html>"))
    page.reload()
    expect(page.locator("#notice")).to_contain_text("Check your internet connection")


def test_a_question_that_was_stopped_can_be_asked_again(page: Page) -> None:
    hold(page, "**/v1/ask")
    page.fill("#question", PAY)
    page.press("#question", "Enter")
    page.click("#stop")
    page.unroute("**/v1/ask")
    expect(page.locator(".status")).to_have_text("Stopped. Ask again")
    page.reload()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".short")).to_contain_text("$93,600")
    assert asked(page) == [PAY]


class TestUnfinished:
    @pytest.fixture
    def generator(self) -> ScriptedGenerator:
        return PausingGenerator()

    @pytest.fixture(autouse=True)
    def begin(self, page: Page) -> None:
        page.route("**/v1/ask", lambda route: route.abort())
        ask(page, PLUMBER)
        page.unroute("**/v1/ask")
        page.fill("#question", PAY)
        page.press("#question", "Enter")
        expect(page.locator(".short")).to_contain_text("$93,600")

    def test_try_again_waits_for_the_answer_that_is_being_written(self, page: Page) -> None:
        page.locator(".failure button").click()
        assert asked(page) == [PLUMBER, PAY]
        expect(page.locator("#count")).to_be_in_viewport()
        assert announcements(page)[-1] == BUSY

    def test_a_question_that_is_asked_too_early_stays_in_the_box_and_is_told_why(
        self, page: Page
    ) -> None:
        page.fill("#question", MARS)
        page.press("#question", "Enter")
        expect(page.locator("#count")).to_have_text(BUSY)
        expect(page.locator("#question")).to_have_value(MARS)
        page.click("#stop")
        expect(page.locator("#count")).to_have_text("")

    def test_a_follow_up_of_a_stopped_answer_is_sent_with_what_can_be_read_of_it(
        self, page: Page
    ) -> None:
        page.click("#stop")
        with page.expect_request("**/v1/ask") as sent:
            page.fill("#question", "and by night?")
            page.press("#question", "Enter")
        question, reply = history(sent.value)
        assert question["content"] == PAY
        assert reply["content"].startswith("“A nurse has a median pay of $93,600")

    def test_what_had_arrived_when_it_was_stopped_survives_a_reload(self, page: Page) -> None:
        page.click("#stop")
        page.reload()
        expect(page.locator(".status").last).to_contain_text("Stopped")
        expect(page.locator(".short")).to_contain_text("$93,600")

    def test_a_reload_while_an_answer_is_written_keeps_what_had_arrived(self, page: Page) -> None:
        page.reload()
        expect(page.locator(".short")).to_contain_text("$93,600")
        expect(page.locator(".failure")).to_have_count(2)
        assert asked(page) == [PLUMBER, PAY]

    def test_a_new_conversation_keeps_nothing_of_an_answer_being_written(self, page: Page) -> None:
        page.once("dialog", lambda dialog: dialog.accept())
        page.click("#new")
        expect(page.locator("#welcome")).to_be_visible()
        page.reload()
        expect(page.locator("#welcome")).to_be_visible()
        expect(page.locator(".turn")).to_have_count(0)
