"""The board of a day: access, content, and page, response and push are byte-identical."""

from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from blueprints.clinic.fragments import DESK, part_state, redrawn
from extensions import db
from live.render import block
from models.accounts import Role
from models.base import utc_now
from models.clinic import CancellationReason
from models.clinic.day import Day
from models.clinic.day_topic import week_topic
from models.live_topic import topic_version
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, practitioner, sign_in
from tests.support.queries import recorded_queries
from tests.support.stream import Stream
from tests.support.visits import Desk


def address(samal: Desk, days: int = 0) -> str:
    return f"/schedule/{samal.at(10).date() + timedelta(days=days)}"


def board(client: PageClient, samal: Desk, days: int = 0) -> str:
    answer: TestResponse = client.get(address(samal, days))
    assert answer.status_code == 200
    return answer.text


def day_of(samal: Desk) -> Day:
    return Day(samal.organization, samal.at(10).date())


def test_the_schedule_is_todays(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.get("/schedule")
    today = samal.organization.today(utc_now())
    assert (answer.status_code, answer.location) == (303, f"/schedule/{today}")


def test_a_day_shows_its_practitioners_and_visits(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    text = board(desk_client, samal)
    assert "Сейтқали Г." in text
    assert 'aria-label="Ахметов Болат, 10:00–10:30, Записан, Консультация"' in text
    assert "is-booked at-24 for-6" in text


@pytest.mark.parametrize("bad", ["2026-13-45", "tomorrow", "2026-11-2", "20261121", "2026-11-21T10:00", "٢٠٢٦-11-21"])
def test_what_is_no_date_is_no_page(desk_client: PageClient, bad: str) -> None:
    assert desk_client.get(f"/schedule/{bad}").status_code == 404


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMINISTRATOR, Role.PRACTITIONER])
def test_colleagues_see_the_day(client: PageClient, samal: Desk, role: Role) -> None:
    samal.book(samal.at(10))
    sign_in(client, person("Marat", role, samal.organization))
    assert "Ахметов" in board(client, samal)


