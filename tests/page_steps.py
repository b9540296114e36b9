"""What the tests of the page ask, and how."""

import time
from collections.abc import Generator as Steps
from typing import Any

from playwright.sync_api import Page, Route, expect

from fakes import ScriptedGenerator
from waymark.types import Prompt

TRUE = "The median pay of a nurse is $93,600 a year in the United States in May 2024 [1]. "
PAY = "What is the median pay of a nurse?"
MARS = "How do astronauts reach Mars on a rocket?"


class PausingGenerator(ScriptedGenerator):
    """Writes one true sentence, then waits to be stopped."""

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        try:
            yield TRUE + "And then there is a longer sentence"
            for _ in range(500):
                time.sleep(0.02)
                yield " more"
        finally:
            self.closed += 1


def ask(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator(".turn").last).to_contain_text(question)
    expect(page.locator("#stop")).to_be_hidden(timeout=15_000)


def hold(page: Page, address: str) -> list[Route]:
    """Leave requests to `address` unanswered; returns those that came, to be continued."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route))
    return held


def announcements(page: Page) -> list[str]:
    """Return what screen readers were told since the page was loaded."""
    said: list[str] = page.evaluate("() => window.said")
    return said


def describe_as(page: Page, **changes: Any) -> None:
    """Have the service say other things of itself from now on.

    What it says is read beforehand: a browser refuses the reply to a request that was waiting
    for it while the routes changed.
    """
    said = {**page.request.get("/v1/about").json(), **changes}
    page.route("**/v1/about", lambda route: route.fulfill(json=said))
