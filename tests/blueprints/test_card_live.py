"""An open patient's card updates live, with the name of the last editor."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from flask_babel import force_locale

from blueprints.clinic.card_fragments import OpenCard, first_parts
from extensions import db
from models.accounts import Role
from models.base import utc_now
from models.clinic import CancellationReason, Patient, Recall
from models.clinic.card_topic import VISITS, card_topic
from models.clinic.patient_merge import Pair, PatientMerge
from models.live_topic import next_moments, parts_newer_than, topic_version
from rules.booking import Status
from tests.support.cards import pushed_part
from tests.support.page import PageClient
from tests.support.people import browser_of, clinic, patient, person, sign_in
from tests.support.queries import recorded_queries
from tests.support.stream import Stream, stream_address
from tests.support.visits import Desk


@contextmanager
def open_card(client: PageClient, card: Patient) -> Iterator[Callable[[], str]]:
    """An open card; the function waits for the next push."""
    with closing(Stream(client, stream_address(client.get(f"/patients/{card.id}").text))) as stream:
        yield lambda: "\n".join(event.data for event in stream.next_events())


def test_it_says_who_wrote_it_last(desk_client: PageClient, samal: Desk) -> None:
    samal.bolat.revise(replace(samal.bolat.details, note="Лифт"), samal.bolat.version, samal.aigerim, utc_now())
    assert "Последняя правка: Aigerim Satpaeva, сегодня" in desk_client.get(f"/patients/{samal.bolat.id}").text


def test_what_is_written_comes_to_those_who_have_it_open(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    dana = person("Dana", Role.RECEPTIONIST, samal.organization)
    with open_card(desk_client, samal.bolat) as pushed:
        new = replace(samal.bolat.details, family_name="Омаров", phone="8 701 555 04 18")
        samal.bolat.revise(new, samal.bolat.version, dana, utc_now())
        db.session.commit()
        push = pushed()
    assert "Омаров Болат" in pushed_part(push, "person")
    assert "Последняя правка: Dana, сегодня" in pushed_part(push, "facts")
    page = desk_client.get(f"/patients/{samal.bolat.id}").text
    assert all(pushed_part(push, part) in page for part in ("person", "facts"))


def test_its_visits_follow_from_the_booking_to_the_way_back(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    with open_card(desk_client, samal.bolat) as pushed:
        visit, said = samal.book(samal.at(10)), []
        changes: list[Callable[[], None]] = [
            lambda: None,
            lambda: visit.move(samal.kim, samal.at(15), visit.version, samal.aigerim, utc_now()),
            lambda: visit.confirm(visit.version, samal.aigerim, utc_now()),
            lambda: visit.cancel(CancellationReason.PATIENT, visit.version, samal.aigerim, utc_now()),
            lambda: visit.undo(Status.CANCELLED, visit.version, samal.aigerim, utc_now()),
        ]
        for change in changes:
            change()
            db.session.commit()
            said.append(pushed_part(pushed(), "visits"))
            assert said[-1] in desk_client.get(f"/patients/{samal.bolat.id}").text
    words = ("10:00", "15:00", "Подтверждён", "Отменён", "Подтверждён")
    assert all(word in each for word, each in zip(words, said, strict=True))
    assert ["Ближайшее посещение" in each for each in said] == [True, True, True, False, True]


def test_a_visit_given_to_another_patient_leaves_one_card_and_comes_to_the_other(
    app: Flask, desk_client: PageClient, samal: Desk
) -> None:
    visit, ospanova = samal.book(samal.at(10)), patient(samal.organization, "Оспанова")
    with open_card(desk_client, samal.bolat) as of_bolat, open_card(desk_client, ospanova) as of_ospanova:
        visit.revise(replace(visit.booking, patient=ospanova), visit.version, samal.aigerim, utc_now())
        db.session.commit()
        assert "Ещё ни одного посещения" in pushed_part(of_bolat(), "visits")
        assert "10:00" in pushed_part(of_ospanova(), "visits")


def test_a_card_that_became_part_of_another_says_so_and_the_other_lists_its_visits(
    app: Flask, desk_client: PageClient, samal: Desk
) -> None:
    second, kept = patient(samal.organization, "Ахметов"), samal.bolat.id
    samal.book(samal.at(10), patient=second)
    with open_card(desk_client, second) as of_second, open_card(desk_client, samal.bolat) as of_kept:
        pair = Pair(samal.bolat, second, (samal.bolat.version, second.version))
        merge = PatientMerge.merge(pair, [], samal.aigerim, utc_now())
        db.session.commit()
        assert f'href="/patients/{kept}"' in pushed_part(of_second(), "person")
        push = of_kept()
        assert "10:00" in pushed_part(push, "visits")
        assert pushed_part(push, "merges") in desk_client.get(f"/patients/{kept}").text
        merge.undo(samal.aigerim, utc_now())
        db.session.commit()
        push = of_kept()
        assert "Разделить" not in pushed_part(push, "merges")
        assert "10:00" not in pushed_part(push, "visits")
        assert "10:00" in pushed_part(of_second(), "visits")


def test_a_childs_open_card_follows_the_card_of_its_mother(app: Flask, desk_client: PageClient, samal: Desk) -> None:
    child = patient(samal.organization, "Ахметов", given_name="Әли", contact_phone="8 701 555 04 18")
    with open_card(desk_client, child) as pushed:
        mother = patient(samal.organization, "Ахметова", given_name="Әлия", phone="8 701 555 04 18")
        db.session.commit()
        assert "Ахметова Әлия" in pushed_part(pushed(), "facts")
        mother.revise(replace(mother.details, family_name="Омарова"), mother.version, samal.aigerim, utc_now())
        db.session.commit()
        assert "Омарова Әлия" in pushed_part(pushed(), "facts")
        mother.revise(replace(mother.details, phone=""), mother.version, samal.aigerim, utc_now())
        db.session.commit()
        assert "Омарова" not in pushed_part(pushed(), "facts")


def test_a_mothers_open_card_names_the_child_that_gets_her_as_its_contact(
    app: Flask, desk_client: PageClient, samal: Desk
) -> None:
    child = patient(samal.organization, "Ахметов", given_name="Әли")
    with open_card(desk_client, samal.bolat) as pushed:
        for phone, is_named in (("8 777 123 45 67", True), ("", False)):
            child.revise(replace(child.details, contact_phone=phone), child.version, samal.aigerim, utc_now())
            db.session.commit()
            assert ("Ахметов Әли" in pushed_part(pushed(), "facts")) is is_named


def test_the_doubt_about_an_iin_leaves_an_open_card_with_the_fault(
    app: Flask, desk_client: PageClient, samal: Desk
) -> None:
    address = f"/patients/{samal.bolat.id}"
    with open_card(desk_client, samal.bolat) as pushed:
        for iin, is_doubted in (("123456789012", True), ("", False)):
            samal.bolat.revise(replace(samal.bolat.details, iin=iin), samal.bolat.version, samal.aigerim, utc_now())
            db.session.commit()
            push = pushed()
            assert ("Проверьте ИИН." in push) is is_doubted
            assert ("Проверьте ИИН." in desk_client.get(address).text) is is_doubted


def test_a_step_taken_on_the_card_stays_there_and_its_answer_is_the_push(
    app: Flask, desk_client: PageClient, samal: Desk
) -> None:
    visit, address = samal.book(samal.at(10)), f"/patients/{samal.bolat.id}"
    on_card = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{address}"}
    with open_card(desk_client, samal.bolat) as pushed:
        step = f"/appointments/{visit.id}/confirmation"
        answer = desk_client.post(step, data={"version": visit.version}, headers=on_card)
        assert "HX-Redirect" not in answer.headers
        push = pushed()
    assert "Подтверждён" in pushed_part(push, "visits")
    assert pushed_part(push, "visits") == pushed_part(answer.text, "visits")


def test_a_card_looks_again_when_its_next_visit_is_over_and_at_midnight(samal: Desk) -> None:
    topic, midnight = card_topic(samal.organization.id, samal.bolat.id), samal.at(0)
    samal.book(samal.at(10))
    db.session.commit()
    assert next_moments([topic]) == {topic: midnight}
    card = OpenCard(samal.bolat, samal.organization, samal.at(10, 15), 1)
    assert card.next_change(VISITS) == samal.at(10, 30)


def test_a_booking_costs_no_statement_more_for_the_cards(samal: Desk) -> None:
    samal.book(samal.at(10))
    with recorded_queries(db.engine) as statements:
        db.session.commit()
    assert len(statements) == 3, statements


def test_who_may_only_look_has_no_buttons(app: Flask, samal: Desk) -> None:
    samal.book(samal.at(10))
    for who, is_looking in ((samal.aigerim, False), (person("Gulnar", Role.PRACTITIONER, samal.organization), True)):
        card = browser_of(app, who).get(f"/patients/{samal.bolat.id}").text
        assert ("only-look" in card) is is_looking


def test_a_new_invitation_is_news_and_reading_is_not(desk_client: PageClient, samal: Desk) -> None:
    topic = card_topic(samal.organization.id, samal.bolat.id)
    desk_client.get(f"/patients/{samal.bolat.id}")
    assert topic_version(topic) == 0
    Recall.plan(samal.bolat, samal.at(9).date(), "", samal.aigerim, utc_now())
    db.session.commit()
    assert [part for part, _version, _due in parts_newer_than(topic, 0)] == ["facts", "history", "person"]


def test_its_history_follows_for_who_may_see_it_and_for_nobody_else(app: Flask, samal: Desk) -> None:
    manager, desk = (browser_of(app, who) for who in (samal.raushan, samal.aigerim))
    topic = card_topic(samal.organization.id, samal.bolat.id)
    with open_card(manager, samal.bolat) as told, open_card(desk, samal.bolat) as pushed:
        visit = samal.book(samal.at(10))
        db.session.commit()
        for words in ("Записан на приём, Aigerim Satpaeva", "Изменена запись на приём, Aigerim Satpaeva"):
            history = pushed_part(told(), "history")
            assert words in history
            with app.test_request_context(), force_locale("ru"):
                shown = OpenCard(samal.bolat, samal.organization, utc_now(), topic_version(topic))
                assert history == first_parts(shown, "history")["card-history"]
            assert "Записан на приём" not in pushed()
            visit.move(samal.kim, samal.at(15), visit.version, samal.aigerim, utc_now())
            db.session.commit()
    assert desk.get(f"/live/{topic}?view=history").status_code == 404


def test_an_administrator_who_is_only_a_receptionist_now_is_told_no_more_history(app: Flask, samal: Desk) -> None:
    card, may_listen = f"clinic/{samal.organization.id}/card/{samal.bolat.id}", []
    topic = app.extensions["registry"].topic(card)
    raushan = samal.raushan
    for role in (Role.ADMINISTRATOR, Role.RECEPTIONIST):
        raushan.memberships[0].role = role
        db.session.flush()
        may_listen.append([topic.may_listen(raushan, view) for view in ("history", "desk")])
    assert may_listen == [[True, True], [False, True]]


@pytest.mark.parametrize("role", [Role.OWNER, Role.SCORER, None])
def test_nobody_else_listens(app: Flask, client: PageClient, samal: Desk, role: Role | None) -> None:
    """Another clinic's owner, the club's scorer, and whoever is signed out."""
    topic = card_topic(samal.organization.id, samal.bolat.id)
    if role:
        sign_in(client, person("Somebody", role, clinic("Клиника «Арман»")))
    answer = client.get(f"/live/{topic}?view=desk&language=ru&since=0")
    assert answer.status_code == (404 if role else 401)
