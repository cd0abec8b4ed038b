from flask import Flask

from tests.architecture.routes import unguarded_routes


def test_every_route_states_its_guard(application: Flask) -> None:
    assert unguarded_routes(application) == []


def test_only_topics_that_name_no_patient_pass_their_states_through_redis(application: Flask) -> None:
    public = {kind.name for kind in application.extensions["registry"].kinds if kind.public}
    assert public == {"club", "match", "tournament", "waiting room"}


def test_a_route_without_a_guard_is_found() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "")
    assert unguarded_routes(app) == ["open"]
