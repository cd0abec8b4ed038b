"""An open list of patients is told that a card is new or changed, but not whose."""

import re
from contextlib import closing
from dataclasses import replace

import pytest

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic.card_topic import LIST, list_topic
from models.clinic.patient_merge import Pair, PatientMerge
from models.live_topic import topic_version, touched_parts
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk


def test_a_new_card_is_news_without_a_name(desk_client: PageClient, samal: Desk) -> None:
    with closing(Stream(desk_client, stream_address(desk_client.get("/patients").text))) as stream:
        patient(samal.organization, "Омарова")
        db.session.commit()
        [event] = stream.next_events()
    [news] = re.findall(r'<i id="patients-news".*?</i>', event.data)
    assert "Омарова" not in event.data
    assert news in desk_client.get("/patients").text


def test_what_is_written_and_merged_is_news_and_reading_is_not(desk_client: PageClient, samal: Desk) -> None:
    topic, versions = list_topic(samal.organization.id), []
    second = patient(samal.organization, "Ахметов")
    db.session.commit()
    desk_client.get(f"/patients/{samal.bolat.id}")
    versions.append(topic_version(topic))
    samal.bolat.revise(replace(samal.bolat.details, note="Лифт"), samal.bolat.version, samal.aigerim, utc_now())
    db.session.commit()
    versions.append(topic_version(topic))
    PatientMerge.merge(Pair(samal.bolat, second, (samal.bolat.version, second.version)), [], samal.aigerim, utc_now())
    db.session.commit()
    versions.append(topic_version(topic))
    assert versions == [versions[0], versions[0] + 1, versions[0] + 2]


def test_a_visit_is_news_because_the_list_says_when_the_next_one_is(samal: Desk) -> None:
    visit, topic = samal.book(samal.at(10)), list_topic(samal.organization.id)
    db.session.commit()
    visit.move(samal.kim, samal.at(15), visit.version, samal.aigerim, utc_now())
    assert touched_parts(topic) == {LIST}


def test_a_found_part_asks_for_its_own_search_and_page_again(desk_client: PageClient, samal: Desk) -> None:
    text = desk_client.get("/patients?q=ахм", headers={"HX-Request": "true"}).text
    assert 'hx-get="/patients?q=%D0%B0%D1%85%D0%BC&amp;page=1" hx-trigger="news"' in text


@pytest.mark.parametrize("role", [Role.OWNER, Role.SCORER, None])
def test_nobody_else_listens(client: PageClient, samal: Desk, role: Role | None) -> None:
    """Another clinic's owner, the club's scorer, and whoever is signed out."""
    if role:
        sign_in(client, person("Somebody", role, clinic("Клиника «Арман»")))
    answer = client.get(f"/live/{list_topic(samal.organization.id)}?view=desk&language=ru&since=0")
    assert answer.status_code == (404 if role else 401)
