"""Redis only adds speed: it may die, and nothing is lost."""

import pytest

from live.announcement import Announcement
from live.buses.redis import WAITING_AT_MOST, RedisBus
from tests.live.conftest import Board, MakeHub, Receiver
from tests.live.test_hub import listen
from tests.support.redis_server import RedisServer
from tests.support.waiting import wait_until


def receiver_on(server: RedisServer, board: Board, make_hub: MakeHub, check_seconds: float) -> Receiver:
    return listen(make_hub(RedisBus(server.url), check_seconds), board)


def test_what_is_said_in_the_same_process_is_heard_without_redis(
    redis_server: RedisServer, board: Board, make_hub: MakeHub
) -> None:
    bus = RedisBus(redis_server.url)
    anna = listen(make_hub(bus, telling=bus), board)
    redis_server.kill()
    board.write("greeting", "без Redis")
    wait_until(lambda: "без Redis" in anna.received)


def test_a_change_made_while_redis_is_dead_arrives(redis_server: RedisServer, board: Board, make_hub: MakeHub) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=0.3)
    redis_server.kill()
    board.write("greeting", "без Redis")
    wait_until(lambda: "без Redis" in anna.received)


def test_redis_that_returns_is_heard_again(redis_server: RedisServer, board: Board, make_hub: MakeHub) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=60)
    board.write("greeting", "до")
    wait_until(lambda: "до" in anna.received)
    redis_server.kill()
    board.write("greeting", "во время")
    redis_server.start()
    wait_until(lambda: "во время" in anna.received)
    board.write("greeting", "после")
    wait_until(lambda: "после" in anna.received)
    assert anna.ids() == sorted(set(anna.ids()))


def test_a_topic_followed_while_redis_is_dead_is_heard_later(
    redis_server: RedisServer, board: Board, make_hub: MakeHub
) -> None:
    redis_server.kill()
    anna = receiver_on(redis_server, board, make_hub, check_seconds=60)
    redis_server.start()
    wait_until(lambda: redis_server.client().pubsub_numsub("tablo:0:board/one")[0][1] == 1)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in anna.received)


def test_what_changed_before_a_late_subscription_arrives(
    redis_server: RedisServer, board: Board, make_hub: MakeHub
) -> None:
    redis_server.kill()
    anna = receiver_on(redis_server, board, make_hub, check_seconds=60)
    board.write("greeting", "сәлем")
    redis_server.start()
    wait_until(lambda: "сәлем" in anna.received)


def test_a_frozen_redis_holds_nobody_up(redis_server: RedisServer, board: Board, make_hub: MakeHub) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=0.3)
    redis_server.freeze()
    for number in range(5):
        board.write("greeting", f"слово {number}")
    wait_until(lambda: "слово 4" in anna.received)
    redis_server.thaw()
    board.write("greeting", "оттаяло")
    wait_until(lambda: "оттаяло" in anna.received)


def test_a_redis_that_is_away_is_complained_of_once(
    redis_server: RedisServer, board: Board, make_hub: MakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=0.3)
    redis_server.kill()
    for number in range(20):
        board.write("greeting", f"слово {number}")
    wait_until(lambda: "слово 19" in anna.received)
    redis_server.start()
    wait_until(lambda: redis_server.client().pubsub_numsub("tablo:0:board/one")[0][1] == 1)
    board.write("greeting", "снова")
    wait_until(lambda: "снова" in anna.received)
    complaints = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(complaints) == 2, complaints


def test_what_a_silent_redis_does_not_take_is_not_kept_for_ever(redis_server: RedisServer) -> None:
    bus = RedisBus(redis_server.url)
    spy = redis_server.client().pubsub()  # type: ignore[no-untyped-call]
    spy.psubscribe("*")
    spy.get_message(timeout=5)
    redis_server.freeze()
    for version in range(3 * WAITING_AT_MOST):
        bus.announce(Announcement("board/one", version))
    redis_server.thaw()
    told = 0
    while spy.get_message(timeout=2):
        told += 1
    bus.close()
    assert WAITING_AT_MOST <= told < 2 * WAITING_AT_MOST


def test_a_stranger_on_the_channel_is_survived(redis_server: RedisServer, board: Board, make_hub: MakeHub) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=60)
    for nonsense in ("", "{}", "[]", "null", '{"topic": 1}', "\x00"):
        redis_server.client().publish("tablo:0:board/one", nonsense)
    board.write("greeting", "сәлем")
    wait_until(lambda: "сәлем" in anna.received)


def test_of_a_private_board_redis_learns_nothing(redis_server: RedisServer, board: Board, make_hub: MakeHub) -> None:
    anna = receiver_on(redis_server, board, make_hub, check_seconds=60)
    spy = redis_server.client().pubsub()  # type: ignore[no-untyped-call]
    spy.psubscribe("*")
    spy.get_message(timeout=5)
    board.write("patient", "Ахметов")
    wait_until(lambda: "Ахметов" in anna.received)
    message = spy.get_message(timeout=5)
    assert message is not None
    assert Announcement.from_json(message["data"]).parts == {"patient": None}
