"""`flask reminders` with a real mail server and a real gateway, also when they fail."""

import logging
import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
import trustme
from flask import Flask
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from commands.messengers import Away, FolderMessenger, MailMessenger, Message, Messenger, Refused
from commands.reminder_words import written
from commands.reminders import send_due
from extensions import db
from models.base import utc_now
from models.clinic import Channel, Communication, MessageFault, MessageState
from models.clinic.communication import LEASE
from models.clinic.patient import MessageWish
from tests.support.mail_server import MailServer
from tests.support.parts import ROOT
from tests.support.people import patient
from tests.support.reminding import booked_long_ago, plan_of, reminding_desk
from tests.support.server import SECRET_KEY
from tests.support.visits import Desk

FROM = "samal@tablo.example"
MESSAGE = Message("reminder-1-1", "dana@tablo.example", "Клиника «Самал»", "Приём завтра", "Ждём вас.")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer().running() as server:
        yield server


@pytest.fixture
def samal(app: Flask) -> Desk:
    samal = reminding_desk(phone="+7 727 000 00 00")
    dana = patient(samal.organization, "Ли", given_name="Дана", email="dana@tablo.example")
    booked_long_ago(samal, patient=dana)
    db.session.commit()
    return samal


def by_mail(server: MailServer) -> dict[Channel, Messenger]:
    return {Channel.EMAIL: MailMessenger(urlsplit(f"smtp://127.0.0.1:{server.port}"), FROM)}


def the_reminder() -> Communication:
    db.session.rollback()
    reminder: Communication = db.session.scalars(db.select(Communication)).one()
    return reminder


def test_a_patient_has_one_mail_that_says_where_and_when(
    samal: Desk, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert [send_due(by_mail(mail_server), Event()) for _round in range(3)] == [1, 0, 0]
    [mail] = mail_server.taken
    day = f"{samal.at(10).day} "
    assert (mail["To"], mail["Auto-Submitted"]) == ("dana@tablo.example", "auto-generated")
    assert str(mail["From"]) == f"Клиника «Самал» <{FROM}>"
    text = words_of(mail)
    assert f"Клиника «Самал»: ждём вас {day}" in text
    assert "в 10:00, Сейтқали Г., каб. 200. Если не сможете прийти, позвоните: +7 727 000 00 00" in text
    assert the_reminder().state is MessageState.SENT
    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("tablo"))
    assert "reminder" in ours
    assert not any(word in ours for word in ("Дана", "dana@", "Ли"))


def test_the_mail_brings_the_visit_to_the_patients_calendar_and_a_moved_one_takes_its_place(
    app: Flask, samal: Desk, mail_server: MailServer
) -> None:
    app.config["MAIL_FROM"] = FROM
    send_due(by_mail(mail_server), Event())
    visit = the_reminder().appointment
    visit.move(samal.seitqali, samal.at(12), visit.version, samal.aigerim, utc_now())
    db.session.commit()
    send_due(by_mail(mail_server), Event())
    before, after = (the_event(mail) for mail in mail_server.taken)
    assert (before.start, after.start) == (samal.at(10), samal.at(12))
    assert before.uid == after.uid
    assert before.sequence < after.sequence
    assert (after["SUMMARY"], after["LOCATION"]) == ("Клиника «Самал»: Сейтқали Г.", "каб. 200")
    assert (after["ORGANIZER"], after["ORGANIZER"].params["CN"]) == (f"mailto:{FROM}", "Клиника «Самал»")


def the_event(mail: EmailMessage) -> CalendarEvent:
    """The event in the mail's only attachment, which must have the calendar type."""
    [file] = mail.iter_attachments()
    assert (file.get_content_type(), file.get_param("method")) == ("text/calendar", "PUBLISH")
    calendar = Calendar.from_ical(file.get_content())
    assert isinstance(calendar, Calendar)
    assert (calendar.errors, calendar["METHOD"]) == ([], "PUBLISH")
    [event] = calendar.events
    return event


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body
    text: str = body.get_content()
    return text


@pytest.mark.parametrize(
    ("answer", "state", "fault"),
    [
        ("550 no such mailbox", MessageState.FAILED, MessageFault.REFUSED),
        ("451 come later", MessageState.WAITING, None),
    ],
)
def test_what_the_mail_server_says_is_heeded(
    samal: Desk, mail_server: MailServer, answer: str, state: MessageState, fault: MessageFault | None
) -> None:
    mail_server.answer = answer
    assert send_due(by_mail(mail_server), Event()) == 0
    assert (the_reminder().state, the_reminder().fault) == (state, fault)


