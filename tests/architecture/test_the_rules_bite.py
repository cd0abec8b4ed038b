"""Each architecture rule fails on a bad example."""

import pytest
from flask import Flask

from tests.architecture import arrows, budgets, markup
from tests.architecture.source import Module
from tests.support.page import BadPage, PageClient, page_faults

LONG = "def {name}():\n" + "    x = 1\n" * 31


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        ("models.clinic.patient", "from live.hub import Hub", "models may not know live"),
        ("live.hub", "import models", "live may not know models"),
        ("live.hub", "from models.accounts import User", "live may not know models"),
        ("models.club.match", "from blueprints import guards", "models may not know blueprints"),
        ("rules.booking", "from models import errors", "rules may not know models"),
        ("rules.booking", "import sqlalchemy", "only the standard library"),
        ("rules.booking", "import config", "rules may not know config"),
        ("commands.seed", "from app import create_app", "nobody imports app"),
        ("blueprints.clinic.day", "from blueprints.accounts import forms", "do not import each other"),
        ("blueprints.guards", "import blueprints.accounts.forms", "do not import each other"),
        ("blueprints.clinic.day", "from models.club import Match", "never meet"),
        ("blueprints.clinic.day", "from ..club import forms", "never meet"),
        ("models.club.match", "from models import clinic", "never meet"),
        ("blueprints.clinic.waitlist_live", "from flask_babel import format_date", "a state knows no language"),
        ("blueprints.clinic.board_moves", "from blueprints.clinic.date_words import short_date", "knows no language"),
        ("extensions", "import models", "extensions may not know models"),
    ],
)
def test_a_wrong_arrow_is_found(name: str, line: str, reason: str) -> None:
    assert any(reason in fault for fault in arrows.import_faults(Module(name, line)))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("app", "from blueprints import clinic, club"),
        ("blueprints.clinic.day", "from blueprints.guards import requires"),
        ("blueprints.clinic.day", "from blueprints.clinic.forms import AppointmentForm"),
        ("blueprints.club.api", "from blueprints.live import subscribe"),
        ("models.club.match", "from rules.scoring import engine"),
        ("rules.phone", "import phonenumbers"),
        ("seeds.demo", "from models import clinic, club"),
    ],
)
def test_a_right_arrow_is_left_alone(name: str, line: str) -> None:
    assert arrows.import_faults(Module(name, line)) == []


def test_an_import_inside_a_function_is_found() -> None:
    assert arrows.hidden_imports(Module("live.hub", "def late():\n    import json\n")) != []


@pytest.mark.parametrize("name", ["live.utils", "models.helpers", "calendar"])
def test_a_name_that_says_nothing_is_found(name: str) -> None:
    assert arrows.name_faults(Module(name, "")) != []


def test_a_module_without_end_is_found() -> None:
    assert budgets.module_faults(Module("live.hub", "x = 1\n" * 401)) != []


def test_a_function_without_end_is_found() -> None:
    assert budgets.function_faults(Module("live.hub", LONG.format(name="long"))) != []


def test_a_view_that_does_too_much_is_found() -> None:
    view = '@blueprint.get("/")\ndef index():\n    """What it is."""\n' + "    x = 1\n" * 16
    assert budgets.function_faults(Module("blueprints.live", view)) != []


def test_a_habit_of_long_functions_is_found() -> None:
    habit = "\n".join(LONG.format(name=f"long_{number}") for number in range(3))
    assert len(budgets.spread_faults([Module("live.hub", habit)])) == 2


@pytest.mark.parametrize(("path", "lines"), [("templates/a/_row.html", 46), ("static/js/live.js", 81)])
def test_a_long_partial_or_script_is_found(path: str, lines: int) -> None:
    assert budgets.file_faults(path, "x\n" * lines) != []


def test_a_whole_page_may_be_long() -> None:
    assert budgets.file_faults("templates/a/show.html", "x\n" * 46) == []


@pytest.mark.parametrize(
    "text",
    [
        "<style>b{}</style>",
        "<script>go()</script>",
        '<b style="x">',
        '<b onclick="x">',
        '<b hx-on:click="x">',
        '<a href="javascript:x">',
        "{{ name|safe }}",
        "<b hx-trigger=\"keyup[key=='Enter']\">",
        '{% include "club/_score.html" %}',
    ],
)
def test_a_forbidden_template_is_found(text: str) -> None:
    assert markup.template_faults("templates/clinic/show.html", text) != []


def test_a_decent_template_is_left_alone() -> None:
    text = """<script src="/static/live.js"></script>{# style="" #}
      <b hx-trigger="load, every 5s">{% include "shared/_x.html" %}"""
    assert markup.template_faults("templates/clinic/show.html", text) == []


@pytest.mark.parametrize(
    "html",
    [
        '<i id="a"></i><i id="a"></i>',
        "<input name=phone>",
        "<label>Телефон</label><input name=phone>",
        "<button><svg></svg></button>",
        '<a href="/"></a>',
        "<img src=x>",
        '<i style="x"></i>',
        '<i onclick="x"></i>',
        "<script>go()</script>",
        "<html lang=ru><title>x</title><main></main></html>",
        "<html><title>x</title><main><h1>x</h1></main></html>",
        "<html lang=ru><title>x</title><main><h1>x</h1><label for=a>x</label></main></html>",
    ],
)
def test_a_bad_page_is_found(html: str) -> None:
    assert page_faults(html) != []


def test_a_test_client_refuses_a_bad_page() -> None:
    app = Flask(__name__)
    app.test_client_class = PageClient
    app.add_url_rule("/", "home", lambda: "<input name=phone>")
    with pytest.raises(BadPage, match='<input name="phone"> has no accessible name'):
        app.test_client().get("/")


def test_a_good_page_is_left_alone() -> None:
    html = """<html lang=ru><title>Пациент</title><main><h1>Пациент</h1><form>
      <label>Имя <input name=given></label><label for=phone>Телефон</label><input id=phone aria-describedby=hint>
      <p id=hint>Можно не указывать</p><input type=hidden name=token><button>Сохранить</button>
      <button aria-label="Закрыть"><svg><title>x</title></svg></button></form><a href="/"><img src=x alt="Домой"></a>
      <dialog><h1>Запись</h1></dialog></main></html>"""
    assert page_faults(html) == []
