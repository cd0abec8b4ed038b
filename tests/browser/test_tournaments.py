"""A tournament in real browsers: a tap on a table begins the match, and the hall's screen updates live."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from extensions import db
from models.accounts import Role, User
from models.club import Match, System, Tournament, TournamentPlan
from tests.support.browser import DESK, PHONE, TELEVISION, Windows
from tests.support.people import PASSWORD, club_house, person
from tests.support.players import NOW, club, play


@pytest.fixture
def cup(application: Flask) -> int:
    """Two matches at two tables, and then the final."""
    with application.app_context():
        house = club_house()
        madina = person("Madina", Role.SCORER, house)
        of = club(house)
        sides = tuple((player,) for player in sorted(of.players, key=lambda player: player.id))
        plan = TournamentPlan("Кубок вечера", System.KNOCKOUT, sides, best_of=1, tables=(1, 2))
        number = Tournament.open(of, plan, madina, NOW).id
        db.session.commit()
        return number


@pytest.fixture
def groups(application: Flask) -> int:
    """Six players in two finished groups."""
    with application.app_context():
        house = club_house()
        madina = person("Madina", Role.SCORER, house)
        of = club(house, names=tuple(f"Игрок {letter}" for letter in "АБВГДЕ"))
        plan = TournamentPlan("Группы", System.GROUPS, tuple((each,) for each in of.players), best_of=1)
        opened = Tournament.open(of, plan, madina, NOW)
        while startable := opened.contest().startable:
            play(opened.start_tie(min(startable), 1, madina, NOW), "A" * 11, madina)
        db.session.commit()
        return opened.id


def test_the_bracket_that_is_drawn_after_the_groups_appears_everywhere(windows: Windows, groups: int) -> None:
    hall = windows.open(TELEVISION).go(f"/tournaments/{groups}/tv")
    expect(hall.get_by_text("Группа A")).to_be_visible()
    phone = windows.open(PHONE)
    phone.sign_in("madina@tablo.example", PASSWORD)
    phone.go(f"/tournaments/{groups}").get_by_role("link", name="Составить сетку").click()
    faults = phone.accessibility_faults()
    for lot, choice in enumerate(phone.page.locator("select").all()):
        choice.select_option(index=lot % 3 + 1)
    phone.page.get_by_role("button", name="Составить сетку").click()
    expect(phone.page.get_by_role("heading", name="Полуфинал")).to_be_visible()
    expect(hall.get_by_role("heading", name="Полуфинал")).to_be_visible()
    assert faults + phone.accessibility_faults() == []


def test_a_spectator_sees_no_buttons_of_the_organizers(windows: Windows, cup: int) -> None:
    seen = windows.open(PHONE).go(f"/tournaments/{cup}")
    expect(seen.locator(".tables.for-run").first).to_be_hidden()


def played_out(application: Flask) -> None:
    with application.app_context():
        match = db.session.query(Match).one()
        play(match, "A" * 11, db.session.query(User).one())
        db.session.commit()


def test_a_tap_on_a_table_and_the_winner_goes_on_everywhere(windows: Windows, application: Flask, cup: int) -> None:
    hall = windows.open(DESK).go(f"/tournaments/{cup}")
    expect(hall.get_by_text("Сейчас играют")).to_have_count(0)
    phone = windows.open(PHONE)
    phone.sign_in("madina@tablo.example", PASSWORD)
    page = phone.go(f"/tournaments/{cup}")
    first = page.locator(f"#tournament-{cup}-tie-1")
    first.get_by_label("Стол 2").click()
    for each in (page, hall):
        expect(each.get_by_text("Сейчас играют")).to_be_visible()
        expect(each.locator(f"#tournament-{cup}-tie-1")).to_contain_text("Стол 2")
    screen = windows.open(TELEVISION).go(f"/tournaments/{cup}/tv")
    expect(screen.locator(".is-live .where")).to_contain_text("Стол 2")
    played_out(application)
    expect(screen.locator(".cup-results .round").nth(1)).to_contain_text("Иван Иванов")
    expect(screen.locator(".is-live")).to_have_count(0)
    expect(hall.locator(f"#tournament-{cup}-results .round").nth(1)).to_contain_text("Иван Иванов")
