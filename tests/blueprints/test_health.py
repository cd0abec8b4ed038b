"""The endpoints for monitoring."""

from pathlib import Path

import pytest

from app import create_app
from tests.conftest import settings_for
from tests.support.page import PageClient


def test_the_process_is_alive(client: PageClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.both_databases
def test_the_database_answers_and_knows_cyrillic(client: PageClient) -> None:
    assert client.get("/readyz").json == {"ready": True}


def test_a_database_that_is_gone_is_said_without_its_address(tmp_path: Path) -> None:
    gone = create_app(settings_for(f"sqlite:///{tmp_path}/no/such/folder/tablo.db")).test_client()
    answer = gone.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "reason": "OperationalError"})


def test_numbers_are_there_to_be_read(client: PageClient) -> None:
    assert "tablo_listeners 0.0" in client.get("/metrics").text


def test_only_reading_is_allowed(client: PageClient) -> None:
    assert [client.post(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [405, 405, 405]
