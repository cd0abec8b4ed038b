"""What people see: windows of a real Chromium, with their console kept, and the words tests use to act in them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect, sync_playwright

from tests.support.chromium import find_chromium

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
TELEVISION: ViewportSize = {"width": 1920, "height": 1080}
# Long, since other tests load the machine meanwhile: what fails fails all the same.
PATIENCE = 30_000
LEAVES_AT_MOST = 3
# Rules of WCAG 2.2 AA and below; the rest of axe is advice.
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass
class Window:
    """One person's browser: a context of its own, so nobody shares a session with anybody."""

    context: BrowserContext
    page: Page
    address: str
    has_scripts: bool = True
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Opens a page of Tablo."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, email: str, password: str) -> Page:
        """Signs in through the form, as a person does."""
        self.go("/sign-in")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: not url.split("?")[0].endswith("/sign-in"))
        return self.page

    def accessibility_faults(self) -> list[str]:
        """What axe finds on the page as it is now, a line per fault; empty is good. Needs a window with scripts."""
        assert self.has_scripts, "axe is a script: open a window with scripts"
        found: Mapping[str, Any] = Axe().run(self.page, options=AXE_RULES).response
        return [
            f"{fault['id']}: {fault['help']}: {node['html'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    def leave(self) -> None:
        """To an empty page: closed in the midst of a navigation, Chromium now and then never says that it is done."""
        for page in self.context.pages:
            for _ in range(LEAVES_AT_MOST):
                with suppress(Error):  # what was under way interrupts the first attempt
                    page.goto("about:blank")
                    break

    def _listen(self) -> None:
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))


class Windows:
    """Opens windows on one server and looks back at all of them when the test is over."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.opened: list[Window] = []

    def open(
        self,
        viewport: ViewportSize = DESK,
        *,
        scripts: bool = True,
        theme: Literal["light", "dark"] = "light",
        touch: bool = False,
        locale: str = "ru-RU",
        timezone: str = "Asia/Almaty",
    ) -> Window:
        """A new window with nobody signed in."""
        context = self.browser.new_context(
            viewport=viewport,
            java_script_enabled=scripts,
            color_scheme=theme,
            has_touch=touch,
            locale=locale,
            timezone_id=timezone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        window = Window(context, context.new_page(), self.address, scripts)
        window._listen()
        self.opened.append(window)
        return window

    def close(self) -> None:
        """Closes all; a script that broke or a refusal by the content security policy fails the test."""
        refused = [line for window in self.opened for line in window.console if "Content Security Policy" in line]
        broken = [error for window in self.opened for error in window.errors]
        for window in self.opened:
            window.leave()
            window.context.close()
        assert not broken + refused, "\n".join(broken + refused)


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Launches the browser; raises MissingPart when there is none."""
    found = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program,
            args=["--no-sandbox"],
            env={**os.environ, **found.environment},
        )
        try:
            yield browser
        finally:
            browser.close()
