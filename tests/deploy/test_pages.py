"""The whole site in a browser: HTTP/2, two services that stop and restart, and a clean console."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.deploy.conftest import away
from tests.support.people import PASSWORD
from tests.support.site import Site
from tests.support.waiting import wait_until


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True, locale="ru-RU", reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page
    context.close()
    assert said == []


def test_madina_signs_in_and_watches_over_http_2(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sign-in")
    page.locator("input[name=email]").fill("madina@tablo.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    page.goto(f"{site.url}/clubs/1")
    expect(page.locator("[data-fresh]")).to_have_text("обновлено только что")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    wait_until(lambda: site.listeners() == 1)


def test_with_the_streams_away_the_page_waits_quietly_and_the_pages_go_on(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/clubs/1")
    expect(page.locator("[data-fresh]")).to_have_text("обновлено только что")
    with away(*site.live):
        expect(page.locator("[data-fresh]")).to_have_text("восстанавливаем связь…")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ракетка")
    wait_until(lambda: site.listeners() == 1)
    expect(page.locator("[data-fresh]")).to_have_text("обновлено только что")


def test_the_page_for_an_absence_opens_the_right_one_by_itself(browser: Browser, site: Site) -> None:
    context = browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    with away(site.web):
        page.goto(f"{site.url}/clubs/1")
        expect(page.get_by_role("heading", level=1)).to_have_text("Сейчас вернёмся")
        assert page.locator("main").evaluate("main => getComputedStyle(main).textAlign") == "center"
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Ракетка"), timeout=20_000)
    context.close()
