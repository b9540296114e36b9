"""Where to find help can be tapped: numbers and addresses in texts of the service are links."""

import pytest
from playwright.sync_api import Page, expect

from page_steps import MARS, PAY, ask, describe_as

pytestmark = pytest.mark.browser
pytest_plugins = ["page_fixtures"]

DESPAIR = "I want to kill myself"
LINKS = """async (texts) => {
  const { linked } = await import("/web/contacts.js");
  const hrefs = (text) => linked(text).filter((part) => part.href).map((part) => part.href);
  return texts.map(hrefs);
}"""
TEXTS = {
    "In the US call or text 988; Samaritans answer on 116 123.": ["tel:988", "tel:116123"],
    "Call 988, text HOME to 741741.": ["tel:988", "sms:741741"],
    "Lifeline: 13 11 14, 24 hours a day, 365 days a year.": ["tel:131114"],
    "Samaritans 116 123 24/7. In Canada 9-8-8.": ["tel:116123", "tel:988"],
    "+44 (0)20 7946 0958 or (800) 273-8255": ["tel:+442079460958", "tel:8002738255"],
    "findahelpline.com lists more.": ["https://findahelpline.com/"],
    "(ReportFraud.ftc.gov); see a.example/help.": [
        "https://reportfraud.ftc.gov/",
        "https://a.example/help",
    ],
    "Write to jo@help.example.": ["mailto:jo@help.example"],
    "Open 9-17, 10:00-16:00 or 9am, it costs $500 or 100 %, e.g. 1-800-273-TALK.": [],
    "javascript:alert(1) <a href='x'>y</a>": [],
}


def hrefs(page: Page, part: str) -> list[str]:
    links = page.locator(f"{part} a").all()
    return [link.get_attribute("href") or "" for link in links]


def test_numbers_and_addresses_become_links_and_other_figures_do_not(page: Page) -> None:
    assert dict(zip(TEXTS, page.evaluate(LINKS, list(TEXTS)), strict=True)) == TEXTS


def test_crisis_lines_can_be_called_from_the_reply(page: Page) -> None:
    ask(page, DESPAIR)
    assert hrefs(page, ".abstention") == ["tel:988", "tel:116123", "https://findahelpline.com"]


def test_help_named_beside_a_signpost_is_a_paragraph_of_its_own(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waymark.answering.heard_in", lambda *_: "possible")
    ask(page, "Can I sue my boss?")
    first, second = page.locator(".abstention p").all()
    expect(first).to_contain_text("free legal advice service.")
    expect(second).to_contain_text("If things are getting too much for you")
    assert "tel:116123" in hrefs(page, ".abstention")


def test_help_named_beside_an_answer_can_be_called(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waymark.answering.heard_in", lambda *_: "possible")
    ask(page, PAY)
    assert "tel:988" in hrefs(page, ".support")


def test_the_person_named_after_a_refusal_can_be_reached(page: Page) -> None:
    describe_as(page, contact="Call 555 0100 or write to office@school.example.")
    page.reload()
    ask(page, MARS)
    assert hrefs(page, ".contact") == ["tel:5550100", "mailto:office@school.example"]


class TestContactsOfAnOperator:
    @pytest.fixture(autouse=True)
    def contacts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "Call <b>0800 111 0 111</b>.\n\nOr see https://help.example/now."
        monkeypatch.setenv("WAYMARK_CRISIS_CONTACTS", text)

    def test_they_are_links_and_paragraphs_and_their_markup_stays_text(self, page: Page) -> None:
        ask(page, DESPAIR)
        assert hrefs(page, ".abstention") == ["tel:08001110111", "https://help.example/now"]
        expect(page.locator(".abstention p")).to_have_count(4)  # before, two of the contacts, after
        expect(page.locator(".abstention p").nth(1)).to_contain_text("<b>0800 111 0 111</b>")
