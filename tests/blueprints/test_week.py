"""A practitioner's week: content, access, live updates."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import cast

import pytest
from flask import Flask

from blueprints.clinic.week_fragments import week_state
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import AvailabilityException, ExceptionKind, Hold
from models.clinic.availability import Departure
from models.clinic.day_topic import Hours, monday_of
from models.clinic.week import Week
from models.live_topic import touched_parts
from rules.booking import Interval, Status
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, practitioner, sign_in
from tests.support.queries import recorded_queries
from tests.support.stream import Stream
from tests.support.visits import Desk

SUNDAY = 6


def week_of(samal: Desk, day: date | None = None) -> Week:
    return Week(samal.organization, samal.seitqali, monday_of(day or samal.at(10).date()))


def address(samal: Desk) -> str:
    return f"/practitioners/{samal.seitqali.id}/weeks/{samal.at(10).date()}"


def test_a_week_shows_its_visits_on_their_days(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(10))
    samal.book(samal.at(11), practitioner=samal.kim)
    day = samal.at(10).date()
    text = desk_client.get(address(samal)).text
    assert f'id="{day}-appointment-1"' in text
    assert 'aria-label="Ахметов Болат, 10:00–10:30, Записан, Консультация"' in text
    assert text.count('class="visit ') == 1
    assert text.count('<section class="col"') == 7
    assert f"/appointments/new?practitioner={samal.seitqali.id}&amp;start={day}T09:45" in text


def test_ones_own_week_comes_first(client: PageClient, samal: Desk) -> None:
    doctor = person("Aleksei", Role.PRACTITIONER, samal.organization)
    samal.kim.user_id = doctor.id
    sign_in(client, doctor)
    day = samal.at(10).date()
    location = client.get(f"/schedule/weeks/{day}").location
    assert location == f"/practitioners/{samal.kim.id}/weeks/{monday_of(day)}#column-{day}"


def test_without_practitioners_there_is_only_the_day(client: PageClient) -> None:
    sign_in(client, person("Marat", Role.OWNER, clinic()))
    assert client.get("/schedule/weeks/2026-11-25").location == "/schedule/2026-11-25"


def test_a_visit_across_midnight_is_on_both_days(desk_client: PageClient, samal: Desk) -> None:
    day = monday_of(samal.at(10).date()) + timedelta(days=7)
    late = datetime.combine(day, time(23, 30), samal.organization.zone)
    samal.book(late, minutes=60)
    text = desk_client.get(f"/practitioners/{samal.seitqali.id}/weeks/{day}").text
    assert f'id="{day}-appointment-1"' in text
    assert f'id="{day + timedelta(days=1)}-appointment-1"' in text


@pytest.mark.both_databases
def test_the_week_of_the_change_of_clocks_is_as_the_clock_says(samal: Desk) -> None:
    zone = samal.organization.zone
    for day in (date(2024, 2, 29), date(2024, 3, 1)):
        samal.book(datetime.combine(day, time(9), zone))
    state = week_state(week_of(samal, date(2024, 3, 1)), utc_now(), 0)
    visits = {column["date"]: [each.at for each in column["items"]] for column in state["columns"]}
    assert visits["2024-02-29"] == visits["2024-03-01"]
    assert state["columns"][0]["date"] == "2024-02-26"


def test_in_the_hour_that_came_twice_both_visits_are_seen_and_told_apart(samal: Desk) -> None:
    leap = datetime(2024, 2, 29, 23, 15, tzinfo=samal.organization.zone)
    for start, name in ((leap, "Ли"), (leap.replace(fold=1), "Оспанова")):
        samal.book(start, patient=patient(samal.organization, name))
    samal.book(leap.replace(hour=10), patient=patient(samal.organization, "Тен"))
    column = week_state(week_of(samal, leap.date()), utc_now(), 0)["columns"][3]
    visits = {item.family: (item.period, item.look.split()[-1]) for item in column["items"] if item.kind == "visit"}
    assert visits == {
        "Тен": ("10:15–10:45", "is-booked"),
        "Ли": ("23:15–23:45 (UTC+0600)", "left-half"),
        "Оспанова": ("23:15–23:45 (UTC+0500)", "right-half"),
    }


@pytest.mark.both_databases
def test_the_statements_do_not_grow_with_the_visits(desk_client: PageClient, samal: Desk) -> None:
    where = address(samal)

    def statements() -> int:
        with recorded_queries(db.engine) as queries:
            desk_client.get(where)
        return len([query for query in queries if query.startswith("SELECT")])

    few = statements()
    for number in range(8):
        samal.book(samal.at(8) + timedelta(hours=number), patient=patient(samal.organization, f"Ли{number}"))
    assert statements() == few <= 8


def test_the_week_is_as_long_as_its_days(samal: Desk) -> None:
    week = week_of(samal)
    assert week.hours([]) == Hours(8, 18)
    samal.book(samal.at(6, 30))
    assert week.hours(week.shown()) == Hours(6, 18)
    samal.seitqali.available_times = []
    assert week_of(samal).hours([]) == Hours(9, 18)


def test_absences_are_named_on_their_day_only(desk_client: PageClient, samal: Desk) -> None:
    away = Interval(samal.at(0), samal.at(0) + timedelta(days=1))
    said = Departure(ExceptionKind.CLOSED, samal.seitqali, away, "Болезнь")
    AvailabilityException.mark(samal.organization, said, samal.aigerim, utc_now())
    assert desk_client.get(address(samal)).text.count("<span>Болезнь</span>") == 1
    assert touched_parts(week_of(samal).topic) == set()


def test_all_that_changes_a_day_changes_the_week(samal: Desk) -> None:
    def is_touched() -> bool:
        touched = touched_parts(week_of(samal).topic)
        db.session.commit()
        return touched == {"week"}

    visit = samal.book(samal.at(10))
    assert is_touched()
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
    assert is_touched()
    away = Departure(ExceptionKind.CLOSED, samal.seitqali, Interval(samal.at(15), samal.at(16)))
    AvailabilityException.mark(samal.organization, away, samal.aigerim, utc_now())
    assert is_touched()
    samal.seitqali.set_weekly_hours({0: [(time(9), time(12))]}, samal.at(10).date())
    assert is_touched()
    samal.book(samal.at(10), practitioner=samal.kim, patient=patient(samal.organization, "Ли"))
    assert not is_touched()


def test_the_push_is_the_page_to_the_byte(desk_client: PageClient, samal: Desk) -> None:
    db.session.commit()
    week = week_of(samal)
    with closing(Stream(desk_client, f"/live/{week.topic}?view=desk&since=0")) as stream:
        desk_client.post("/appointments", data=typed(samal))
        sent, chunks = b"", cast(Iterator[bytes], iter(stream.answer.response))
        while b"</hx-partial>" not in sent:
            sent += next(chunks)
        pushed = "\n".join(line.removeprefix("data: ") for line in sent.decode().split("\n"))
    page = desk_client.get(address(samal)).text
    drawn = page[page.index('<div class="day-grid"') : page.index("</main>")].rpartition("</section>")[0].strip()
    assert "Ахметов Болат" in drawn
    assert drawn in pushed


def typed(samal: Desk) -> dict[str, object]:
    day = samal.at(10).date().isoformat()
    return {"patient": samal.bolat.id, "practitioner": samal.seitqali.id, "date": day, "time": "10:00"}


def test_whoever_books_from_the_week_stays_on_it(desk_client: PageClient, samal: Desk) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address(samal)}"}
    answer = desk_client.post("/appointments", data=typed(samal), headers=headers)
    assert answer.headers["HX-Trigger"] == "closeDialog"
    assert 'hx-target="#week"' in answer.text
    assert f'id="{samal.at(10).date()}-appointment-1"' in answer.text


def test_a_visit_that_is_moved_on_the_week_moves_there_with_its_way_back(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address(samal)}#column-2026-11-25"}
    start = samal.at(12) + (timedelta(days=-1) if samal.at(12).weekday() == SUNDAY else timedelta(days=1))
    data = {"practitioner": samal.seitqali.id, "start": f"{start:%Y-%m-%dT%H:%M}", "version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/time", data=data, headers=headers)
    assert f'id="{start.date()}-appointment-{visit.id}"' in answer.text
    assert f'hx-post="/appointments/{visit.id}/revision/undo"' in answer.text
    late = desk_client.post(f"/appointments/{visit.id}/time", data=data, headers=headers)
    assert late.status_code == 409
    assert 'hx-target="#week"' in late.text


def test_what_somebody_has_in_hand_shows_on_the_week_until_it_expires(app: Flask, samal: Desk) -> None:
    now = utc_now()
    samal.seitqali.available_times = []
    hold = Hold.take(samal.organization, samal.seitqali, Interval(samal.at(10), samal.at(11)), samal.aigerim, now)
    week = week_of(samal)
    assert touched_parts(week.topic) == {"week"}
    db.session.commit()
    held = [(column["date"], each["who"]) for column in week_state(week, now, 0)["columns"] for each in column["holds"]]
    assert held == [(samal.at(10).date().isoformat(), "Aigerim")]
    assert app.extensions["registry"].topic(week.topic).next_change("week", now) == min(
        hold.expires_at, samal.organization.midnight_after(now)
    )
    assert not any(column["holds"] for column in week_state(week, hold.expires_at, 0)["columns"])
    Hold.release(samal.organization, samal.aigerim, now)
    assert touched_parts(week.topic) == {"week"}


def test_who_waits_grows_older_on_the_week_too(app: Flask, samal: Desk) -> None:
    now = utc_now()
    visit = samal.book(now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0), minutes=5)
    week = week_of(samal, samal.organization.today(now))
    topic = app.extensions["registry"].topic(week.topic)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, now)
    assert topic.next_change("week", now) == now.replace(second=0, microsecond=0) + timedelta(minutes=1)


@pytest.mark.parametrize("bad", ["2026-13-45", "завтра", "20261125"])
def test_what_is_no_date_is_no_week(desk_client: PageClient, samal: Desk, bad: str) -> None:
    assert desk_client.get(f"/practitioners/{samal.seitqali.id}/weeks/{bad}").status_code == 404
    assert desk_client.get(f"/schedule/weeks/{bad}").status_code == 404


def test_who_may_look_gets_no_way_to_change(client: PageClient, samal: Desk) -> None:
    sign_in(client, person("Marat", Role.PRACTITIONER, samal.organization))
    assert "may-book" not in client.get(address(samal)).text


def test_strangers_and_scorers_see_no_week(client: PageClient, samal: Desk, app: Flask) -> None:
    topic = f"/live/{week_of(samal).topic}?view=desk"
    assert client.get(address(samal)).location.startswith("/sign-in")
    sign_in(client, person("Madina", Role.SCORER, samal.organization))
    assert client.get(address(samal)).status_code == 403
    assert client.get(topic).status_code == 404
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    stranger = app.test_client()
    sign_in(stranger, person("Ruslan", Role.OWNER, other))
    assert stranger.get(address(samal)).status_code == 404
    assert stranger.get(topic).status_code == 404


def test_the_stream_knows_only_mondays_and_ones_own_practitioners(desk_client: PageClient, samal: Desk) -> None:
    week = week_of(samal)
    tuesday = week.monday + timedelta(days=1)
    base = f"/live/clinic/{samal.organization.id}/week"
    assert desk_client.get(f"{base}/{samal.seitqali.id}/{tuesday}?view=desk").status_code == 404
    assert desk_client.get(f"{base}/999/{week.monday}?view=desk").status_code == 404
    assert desk_client.post(address(samal)).status_code == 405
