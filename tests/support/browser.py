"""Windows of a real Chromium that record their console, with helpers for tests."""

import os
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, ViewportSize, expect, sync_playwright

from tests.support.parts import MissingPart, installed_program

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
TELEVISION: ViewportSize = {"width": 1920, "height": 1080}
# Long, because other tests load the machine at the same time; a failure still fails.
PATIENCE = 30_000
LEAVES_AT_MOST, LEAVES_WITHIN = 3, 5_000
# Rules of WCAG 2.2 AA and below; the rest of axe is advice.
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ONLY_CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
FADED = """() => document.getAnimations()
    .filter((each) => each instanceof CSSTransition).forEach((each) => each.finish())"""
# Chromium does not time out when a script or a closing page never answers.
STUCK_AFTER = 150
# The popups of the address bar are pages of their own in every window: they would take half a second each and are never
# shown. The others are Playwright's; the switch replaces its list.
FEATURES_OFF = """
    WebUIOmniboxPopup WebUIOmniboxAimPopup
    AimEnabled AvoidCorsURLLoaderRestartOnRedirect AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose
    HttpsFirstBalancedModeAutoEnable HttpsUpgrades LensOverlay MediaRouter NetworkTimeServiceQuerying OptimizationHints
    PaintHolding PreconnectToSearch ThirdPartyStoragePartitioning
    """.split()
FLAGS = ["--no-sandbox", f"--disable-features={','.join(FEATURES_OFF)}"]


@dataclass
class Window:
    """One person's browser: a context of its own, so that sessions are separate."""

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
        """Signs in through the form."""
        self.go("/sign-in")
        self.page.locator("input[name=email]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: not url.split("?")[0].endswith("/sign-in"))
        return self.page

    def enter(self, email: str, password: str) -> None:
        """Signs in without showing a page, which takes most of a second; for tests that go to a page of their own."""
        door = f"{self.address}/sign-in"
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.context.request.get(door).text())
        assert token, "the sign-in form has no token"
        given = {"csrf_token": token[1], "email": email, "password": password}
        answer = self.context.request.post(door, form=given, max_redirects=0)
        assert answer.status == 303, answer.text()

    def accessibility_faults(self) -> list[str]:
        """What axe finds on the page in its current state, a line per fault; empty if none. Needs scripts.

        The dark theme differs only in its colours, to which some elements fade. A live page may be caught in the middle
        of a change, so only what axe finds twice is a fault.
        """
        assert self.has_scripts, "axe is a script: open a window with scripts"
        faults = self._lasting("light", AXE_RULES)
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate(FADED)
        faults += self._lasting("dark", ONLY_CONTRAST)
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate(FADED)
        return faults

    def _lasting(self, theme: str, rules: Mapping[str, object]) -> list[str]:
        found = self._axe(theme, rules)
        again = self._axe(theme, rules) if found else []
        return [fault for fault in found if fault in again]

    def _axe(self, theme: str, rules: Mapping[str, object]) -> list[str]:
        found: Mapping[str, Any] = Axe().run(self.page, options=dict(rules)).response
        return [
            f"{theme}: {fault['id']}: {fault['help']}: {node['html'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    def leave(self) -> None:
        """Goes to an empty page: when closed during a navigation, Chromium sometimes never reports that it is done."""
        for page in self.context.pages:
            for _ in range(LEAVES_AT_MOST):
                with suppress(Error):  # a navigation in progress interrupts the first attempt, or never ends
                    page.goto("about:blank", timeout=LEAVES_WITHIN)
                    break

    def _listen(self) -> None:
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))


class Windows:
    """Opens windows on one server and checks their consoles when the test is over."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.opened: list[Window] = []

    def open(
        self,
        viewport: ViewportSize = DESK,
        *,
        scripts: bool = True,
        touch: bool = False,
        locale: str = "ru-RU",
        timezone: str = "Asia/Almaty",
    ) -> Window:
        """A new window without a signed-in user."""
        context = self.browser.new_context(
            viewport=viewport,
            java_script_enabled=scripts,
            color_scheme="light",
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
        """Closes all windows; a script error or a violation of the content security policy fails the test."""
        refused = [line for window in self.opened for line in window.console if "Content Security Policy" in line]
        broken = [error for window in self.opened for error in window.errors]
        for window in self.opened:
            window.leave()
            window.context.close()
        assert not broken + refused, "\n".join(broken + refused)


class RunningChromium:
    """Launches the browser of a test run, and another one if it was killed."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None
        self._pid = 0

    @contextmanager
    def watched(self, seconds: float = STUCK_AFTER) -> Iterator[Browser]:
        """The browser for one test, killed after so many seconds: the call that waits for it then raises Error."""
        browser = self._launched()
        watch = threading.Timer(seconds, os.kill, (self._pid, signal.SIGKILL))
        watch.start()
        try:
            yield browser
        finally:
            watch.cancel()

    def close(self) -> None:
        """Quits the browser."""
        if self._browser is not None:
            self._browser.close()

    def _launched(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            devtools = self._browser.new_browser_cdp_session()
            processes = devtools.send("SystemInfo.getProcessInfo")["processInfo"]
            devtools.detach()
            self._pid = next(each["id"] for each in processes if each["type"] == "browser")
        return self._browser


def find_chromium() -> Path:
    """The installed browser; a headless shell shows no notifications and fetches no icon. Raises MissingPart."""
    program = installed_program("chromium", "chromium-browser", "google-chrome")
    if program is None:
        raise MissingPart("No Chromium: install it (apt install chromium), or Google Chrome")
    return program


@contextmanager
def running_chromium() -> Iterator[RunningChromium]:
    """Chromium, launched on first use; raises MissingPart if there is none."""
    with sync_playwright() as playwright, closing(RunningChromium(playwright)) as chromium:
        yield chromium
