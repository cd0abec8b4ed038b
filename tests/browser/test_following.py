"""Following in a real Chromium. Its own push service is unreachable: one of ours issues the subscription and receives
the messages, and the browser is given what was decrypted."""

import json
from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from commands.messengers import PushMessenger
from commands.push import send_due
from models.base import utc_now
from tests.browser.club import started
from tests.conftest import StartServer
from tests.support.browser import PHONE, Windows
from tests.support.push_service import PUSH_CONTACT, PUSH_KEY, PUSH_PUBLIC_KEY, PushService
from tests.support.server import Server

GIVEN_OUT = """
const said = %s;
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt());
const subscription = {
  endpoint: said.endpoint,
  getKey: (name) => bytes(name === "auth" ? said.secret : said.public_key).buffer,
};
PushManager.prototype.subscribe = async () => {
  localStorage.setItem("subscribed", "yes");
  return subscription;
};
PushManager.prototype.getSubscription = async () => localStorage.getItem("subscribed") && subscription;
"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/static/js/");
  for (let look = 0; look < 300; look++) {
    const shown = await worker.getNotifications();
    if (shown.length) return shown.map(({ title, body, tag, lang }) => [title, body, tag, lang]);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}"""
# A click by a person could open a window; one made by a test may not.
CLICK = """async () => {
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  return new Promise((resolve) => {
    self.clients.openWindow = resolve;
    event.waitUntil = () => {};
    self.dispatchEvent(event);
  });
}"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService().running() as service:
        yield service


@pytest.fixture
def server(start_server: StartServer) -> Server:
    return start_server(PUSH_PUBLIC_KEY=PUSH_PUBLIC_KEY, PUSH_ENDPOINTS="any")


def deliver(page: Page, server: Server, text: str) -> None:
    """Delivers a message as the browser's push service would."""
    tools: CDPSession = page.context.new_cdp_session(page)
    registrations: list[str] = []

    def note(update: dict[str, list[dict[str, str]]]) -> None:
        registrations.extend(each["registrationId"] for each in update["registrations"])

    tools.on("ServiceWorker.workerRegistrationUpdated", note)
    tools.send("ServiceWorker.enable")
    page.wait_for_function("() => true")
    pushed = {"origin": server.url, "registrationId": registrations[0], "data": text}
    tools.send("ServiceWorker.deliverPushMessage", pushed)


def test_dana_follows_the_club_is_told_of_a_match_and_stops(
    windows: Windows, application: Flask, ours: int, server: Server, service: PushService
) -> None:
    phone = windows.open(PHONE)
    phone.context.grant_permissions(["notifications"], origin=server.url)
    phone.page.add_init_script(GIVEN_OUT % json.dumps(service.browser("dana")))
    page = phone.go(f"/clubs/{ours}")
    page.get_by_role("button", name="Следить", exact=True).click()
    following = page.get_by_role("button", name="Вы следите (перестать следить)")
    expect(following).to_be_visible()
    page.reload()
    expect(following).to_be_visible()
    assert phone.accessibility_faults() == []
    begun = started(application, ours, "", now=utc_now())
    with application.app_context():
        assert send_due(PushMessenger(PUSH_KEY, PUSH_CONTACT, anywhere=True), Event()) == 1
    [(_, told)] = service.taken
    deliver(page, server, json.dumps(told))
    sentence = "Началась партия: Иван Иванов — Петр Петров"
    assert page.evaluate(SHOWN) == [["Клуб «Ракетка»", sentence, f"match/{begun}", "ru"]]
    assert page.context.service_workers[0].evaluate(CLICK) == f"/matches/{begun}"
    following.click()
    expect(page.get_by_role("button", name="Следить", exact=True)).to_be_visible()
    assert [line for window in windows.opened for line in window.console] == []
