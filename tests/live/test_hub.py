"""What a listener can rely on, over each bus."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import SOONEST, live_store
from extensions import db
from live.announcement import Announcement
from live.audience import NOT_FOLLOWED
from live.buses import Bus
from live.buses.local import LocalBus
from live.hub import Hub, HubClosed
from live.registry import Registry, UnknownTopic
from models.accounts.audience import recheck_everybody
from models.live_topic import newest_versions, parts_newer_than, touch, touch_later, touch_scheduled
from tests.live.conftest import ANYBODY, Board, MakeHub, Receiver
from tests.support.waiting import wait_until

MakeBus = Callable[[], Bus]


def listen(hub: Hub, board: Board, cursor: int | None = 0, topic: str = "board/one") -> Receiver:
    registry: Registry = board.app.extensions["registry"]
    return Receiver(hub.listen(registry.topic(topic), "json", "ru", cursor, ANYBODY))


def test_anna_hears_what_bek_says(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in anna.received)


def test_anna_hears_nothing_of_another_board(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    board.write("greeting", "чужое", topic="board/two")
    board.write("greeting", "своё")
    wait_until(lambda: "своё" in anna.received)
    assert "чужое" not in anna.received


def test_a_public_board_is_drawn_from_the_announcement_alone(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    board.is_public = True
    board.app.extensions["registry"].kinds[-1] = board.kind()
    anna = listen(make_hub(make_bus()), board)
    board.write("score", "9:7")
    wait_until(lambda: "9:7" in anna.received)
    assert board.loads == 1


def test_what_is_said_twice_wakes_nobody_twice(board: Board, make_hub: MakeHub) -> None:
    """A process hears its own changes at once and once more from Redis."""
    hub, woken = make_hub(LocalBus()), []
    anna = listen(hub, board)
    anna.listener.wake = lambda: woken.append(anna.listener.feed.known)
    for version in (1, 1, 2, 2, 3):
        hub.receive(Announcement("board/one", version, {"greeting": None}))
    wait_until(lambda: anna.listener.feed.known == 3 and 3 in woken)
    assert woken == [1, 2, 3]


def test_what_is_withdrawn_is_never_said(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    with board.app.app_context():
        board.words["greeting"] = "отменено"
        touch("board/one", "greeting")
        db.session.flush()
        db.session.rollback()
    board.write("farewell", "пока")
    wait_until(lambda: "пока" in anna.received)
    assert "отменено" not in anna.received


def test_versions_come_in_ascending_order(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    for number in range(20):
        board.write(f"part{number % 3}", str(number))
    wait_until(lambda: 20 in anna.ids())
    assert anna.ids() == sorted(set(anna.ids()))


def test_one_who_returns_gets_just_what_was_missed(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    for word in ("один", "два", "три"):
        board.write(word, word)
    anna = listen(make_hub(make_bus()), board, cursor=1)
    wait_until(lambda: "три" in anna.received)
    assert "два" in anna.received
    assert "один" not in anna.received


@pytest.mark.parametrize("cursor", [None, 999_999])
def test_one_with_a_strange_cursor_gets_everything(
    board: Board, make_bus: MakeBus, make_hub: MakeHub, cursor: int | None
) -> None:
    board.words["never touched"] = "тишина"
    board.write("greeting", "сәлем")
    anna = listen(make_hub(make_bus()), board, cursor=cursor)
    wait_until(lambda: "тишина" in anna.received)
    assert "сәлем" in anna.received


def test_a_crowd_costs_one_look_into_the_database(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    hub = make_hub(make_bus())
    crowd = [listen(hub, board) for _ in range(10)]
    board.write("greeting", "сәлем")
    wait_until(lambda: all("сәлем" in receiver.received for receiver in crowd))
    assert board.loads == 1


def test_two_processes_tell_the_same(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    here, there = (listen(make_hub(make_bus(), check_seconds=0.2), board) for _ in range(2))
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in here.received and "сәлем" in there.received)


def test_what_nobody_announced_is_found(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    silent = make_bus()
    anna = listen(make_hub(make_bus(), check_seconds=0.2), board)
    make_hub(silent)
    silent.close()
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in anna.received)


def test_a_part_changes_when_its_moment_comes(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    with board.app.app_context():
        touch("board/one", "greeting")
        board.words |= {"greeting": "сәлем", "clock": "полдень"}
        touch_later("board/one", "clock", datetime.now(UTC) + timedelta(seconds=0.3))
        db.session.commit()
    wait_until(lambda: "полдень" in anna.received)
    assert sorted(set(anna.ids())) == [1, 2]


def test_every_moment_of_a_topic_comes(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    board.words |= {"greeting": "сәлем", "clock": "полдень", "bell": "звон"}
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    for part, due_at in (("clock", soon), ("bell", soon + timedelta(seconds=0.3))):
        with board.app.app_context():
            touch("board/one", "greeting")
            touch_later("board/one", part, due_at)
            db.session.commit()
    wait_until(lambda: "полдень" in anna.received and "звон" in anna.received)


def test_a_topic_that_cannot_be_prepared_holds_up_no_other(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    def prepare(ids: Mapping[str, str]) -> None:
        if ids["name"] == "broken":
            raise OverflowError

    registry: Registry = board.app.extensions["registry"]
    registry.kinds[-1] = replace(board.kind(), prepare=prepare)
    now = datetime.now(UTC)
    topics = ("board/broken", "board/whole")
    with board.app.app_context():
        for topic in topics:
            touch(topic, "greeting")
            touch_later(topic, "clock", now)
        db.session.commit()
        moments = live_store(registry).change_due_parts(topics, now)
        assert newest_versions(topics) == {"board/broken": 1, "board/whole": 2}
    assert list(moments) == ["board/broken"]
    assert moments["board/broken"] > now
    assert "board/broken" in caplog.text


def test_a_moment_that_nobody_announced_comes_too(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    silent = make_bus()
    board.write("clock", "утро")
    anna = listen(make_hub(make_bus(), check_seconds=0.2), board)
    wait_until(lambda: "утро" in anna.received)
    make_hub(silent)
    silent.close()
    with board.app.app_context():
        board.words |= {"greeting": "сәлем", "clock": "полдень"}
        touch("board/one", "greeting")
        touch_later("board/one", "clock", datetime.now(UTC) + timedelta(seconds=0.1))
        db.session.commit()
    wait_until(lambda: "полдень" in anna.received)


def test_a_moment_is_not_lost_with_the_database(
    board: Board, make_bus: MakeBus, make_hub: MakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("tablo").propagate = True
    anna = listen(make_hub(make_bus(), check_seconds=0.2), board)
    with board.app.app_context():
        board.words |= {"greeting": "сәлем", "clock": "полдень"}
        touch("board/one", "greeting")
        touch_later("board/one", "clock", datetime.now(UTC) + timedelta(seconds=0.3))
        db.session.commit()
        wait_until(lambda: "сәлем" in anna.received)
        db.session.execute(text("ALTER TABLE live_topic RENAME TO away"))
        db.session.commit()
        wait_until(lambda: caplog.text.count("the database could not be asked") > 5)
        db.session.execute(text("ALTER TABLE away RENAME TO live_topic"))
        db.session.commit()
    wait_until(lambda: "полдень" in anna.received)


def test_a_moment_that_came_while_nobody_watched_is_made_up_for(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    with board.app.app_context():
        touch("board/one", "greeting")
        board.words["clock"] = "полдень"
        touch_later("board/one", "clock", datetime.now(UTC) - timedelta(hours=1))
        db.session.commit()
    anna = listen(make_hub(make_bus()), board, cursor=1)
    wait_until(lambda: set(anna.ids()) == {2})


def test_what_nobody_scheduled_changes_when_its_moment_comes(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    board.words |= {"greeting": "сәлем", "clock": "полдень"}
    board.next_changes["clock"] = datetime.now(UTC) + timedelta(seconds=0.5)
    anna = listen(make_hub(make_bus()), board)
    wait_until(lambda: "полдень" in anna.received)
    assert "сәлем" not in anna.received


def test_what_is_shown_is_touched_by_who_cannot_name_it(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    board.words |= {"greeting": "сәлем", "clock": "полдень"}
    board.next_changes["clock"] = datetime.now(UTC) + timedelta(days=1)
    anna = listen(make_hub(make_bus()), board)
    with board.app.app_context():
        for prefix in ("board/two", "board/"):
            touch_scheduled(prefix, datetime.now(UTC) - timedelta(hours=1))
            db.session.commit()
    wait_until(lambda: "полдень" in anna.received)
    assert ("сәлем" in anna.received, anna.ids()) == (False, [1])


def test_two_processes_that_plan_the_same_moment_change_the_part_once(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    board.words["clock"] = "полдень"
    board.next_changes["clock"] = noon = datetime.now(UTC) + timedelta(seconds=0.5)
    here, there = (listen(make_hub(make_bus(), check_seconds=0.2), board) for _ in range(2))
    with board.app.app_context():
        assert parts_newer_than("board/one", 0) == [("clock", 0, noon)]
    board.next_changes.clear()
    wait_until(lambda: "полдень" in here.received and "полдень" in there.received)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in here.received and "сәлем" in there.received)
    assert here.ids() == there.ids() == [1, 2]


def test_a_moment_planned_by_one_who_left_is_made_up_for(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    board.words["clock"] = "полдень"
    board.next_changes["clock"] = midnight = datetime.now(UTC) + timedelta(seconds=0.5)
    hub = make_hub(make_bus())
    hub.leave(listen(hub, board).listener)
    board.next_changes.clear()
    wait_until(lambda: datetime.now(UTC) > midnight)
    anna = listen(hub, board)
    wait_until(lambda: "полдень" in anna.received)


def test_a_part_that_is_always_due_does_not_change_without_end(board: Board) -> None:
    """A mistaken answer about the next moment, or a clock that was put back."""
    now = datetime.now(UTC)
    board.words["clock"], board.next_changes["clock"] = "тик", now - timedelta(days=1)
    store = live_store(board.app.extensions["registry"])
    with board.app.app_context():
        store.plan("board/one", now)
        for after in range(3):
            then = now + timedelta(minutes=after)
            assert store.change_due_parts(["board/one"], then) == {"board/one": then + SOONEST}
        assert newest_versions(["board/one"]) == {"board/one": 3}


def test_a_part_that_repeats_itself_goes_on(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    board.next_changes["clock"] = datetime.now(UTC)
    with board.app.app_context():
        board.words["clock"] = "тик"
        touch("board/one", "clock")
        touch_later("board/one", "clock", datetime.now(UTC))
        db.session.commit()
    wait_until(lambda: len(anna.ids()) >= 4)


def test_those_who_left_are_forgotten(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    hub = make_hub(make_bus())
    receivers = [listen(hub, board) for _ in range(3)]
    assert hub.count() == 3
    for receiver in receivers:
        hub.leave(receiver.listener)
        hub.leave(receiver.listener)
    assert hub.count() == 0
    again = listen(hub, board)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in again.received)


def test_who_loses_the_right_is_sent_away_by_what_the_bus_says_and_not_by_the_check(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    hub = make_hub(make_bus())
    anna = listen(hub, board)
    wait_until(lambda: hub.audience_version() != NOT_FOLLOWED)
    board.is_closed = True
    with board.app.app_context():
        recheck_everybody()
        db.session.commit()
    wait_until(lambda: anna.listener.closed)


def test_a_hub_that_stops_ends_its_streams_and_takes_nobody(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    hub = make_hub(make_bus())
    anna = listen(hub, board)
    hub.close()
    assert anna.listener.closed
    with pytest.raises(HubClosed):
        listen(hub, board, topic="board/two")


def test_a_view_that_is_not_there_is_refused(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    topic = board.app.extensions["registry"].topic("board/one")
    with pytest.raises(UnknownTopic):
        make_hub(make_bus()).listen(topic, "tv", "ru", 0, ANYBODY)


def test_a_topic_whose_first_load_failed_can_be_followed_later(
    board: Board, make_bus: MakeBus, make_hub: MakeHub
) -> None:
    hub = make_hub(make_bus())
    with board.app.app_context():
        db.session.execute(text("ALTER TABLE live_part RENAME TO away"))
        db.session.commit()
    with pytest.raises(OperationalError):
        listen(hub, board)
    with board.app.app_context():
        db.session.execute(text("ALTER TABLE away RENAME TO live_part"))
        db.session.commit()
    anna = listen(hub, board)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in anna.received)


def test_what_one_reads_the_others_are_told(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    silent = make_bus()
    hub = make_hub(make_bus(), check_seconds=2)
    anna = hub.listen(board.app.extensions["registry"].topic("board/one"), "json", "ru", 0, ANYBODY)
    woken = Event()
    anna.wake = woken.set
    make_hub(silent)
    silent.close()
    board.write("greeting", "сәлем")
    bek = listen(hub, board, cursor=None)
    wait_until(lambda: "сәлем" in bek.received and woken.is_set())
    assert "сәлем".encode() in anna.take()


def test_one_version_has_one_id(board: Board, make_bus: MakeBus, make_hub: MakeHub) -> None:
    anna = listen(make_hub(make_bus()), board)
    with board.app.app_context():
        for part in ("greeting", "farewell"):
            board.words[part] = part
            touch("board/one", part)
        db.session.commit()
    wait_until(lambda: "greeting" in anna.received and "farewell" in anna.received)
    assert anna.ids() == [1]
    assert anna.received.index("farewell") < anna.received.index("id: 1")


def test_a_moment_that_came_while_the_database_was_away_is_made_up_for(
    board: Board, make_bus: MakeBus, make_hub: MakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    board.is_public = True
    board.app.extensions["registry"].kinds[-1] = board.kind()
    anna = listen(make_hub(make_bus(), check_seconds=0.3), board)
    board.words |= {"greeting": "сәлем", "clock": "полдень"}
    with board.app.app_context():
        touch("board/one", "greeting")
        touch_later("board/one", "clock", datetime.now(UTC) + timedelta(seconds=0.3))
        db.session.commit()
    wait_until(lambda: "сәлем" in anna.received)
    with board.app.app_context():
        db.session.execute(text("ALTER TABLE live_part RENAME TO away"))
        db.session.commit()
    wait_until(lambda: "touch_due_parts" in caplog.text)
    with board.app.app_context():
        db.session.execute(text("ALTER TABLE away RENAME TO live_part"))
        db.session.commit()
    wait_until(lambda: "полдень" in anna.received)
