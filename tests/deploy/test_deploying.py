"""The instructions in docs/deploying.md work."""

import re
import shlex

import pytest
from flask import Flask

from tests.support.page import PageClient
from tests.support.parts import ROOT

GUIDE = (ROOT / "docs" / "deploying.md").read_text()


def test_every_file_of_ours_that_it_names_is_there() -> None:
    named = set(re.findall(r"/srv/tablo/current/(deploy/[\w./*-]+)", GUIDE))
    assert named >= {"deploy/nginx.conf", "deploy/environment.example", "deploy/rolling_restart.py"}
    assert [path for path in named if not list(ROOT.glob(path))] == []


def test_every_unit_that_it_starts_is_one_of_ours() -> None:
    units = set(re.findall(r"(tablo-\w+)(?:@\d|$)", GUIDE, re.MULTILINE))
    assert units == {re.split("[@.]", path.name)[0] for path in (ROOT / "deploy" / "systemd").iterdir()}


@pytest.mark.both_databases
def test_the_first_owner_can_sign_in(app: Flask, client: PageClient) -> None:
    [command] = re.findall(r"^tablo (accounts .+)$", GUIDE, re.MULTILINE)
    link = app.test_cli_runner().invoke(args=shlex.split(command)).output.split()[-1]
    chosen = "a long password of your own"
    assert client.post(link, data={"password": chosen, "again": chosen}).status_code == 303
    form = {"email": "owner@tablo.example", "password": chosen}
    assert app.test_client().post("/sign-in", data=form).status_code == 303
    assert "Клиника «Самал»" in client.get("/schedule", follow_redirects=True).text
