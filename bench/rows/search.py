"""Searching a patient among very many while typing."""

from statistics import median
from time import monotonic_ns
from urllib.parse import quote_plus

from bench.figures import milliseconds
from bench.person import Person
from bench.row import Finding, Result, Row, Table
from bench.stage import Stage
from bench.subjects.tablo import Tablo

SOON = 20.0
# What people type: a growing name, parts of a phone and an IIN, several fragments, and one without a match.
TYPED = ("а", "ах", "ахм", "ахметов", "щ", "щерб", "шев", "ова", "7771", "701 55", "8705", "8503", "болат 777", "ъщ")
FORM, LIST = "/appointments/patients?q=", "/patients?q="
RECEPTIONIST = "desk1@tablo.example"


def run(stage: Stage) -> Result:
    result = Result([], Table(["typed", "", "in a visit's form, ms", "the list of 20, ms"]))
    for tablo in stage.crowded_tablos():
        times = {typed: _times(stage, tablo, typed) for typed in TYPED}
        for typed, figures in times.items():
            result.table.lines.append([f"«{typed}»", tablo.name, *map(milliseconds, figures)])
        for place, where in enumerate(("in a visit's form", "in the list")):
            slowest = max(figures[place] for figures in times.values())
            what = f"{tablo.name}: the slowest of these among {stage.size.cards:,} cards, {where}"
            result.findings.append(Finding(what, slowest, SOON, "ms"))
    return result


def _times(stage: Stage, tablo: Tablo, typed: str) -> list[float]:
    """Median milliseconds to the response in the form and in the list; the first request of each is not counted."""
    person, asks = Person(tablo.port, RECEPTIONIST), 1 + stage.size.rounds * stage.size.changes
    return [median([_ask(person, path, typed) for _ in range(asks)][1:]) for path in (FORM, LIST)]


def _ask(person: Person, path: str, typed: str) -> float:
    asked = monotonic_ns()
    person.get(path + quote_plus(typed), HX_Request="true")
    return (monotonic_ns() - asked) / 1e6


ROW = Row(
    "A patient among 100,000",
    "found by any fragment of name, phone or IIN in under 20 ms on either database, while typing",
    """
    The request of a signed-in receptionist as htmx sends it, on a new connection, until the whole response has
    arrived: six names in the form of a visit, or a page of twenty patients with their last and next visits. Medians.
    """,
    run,
)
