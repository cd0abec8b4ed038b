"""A crowd with the same request: one finds out the answer for all."""

from tests.live.doors.conftest import Change, Start
from tests.live.doors.connections import AT_ACCEPT, Connection, request


def is_refused(connection: Connection) -> bool:
    return connection.receives(" 404 ") or b" 401 " in connection.received


def test_before_a_topic_that_nobody_follows_few_go_ahead_and_the_crowd_comes_in_behind_them(
    start: Start, change: Change
) -> None:
    raw_client = start()
    crowd = [raw_client.connect(request(AT_ACCEPT)) for _ in range(300)]
    assert all(each.receives("event: hello") for each in crowd)
    assert raw_client.listeners() == 300
    assert raw_client.counted('tablo_streams_opened_total{door="view"}') < 30
    newest = change()
    assert all(each.receives(f"id: {newest}\n") for each in crowd)
    assert len({tuple(each.ids()) for each in crowd[-100:]}) == 1


def test_a_crowd_before_a_topic_that_is_not_there_is_refused(start: Start) -> None:
    raw_client = start()
    crowd = [raw_client.connect(request(AT_ACCEPT.replace("club/1", "club/99"))) for _ in range(100)]
    assert all(is_refused(each) for each in crowd)
    assert raw_client.listeners() == 0
