"""A page of another website reads a public club with the documented addresses alone."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.club import Match
from tests.browser.club import started
from tests.support.browser import Windows
from tests.support.players import NOW, play

POLL = """async (address) => {
  const first = await fetch(address);
  const tag = first.headers.get("ETag");
  const again = await fetch(address, {headers: {"If-None-Match": tag}, cache: "no-store"});
  return [first.status, (await first.json()).version, again.status];
}"""
FOLLOW = """(address) => {
  const stream = new EventSource(address);
  stream.addEventListener("game_update", (event) => {
    const score = JSON.parse(event.data).game_data;
    document.body.textContent = `${score.player1} ${score.score1}:${score.score2} ${score.player2}`;
  });
}"""


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[str]:
    """The address of the other website."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Федерация</title><body></body>")
    website = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    Thread(target=website.serve_forever).start()
    yield f"http://127.0.0.1:{website.server_port}/"
    website.shutdown()
    website.server_close()


def test_it_asks_again_with_a_tag_and_follows_the_stream(
    windows: Windows, application: Flask, ours: int, foreign: str
) -> None:
    number = started(application, ours, "AAB")
    window = windows.open()
    window.page.goto(foreign)
    assert window.page.evaluate(POLL, f"{window.address}/api/matches/{number}") == [200, 1, 304]
    window.page.evaluate(FOLLOW, f"{window.address}/api/clubs/{ours}/events")
    expect(window.page.locator("body")).to_have_text("Иван Иванов 2:1 Петр Петров")
    with application.app_context():
        playing = db.session.get_one(Match, number)
        play(playing, "B", playing.started_by, NOW)
        db.session.commit()
    expect(window.page.locator("body")).to_have_text("Иван Иванов 2:2 Петр Петров")
