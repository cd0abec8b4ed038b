"""Many at once who ask for the same: one finds out, and all are answered."""

from tests.live.doors.calls import AT_ACCEPT, Call, request
from tests.live.doors.conftest import Change, Start


def is_refused(call: Call) -> bool:
    return call.hears(" 404 ") or b" 401 " in call.heard


def test_before_a_topic_that_nobody_follows_few_go_ahead_and_the_crowd_comes_in_behind_them(
    start: Start, change: Change
) -> None:
    phone = start()
    crowd = [phone.ring(request(AT_ACCEPT)) for _ in range(300)]
    assert all(each.hears("event: hello") for each in crowd)
    assert phone.listeners() == 300
    assert phone.counted('tablo_streams_opened_total{door="view"}') < 30
    newest = change()
    assert all(each.hears(f"id: {newest}\n") for each in crowd)
    assert len({tuple(each.ids()) for each in crowd[-100:]}) == 1


def test_a_crowd_before_a_topic_that_is_not_there_is_refused(start: Start) -> None:
    phone = start()
    crowd = [phone.ring(request(AT_ACCEPT.replace("club/1", "club/99"))) for _ in range(100)]
    assert all(is_refused(each) for each in crowd)
    assert phone.listeners() == 0
