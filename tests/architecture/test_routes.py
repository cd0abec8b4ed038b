from flask import Flask

from tests.architecture.routes import unguarded_routes


def test_every_route_states_its_guard(application: Flask) -> None:
    assert unguarded_routes(application) == []


def test_a_route_without_a_guard_is_found() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "")
    assert unguarded_routes(app) == ["open"]
