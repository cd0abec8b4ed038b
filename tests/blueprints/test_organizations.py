"""Choosing the current organization."""

from extensions import db
from models.accounts import Membership, Role
from tests.support.page import PageClient
from tests.support.people import clinic, club_house, person, sign_in


def test_marat_goes_from_his_clinic_to_his_club(client: PageClient) -> None:
    marat = person("Marat", Role.OWNER, clinic())
    club = club_house()
    db.session.add(Membership(user=marat, organization=club, role=Role.OWNER))
    sign_in(client, marat)
    assert client.post("/organization", data={"organization": club.id}).location == "/"
    assert "<title>Такой страницы нет · Клуб «Ракетка»</title>" in client.get("/nowhere").text


def test_nobody_enters_an_organization_that_is_not_theirs(client: PageClient) -> None:
    strangers = clinic("Чужая клиника")
    sign_in(client, person("Marat", Role.OWNER, clinic()))
    numbers = (strangers.id, 0, "x", "", 10**30, -1)
    answers = [client.post("/organization", data={"organization": wanted}) for wanted in numbers]
    assert {answer.status_code for answer in answers} == {404}


def test_one_outside_is_asked_to_sign_in(client: PageClient) -> None:
    assert client.post("/organization", data={"organization": 1}).status_code == 401


def test_choosing_is_no_link(client: PageClient) -> None:
    assert client.get("/organization").status_code == 405
