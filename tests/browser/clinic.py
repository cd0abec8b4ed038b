"""Tomorrow in a small clinic, and where things stand on its board."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask
from playwright.sync_api import Locator, Page
from sqlalchemy import select

from extensions import db
from models.accounts import Organization, Role, User
from models.base import utc_now
from models.clinic import Appointment, Patient, Practitioner
from models.clinic.booking import Booking
from models.clinic.staff import limit_sight
from rules.booking import Status
from tests.support.people import at, person

AIGERIM, DANA, MARAT = "aigerim@tablo.example", "dana@tablo.example", "marat@tablo.example"
SEITQALI, KIM = "Сейтқали Гүлнар", "Ким Гүлнар"
TAKEN = "Это время уже занято"


@dataclass(frozen=True)
class Clinic:
    """Tomorrow in a clinic with two practitioners and three patients, created next to the running server."""

    application: Flask
    number: int
    day: date

    @property
    def path(self) -> str:
        return f"/schedule/{self.day}"

    def employ(self, name: str, role: Role) -> None:
        with self.application.app_context():
            person(name, role, db.session.get_one(Organization, self.number))
            db.session.commit()

    def book(self, family_name: str, hour: int, minute: int = 0, to: str = "Сейтқали", ahead: int = 0) -> None:
        """ahead: days after tomorrow."""
        with self.application.app_context():
            own = db.session.get_one(Organization, self.number)
            aigerim = db.session.scalars(select(User).filter_by(email=AIGERIM)).one()
            who = db.session.scalars(Patient.of(own.id).filter_by(family_name=family_name)).one()
            doctor = db.session.scalars(Practitioner.of(own.id).filter_by(family_name=to)).one()
            booking = Booking(who, doctor, None, at(own, hour, minute, self.day + timedelta(days=ahead)), 30)
            Appointment.book(own, booking, aigerim, utc_now())
            db.session.commit()

    def place_in(self, time_zone: str) -> None:
        """The clinic moves to another time zone, where it may be another day."""
        with self.application.app_context():
            db.session.get_one(Organization, self.number).time_zone = time_zone
            db.session.commit()

    def give_doctor_account(self) -> None:
        """Marat signs in as Seitqali."""
        with self.application.app_context():
            marat = db.session.scalars(select(User).filter_by(email=MARAT)).one()
            db.session.scalars(Practitioner.of(self.number).filter_by(family_name="Сейтқали")).one().user_id = marat.id
            db.session.commit()

    def limit_sight(self, see_own: bool) -> None:
        """The owner decides whether doctors see only their own."""
        with self.application.app_context():
            own = db.session.get_one(Organization, self.number)
            limit_sight(own, see_own, db.session.scalars(select(User).filter_by(email=AIGERIM)).one(), utc_now())
            db.session.commit()

    def book_now(
        self, family_name: str, waiting: int | None = None, to: str = "Сейтқали", minutes: int = 5, begins: int = 0
    ) -> None:
        """Books a visit that begins in so many minutes; waiting: the patient came so many minutes ago."""
        with self.application.app_context():
            own, now = db.session.get_one(Organization, self.number), utc_now()
            aigerim = db.session.scalars(select(User).filter_by(email=AIGERIM)).one()
            who = db.session.scalars(Patient.of(own.id).filter_by(family_name=family_name)).one()
            doctor = db.session.scalars(Practitioner.of(own.id).filter_by(family_name=to)).one()
            start = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0) + timedelta(minutes=begins)
            visit = Appointment.book(own, Booking(who, doctor, None, start, minutes), aigerim, now)
            if waiting is not None:
                visit.become(Status.ARRIVED, visit.version, aigerim, now - timedelta(minutes=waiting))
            db.session.commit()

    def visits(self) -> list[tuple[str, str, str, str]]:
        """Patient, practitioner, time and status of every visit."""
        with self.application.app_context():
            own = db.session.get_one(Organization, self.number)
            return [
                (
                    visit.patient.family_name,
                    visit.practitioner.family_name,
                    f"{visit.starts_at.astimezone(own.zone):%H:%M}",
                    visit.status.value,
                )
                for visit in db.session.scalars(Appointment.of(own.id))
            ]


def column(page: Page, name: str = SEITQALI) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def free(page: Page, clock: str, name: str = SEITQALI) -> Locator:
    return column(page, name).get_by_role("link", name=f"Записать на {clock}", exact=True)


def visit(page: Page, who: str, clock: str = "", name: str = SEITQALI) -> Locator:
    """A visit in a column; its name tells patient, time and status."""
    return column(page, name).get_by_role("link", name=re.compile(f"^{who}.*{clock}"))


def toast(page: Page, kind: str) -> Locator:
    return page.locator(f'.toast[data-kind="{kind}"]')


def drag(page: Page, who: Locator, target: Locator) -> None:
    """Presses on the visit and drags it over the target without releasing."""
    start, end = who.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(end["x"] + 30, end["y"] + 20, steps=4)
    page.mouse.move(end["x"] + 20, end["y"] + 6)


def finger(page: Page) -> Callable[..., None]:
    """Sends the touch events of one finger: touchStart, touchMove, touchEnd."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, x: float = 0, y: float = 0) -> None:
        points = [{"x": x, "y": y}] if kind != "touchEnd" else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch
