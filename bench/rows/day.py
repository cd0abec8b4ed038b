"""The page of a busy day, relative to rendering its template alone."""

from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask, before_render_template
from flask.testing import FlaskClient
from jinja2 import Template

from bench.busy_day import RECEPTIONIST, application_on, book_day
from bench.figures import milliseconds, ratio_by_round
from bench.person import PASSWORD
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from extensions import db
from tests.support.queries import recorded_queries

HALF_MORE, AS_MANY = 1.5, 1.0
PAGE = "clinic/day/page.html"


def run(stage: Stage) -> Result:
    result = Result([], Table(["", "response ms", "template ms", "statements", "statements of an empty day"]))
    for name, database_url in stage.clinics():
        application = application_on(database_url)
        with application.app_context():
            busy, empty = book_day(stage.size.visits)
        client = _signed_in(application)
        rounds = [_one_round(stage, application, client, busy) for _ in range(stage.size.rounds)]
        answers, templates = ([taken[place] for taken in rounds] for place in (0, 1))
        counts = [_statements(application, client, day) for day in (busy, empty)]
        shown = [milliseconds(median(median(each) for each in figures)) for figures in (answers, templates)]
        result.table.lines.append([name, *shown, *map(str, counts)])
        what = f"{name}: the response, relative to the same template rendered from memory"
        result.findings.append(Finding(what, ratio_by_round(answers, templates), HALF_MORE))
        result.findings.append(Finding(f"{name}: statements, relative to an empty day", counts[0] / counts[1], AS_MANY))
    return result


def _signed_in(application: Flask) -> FlaskClient:
    client = application.test_client()
    client.post("/sign-in", data={"email": RECEPTIONIST, "password": PASSWORD})
    return client


def _one_round(stage: Stage, application: Flask, client: FlaskClient, day: date) -> tuple[list[float], list[float]]:
    """Milliseconds of whole responses, and of the template alone with the same context; the first is not counted."""
    answers, templates = [], []
    for _ in range(1 + stage.size.changes):
        began = perf_counter()
        client.get(f"/schedule/{day}")
        answers.append((perf_counter() - began) * 1000)
        templates.append(_template(application, client, day))
    return answers[1:], templates[1:]


def _template(application: Flask, client: FlaskClient, day: date) -> float:
    """Renders the template once more within a request that is not itself measured."""
    taken: list[float] = []

    def draw(_sender: Flask, template: Template, context: dict[str, Any]) -> None:
        if template.name == PAGE:
            began = perf_counter()
            template.render(context)
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
    rights and statements, in turn with the template alone, rendered from what such a request has loaded.
    """,
    run,
)
