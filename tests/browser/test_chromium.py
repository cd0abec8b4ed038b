"""Chromium itself: it may stop answering, and the tests after it still get a browser."""

import pytest
from playwright.sync_api import Error

from tests.support.browser import RunningChromium


def test_a_browser_that_never_answers_is_killed_and_replaced(chromium: RunningChromium) -> None:
    with chromium.watched(seconds=1) as browser:
        page = browser.new_page()
        with pytest.raises(Error, match="closed"):
            page.evaluate("() => new Promise(() => {})")
    with chromium.watched() as another:
        assert another.new_page().evaluate("6 * 7") == 42
