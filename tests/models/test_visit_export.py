"""Visits for a table are read in batches without losses or duplicates."""

from datetime import timedelta

import pytest

from models.clinic.visits import VisitExport
from rules.booking import Interval, Status
from tests.support.people import patient
from tests.support.visits import Desk


@pytest.mark.both_databases
def test_visits_of_one_moment_stand_on_two_pages_and_slips_on_none(samal: Desk) -> None:
    li = patient(samal.organization, "Ли")
    samal.book(samal.at(10))
    samal.book(samal.at(10), practitioner=samal.kim, patient=li)
    samal.book(samal.at(11), room=None)
    slip = samal.book(samal.at(12))
    slip.become(Status.ENTERED_IN_ERROR, slip.version, samal.aigerim, samal.at(9))
    samal.book(samal.at(10) + timedelta(days=1))
    day = Interval(samal.at(0), samal.at(23))
    export = VisitExport(samal.organization.id, day, [samal.seitqali.id, samal.kim.id])
    pages = [[(visit.patient.family_name, visit.doctor.family_name) for visit in page] for page in export.pages(1)]
    assert pages == [[("Ахметов", "Сейтқали")], [("Ли", "Ким")], [("Ахметов", "Сейтқали")]]
    assert (export.count, [len(page) for page in export.pages()]) == (3, [3])
