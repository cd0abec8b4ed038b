"""The settings in deploy/systemd."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from config import Settings
from tests.support.parts import ROOT

UNITS = {name: ROOT / "deploy" / "systemd" / f"tablo-{name}@.service" for name in ("web", "live")}
OWN = {"Environment", "RuntimeDirectory", "TimeoutStopSec"}
STREAMS_MUST_BE_SPREAD_OVER = 25


SERVICES = {name: ROOT / "deploy" / "systemd" / f"tablo-{name}.service" for name in ("reminders", "matches", "push")}


def service(name: str) -> dict[str, str]:
    return read(UNITS[name])


def read(path: Path) -> dict[str, str]:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    return dict(unit["Service"])


def environment(name: str) -> dict[str, str]:
    return dict(setting.split("=", 1) for setting in service(name)["Environment"].split())


def test_they_differ_only_in_what_they_serve_and_how_long_they_may_take_to_stop() -> None:
    web, live = service("web"), service("live")
    assert {key for key in web if web[key] != live[key]} == OWN
    assert set(web) == set(live)


@pytest.mark.parametrize("name", SERVICES)
def test_what_works_beside_the_pages_is_kept_as_narrow(name: str) -> None:
    beside, web = read(SERVICES[name]), service("web")
    narrowed = set(web) - OWN - {"LimitNOFILE", "RuntimeDirectoryMode"}
    assert {key for key in narrowed if beside[key] != web[key]} == {"Type", "ExecStart", "RestartSec"}
    assert beside["ExecStart"].endswith(f"python -m flask {name} run")


@pytest.mark.parametrize("name", UNITS)
def test_a_stop_may_last_longer_than_twice_the_grace(name: str) -> None:
    """gunicorn answers a stop late while it is waiting for a reload, which lasts as long again."""
    assert int(service(name)["TimeoutStopSec"]) > 2 * int(environment(name)["GRACEFUL_TIMEOUT"])


def test_streams_are_let_go_over_long_enough_that_few_return_in_one_second() -> None:
    """Streams end evenly within 0.8 of the grace; a twentieth of them in each second would last twenty seconds."""
    assert 0.8 * int(environment("live")["GRACEFUL_TIMEOUT"]) > STREAMS_MUST_BE_SPREAD_OVER


@pytest.mark.parametrize("name", UNITS)
def test_the_socket_is_where_nginx_looks_for_it(name: str) -> None:
    unit = service(name)
    assert environment(name)["BIND"] == f"unix:/run/{unit['RuntimeDirectory']}/socket"
    socket = environment(name)["BIND"].replace("%i", "1")
    assert f"server {socket} " in (ROOT / "deploy" / "nginx.conf").read_text()


@pytest.mark.parametrize("name", UNITS)
def test_systemd_understands_it(name: str, tmp_path: Path) -> None:
    """Checked only where systemd is installed; other machines cannot run the units anyway."""
    program = shutil.which("systemd-analyze")
    unit = tmp_path / UNITS[name].name
    unit.write_text(UNITS[name].read_text().replace("/srv/tablo/current/.venv/bin/python", sys.executable))
    said = subprocess.run([program, "verify", unit], capture_output=True, text=True, check=False) if program else None
    assert said is None or (said.returncode, said.stderr) == (0, "")


def test_the_example_of_the_environment_starts_tablo() -> None:
    lines = (ROOT / "deploy" / "environment.example").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = Settings.from_environment(given | {"SECRET_KEY": "x" * 40})
    assert settings.database_url.startswith("postgresql+psycopg://")
    assert (settings.trusted_proxies, settings.secure_cookies, settings.log_format) == (1, True, "json")
