"""The page of a busy day, relative to rendering its template alone."""

from collections.abc import Hashable
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple
from unittest.mock import patch

from flask import Flask, before_render_template
from flask.testing import FlaskClient
from jinja2 import Template
from markupsafe import Markup

from bench.busy_day import RECEPTIONIST, application_on, book_day, change_one_visit, collecting_as_served
from bench.figures import milliseconds, ratio_by_round
from bench.person import PASSWORD
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from extensions import db
from live.render import rendered
from tests.support.queries import recorded_queries

HALF_MORE, AS_MANY = 1.5, 1.0
PAGE = "clinic/day/page.html"
FIGURES = ["after a change, ms", "first page, ms", "template, ms"]


class Taken(NamedTuple):
    """Milliseconds of the page after a change of one visit, of a page when nothing is kept, and of the template."""

    changed: float
    first: float
    template: float


def run(stage: Stage) -> Result:
    result = Result([], Table(["", *FIGURES, "statements", "statements of an empty day"]))
    for name, database_url in stage.clinics():
        application = application_on(database_url)
        with application.app_context():
            busy, empty = book_day(stage.size.visits)
        client = _signed_in(application)
        with collecting_as_served():
            rounds = [_one_round(stage, application, client, busy) for _ in range(stage.size.rounds)]
        changed, first, template = ([[each[place] for each in taken] for taken in rounds] for place in range(3))
        counts = [_statements(application, client, day) for day in (busy, empty)]
        shown = [milliseconds(median(map(median, figures))) for figures in (changed, first, template)]
        result.table.lines.append([name, *shown, *map(str, counts)])
        for what, figures in (("the page after a change of one visit", changed), ("the first page of the day", first)):
            ratio = ratio_by_round(figures, template)
            result.findings.append(Finding(f"{name}: {what}, relative to the template from memory", ratio, HALF_MORE))
        result.findings.append(Finding(f"{name}: statements, relative to an empty day", counts[0] / counts[1], AS_MANY))
    return result


def _signed_in(application: Flask) -> FlaskClient:
    client = application.test_client()
    client.post("/sign-in", data={"email": RECEPTIONIST, "password": PASSWORD})
    return client


def _one_round(stage: Stage, application: Flask, client: FlaskClient, day: date) -> list[Taken]:
    """All three in turn; the first of each is not counted."""
    taken = []
    for _ in range(1 + stage.size.changes):
        with application.app_context():
            change_one_visit(day)
        changed = _page(client, day)
        rendered.cache_clear()
        taken.append(Taken(changed, _page(client, day), _template(application, client, day)))
    return taken[1:]


def _page(client: FlaskClient, day: date) -> float:
    began = perf_counter()
    client.get(f"/schedule/{day}")
    return (perf_counter() - began) * 1000


def _template(application: Flask, client: FlaskClient, day: date) -> float:
    """Renders the template once more, drawn already and with nothing kept, in a request that is not itself measured."""
    taken: list[float] = []

    def whole(partial: str, /, **part: Hashable) -> Markup:
        return rendered.__wrapped__(application.jinja_env.get_template(partial), "", tuple(part.items()))

    def draw(_sender: Flask, template: Template, context: dict[str, Any]) -> None:
        if template.name == PAGE:
            columns = [{**column, "items": tuple(column["items"])} for column in context["columns"]]
            with patch.dict(application.jinja_env.globals, kept=whole):
                began = perf_counter()
                template.render({**context, "columns": columns})
                taken.append((perf_counter() - began) * 1000)

    with before_render_template.connected_to(draw, application):
        client.get(f"/schedule/{day}")
    return taken[0]


def _statements(application: Flask, client: FlaskClient, day: date) -> int:
    with application.app_context(), recorded_queries(db.engine) as queries:
        client.get(f"/schedule/{day}")
    return len(queries)


ROW = Row(
    "A day of 20 practitioners and 600 visits",
    "at most 1.5 times rendering the same template from memory; query count constant",
    """
    The page of the day for a signed-in receptionist, requested inside the process: the whole request with session,
    rights and statements, in turn with the whole template alone, from what such a request has loaded and drawn. A
    process keeps what it has rendered of columns, and a page renders only those that look different: the first figure
    is the page after a change of one visit, the second that of a process which keeps nothing of this day yet.
    """,
    run,
)
