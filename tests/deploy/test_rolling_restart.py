"""deploy/rolling_restart.py on real processes. Only systemd is replaced: the test restarts the processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from tests.deploy.conftest import Racket
from tests.support.parts import ROOT
from tests.support.site import Process, Site

STREAM = "/live/club/1?view=json&since=0&language=ru"
SYSTEMCTL = """#!/bin/sh
if [ "$1" = list-units ]; then
  printf 'tablo-%s loaded active running\\n' live@1.service live@2.service web@1.service
else
  echo "$2" > {folder}/asked
  read -r _ < {folder}/done
fi
"""


class Keeper:
    """Replaces systemd: restarts a unit on request and reports when it is done. `restarted` records the order."""

    def __init__(self, folder: Path, site: Site, *, forgets_to_start: bool = False) -> None:
        self.folder = folder
        self.restarted: list[str] = []
        self._forgets_to_start = forgets_to_start
        self._units = {f"tablo-{each.name.replace('-', '@')}.service": each for each in (site.web, *site.live)}

    def keep(self) -> None:
        """Serves requests until there are none."""
        while unit := (self.folder / "asked").read_text().strip():
            self.restarted.append(unit)
            self._restart(self._units[unit])
            (self.folder / "done").write_text("done\n")

    def _restart(self, process: Process) -> None:
        process.stop()
        if not self._forgets_to_start:
            process.start()


@contextmanager
def rolling_restart(keeper: Keeper, site: Site, patience: int = 60) -> Iterator[subprocess.Popen[str]]:
    """Starts the script with the keeper's systemctl."""
    folder = keeper.folder
    for pipe in ("asked", "done"):
        os.mkfifo(folder / pipe)
    (folder / "systemctl").write_text(SYSTEMCTL.format(folder=folder))
    (folder / "systemctl").chmod(0o755)
    keeping = Thread(target=keeper.keep)
    keeping.start()
    program = str(ROOT / "deploy" / "rolling_restart.py")
    script = [sys.executable, program, str(site.web.socket.parents[1]), str(patience)]
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    with subprocess.Popen(script, env=environment, stderr=subprocess.PIPE, text=True) as running:
        yield running
    (folder / "asked").write_text("\n")
    keeping.join()


def test_one_after_another_and_there_is_always_a_stream_to_be_had(site: Site, club: Racket, tmp_path: Path) -> None:
    """Until a stopping process has closed its socket it says when to return, as the page then does."""
    keeper = Keeper(tmp_path, site)
    received = set()
    with rolling_restart(keeper, site) as running:
        while running.poll() is None:
            listening = site.listen(STREAM)
            is_told = listening.receives("event: hello") or "event: wait" in listening.text
            received.add((is_told, site.get("/healthz/live").text))
            site.close_streams()
    assert running.returncode == 0
    assert keeper.restarted == ["tablo-web@1.service", "tablo-live@1.service", "tablo-live@2.service"]
    assert received == {(True, "ok")}


def test_listeners_of_one_that_stops_go_over_to_the_other(site: Site, club: Racket, tmp_path: Path) -> None:
    listening = [site.listen(STREAM) for _ in range(10)]
    assert all(each.receives("event: hello") for each in listening)
    with rolling_restart(Keeper(tmp_path, site), site):
        assert not any(each.receives("never said") for each in listening)
        again = [site.listen(STREAM) for _ in range(10)]
        words = club.change()
        assert all(each.receives(words) for each in again)


def test_where_one_does_not_come_back_the_others_are_left_alone(site: Site, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path, site, forgets_to_start=True)
    try:
        with rolling_restart(keeper, site, patience=2) as running:
            assert running.stderr is not None
            said = running.stderr.read()
        assert running.returncode == 1
        assert said.startswith("tablo-web@1.service does not answer")
        assert keeper.restarted == ["tablo-web@1.service"]
    finally:
        site.web.start()
