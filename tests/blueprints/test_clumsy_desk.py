"""Invalid and hostile input at the front desk is refused with our own messages and never a 500."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from extensions import db
from models.clinic import Appointment, Patient
from rules.iin import Sex
from tests.conftest import StartServer
from tests.support.crowd import Visitor
from tests.support.page import PageClient
from tests.support.people import PASSWORD, patient
from tests.support.visits import Desk

HTMX = {"HX-Request": "true"}
ENDLESS = "9" * 5000


def typed(samal: Desk, **changes: object) -> dict[str, object]:
    """The form for Bolat tomorrow at ten."""
    return {
        "patient": samal.bolat.id,
        "practitioner": samal.seitqali.id,
        "date": samal.at(10).date().isoformat(),
        "time": "10:00",
        **changes,
    }


@pytest.mark.parametrize("chosen", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_not_found(desk_client: PageClient, chosen: str) -> None:
    assert desk_client.get(f"/schedule/{chosen}").status_code == 404


@pytest.mark.parametrize("chosen", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_has_no_stream(desk_client: PageClient, samal: Desk, chosen: str) -> None:
    assert desk_client.get(f"/live/clinic/{samal.organization.id}/{chosen}?view=desk").status_code == 404


@pytest.mark.parametrize("address", ["http://x/schedule/0001-01-01", "http://x/schedule/9999-12-31", "http://[x"])
def test_a_browser_that_lies_about_its_page_is_led_to_the_board(
    desk_client: PageClient, samal: Desk, address: str
) -> None:
    answer = desk_client.post("/appointments", data=typed(samal), headers=HTMX | {"HX-Current-URL": address})
    assert answer.headers["HX-Redirect"].startswith("/schedule/")


def test_an_endless_version_of_a_card_is_a_stale_one(desk_client: PageClient, samal: Desk) -> None:
    fields = {"family_name": "Ахметов", "given_name": "Болат", "version": ENDLESS}
    assert desk_client.post(f"/patients/{samal.bolat.id}/edit", data=fields).status_code == 409


def test_a_file_in_place_of_a_name_is_no_name(desk_client: PageClient) -> None:
    fields = {"family_name": (io.BytesIO(b"\x89PNG"), "photo.png"), "given_name": "Болат"}
    answer = desk_client.post("/patients/new", data=fields)
    assert answer.status_code == 422
    assert "Введите фамилию." in answer.text


def test_a_visit_is_not_moved_to_a_day_without_a_time(desk_client: PageClient, samal: Desk, visit: Appointment) -> None:
    start = samal.at(10).date().isoformat()
    fields = {"practitioner": samal.seitqali.id, "start": start, "version": visit.version}
    assert desk_client.post(f"/appointments/{visit.id}/time", data=fields).status_code == 409
    assert visit.starts_at == samal.at(10)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"practitioner": "999"}, "Выберите врача из списка."),
        ({"service": "999"}, "Выберите услугу из списка."),
        ({"service": "x"}, "Выберите услугу из списка."),
    ],
)
def test_a_choice_that_was_never_offered_is_refused_in_our_words(
    desk_client: PageClient, samal: Desk, changes: dict[str, object], says: str
) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, **changes))
    assert answer.status_code == 422
    assert says in answer.text


def test_a_reason_that_was_never_offered_is_refused_in_our_words(desk_client: PageClient, visit: Appointment) -> None:
    fields = {"reason": "boredom", "version": visit.version}
    answer = desk_client.post(f"/appointments/{visit.id}/cancellation", data=fields)
    assert answer.status_code == 422
    assert "Выберите причину из списка." in answer.text


def test_spaces_around_a_pasted_date_are_nothing(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post("/appointments", data=typed(samal, date=f" {samal.at(10).date()} "))
    assert answer.status_code == 303


def test_too_much_text_is_heard_out_and_told_as_that(samal: Desk, start_server: StartServer) -> None:
    email = samal.aigerim.email
    db.session.commit()
    aigerim = Visitor(start_server().url, email, PASSWORD)
    answer = aigerim.post("/patients/new", {"family_name": "Ахметов", "note": "a" * 10_000_000})
    assert answer.status == 413
    assert "Слишком много текста" in answer.text


def test_marks_that_turn_the_text_around_are_left_out(desk_client: PageClient, samal: Desk) -> None:
    fields = {"family_name": "\u202eАлиев\u2066", "given_name": "Болат", "phone": "\u202a8 701 555 04 18\u202c"}
    assert desk_client.post("/patients/new", data=fields).status_code == 303
    written = db.session.scalars(Patient.matching(samal.organization.id, "алиев")).one()
    assert (written.family_name, written.phone) == ("Алиев", "+7 701 555 04 18")


@pytest.mark.parametrize(
    ("starts_at", "minutes", "ends_at"),
    [
        ("2026-03-08T02:30", 30, "2026-03-08T08:00+00:00"),
        ("2026-03-08T01:45", 30, "2026-03-08T07:15+00:00"),
        ("2026-11-01T01:30", 60, "2026-11-01T06:30+00:00"),
    ],
)
def test_a_visit_keeps_its_length_when_the_clocks_change(
    samal: Desk, starts_at: str, minutes: int, ends_at: str
) -> None:
    samal.organization.time_zone = "America/New_York"
    zone = ZoneInfo("America/New_York")
    visit = samal.book(datetime.fromisoformat(starts_at).replace(tzinfo=zone), minutes=minutes)
    assert visit.minutes == minutes
    assert visit.ends_at == datetime.fromisoformat(ends_at)


def test_a_new_patient_saved_at_the_board_leaves_it_on_screen(desk_client: PageClient, samal: Desk) -> None:
    board = HTMX | {"HX-Current-URL": f"http://localhost/schedule/{samal.at(10).date()}"}
    fields = {"family_name": "Сатпаева", "given_name": "Дана"}
    answer = desk_client.post("/patients/new", data=fields, headers=board)
    dana = db.session.scalars(Patient.matching(samal.organization.id, "сатпаева")).one()
    assert "HX-Redirect" not in answer.headers
    assert (answer.headers["HX-Trigger"], answer.headers["HX-Reswap"]) == ("closeDialog", "none")
    assert f'href="/patients/{dana.id}"' in answer.text


def test_a_chosen_sex_can_be_taken_back(desk_client: PageClient, samal: Desk) -> None:
    dana = patient(samal.organization, "Сатпаева", sex=Sex.FEMALE)
    fields = {"family_name": "Сатпаева", "given_name": "Дана", "sex": "", "version": dana.version}
    assert desk_client.post(f"/patients/{dana.id}/edit", data=fields).status_code == 303
    assert dana.sex is None
    assert "Не указан" in desk_client.get(f"/patients/{dana.id}/edit").text


def test_a_card_sent_without_its_version_is_a_stale_one(desk_client: PageClient, samal: Desk) -> None:
    answer = desk_client.post(f"/patients/{samal.bolat.id}/edit", data={"family_name": "Другой", "given_name": "Болат"})
    assert answer.status_code == 409
    assert samal.bolat.family_name == "Ахметов"


def test_a_visit_sent_without_its_version_is_a_stale_one(
    desk_client: PageClient, samal: Desk, visit: Appointment
) -> None:
    answer = desk_client.post(f"/appointments/{visit.id}/edit", data=typed(samal, time="12:00"))
    assert answer.status_code == 409
    assert visit.starts_at == samal.at(10)
