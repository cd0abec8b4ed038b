"""The stream in a spectator's browser: servers die, freeze and come back, and the page shows how old it is.

The test controls the page's clock and does not wait for the 5, 8, 15, 25 and 45 seconds of static/js.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Request, Route, expect

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.club import Club, Match, MatchPlan, Player
from rules.scoring.log import Side
from tests.support.browser import Windows
from tests.support.nginx import TEMPORARY, Nginx
from tests.support.people import club_house, person
from tests.support.private_folder import private_folder
from tests.support.server import Server, free_port

LIVE, RETURNING, OLD = "обновлено только что", "восстанавливаем связь…", re.compile(r"^данные на \d\d:\d\d$")
DELAYED = re.compile(r"^с задержкой, на \d\d:\d\d$")
TABS = 8
# Headless Chromium shows every tab: the test says which one is in front.
MAY_BE_HIDDEN = """() => {
  Object.defineProperty(document, "hidden", { get: () => document.documentElement.dataset.hidden === "yes" });
}"""
TURN = """(hidden) => {
  document.documentElement.dataset.hidden = hidden ? "yes" : "no";
  document.dispatchEvent(new Event("visibilitychange"));
}"""
KEEPS_STREAMS_BACK = """
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{}}
http {{
  access_log off;
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{server};
      proxy_buffering on;
      proxy_ignore_headers X-Accel-Buffering;
    }}
  }}
}}
"""
COUNT_FRAMES = """() => {
  window.framesAdded = 0;
  new MutationObserver((changes) => {
    window.framesAdded += changes.filter((change) => change.addedNodes[0]?.tagName === "IFRAME").length;
  }).observe(document.body, { childList: true });
}"""
SWAP_SCORE = """([id, text]) =>
  htmx.swap({ sourceElement: document.body, target: document.getElementById(id), text, swap: "outerMorph" })"""


@dataclass
class Game:
    """A match in progress, and a scorer who taps on another machine."""

    application: Flask
    path: str
    match_id: int

    @property
    def score(self) -> str:
        return f"match-{self.match_id}-score"

    def point(self) -> None:
        """Side A wins a rally."""
        with self.application.app_context():
            match = db.session.get_one(Match, self.match_id)
            match.record_rally(Side.A, str(uuid4()), match.log_length, match.started_by, utc_now())
            db.session.commit()


@pytest.fixture
def games(application: Flask) -> list[Game]:
    """Two matches of one public club."""
    with application.app_context():
        house = club_house()
        madina = person("Madina", Role.SCORER, house)
        club = Club(organization=house, name="Ракетка")
        club.players = [Player(name=name) for name in ("Ерлан", "Данияр", "Әлия", "Болат")]
        db.session.add(club)
        db.session.flush()
        pairs = (club.players[:2], club.players[2:])
        plans = [MatchPlan((one,), (other,)) for one, other in pairs]
        matches = [Match.start(club, plan, madina, utc_now()) for plan in plans]
        db.session.commit()
        return [Game(application, f"/clubs/{club.id}", match.id) for match in matches]


@pytest.fixture
def game(games: list[Game]) -> Game:
    return games[0]


@pytest.fixture
def old_proxy(server: Server) -> Iterator[Nginx]:
    """A proxy that buffers every response until it is complete or large."""
    with private_folder("proxy") as folder:
        port = free_port()
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        text = KEEPS_STREAMS_BACK.format(folder=folder, temporary=temporary, port=port, server=server.port)
        proxy = Nginx(folder, text, port)
        proxy.start()
        yield proxy
        proxy.stop()


def arrive(windows: Windows, game: Game, address: str = "") -> Page:
    """A spectator's page with its icon loaded and its clock controlled by the test."""
    page = windows.open().page
    page.clock.install()
    with page.expect_event("requestfinished", lambda request: "tablo.svg" in request.url):
        page.goto((address or windows.address) + game.path)
    return page


def watch(windows: Windows, game: Game) -> Page:
    """The same with an open and tested stream."""
    page = arrive(windows, game)
    game.point()
    expect(points(page, game)).to_have_text("1")
    return page


def points(page: Page, game: Game) -> Locator:
    return page.locator(f"#{game.score} .half.a .points")


def sign(page: Page) -> Locator:
    return page.locator("[data-fresh]")


def requests_for(page: Page, beginning: str) -> list[Request]:
    seen: list[Request] = []
    page.on("request", lambda request: seen.append(request) if beginning in request.url else None)
    return seen


def console(windows: Windows) -> list[str]:
    return [line for window in windows.opened for line in window.console]


