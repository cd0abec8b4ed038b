"""Where doctors see only their own, no route and no stream of the clinic names a colleague's patient.

A new route is asked like every other: for a colleague's records and one's own, from a colleague's pages and one's own.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from itertools import product

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from live.registry import Registry
from models.accounts import Role
from models.base import utc_now
from models.clinic import Appointment, Patient, QueueTicket, Recall
from models.clinic.card_topic import own_visits
from models.clinic.day_topic import monday_of
from models.clinic.patient import PatientDetails
from models.clinic.staff import limit_sight
from models.clinic.ticket import Errand
from rules.booking import Status
from rules.tickets import TicketKind
from tests.support.page import PageClient
from tests.support.people import patient, person, sign_in
from tests.support.stream import Stream
from tests.support.visits import Desk

# Begins the names of the colleague's patients, and is in the phone of one.
SECRET, SECRET_PHONE = "Тайнов", "7019998877"


class Ward:
    """Gulnar's patient is Bolat. Kim's are Tainova, for whom Bolat answers, and Tainovich, who answers for Bolat."""

    def __init__(self, samal: Desk) -> None:
        now, clinic = utc_now(), samal.organization
        self.day = clinic.today(now)
        self.gulnar = person("Gulnar Seitqali", Role.PRACTITIONER, clinic)
        samal.seitqali.user_id = self.gulnar.id
        self.secret = self._related(samal)
        self.own = own = self._visit(samal, samal.bolat, samal.seitqali)
        kims = self._visit(samal, self.secret, samal.kim)
        tickets = [
            QueueTicket.take(clinic, Errand(TicketKind.VISIT, doctor, whom), samal.aigerim, now)
            for doctor, whom in ((samal.seitqali, samal.bolat), (samal.kim, self.secret))
        ]
        self.pages = (f"/schedule/{self.day}", f"/practitioners/{samal.kim.id}/weeks/{self.day}", "/schedule/own")
        self.ids = {
            "patient_id": (samal.bolat.id, self.secret.id),
            "other": (self.secret.id, samal.bolat.id),
            "number": (own.id, kims.id, *(ticket.id for ticket in tickets)),
            "chosen": (self.day.isoformat(), f"{self.day:%Y-%m}"),
            "code": ("unknown",),
        }
        self.topic_ids = {
            "organization": (clinic.id,),
            "practitioner": (samal.seitqali.id, samal.kim.id),
            "patient": (samal.bolat.id, self.secret.id),
            "date": (self.day, monday_of(self.day)),
            "change": (1,),
        }
        self.fields = {"practitioner": samal.kim.id, "patient": self.secret.id, "visit": kims.id, "q": "Болат"}
        limit_sight(clinic, True, samal.raushan, now)

    def addresses(self, rule: Rule) -> Iterator[str]:
        """The rule's addresses with every combination of numbers."""
        choices = [getattr(rule._converters[name], "items", None) or self.ids[name] for name in sorted(rule.arguments)]
        for chosen in product(*choices):
            yield url_for(rule.endpoint, **dict(zip(sorted(rule.arguments), chosen, strict=True)))

    def topics(self, pattern: str) -> Iterator[str]:
        """The keys that fit the pattern of a kind of topic."""
        names = re.compile(pattern).groupindex
        for chosen in product(*(self.topic_ids[name] for name in names)):
            key = pattern
            for each in chosen:
                key = re.sub(r"\(\?P<[^)]*\)", str(each), key, count=1)
            yield key

    def _related(self, samal: Desk) -> Patient:
        """Who is Kim's patient, by kin a relative of Bolat."""
        bolats = PatientDetails("Ахметов", "Болат", phone="+7 777 123 45 67", contact_phone="+7 777 000 11 22")
        samal.bolat.revise(bolats, samal.bolat.version, samal.aigerim, utc_now())
        secret = patient(samal.organization, f"{SECRET}а", phone=f"+7{SECRET_PHONE}", contact_phone="+7 777 123 45 67")
        patient(samal.organization, f"{SECRET}ич", phone="+7 777 000 11 22")
        return secret

    def _visit(self, samal: Desk, whom: Patient, doctor: object) -> Appointment:
        """A visit of today for which the patient waits, and a recall."""
        visit = samal.overbook(utc_now(), patient=whom, practitioner=doctor)
        visit.become(Status.ARRIVED, visit.version, samal.aigerim, utc_now())
        Recall.plan(whom, self.day, "", samal.aigerim, utc_now())
        return visit


@pytest.fixture
def ward(client: PageClient, samal: Desk) -> Ward:
    ward = Ward(samal)
    sign_in(client, ward.gulnar)
    return ward


def test_no_route_names_a_colleagues_patient(app: Flask, client: PageClient, ward: Ward) -> None:
    leaks, ways = set(), 0
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("clinic.")]
        asked = [
            (method, address)
            for rule in rules
            for method in sorted((rule.methods or set()) & {"GET", "POST", "DELETE"})
            for address in ward.addresses(rule)
        ]
    for (method, address), page in product(asked, ("", *ward.pages)):
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"} if page else {}
        where = {"query_string": ward.fields} if method == "GET" else {"data": ward.fields}
        answer = client.open(address, method=method, headers=headers, **where)
        ways += answer.status_code == 200
        if _names_secret(answer.text + str(answer.headers)):
            leaks.add((method, address, page))
    assert sorted(leaks) == []
    assert ways > 50


def test_a_step_taken_from_a_colleagues_page_redraws_nothing_of_it(client: PageClient, ward: Ward) -> None:
    for page in ward.pages:
        headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"}
        for version in (ward.own.version, 0):
            step = f"/appointments/{ward.own.id}/admission"
            answer = client.post(step, data={"version": version}, headers=headers)
            assert answer.status_code in (200, 409)
            assert not _names_secret(answer.text), (page, version)
        client.delete(step, query_string={"version": ward.own.version})


def test_no_stream_names_a_colleagues_patient(app: Flask, client: PageClient, ward: Ward) -> None:
    registry: Registry = app.extensions["registry"]
    opened = set()
    for kind in (kind for kind in registry.kinds if "clinic/" in kind.pattern):
        for topic, view in product(ward.topics(kind.pattern), [*kind.views, own_visits(ward.gulnar.id)]):
            address = f"/live/{topic}?view={view}&since=0"
            if client.get(address, buffered=False).status_code == 200:
                opened.add(kind.name)
                with closing(Stream(client, address)) as stream:
                    assert not _names_secret("".join(event.data for event in stream.next_events())), topic
    assert opened == {"clinic week", "patient card", "patients"}


def _names_secret(answer: str) -> bool:
    plain = re.sub(r"</?mark>|[ +()-]", "", answer)
    return SECRET in plain or SECRET_PHONE in plain
