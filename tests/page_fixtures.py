"""Fixtures for the tests of the page: a real Chromium, in front of the real app with hand-made
models."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from conftest import served
from fakes import ScriptedGenerator, answering_parts
from page_steps import TRUE
from waymark.answering import Answerer
from waymark.service.app import create_app
from waymark.settings import Settings
from waymark.store.index import Index

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run"]  # fmt: skip
LISTEN = """addEventListener("DOMContentLoaded", () => {
  window.said = [];
  const observer = new MutationObserver((changes) => {
    const texts = [...new Set(changes.map(({ target }) => target))].map((node) => node.textContent);
    window.said.push(...texts.filter(Boolean));
  });
  for (const region of document.querySelectorAll("[aria-live], [role=status]"))
    observer.observe(region, { childList: true });
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("WAYMARK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        message = "no Chromium found; install one or set WAYMARK_CHROMIUM"
        assert os.environ.get("CI") != "true", message
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def generator() -> ScriptedGenerator:
    return ScriptedGenerator(TRUE)


@pytest.fixture
def address(index: Index, generator: ScriptedGenerator) -> Iterator[str]:
    answerer = Answerer(*answering_parts(index, generator), "Call the adviser.")
    settings = Settings(index=index.folder.parent, contact="Call the adviser.")
    with served(create_app(settings, load=lambda _: (answerer, None))) as base:
        yield base


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(
        base_url=address, permissions=["clipboard-read", "clipboard-write"]
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, address: str) -> Iterator[Page]:
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "data:")) else problems.append(request.url)
        ),
    )
    opened.add_init_script(LISTEN)
    opened.goto(address)
    expect(opened.locator("#examples button").first).to_be_visible()
    yield opened
    assert problems == []