def test_aliya_sees_a_point_without_touching_anything(windows: Windows, game: Game) -> None:
    page = watch(windows, game)
    game.point()
    expect(points(page, game)).to_have_text("2")
    expect(sign(page)).to_have_text(LIVE)


def test_a_page_left_alone_grows_old_and_says_so(windows: Windows, server: Server, game: Game) -> None:
    page = watch(windows, game)
    server.kill()
    expect(sign(page)).to_have_text(RETURNING)
    page.clock.fast_forward(15_000)
    expect(sign(page)).to_have_text(OLD)
    expect(page.locator("html.is-stale")).to_be_attached()
    expect(page.get_by_role("alert").filter(has_text="Нет связи")).to_be_visible()
    assert console(windows) == []


def test_a_killed_server_comes_back_and_so_does_the_page(windows: Windows, server: Server, game: Game) -> None:
    page, _ = watch(windows, game), arrive(windows, game)
    streams = requests_for(page, "/live/club/")
    expect(page.get_by_text("смотрят: 2")).to_be_visible()
    server.kill()
    expect(sign(page)).to_have_text(RETURNING)
    expect(page.get_by_text("смотрят: 2")).to_be_hidden()
    game.point()
    server.start()
    expect(points(page, game)).to_have_text("2")
    expect(sign(page)).to_have_text(LIVE)
    assert streams[0].headers["last-event-id"]
    assert console(windows) == []


def test_the_page_asks_no_sooner_than_after_a_second(windows: Windows, server: Server, game: Game) -> None:
    page = watch(windows, game)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    page.evaluate(COUNT_FRAMES)
    server.kill()
    expect(sign(page)).to_have_text(RETURNING)
    page.clock.run_for(900)
    assert page.evaluate("framesAdded") == 0
    page.clock.run_for(3_100)
    assert page.evaluate("framesAdded") >= 1


def test_the_page_returns_at_once_when_the_network_does(windows: Windows, server: Server, game: Game) -> None:
    page = watch(windows, game)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    server.kill()
    expect(sign(page)).to_have_text(RETURNING)
    server.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(sign(page)).to_have_text(LIVE)


def test_a_frozen_server_is_shown_after_25_seconds_of_silence_and_left_after_45(
    windows: Windows, server: Server, game: Game
) -> None:
    page = watch(windows, game)
    server.freeze()
    page.clock.fast_forward(20_000)
    expect(sign(page)).to_have_text(LIVE)
    page.clock.fast_forward(6_000)
    expect(sign(page)).to_have_text(OLD)
    expect(page.locator("html.is-stale")).to_have_count(0)
    page.clock.fast_forward(20_000)
    expect(sign(page)).to_have_text(RETURNING)
    server.thaw()
    page.clock.fast_forward(10_000)
    expect(sign(page)).to_have_text(LIVE)
    assert console(windows) == []


def test_a_page_without_any_network_says_at_once_how_old_it_is(windows: Windows, game: Game) -> None:
    page = watch(windows, game)
    page.context.set_offline(True)
    expect(sign(page)).to_have_text(OLD)
    expect(page.locator("html.is-stale")).to_have_count(0)
    page.context.set_offline(False)
    game.point()
    expect(points(page, game)).to_have_text("2")
    expect(sign(page)).to_have_text(LIVE)
    assert console(windows) == []


def test_a_server_frozen_from_the_start_is_waited_for(windows: Windows, server: Server, game: Game) -> None:
    page = windows.open().page
    page.clock.install()

    def freeze_first(route: Route) -> None:
        server.freeze()
        route.continue_()

    page.route("**/live/club/**", freeze_first)
    page.goto(windows.address + game.path, wait_until="domcontentloaded")
    with page.expect_request("**/healthz/live"):
        page.clock.fast_forward(9_000)
    page.clock.fast_forward(11_000)
    expect(sign(page)).to_have_text(OLD)
    page.unroute("**/live/club/**")
    server.thaw()
    page.clock.fast_forward(10_000)
    expect(sign(page)).to_have_text(LIVE)
    assert console(windows) == []


def test_where_a_proxy_keeps_the_stream_back_the_page_asks_and_says_so(
    windows: Windows, old_proxy: Nginx, game: Game
) -> None:
    page = arrive(windows, game, f"http://127.0.0.1:{old_proxy.port}")
    game.point()
    page.clock.fast_forward(9_000)
    expect(points(page, game)).to_have_text("1")
    expect(sign(page)).to_have_text(DELAYED)
    game.point()
    page.clock.fast_forward(15_000)
    expect(points(page, game)).to_have_text("2")
    expect(page.get_by_role("alert").filter(has_text="Нет связи")).to_be_hidden()
    assert console(windows) == []


