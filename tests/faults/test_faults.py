"""A thousand listeners connected to the whole of Tablo, parts of which are killed and restarted while scores change.

`make faults` does the same with two thousand listeners and two hundred changes a second, and prints figures.
"""

from collections.abc import Iterator

import pytest

from tests.faults.drill import Drill, Kept, drill
from tests.faults.house import Load, running_house

LOAD = Load(listeners=1_000, changes=40, clubs=20, clubs_tapped=4, taps=4, grace=24)
PROMISE = 5.0
FILES_FOR_THE_DATABASE = 40
MEGABYTES = 64
SECONDS_AWAY = {"Redis": 1, "PostgreSQL": 1, "web-1": 1, "live-1": 2, "nginx": 2}


@pytest.fixture(scope="module")
def hall() -> Iterator[Drill]:
    """All listeners are connected, and changes continue during the tests."""
    with running_house(LOAD) as house, drill(house) as running:
        yield running


@pytest.fixture(scope="module")
def kept_before(hall: Drill) -> dict[str, Kept]:
    return hall.kept()


@pytest.fixture(scope="module")
def match_day(hall: Drill, kept_before: dict[str, Kept]) -> Drill:
    hall.begin()
    return hall


@pytest.mark.parametrize("part", SECONDS_AWAY)
def test_everybody_shows_the_newest_soon_after_a_part_was_killed(match_day: Drill, part: str) -> None:
    endured = match_day.endure(part, SECONDS_AWAY[part])
    assert endured.converged.most <= PROMISE
    assert match_day.course().faults == []


def test_a_restart_sends_the_hall_round_bit_by_bit(match_day: Drill) -> None:
    assert match_day.restart(["live-1"]) <= 0.05 * LOAD.listeners
    assert match_day.course().faults == []


def test_in_the_end_every_screen_is_what_the_database_has(match_day: Drill) -> None:
    match_day.quiet()
    newest, screens = match_day.house.newest_frames(), match_day.audience.ask("screens")
    assert screens.keys() == newest.keys()
    assert [topic for topic, shown in screens.items() if not all(newest[topic] in screen for screen in shown)] == []
    assert match_day.course().faults == []


def test_who_has_left_leaves_nothing_behind(match_day: Drill, kept_before: dict[str, Kept]) -> None:
    match_day.leave()
    for name, kept in match_day.kept().items():
        assert kept.listeners == 0
        assert kept.files <= kept_before[name].files + FILES_FOR_THE_DATABASE
        assert kept.megabytes <= kept_before[name].megabytes + MEGABYTES
