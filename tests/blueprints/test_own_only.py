"""A clinic whose doctors see only their own schedule and patients."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from babel.dates import format_date
from flask import Flask

from extensions import db
from models.accounts import AUDIENCE, Role, User
from models.accounts.audience import EVERYBODY, parts_about
from models.base import utc_now
from models.clinic import Appointment, AppointmentSeries, CancellationReason, Patient, QueueTicket, Recall
from models.clinic.card_topic import HISTORY, VISITS, card_topic, own_visits
from models.clinic.day_topic import day_topic, week_topic
from models.clinic.patient_merge import Pair, PatientMerge
from models.clinic.staff import limit_sight
from models.clinic.ticket import Errand
from models.live_topic import touched_parts
from rules.booking import Status
from rules.tickets import TicketKind
from tests.support.cards import pushed_part
from tests.support.page import PageClient
from tests.support.people import browser_of, patient, person, sign_in
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk


@dataclass(frozen=True)
class Case:
    """Seitqali's visit of Bolat, and Kim's visit of Ospanova."""

    gulnar: User
    own: Appointment
    kims: Appointment
    ospanova: Patient


@pytest.fixture
def case(client: PageClient, samal: Desk) -> Case:
    """Gulnar Seitqali is signed in."""
    gulnar = person("Gulnar Seitqali", Role.PRACTITIONER, samal.organization)
    samal.seitqali.user_id = gulnar.id
    ospanova = patient(samal.organization, "Оспанова")
    own, kims = samal.book(samal.at(10)), samal.book(samal.at(11), practitioner=samal.kim, patient=ospanova)
    limit_sight(samal.organization, True, samal.raushan, utc_now())
    assert touched_parts(AUDIENCE) == {EVERYBODY}
    sign_in(client, gulnar)
    return Case(gulnar, own, kims, ospanova)


def test_the_owner_decides_it_on_the_page_of_doctors(owner_client: PageClient, samal: Desk) -> None:
    assert " checked" not in owner_client.get("/staff").text
    assert owner_client.post("/staff/sight", data={"practitioners_see_own": "y"}).status_code == 303
    assert " checked" in owner_client.get("/staff").text
    assert "Решено, что видят врачи" in owner_client.get("/history").text
    assert owner_client.post("/staff/sight").status_code == 303
    assert not samal.organization.practitioners_see_own


def test_only_the_owner_decides_it_and_the_desk_sees_all(
    client: PageClient, samal: Desk, app: Flask, case: Case
) -> None:
    kims = f"/appointments/{case.kims.id}"
    aigerim = browser_of(app, samal.aigerim)
    for who in (client, aigerim):
        assert who.post("/staff/sight", data={}).status_code == 403
    assert aigerim.get(kims).status_code == 200


def test_others_visits_patients_and_tickets_are_not_there(client: PageClient, samal: Desk, case: Case) -> None:
    own, kims, anybodys = (
        QueueTicket.take(samal.organization, Errand(TicketKind.VISIT, whom), samal.aigerim, utc_now())
        for whom in (samal.seitqali, samal.kim, None)
    )
    day = samal.at(10).date()
    for address, other in (
        (f"/appointments/{case.own.id}", f"/appointments/{case.kims.id}"),
        (f"/appointments/{case.own.id}/calendar.ics", f"/appointments/{case.kims.id}/calendar.ics"),
        (f"/patients/{samal.bolat.id}", f"/patients/{case.ospanova.id}"),
        (f"/tickets/{own.id}", f"/tickets/{kims.id}"),
        (f"/tickets/{own.id}/slip", f"/tickets/{anybodys.id}/slip"),
        (f"/practitioners/{samal.seitqali.id}/weeks/{day}", f"/practitioners/{samal.kim.id}/weeks/{day}"),
    ):
        assert client.get(address).status_code == 200, address
        assert client.get(other).status_code == 404, other
    step = client.post(f"/appointments/{case.kims.id}/admission", data={"version": case.kims.version})
    assert step.status_code == 404


def test_lists_and_searches_hold_only_their_own(client: PageClient, samal: Desk, case: Case) -> None:
    samal.book(samal.at(15), practitioner=samal.kim)
    day = samal.at(10).date()
    for known in (samal.bolat, case.ospanova):
        Recall.plan(known, utc_now().date(), "", samal.aigerim, utc_now())
    for address in (
        "/recalls",
        "/patients",
        "/patients?q=б",
        f"/schedule/{day}/print",
        f"/schedule/{day}/print?sheet=desk",
    ):
        text = client.get(address).text
        assert "Ахметов" in text.replace("<mark>", "").replace("</mark>", ""), address
        assert "Оспанова" not in text, address
    assert "Ким" not in client.get(f"/patients/{samal.bolat.id}").text
    assert "Ким" not in client.get("/availability").text
    assert client.get(f"/schedule/{day}").location == f"/schedule/weeks/{day}"
    assert client.get(f"/schedule/weeks/{day}").location.startswith(f"/practitioners/{samal.seitqali.id}/weeks/")
    for refused in (f"/schedule/months/{day:%Y-%m}", "/waitlist"):
        assert client.get(refused).status_code == 403, refused


def test_streams_tell_them_only_of_their_own(client: PageClient, samal: Desk, case: Case) -> None:
    clinic, day = samal.organization.id, samal.at(10).date()
    for address in (
        f"{week_topic(clinic, samal.seitqali.id, day)}?view=desk",
        f"{card_topic(clinic, samal.bolat.id)}?view={own_visits(case.gulnar.id)}",
    ):
        with closing(Stream(client, f"/live/{address}&since=0")):
            pass
    for topic in (day_topic(clinic, day), week_topic(clinic, samal.kim.id, day), card_topic(clinic, samal.bolat.id)):
        assert client.get(f"/live/{topic}?view=desk&since=0").status_code == 404, topic
    for card, view in (
        (case.ospanova, own_visits(case.gulnar.id)),
        (samal.bolat, own_visits(samal.aigerim.id)),
        (samal.bolat, "own"),
    ):
        assert client.get(f"/live/{card_topic(clinic, card.id)}?view={view}&since=0").status_code == 404, view


def test_an_open_card_shows_their_own_visits_and_never_a_colleagues(
    client: PageClient, samal: Desk, case: Case
) -> None:
    address = f"/patients/{samal.bolat.id}"
    with closing(Stream(client, stream_address(client.get(address).text))) as stream:
        samal.book(samal.at(12), practitioner=samal.kim)
        samal.book(samal.at(15))
        db.session.commit()
        pushed = pushed_part(stream.next_events()[-1].data, "visits")
    assert [each in pushed for each in ("15:00", "Сейтқали", "12:00", "Ким")] == [True, True, False, False]
    assert pushed in client.get(address).text


def test_a_colleagues_visit_is_no_news_to_them(samal: Desk, case: Case) -> None:
    db.session.commit()
    samal.book(samal.at(12), practitioner=samal.kim)
    assert touched_parts(card_topic(samal.organization.id, samal.bolat.id)) == {VISITS, HISTORY}


def test_the_next_visit_is_theirs_even_when_a_colleagues_comes_first(
    client: PageClient, samal: Desk, case: Case
) -> None:
    samal.book(samal.at(9), practitioner=samal.kim)
    card = client.get(f"/patients/{samal.bolat.id}").text
    assert '<b class="fig">10:00</b>' in card


@pytest.mark.parametrize("page", ["/patients", "/patients?q=ахм"])
def test_lists_say_when_they_themselves_saw_a_patient_last_and_see_them_next(
    app: Flask, client: PageClient, samal: Desk, case: Case, page: str
) -> None:
    own, kims = (
        samal.book(samal.at(hour) - timedelta(days=days), practitioner=doctor)
        for hour, days, doctor in ((9, 300, samal.seitqali), (9, 200, samal.kim))
    )
    samal.book(samal.at(8), practitioner=samal.kim)
    for visit in (own, kims):
        for status in (Status.ARRIVED, Status.CHECKED_IN, Status.FULFILLED):
            visit.become(status, visit.version, samal.aigerim, utc_now())
    theirs, desks = client.get(page).text, browser_of(app, samal.aigerim).get(page).text
    seen, unseen = (format_date(visit.starts_at, "d MMM", locale="ru") for visit in (own, kims))
    assert [each in theirs for each in (seen, unseen, "10:00", "08:00")] == [True, False, True, False]
    assert [each in desks for each in (seen, unseen, "10:00", "08:00")] == [False, True, False, True]


def test_a_ticket_of_theirs_whose_holder_went_to_a_colleague_says_nothing_of_that_visit(
    app: Flask, client: PageClient, samal: Desk, case: Case
) -> None:
    errand = Errand(TicketKind.VISIT, samal.seitqali)
    ticket = QueueTicket.take(samal.organization, errand, samal.aigerim, utc_now())
    ticket.seat(case.kims, samal.aigerim, utc_now())
    address = f"/tickets/{ticket.id}"
    desks, theirs = browser_of(app, samal.aigerim).get(address).text, client.get(address).text
    for told in (f"/appointments/{case.kims.id}", f"/patients/{case.ospanova.id}", "Оспанова"):
        assert told in desks
        assert told not in theirs


@pytest.mark.parametrize("what", ["a colleague", "another patient", "a mistake", "an undo"])
def test_the_card_is_asked_about_again_when_its_visit_is_no_longer_theirs(samal: Desk, case: Case, what: str) -> None:
    visit, now = case.own, utc_now()
    if what == "an undo":
        visit = samal.book(samal.at(15), practitioner=samal.kim)
        visit.move(samal.seitqali, samal.at(15), visit.version, samal.aigerim, now)
        db.session.commit()
        visit.undo_booking(visit.version, samal.aigerim, now)
    elif what == "a mistake":
        visit.undo_booking(visit.version, samal.aigerim, now)
    else:
        other = {"practitioner": samal.kim} if what == "a colleague" else {"patient": case.ospanova}
        visit.revise(replace(visit.booking, **other), visit.version, samal.aigerim, now)
    assert touched_parts(AUDIENCE) == set(parts_about(case.gulnar.id)) - {EVERYBODY}


def test_nobody_is_asked_about_again_when_the_visit_stays_theirs(samal: Desk, case: Case) -> None:
    case.own.move(samal.seitqali, samal.at(15), case.own.version, samal.aigerim, utc_now())
    case.own.cancel(CancellationReason.PATIENT, case.own.version, samal.aigerim, utc_now())
    assert not touched_parts(AUDIENCE)


def test_the_cards_are_asked_about_again_when_two_become_one_and_two_again(samal: Desk, case: Case) -> None:
    pair = Pair(samal.bolat, case.ospanova, (samal.bolat.version, case.ospanova.version))
    merge = PatientMerge.merge(pair, (), samal.aigerim, utc_now())
    assert touched_parts(AUDIENCE) == {EVERYBODY}
    db.session.commit()
    merge.undo(samal.aigerim, utc_now())
    assert touched_parts(AUDIENCE) == {EVERYBODY}


def test_a_colleagues_hours_and_calendar_are_not_there(client: PageClient, samal: Desk, case: Case) -> None:
    assert client.get(f"/practitioners/{samal.kim.id}/hours").status_code == 404
    for address in (f"/practitioners/{samal.kim.id}/hours", f"/calendars/{samal.kim.id}"):
        assert client.post(address).status_code == 404, address


def test_a_visits_series_lists_only_those_of_its_doctor(client: PageClient, samal: Desk, case: Case) -> None:
    series = AppointmentSeries(organization_id=samal.organization.id, weeks=1, weekdays="0", planned_at=utc_now())
    db.session.add(series)
    db.session.flush()
    own, kims = (
        samal.book(samal.at(hour), practitioner=doctor) for hour, doctor in ((15, samal.seitqali), (16, samal.kim))
    )
    own.series_id = kims.series_id = series.id
    db.session.commit()
    assert f"/appointments/{kims.id}" not in client.get(f"/appointments/{own.id}").text


def test_who_is_no_practitioner_yet_is_told_so(app: Flask, samal: Desk, case: Case) -> None:
    newcomer = browser_of(app, person("Marat", Role.PRACTITIONER, samal.organization))
    assert [newcomer.get(page).status_code for page in ("/schedule/own", "/schedule/weeks/2026-11-25")] == [403, 403]
