"""Metrics of sockets: slow readers, those that never read, and the loop's delay."""

from tests.live.doors.conftest import Change
from tests.live.doors.connections import WIDE, RawClient, request
from tests.support.waiting import wait_until

STALLED_AFTER = 15


def test_one_who_does_not_read_is_counted_as_skipping_and_then_as_stuck(raw_client: RawClient, change: Change) -> None:
    skipped, stuck = (raw_client.counted(f"tablo_{name}_total") for name in ("conflated", "streams_stalled"))
    raw_client.connect(request(WIDE), receive_buffer=4096)

    def skips() -> bool:
        change("section")
        return raw_client.counted("tablo_conflated_total") > skipped

    wait_until(skips)
    wait_until(lambda: raw_client.counted("tablo_streams_stalled_total") == stuck + 1, seconds=3 * STALLED_AFTER)


def test_the_loop_is_looked_at_all_the_time(raw_client: RawClient) -> None:
    before = raw_client.counted("tablo_loop_lag_seconds_count")
    wait_until(lambda: raw_client.counted("tablo_loop_lag_seconds_count") > before)