def test_a_mail_server_that_is_away_is_tried_again(samal: Desk) -> None:
    server = MailServer()
    assert send_due(by_mail(server), Event()) == 0
    reminder = the_reminder()
    assert (reminder.state, reminder.attempts) == (MessageState.WAITING, 1)
    reminder.next_try_at = utc_now()
    db.session.commit()
    with server.running():
        assert send_due(by_mail(server), Event()) == 1


def test_a_process_that_is_killed_between_sending_and_saying_so_sends_nothing_twice(
    app: Flask, samal: Desk, mail_server: MailServer
) -> None:
    with started(app, mail_server, "once") as process:
        mail_server.arrived = process.kill
        assert process.wait(timeout=60) == -signal.SIGKILL
    mail_server.arrived = lambda: None
    assert send_due(by_mail(mail_server), Event()) == 0
    the_reminder().state_since = utc_now() - LEASE - timedelta(seconds=1)
    assert send_due(by_mail(mail_server), Event()) == 0
    assert the_reminder().fault is MessageFault.UNCLEAR
    assert len(mail_server.taken) == 1


def test_an_address_that_the_server_cannot_take_is_refused() -> None:
    with MailServer(takes_utf8=False).running() as server, pytest.raises(Refused):
        by_mail(server)[Channel.EMAIL].send(replace(MESSAGE, address="дана@пошта.қаз"))


def test_the_service_goes_on_until_it_is_told_to_stop(app: Flask, samal: Desk, mail_server: MailServer) -> None:
    arrived = Event()
    mail_server.arrived = arrived.set
    with started(app, mail_server, "run") as process:
        assert arrived.wait(timeout=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert the_reminder().state is MessageState.SENT


def test_between_two_rounds_nothing_is_held(samal: Desk, mail_server: MailServer) -> None:
    send_due(by_mail(mail_server), Event())
    assert not db.session().in_transaction()


def test_without_a_way_to_reach_anybody_the_command_says_so(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["reminders", "once"])
    assert "neither MAIL_URL nor SMS_URL is set" in answer.output
    assert answer.exit_code == 1


def test_mail_is_handed_over_in_secret_or_not_at_all(mail_server: MailServer) -> None:
    authority = trustme.CA()
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(certificate)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with MailServer(certificate).running() as server:
        address = urlsplit(f"smtp://127.0.0.1:{server.port}")
        MailMessenger(address, FROM, trust).send(MESSAGE)
        with pytest.raises(Away):
            MailMessenger(address, FROM).send(MESSAGE)
        assert len(server.taken) == 1
    with pytest.raises(Away):
        MailMessenger(urlsplit(f"smtp://127.0.0.2:{mail_server.port}"), FROM).send(MESSAGE)


def test_a_message_becomes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = FolderMessenger(tmp_path / "outbox")
    folder.send(MESSAGE)
    [file] = (tmp_path / "outbox").iterdir()
    assert file.read_text() == "dana@tablo.example\nПриём завтра\n\nЖдём вас.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        folder.send(replace(MESSAGE, text="ещё раз"))


def test_a_reminder_speaks_the_patients_language_and_names_a_child_to_its_mother(samal: Desk) -> None:
    bolat = samal.bolat
    bolat.messages, bolat.phone_key, bolat.contact_phone_key = MessageWish.KAZAKH, None, "77015550418"
    booked_long_ago(samal, 12)
    plan_of(samal.organization).fill_outbox([Channel.SMS], utc_now())
    [reminder] = [each for each in db.session.scalars(db.select(Communication)) if each.channel is Channel.SMS]
    text = written(reminder, None).text
    assert text.startswith("Клиника «Самал»: Болат, қабылдау")
    assert "200-каб." in text
    assert "терапевт" not in text


@contextmanager
def started(app: Flask, server: MailServer, verb: str) -> "Iterator[subprocess.Popen[bytes]]":
    own = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "SECRET_KEY": SECRET_KEY}
    environment = {**os.environ, **own, "MAIL_FROM": FROM, "MAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    command = [sys.executable, "-m", "flask", "reminders", verb]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        yield process
        process.kill()
