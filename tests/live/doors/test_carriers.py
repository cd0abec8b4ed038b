"""What everybody who listens may count on, whichever of the three ways the bytes come."""

import json
import re
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from time import sleep

from tests.live.conftest import must_come
from tests.live.doors.calls import Call, Carrier, Phone, request
from tests.live.doors.conftest import Change

STALLED_AT_MOST = 256 * 1024


def stream_of(call: Call) -> str:
    """What came after the head."""
    return call.heard.decode(errors="replace").partition("\r\n\r\n")[2]


def test_hello_comes_first(carrier: Carrier) -> None:
    anna = carrier.ring()
    hello = re.match(r"retry: (\d+)\nevent: hello\ndata: (.+)\n\n", stream_of(anna))
    assert hello
    assert 1_000 <= int(hello[1]) <= 4_000
    assert set(json.loads(hello[2])) == {"now", "clock"}


def test_the_head_lets_nothing_on_the_way_keep_or_change_the_stream(carrier: Carrier) -> None:
    head = carrier.ring().heard.partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("HTTP/1.")
    fields = {line.partition(": ")[0]: line.partition(": ")[2] for line in head.split("\r\n")[1:]}
    assert fields["Content-Type"] == "text/event-stream; charset=utf-8"
    assert fields["Cache-Control"] == "no-store, no-transform"
    assert fields["X-Accel-Buffering"] == "no"
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Connection"] == "close"
    assert not {"Transfer-Encoding", "Content-Length", "Content-Encoding"} & fields.keys()


def test_news_comes_in_order(carrier: Carrier, change: Change) -> None:
    anna = carrier.ring()
    for _ in range(5):
        news = change()
        assert anna.hears(f"id: {news}\n")
    assert anna.ids() == sorted(set(anna.ids()))


def test_one_who_returns_is_told_what_is_newer(carrier: Carrier, change: Change) -> None:
    first, second = change(), change("section")
    by_address = carrier.ring(re.sub(r"since=\d+", f"since={first}", carrier.address))
    by_header = carrier.ring(Last_Event_ID=str(first))
    for each in (by_address, by_header):
        assert each.hears(f"id: {second}\n")
        assert each.ids()[0] > first


def test_one_with_a_strange_cursor_is_told_everything(carrier: Carrier, change: Change) -> None:
    carrier.ring()
    newest = change()
    for cursor in ("nonsense", "-1", "٩", str(newest + 1_000), "9" * 19, "1,2"):
        returning = carrier.phone.ring(request(carrier.address, Last_Event_ID=cursor))
        assert returning.hears(f"id: {newest}\n"), cursor
    address = re.sub(r"since=\d+", "since=nonsense", carrier.address)
    assert carrier.ring(address).hears(f"id: {newest}\n")


def test_a_cursor_a_megabyte_long_is_a_bad_request(carrier: Carrier) -> None:
    long = "9" * 1_000_000
    for asked in (request(carrier.address, Last_Event_ID=long), request(carrier.address + long)):
        bolat = carrier.phone.ring()
        with suppress(
            ConnectionError, ssl.SSLError
        ):  # the server does not read to the end, and what it says may be lost with that
            bolat.say(asked)
            bolat.hears_the_end()
        assert re.match(rb"HTTP/1.1 4\d\d |$", bolat.heard), bolat.heard
    assert carrier.phone.listeners() == 0


def test_a_slow_reader_skips_and_converges(carrier: Carrier, change: Change) -> None:
    slow = carrier.ring(carrier.wide, receive_buffer=4096)
    for _ in range(40):
        change("section")
    for _ in range(20):
        slow.hears_more(1024)
        sleep(0.01)
    newest = change()
    assert slow.hears(f"id: {newest}\n")
    assert slow.ids() == sorted(set(slow.ids()))
    assert len(slow.ids()) < 40
    assert all(event.count("<hx-partial") == event.count("</hx-partial>") for event in stream_of(slow).split("\n\n"))


def test_those_who_never_read_are_let_go_and_hold_nobody_up(carriers: list[Carrier], change: Change) -> None:
    """All three carriers at the same time, since it takes a while."""
    stuck = [carrier.ring(carrier.wide, receive_buffer=4096) for carrier in carriers]
    others = [carrier.ring() for carrier in carriers]
    for _ in range(10):
        news = change("section")
        assert all(each.hears(f"id: {news}\n") for each in others)
    kept = [kept_for(each) for each in stuck]
    assert all(0 < bytes_kept < STALLED_AT_MOST for bytes_kept in kept), kept
    must_come(lambda: [carriers[0].phone.listeners(), carriers[2].phone.listeners()] == [2, 1], seconds=30)
    assert all(each.hears(f"id: {change()}\n") for each in others)


def kept_for(call: Call) -> int:
    """How many bytes the kernel keeps for this one on the server's side."""
    ours = call.socket.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2].endswith(f":{ours:04X}"):
            return int(fields[4].partition(":")[0], 16)
    return 0


def test_one_who_hangs_up_is_forgotten_at_once(carrier: Carrier) -> None:
    for hang_up in (Call.hang_up, half_close, reset):
        anna, bolat = carrier.ring(), carrier.ring()
        hang_up(anna)
        must_come(lambda: carrier.phone.listeners() == 1, seconds=5)
        bolat.hang_up()
        must_come(lambda: carrier.phone.listeners() == 0, seconds=5)


def half_close(call: Call) -> None:
    socket.socket.shutdown(call.socket, socket.SHUT_WR)


def reset(call: Call) -> None:
    call.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    call.socket.close()


def test_one_who_is_not_allowed_hears_nothing(carrier: Carrier) -> None:
    for topic in ("club/2", "club/0", "nothing/1", "club/99999999999999999999", "clinic/1/2026-11-22", "club/%31%00"):
        anna = carrier.phone.ring(request(f"/live/{topic}?view=page&language=ru", version="1.0"))
        assert anna.hears_the_end()
        assert anna.heard.split()[1] in (b"401", b"404"), topic
        assert b"event:" not in anna.heard


def test_the_journal_says_who_left_and_how_much_they_heard(carrier: Carrier) -> None:
    before = len(carrier.server.log())
    carrier.ring().hang_up()
    must_come(lambda: '"topic": "club/1"' in carrier.server.log()[before:])
    lines = [json.loads(line) for line in carrier.server.log()[before:].splitlines() if '"door"' in line]
    (line,) = (each for each in lines if each["door"] == carrier.name)
    assert line["streams"] >= 1
    assert line["bytes"] > 50


def test_a_server_that_stops_lets_everybody_go(carrier: Carrier) -> None:
    calls = [carrier.ring() for _ in range(3)]
    carrier.server.stop()
    try:
        assert all(each.hears_the_end() for each in calls)
    finally:
        carrier.server.start()


def test_the_counters_return_to_zero(carrier: Carrier, phone: Phone) -> None:
    for call in [carrier.ring() for _ in range(3)]:
        call.hang_up()
    must_come(lambda: carrier.phone.listeners() == 0)
