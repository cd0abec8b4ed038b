"""What a process keeps of rendered columns: a page that shows the same again renders nothing, and shows nothing old."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from blueprints.clinic.fragments import part_state
from extensions import db
from live.render import MOST_KEPT, fragment, kept, rendered
from models.accounts import Language
from models.base import utc_now
from models.clinic import Appointment, Room
from models.clinic.day import Day
from rules.booking import Status
from tests.support.page import PageClient
from tests.support.visits import Desk

Change = Callable[[Desk, Appointment], None]


def rename_the_patient(samal: Desk, visit: Appointment) -> None:
    samal.bolat.family_name = "Оспанова"


def rename_the_practitioner(samal: Desk, visit: Appointment) -> None:
    samal.seitqali.family_name = "Оспанова"


def rename_the_speciality(samal: Desk, visit: Appointment) -> None:
    samal.seitqali.speciality = "Оспанова"


def rename_the_service(samal: Desk, visit: Appointment) -> None:
    samal.service.name = "Оспанова"


def rename_the_room(samal: Desk, visit: Appointment) -> None:
    assert visit.room
    visit.room.name = "Оспанова"


def recolour_the_service(samal: Desk, visit: Appointment) -> None:
    samal.service.colour = 5


def confirm(samal: Desk, visit: Appointment) -> None:
    visit.confirm(visit.version, samal.aigerim, utc_now())


def move_to_the_afternoon(samal: Desk, visit: Appointment) -> None:
    visit.move(samal.seitqali, samal.at(15), visit.version, samal.aigerim, utc_now())


def work_later(samal: Desk, visit: Appointment) -> None:
    samal.seitqali.set_weekly_hours({samal.at(10).weekday(): [(time(11), time(18))]}, samal.at(10).date())


def open_earlier(samal: Desk, visit: Appointment) -> None:
    """All columns begin with the hour of the first one."""
    samal.kim.set_weekly_hours({samal.at(10).weekday(): [(time(5), time(18))]}, samal.at(10).date())


@pytest.fixture
def visit(samal: Desk) -> Appointment:
    """Bolat's, tomorrow at ten, in a room that is not the practitioner's own."""
    visit = samal.book(samal.at(10))
    visit.change_room(Room(organization_id=samal.organization.id, name="204"), samal.aigerim, utc_now())
    return visit


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (rename_the_patient, "Ахметов", "Оспанова"),
        (rename_the_practitioner, "Сейтқали", "Оспанова"),
        (rename_the_speciality, "терапевт", "Оспанова"),
        (rename_the_service, "Консультация", "Оспанова"),
        (rename_the_room, "каб. 204", "каб. Оспанова"),
        (recolour_the_service, "swatch colour-0", "swatch colour-5"),
        (confirm, "Записан,", "Подтверждён,"),
        (move_to_the_afternoon, "10:00–10:30", "15:00–15:30"),
        (work_later, "Записан, Консультация", "Записан, вне часов приёма"),
        (open_earlier, "is-booked at-24", "is-booked at-60"),
    ],
)
def test_what_changed_is_shown_anew(
    desk_client: PageClient, samal: Desk, visit: Appointment, change: Change, old: str, new: str
) -> None:
    address = f"/schedule/{samal.at(10).date()}"
    before = column(desk_client.get(address).text, samal)
    change(samal, visit)
    db.session.commit()
    after = column(desk_client.get(address).text, samal)
    assert (old in before, new in before) == (True, False)
    assert (old in after, new in after) == (False, True)


def test_a_wait_goes_on_by_the_clock(app: Flask, samal: Desk) -> None:
    arrived = samal.at(10) - timedelta(days=1)
    visit = samal.overbook(arrived)
    visit.become(Status.ARRIVED, visit.version, samal.aigerim, arrived)
    assert [words in drawn(app, samal, arrived, 3) for words in ("ждёт 3 минуты", "ждёт 4", "долго")] == [1, 0, 0]
    assert [words in drawn(app, samal, arrived, 4) for words in ("ждёт 3", "ждёт 4 минуты", "долго")] == [0, 1, 0]
    assert "ждёт долго 20 минут" in drawn(app, samal, arrived, 20)
    samal.organization.long_minutes = 4
    assert "ждёт долго 4 минуты" in drawn(app, samal, arrived, 4)


def test_each_language_has_its_own(app: Flask, samal: Desk, visit: Appointment) -> None:
    texts = {language: drawn(app, samal, samal.at(9), language=language) for language in Language}
    assert "Записан" in texts[Language.RUSSIAN]
    assert len(set(texts.values())) == len(Language)


def test_a_page_seen_again_renders_only_the_column_that_changed(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    address = f"/schedule/{samal.at(10).date()}"
    first = desk_client.get(address).text
    known = rendered.cache_info().misses
    assert column(desk_client.get(address).text, samal) == column(first, samal)
    assert rendered.cache_info().misses == known
    confirm(samal, visit)
    db.session.commit()
    desk_client.get(address)
    assert rendered.cache_info().misses == known + 1


def test_only_so_many_are_kept(app: Flask) -> None:
    shown = {"off": (), "times": (), "practitioner": 1, "date": "2026-11-24"}
    with app.test_request_context():
        for number in range(MOST_KEPT + 1):
            kept(app, "clinic/day/_column_times.html", prefix=f"{number}-", **shown)
    assert rendered.cache_info().currsize == MOST_KEPT


def column(page: str, samal: Desk) -> str:
    return page[page.index(f'id="column-{samal.seitqali.id}"') :].partition("</section>")[0]


def drawn(app: Flask, samal: Desk, day_at: datetime, minutes: int = 0, language: Language = Language.RUSSIAN) -> str:
    """Seitqali's column of that day, so many minutes later."""
    state = part_state(
        Day(samal.organization, day_at.date()), f"column/{samal.seitqali.id}", day_at + timedelta(minutes=minutes)
    )
    assert state
    with force_locale(language):
        return fragment(app, "clinic/day/_column.html", state)
