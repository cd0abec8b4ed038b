"""An open patient's card updates live, with the name of the last editor."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import cast

import pytest
from flask import Flask

from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import Recall
from models.clinic.card_topic import card_topic
from models.clinic.patient_merge import Pair, PatientMerge
from models.live_topic import parts_newer_than, topic_version
from tests.support.page import PageClient
from tests.support.people import clinic, patient, person, sign_in
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk


def pushed(stream: Stream) -> str:
    """Both parts of the card as pushed, without the SSE framing."""
    sent, chunks = b"", cast(Iterator[bytes], iter(stream.answer.response))
    while sent.count(b"</hx-partial>") < 2:
        sent += next(chunks)
    return "\n".join(line.removeprefix("data: ") for line in sent.decode().split("\n"))


def shown(text: str, part: str) -> str:
    """A part within a page or a push, from its root to the next part."""
    begins = text.index(f'id="card-{part}"')
    return text[begins : text.index("</section>" if part == "facts" else "</div>", begins)]


def test_it_says_who_wrote_it_last(desk_client: PageClient, samal: Desk) -> None:
    samal.bolat.revise(replace(samal.bolat.details, note="Лифт"), samal.bolat.version, samal.aigerim, utc_now())
    assert "Последняя правка: Aigerim Satpaeva, сегодня" in desk_client.get(f"/patients/{samal.bolat.id}").text


def test_what_is_written_comes_to_those_who_have_it_open(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    address = f"/patients/{samal.bolat.id}"
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    page = desk_client.get(address).text
    with closing(Stream(desk_client, stream_address(page))) as stream:
        new = replace(samal.bolat.details, family_name="Омаров", phone="8 701 555 04 18")
        samal.bolat.revise(new, samal.bolat.version, dana, utc_now())
        db.session.commit()
        push = pushed(stream)
    assert "Омаров Болат" in shown(push, "person")
    assert "Последняя правка: Dana, сегодня" in shown(push, "facts")
    page = desk_client.get(address).text
    assert [shown(push, part) for part in ("person", "facts")] == [shown(page, part) for part in ("person", "facts")]


def test_a_card_that_became_part_of_another_says_so(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    second, kept = patient(samal.organization, "Ахметов"), samal.bolat.id
    page = desk_client.get(f"/patients/{second.id}").text
    with closing(Stream(desk_client, stream_address(page))) as stream:
        pair = Pair(samal.bolat, second, (samal.bolat.version, second.version))
        PatientMerge.merge(pair, [], samal.aigerim, utc_now())
        db.session.commit()
        assert f'href="/patients/{kept}"' in shown(pushed(stream), "person")


def test_a_new_invitation_is_news_and_reading_is_not(desk_client: PageClient, samal: Desk) -> None:
    topic = card_topic(samal.organization.id, samal.bolat.id)
    desk_client.get(f"/patients/{samal.bolat.id}")
    assert topic_version(topic) == 0
    Recall.plan(samal.bolat, samal.at(9).date(), "", samal.aigerim, utc_now())
    db.session.commit()
    assert [part for part, _version, _due in parts_newer_than(topic, 0)] == ["facts", "person"]


@pytest.mark.parametrize("role", [Role.OWNER, Role.SCORER, None])
def test_nobody_else_listens(app: Flask, client: PageClient, samal: Desk, role: Role | None) -> None:
    """Another clinic's owner, the club's scorer, and whoever is signed out."""
    topic = card_topic(samal.organization.id, samal.bolat.id)
    if role:
        sign_in(client, person("Somebody", role, clinic("Клиника «Арман»")))
    answer = client.get(f"/live/{topic}?view=desk&language=ru&since=0")
    assert answer.status_code == (404 if role else 401)
