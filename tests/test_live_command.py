"""`flask live listen` as a separate process, while others make changes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from extensions import db
from models.accounts import Organization, Role
from models.base import utc_now
from models.club import Club
from models.live_topic import touch
from tests.support.databases import Database
from tests.support.parts import ROOT
from tests.support.people import clinic, patient, person
from tests.support.players import club, match
from tests.support.server import SECRET_KEY

Listen = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def listen(database: Database) -> Iterator[Listen]:
    """Runs the command on this test's database, and ends it afterwards."""
    running: list[subprocess.Popen[str]] = []

    def start(topic: str, **settings: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "DATABASE_URL": database.url, "SECRET_KEY": SECRET_KEY, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "flask", "live", "listen", topic]
        pipe = subprocess.PIPE
        running.append(
            subprocess.Popen(command, cwd=ROOT, env=environment | settings, stdout=pipe, stderr=pipe, text=True)
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def said(process: "subprocess.Popen[str]") -> str:
    """The next line of output."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_a_club_is_told_with_what_it_shows_until_ctrl_c(application: Flask, listen: Listen) -> None:
    with application.app_context():
        ours = club()
        db.session.commit()
        number = ours.id
    process = listen(f"club/{number}")
    assert said(process) == f"club/{number} is at version 0; Ctrl+C ends\n"
    with application.app_context():
        ours = db.session.get_one(Club, number)
        match(ours, person("Madina", Role.SCORER, ours.organization), now=utc_now())
        db.session.commit()
    assert said(process).endswith(" version 1: hall, idle, score/1, section\n")
    shown = [said(process) for _part in range(4)]
    assert all("Иван Иванов" in shown[place] for place in (0, 2, 3))
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert process.communicate() == ("\n", "")


def test_of_a_clinics_day_only_the_parts_names_are_told(application: Flask, listen: Listen) -> None:
    with application.app_context():
        clinic()
        db.session.commit()
    process = listen("clinic/1/2026-11-23")
    assert "version 0" in said(process)
    with application.app_context():
        patient(db.session.get_one(Organization, 1))
        touch("clinic/1/2026-11-23", "rail")
        db.session.commit()
    assert said(process).endswith(" version 1: rail\n")
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("\n", "")


def test_a_clinic_that_is_none_is_said_in_a_sentence(listen: Listen) -> None:
    process = listen("clinic/7/2026-11-23")
    heard, complaint = process.communicate(timeout=30)
    assert (heard, process.returncode) == ("", 2)
    assert complaint == "Error: there is nothing that 'clinic/7/2026-11-23' could show\n"


@pytest.mark.parametrize("topic", ["nothing", "club/x", "", "clinic/1"])
def test_a_topic_that_is_none_is_said_in_a_sentence(listen: Listen, topic: str) -> None:
    process = listen(topic)
    heard, complaint = process.communicate(timeout=30)
    assert (heard, process.returncode) == ("", 2)
    assert complaint.startswith(f"Error: there is no topic '{topic}'")


def test_a_core_that_is_off_is_said_too(listen: Listen) -> None:
    process = listen("club/1", LIVE="off")
    assert "LIVE=on" in process.communicate(timeout=30)[1]
    assert process.returncode == 2