def test_one_who_asks_gives_the_stream_another_chance(windows: Windows, old_proxy: Nginx, game: Game) -> None:
    page = arrive(windows, game, f"http://127.0.0.1:{old_proxy.port}")
    page.clock.fast_forward(9_000)
    expect(sign(page)).to_have_text(DELAYED)
    old_proxy.replace("proxy_buffering on", "proxy_buffering off")
    page.clock.fast_forward(35_000)
    expect(sign(page)).to_have_text(LIVE)
    game.point()
    expect(points(page, game)).to_have_text("1")


def test_one_who_asks_says_so_when_there_is_no_answer_either(
    windows: Windows, server: Server, old_proxy: Nginx, game: Game
) -> None:
    page = arrive(windows, game, f"http://127.0.0.1:{old_proxy.port}")
    page.clock.fast_forward(9_000)
    expect(sign(page)).to_have_text(DELAYED)
    server.kill()
    page.clock.fast_forward(15_000)
    expect(sign(page)).to_have_text(RETURNING)
    page.clock.fast_forward(15_000)
    expect(sign(page)).to_have_text(OLD)


def test_eight_tabs_share_six_connections_because_hidden_ones_let_go(windows: Windows, game: Game) -> None:
    context = windows.open().context
    context.add_init_script(f"({MAY_BE_HIDDEN})()")
    tabs = [context.pages[0], *(context.new_page() for _ in range(TABS - 1))]
    for number, tab in enumerate(tabs, start=1):
        tab.goto(windows.address + game.path)
        expect(sign(tab)).to_have_text(LIVE)
        game.point()
        expect(points(tab, game)).to_have_text(str(number))
        tab.evaluate(TURN, True)
    for tab in tabs:
        tab.evaluate(TURN, False)
        expect(points(tab, game)).to_have_text(str(TABS))
        expect(sign(tab)).to_have_text(LIVE)
        tab.evaluate(TURN, True)


def test_a_tab_hidden_for_ten_minutes_is_right_at_once_without_a_reload(windows: Windows, game: Game) -> None:
    window = windows.open()
    window.context.add_init_script(f"({MAY_BE_HIDDEN})()")
    window.page.clock.install()
    page = window.go(game.path)
    expect(sign(page)).to_have_text(LIVE)
    page.evaluate("window.isTheSamePage = true")
    page.evaluate(TURN, True)
    asked = requests_for(page, "/live/")
    for _ in range(3):
        game.point()
    page.clock.fast_forward("10:00")
    expect(sign(page)).to_have_text(OLD)
    assert (asked, points(page, game).inner_text()) == ([], "0")
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    page.evaluate(TURN, False)
    expect(points(page, game)).to_have_text("3")
    expect(sign(page)).to_have_text(LIVE)
    assert page.evaluate("isTheSamePage")
    assert console(windows) == []


def test_who_turns_away_for_a_moment_is_not_kept_waiting(windows: Windows, game: Game) -> None:
    window = windows.open()
    window.context.add_init_script(f"({MAY_BE_HIDDEN})()")
    page = window.go(game.path)
    expect(sign(page)).to_have_text(LIVE)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    page.evaluate(f"for (const hidden of [true, false]) ({TURN})(hidden)")
    game.point()
    page.clock.run_for(1)
    expect(points(page, game)).to_have_text("1")


def test_a_dragged_card_stays_where_it_is_until_it_is_dropped(windows: Windows, games: list[Game]) -> None:
    dragged, other = games
    page = watch(windows, dragged)
    points(page, dragged).evaluate("card => card.classList.add('is-dragging')")
    dragged.point()
    dragged.point()
    other.point()
    expect(points(page, other)).to_have_text("1")
    expect(points(page, dragged)).to_have_text("1")
    points(page, dragged).evaluate("card => card.classList.remove('is-dragging')")
    page.clock.fast_forward(250)
    expect(points(page, dragged)).to_have_text("3")


def test_an_older_answer_does_not_undo_what_is_shown(windows: Windows, game: Game) -> None:
    page = watch(windows, game)
    older = page.locator(f"#{game.score}").evaluate("score => score.outerHTML")
    game.point()
    expect(points(page, game)).to_have_text("2")
    page.evaluate(SWAP_SCORE, [game.score, older])
    expect(points(page, game)).to_have_text("2")


def test_without_scripts_the_page_says_how_old_it_is(windows: Windows, game: Game) -> None:
    page = windows.open(scripts=False).go(game.path)
    expect(page.get_by_role("status").filter(has_text="данные на")).to_have_text(
        re.compile(r"данные на \d\d:\d\d обновить")
    )
