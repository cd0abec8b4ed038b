"""Roles and memberships are given and withdrawn, and an organization always has an owner."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from extensions import db
from models.accounts import AUDIENCE, BelongsElsewhere, LastOwner, Membership, Organization, Role, SignIn, User
from models.base import utc_now
from models.errors import NotAllowed, Stale
from models.live_topic import touched_parts
from tests.support.people import PASSWORD, clinic, club_house, person
from tests.support.queries import recorded_queries

BOTH = pytest.mark.both_databases


@pytest.fixture
def samal(app: Flask) -> Organization:
    return clinic()


def place(name: str, role: Role, organization: Organization) -> Membership:
    return person(name, role, organization).memberships[0]


def owners(organization: Organization) -> int:
    return len([one for one in db.session.scalars(Membership.of_organization(organization.id)) if one.role == "owner"])


@BOTH
def test_marat_gives_aigerim_another_role(samal: Organization) -> None:
    marat, aigerim = place("Marat", Role.OWNER, samal), place("Aigerim", Role.RECEPTIONIST, samal)
    aigerim.give_role(Role.ADMINISTRATOR, marat)
    assert aigerim.role is Role.ADMINISTRATOR
    assert touched_parts(AUDIENCE) == {f"person/{aigerim.user_id}"}


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.PRACTITIONER, Role.SCORER, Role.MEMBER])
def test_those_at_work_change_nobody(samal: Organization, role: Role) -> None:
    dana, aigerim = place("Dana", role, samal), place("Aigerim", Role.RECEPTIONIST, samal)
    changes: list[Callable[[], None]] = [
        lambda: aigerim.give_role(Role.MEMBER, dana),
        lambda: aigerim.remove(dana),
        lambda: aigerim.disable_account(dana, utc_now()),
        lambda: aigerim.enable_account(dana),
    ]
    for change in changes:
        with pytest.raises(NotAllowed):
            change()


def test_an_administrator_makes_no_owner_and_touches_none(samal: Organization) -> None:
    marat, aliya = place("Marat", Role.OWNER, samal), place("Aliya", Role.ADMINISTRATOR, samal)
    with pytest.raises(NotAllowed):
        aliya.give_role(Role.OWNER, aliya)
    with pytest.raises(NotAllowed):
        marat.remove(aliya)


def test_the_owner_of_another_organization_is_a_stranger(samal: Organization) -> None:
    stranger = place("Stranger", Role.OWNER, club_house())
    with pytest.raises(NotAllowed):
        place("Aigerim", Role.RECEPTIONIST, samal).remove(stranger)


@BOTH
def test_the_last_owner_stays(samal: Organization) -> None:
    marat = place("Marat", Role.OWNER, samal)
    with pytest.raises(LastOwner):
        marat.give_role(Role.RECEPTIONIST, marat)
    with pytest.raises(LastOwner):
        marat.remove(marat)


def test_an_owner_who_cannot_come_in_does_not_count(samal: Organization) -> None:
    marat, aliya = place("Marat", Role.OWNER, samal), place("Aliya", Role.OWNER, samal)
    aliya.disable_account(marat, utc_now())
    with pytest.raises(LastOwner):
        marat.remove(marat)


def test_of_two_owners_one_may_go(samal: Organization) -> None:
    marat, aliya = place("Marat", Role.OWNER, samal), place("Aliya", Role.OWNER, samal)
    aliya.remove(marat)
    db.session.commit()
    assert owners(samal) == 1


@BOTH
def test_one_who_was_removed_meanwhile_changes_nothing(samal: Organization) -> None:
    marat, aliya = place("Marat", Role.OWNER, samal), place("Aliya", Role.OWNER, samal)
    db.session.commit()
    db.session.execute(db.delete(Membership).filter_by(id=aliya.id).execution_options(synchronize_session=False))
    with pytest.raises(Stale):
        marat.remove(aliya)


@BOTH
def test_a_disabled_account_opens_nothing_and_its_sign_ins_are_over_for_good(samal: Organization) -> None:
    marat, timur = place("Marat", Role.OWNER, samal), place("Timur", Role.RECEPTIONIST, samal)
    own = SignIn.begin(timur.user, utc_now())
    timur.disable_account(marat, utc_now())
    db.session.commit()
    assert User.who_signs_in(timur.user.email, PASSWORD) is None
    timur.enable_account(marat)
    db.session.commit()
    assert SignIn.named(own.key) is None
    assert User.who_signs_in(timur.user.email, PASSWORD) is timur.user


@BOTH
def test_a_sign_in_brings_its_person_and_all_their_places_in_one_question(samal: Organization) -> None:
    marat = place("Marat", Role.OWNER, samal).user
    db.session.add(Membership(user=marat, organization=club_house(), role=Role.MEMBER))
    key = SignIn.begin(marat, utc_now()).key
    db.session.commit()
    db.session.connection()
    with recorded_queries(db.engine) as queries:
        own = SignIn.named(key)
        assert own is not None
        names = [own_place.organization.name for own_place in own.user.memberships]
    assert (names, len(queries)) == (["Клиника «Самал»", "Клуб «Ракетка»"], 1)


@BOTH
def test_what_opens_nothing_any_more_is_forgotten_when_timur_signs_in(samal: Organization) -> None:
    now = utc_now()
    timur, aliya = (place(name, Role.RECEPTIONIST, samal).user for name in ("Timur", "Aliya"))
    ended, ancient, kept, hers = (SignIn.begin(whose, now) for whose in (timur, timur, timur, aliya))
    ended.ended_at = hers.ended_at = now
    ancient.began_at = now - timedelta(days=366)
    newest = SignIn.begin(timur, now)
    db.session.commit()
    assert set(db.session.scalars(select(SignIn))) == {kept, newest, hers}


def test_nobody_disables_their_own_account(samal: Organization) -> None:
    marat, aliya = place("Marat", Role.OWNER, samal), place("Aliya", Role.OWNER, samal)
    with pytest.raises(NotAllowed):
        aliya.disable_account(aliya, utc_now())
    assert marat.user.is_active


def test_an_account_that_works_elsewhere_too_is_not_ours_to_disable(samal: Organization) -> None:
    marat, timur = place("Marat", Role.OWNER, samal), place("Timur", Role.RECEPTIONIST, samal)
    db.session.add(Membership(user=timur.user, organization=club_house(), role=Role.MEMBER))
    with pytest.raises(BelongsElsewhere):
        timur.disable_account(marat, utc_now())
