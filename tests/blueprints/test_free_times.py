"""The nearest free time, as a page and inside the form of a visit."""

import re
from contextlib import closing
from datetime import timedelta
from html import escape

import pytest

from extensions import db
from models.accounts import Role
from models.clinic import Appointment
from tests.blueprints.test_appointments import TAKEN, field
from tests.blueprints.test_appointments import typed as booking
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, practitioner, sign_in
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk

HTMX = {"HX-Request": "true"}


def test_one_press_leads_to_the_booking(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(8), minutes=60)
    day = samal.at(8).date()
    address = f"/free-times?first={day}&practitioner={samal.seitqali.id}&service={samal.service.id}&part=morning"
    text = desk_client.get(address).text
    assert f"start={day}T08:00" not in text
    link = f"/appointments/new?practitioner={samal.seitqali.id}&amp;start={day}T09:00&amp;service={samal.service.id}"
    assert link in text
    form = desk_client.get(link.replace("&amp;", "&")).text
    assert f'<option selected value="{samal.service.id}">' in form
    assert 'value="09:00"' in form


def test_htmx_gets_only_what_was_found(desk_client: PageClient, samal: Desk) -> None:
    text = desk_client.get("/free-times?part=evening", headers=HTMX).text
    assert text.lstrip().startswith('<div class="stack" id="free-found"')
    assert "Любой" not in text


def test_nonsense_means_any(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.get("/free-times?part=ночь&practitioner=х&service=-1&first=вчера")
    assert answer.status_code == 200
    assert "Сейтқали Г." in answer.text


def test_where_nobody_works_nothing_is_found(desk_client: PageClient, samal: Desk) -> None:
    samal.kim.available_times = []
    text = desk_client.get(f"/free-times?practitioner={samal.kim.id}").text
    assert "Свободного времени не нашлось" in text


@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.PRACTITIONER, 403), (Role.SCORER, 403)])
def test_who_may_book_may_look(client: PageClient, samal: Desk, role: Role, status: int) -> None:
    sign_in(client, person("Marat", role, samal.organization))
    assert client.get("/free-times").status_code == status


def test_a_stranger_finds_their_own_practitioners_only(client: PageClient, samal: Desk) -> None:
    other = clinic("Чужая клиника")
    practitioner(other, "Чужой")
    sign_in(client, person("Ruslan", Role.OWNER, other))
    text = client.get(f"/free-times?practitioner={samal.kim.id}").text
    assert "Чужой" in text
    assert "Ким" not in text


def test_who_is_signed_out_is_asked_in_and_posts_are_refused(client: PageClient, samal: Desk) -> None:
    assert client.get("/free-times").location.startswith("/sign-in")
    assert client.post("/free-times").status_code == 405


def typed(samal: Desk, **changes: object) -> dict[str, object]:
    return {"patient": samal.bolat.id, "date": samal.at(8).date().isoformat(), "comment": "Снимки взять", **changes}


def test_the_form_finds_the_nearest_time_and_loses_nothing(desk_client: PageClient, samal: Desk) -> None:
    samal.book(samal.at(8), minutes=60, practitioner=samal.kim)
    text = desk_client.post("/appointments", data=typed(samal, nearest="morning", practitioner=samal.kim.id)).text
    assert "Снимки взять" in text
    offers = re.findall(r'name="free" value="([^"]+)"', text)
    assert offers[0] == f"{samal.kim.id}/{samal.at(9).date()}T09:00"
    chosen = desk_client.post("/appointments", data=typed(samal, free=offers[0])).text
    assert f'<option selected value="{samal.kim.id}">' in chosen
    assert 'value="09:00"' in chosen
    assert "Снимки взять" in chosen


def test_with_nobody_chosen_everybody_is_looked_at(desk_client: PageClient, samal: Desk) -> None:
    text = desk_client.post("/appointments", data=typed(samal, nearest="any")).text
    assert "08:00, Сейтқали Г." in text
    assert "08:00, Ким Г." in text


def test_another_day_is_told_with_its_date(desk_client: PageClient, samal: Desk) -> None:
    later = samal.at(8) + timedelta(days=1)
    samal.book(samal.at(8), minutes=600)
    given = typed(samal, nearest="any", practitioner=samal.seitqali.id, minutes=30)
    offers = re.findall(r'name="free" value="([^"]+)"', desk_client.post("/appointments", data=given).text)
    assert offers[0] == f"{samal.seitqali.id}/{later.date()}T08:00"


@pytest.mark.parametrize("bad", ["", "/", "999/2026-11-23T08:00", "х/завтра", "1/2026-13-01T08:00"])
def test_a_time_that_was_never_offered_does_no_harm(desk_client: PageClient, samal: Desk, bad: str) -> None:
    assert desk_client.post("/appointments", data=typed(samal, free=bad)).status_code in (200, 422)


def test_an_appointment_of_ones_own_looks_too(desk_client: PageClient, samal: Desk) -> None:
    visit = samal.book(samal.at(10))
    given = typed(samal, nearest="any", practitioner=samal.kim.id, revision=visit.version)
    assert "08:00, Ким Г." in desk_client.post(f"/appointments/{visit.id}/edit", data=given).text


def test_an_open_page_is_told_of_a_booking_and_searches_the_same_again(desk_client: PageClient, samal: Desk) -> None:
    day = samal.at(9).date()
    address = f"/free-times?practitioner={samal.seitqali.id}&service={samal.service.id}&part=morning&first={day}"
    page = desk_client.get(address).text
    assert f'id="free-found" aria-live="polite" hx-get="{escape(address)}" hx-trigger="news"' in page
    with closing(Stream(desk_client, stream_address(page))) as stream:
        samal.book(samal.at(9))
        db.session.commit()
        [event] = stream.next_events()
    assert 'id="months-news"' in event.data
    assert f"start={day}T09:00" in page
    assert f"start={day}T09:00" not in desk_client.get(address, headers=HTMX).text


@pytest.mark.both_databases
@pytest.mark.parametrize("address", ["/appointments", "/appointments/check"])
def test_who_is_only_too_long_is_told_until_when_there_is_time(
    desk_client: PageClient, samal: Desk, visit: Appointment, address: str
) -> None:
    somebody = patient(samal.organization, "Ли")
    answer = desk_client.post(address, data=booking(samal, "09:45", patient=somebody.id), headers=HTMX)
    assert "Свободно только до 10:00" in field(answer, "time")
    assert TAKEN not in answer.text