def test_who_may_only_look_gets_no_way_to_change(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    text = board(client, samal)
    assert "may-book" not in text
    assert "Новый пациент" not in text


def test_a_scorer_has_no_schedule(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get(address(samal)).status_code == 403


def test_a_stranger_sees_their_own_day_and_nothing_of_ours(client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    sign_in(client, person("Ruslan", Role.OWNER, other))
    text = board(client, samal)
    assert "Чужой" in text
    assert "Ахметов" not in text


def test_who_is_signed_out_is_asked_in(client: PageClient, samal: Desk) -> None:
    assert client.get(address(samal)).location.startswith("/sign-in")


def test_the_schedule_takes_no_posts(desk_client: PageClient, samal: Desk) -> None:
    assert desk_client.post(address(samal)).status_code == 405


def test_a_clinic_without_practitioners_says_so(client: PageClient) -> None:
    sign_in(client, person("Marat", Role.OWNER, clinic()))
    assert "Пока ни одного врача" in client.get("/schedule", follow_redirects=True).text


@pytest.mark.both_databases
def test_the_number_of_statements_does_not_grow_with_the_visits(desk_client: PageClient, samal: Desk) -> None:
    def statements() -> int:
        with recorded_queries(db.engine) as queries:
            board(desk_client, samal)
        return len([query for query in queries if query.startswith("SELECT")])

    samal.book(samal.at(8))
    few = statements()
    for number in range(12):
        somebody = patient(samal.organization, f"Ли{number}")
        samal.book(samal.at(8, 30) + timedelta(minutes=30 * number), patient=somebody, practitioner=samal.kim)
    practitioner(samal.organization, "Цой", place=2)
    assert statements() == few <= 9


def test_a_free_quarter_leads_to_its_form(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    text = board(desk_client, samal)
    day = samal.at(10).date()
    assert f"/appointments/new?practitioner={samal.seitqali.id}&amp;start={day}T09:45" in text
    assert f"practitioner={samal.seitqali.id}&amp;start={day}T10:00" not in text
    assert f"practitioner={samal.seitqali.id}&amp;start={day}T13:00" not in text, "that is lunch"


def test_time_off_is_named(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(7))
    text = board(desk_client, samal)
    assert "обед" in text
    assert "с 08:00" in text


def test_the_board_is_as_long_as_its_day(desk_client: PageClient, samal: Desk) -> None:
    assert "07:00" not in board(desk_client, samal)
    samal.book(samal.at(7, 40))
    samal.book(samal.at(19), practitioner=samal.kim)
    text = board(desk_client, samal)
    assert '<span class="hour at-0">07:00</span>' in text
    assert '<span class="hour at-144">19:00</span>' in text
    assert "at-8 for-6" in text


def test_a_visit_across_midnight_shows_on_both_days(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(23, 30), minutes=60)
    assert "at-186 for-6" in board(desk_client, samal)
    assert "at-0 for-6" in board(desk_client, samal, days=1)


def test_a_cancelled_visit_makes_room_for_the_next(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now())
    text = board(desk_client, samal)
    assert "Отменён: отказ пациента" in text
    assert "sliver" not in text
    samal.book(samal.at(10), patient=patient(samal.organization, "Ли"))
    text = board(desk_client, samal)
    assert "is-cancelled sliver" in text
    assert "is-booked beside" in text


def test_an_overbooked_visit_is_drawn_beside_the_other(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    samal.overbook(samal.at(10), patient=patient(samal.organization, "Ли"))
    text = board(desk_client, samal)
    assert "left-half" in text
    assert "right-half" in text
    assert "Ли Болат, 10:00–10:30, Записан, сверх расписания" in text


def today_waiting(samal: Desk, minutes: int, family_name: str = "Ахметов") -> None:
    """A patient who arrived today that many minutes ago, independent of the time of the test run."""
    now = utc_now()
    start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    visit = samal.overbook(start, minutes=5, patient=patient(samal.organization, family_name))
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now - timedelta(minutes=minutes))


def test_the_longest_wait_comes_first_and_is_told_by_more_than_colour(desk_client: PageClient, samal: Desk) -> None:
    for minutes, name in ((3, "Бекова"), (25, "Оспанова"), (12, "Тихонов")):
        today_waiting(samal, minutes, name)
    text = desk_client.get("/schedule", follow_redirects=True).text
    rail = text[text.index('id="rail"') :]
    assert rail.index("Оспанова") < rail.index("Тихонов") < rail.index("Бекова")
    assert "ждёт слишком долго" in rail
    assert "Пришёл, ждёт долго" in text


def test_what_shows_minutes_changes_with_the_next_one(app: Flask, samal: Desk) -> None:
    today_waiting(samal, 3)
    now = utc_now()
    day = Day(samal.organization, samal.organization.today(now))
    topic = app.extensions["registry"].topic(day.topic)
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    assert topic.next_change(f"column/{samal.seitqali.id}", now) == minute
    assert topic.next_change("rail", now) == minute
    assert topic.next_change("axis", now) == samal.organization.midnight_after(now)
    assert topic.next_change("rail", now + timedelta(days=1)) is None


def test_the_free_time_that_remains_runs_out_by_itself(app: Flask, samal: Desk) -> None:
    day = Day(samal.organization, samal.at(10).date())
    topic, column = app.extensions["registry"].topic(day.topic), f"column/{samal.kim.id}"
    week = app.extensions["registry"].topic(week_topic(samal.organization.id, samal.kim.id, day.date))

    def left(hour: int, minute: int, second: int = 0) -> str:
        state = part_state(day, column, samal.at(hour, minute) + timedelta(seconds=second))
        return str(state["free"]) if state else ""

    assert (left(17, 42), left(17, 44, 59), left(17, 45, 1), left(17, 56)) == ("0:15", "0:15", "0:10", "")
    for now, then in (
        ((7, 0), (8, 0)),
        ((12, 58), (13, 0)),
        ((13, 0), (14, 0)),
        ((17, 45), (17, 50)),
        ((18, 0), (24, 0)),
    ):
        midnight = samal.organization.midnight_after(samal.at(12))
        moment = midnight if then == (24, 0) else samal.at(*then)
        assert topic.next_change(column, samal.at(*now)) == week.next_change("week", samal.at(*now)) == moment


def test_tomorrow_nobody_waits_yet(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    assert "Сейчас никто не ждёт." in board(desk_client, samal)


def test_page_answer_and_push_are_the_same_to_the_byte(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    db.session.commit()
    day, since = day_of(samal), topic_version(day_of(samal).topic)
    column = f"column/{samal.seitqali.id}"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address(samal)}"}
    with closing(Stream(desk_client, f"/live/{day.topic}?view=desk&since={since}")) as stream:
        answer = desk_client.post(
            f"/appointments/{visit.id}/arrival", data={"version": visit.version}, headers=headers
        ).text
        pushed = stream.next_events()[-1].data
    page = board(desk_client, samal)
    for part in (column, "rail"):
        state = part_state(day, part, utc_now())
        assert state
        with desk_client.application.test_request_context():
            drawn = block(desk_client.application, DESK, part, state)
        assert drawn in pushed
        assert drawn in answer
        assert drawn.removeprefix(drawn[: drawn.index("><") + 1]).removesuffix("</hx-partial>") in page


def test_the_stream_refuses_strangers(client: PageClient, samal: Desk) -> None:
    topic = f"/live/{day_of(samal).topic}?view=desk"
    assert client.get(topic).status_code == 401
    sign_in(client, person("Ruslan", Role.OWNER, clinic("Чужая клиника")))
    assert client.get(topic).status_code == 404
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get(topic).status_code == 404


def test_the_stream_knows_no_impossible_day(desk_client: PageClient, samal: Desk) -> None:
    assert desk_client.get(f"/live/clinic/{samal.organization.id}/2026-13-45?view=desk").status_code == 404
    assert desk_client.get(f"/live/clinic/{samal.organization.id}/2026-11-21?view=tv").status_code == 404


def test_what_a_day_shows_never_travels_through_redis(app: Flask, samal: Desk) -> None:
    samal.book(samal.at(10))
    db.session.flush()
    assert app.extensions["outbox"].state_of(day_of(samal).topic, "rail") is None


def test_redrawn_leaves_out_what_is_gone(app: Flask, samal: Desk) -> None:
    with app.test_request_context():
        assert redrawn(day_of(samal), {"column/999"}, utc_now()) == ""
