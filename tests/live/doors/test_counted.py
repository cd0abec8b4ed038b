"""What is counted of sockets: those who do not keep up, those who never read, and how late the loop is."""

from tests.live.conftest import must_come
from tests.live.doors.calls import Carrier, Phone
from tests.live.doors.conftest import Change

STALLED_AFTER = 15


def test_one_who_does_not_read_is_counted_as_skipping_and_then_as_stuck(
    carriers: list[Carrier], change: Change
) -> None:
    view = next(each for each in carriers if each.name == "view")
    phone = view.phone
    skipped, stuck = (phone.counted(f"tablo_{name}_total") for name in ("conflated", "streams_stalled"))
    view.ring(view.wide, receive_buffer=4096)

    def skips() -> bool:
        change("section")
        return phone.counted("tablo_conflated_total") > skipped

    must_come(skips)
    must_come(lambda: phone.counted("tablo_streams_stalled_total") == stuck + 1, seconds=3 * STALLED_AFTER)


def test_the_loop_is_looked_at_all_the_time(phone: Phone) -> None:
    before = phone.counted("tablo_loop_lag_seconds_count")
    must_come(lambda: phone.counted("tablo_loop_lag_seconds_count") > before)
