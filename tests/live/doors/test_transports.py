"""What listeners can rely on, however their stream is transported."""

import json
import re
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from time import sleep

from tests.live.doors.conftest import Change
from tests.live.doors.connections import Connection, Transport, request
from tests.support.waiting import wait_until

STALLED_AT_MOST = 256 * 1024


def stream_of(connection: Connection) -> str:
    """The body of the response."""
    return connection.received.decode(errors="replace").partition("\r\n\r\n")[2]


def test_hello_comes_first(transport: Transport) -> None:
    anna = transport.connect()
    hello = re.match(r"retry: (\d+)\nevent: hello\ndata: (.+)\n\n", stream_of(anna))
    assert hello
    assert 1_000 <= int(hello[1]) <= 4_000
    assert set(json.loads(hello[2])) == {"now", "clock"}


def test_the_head_lets_nothing_on_the_way_keep_or_change_the_stream(transport: Transport) -> None:
    head = transport.connect().received.partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("HTTP/1.")
    fields = {line.partition(": ")[0]: line.partition(": ")[2] for line in head.split("\r\n")[1:]}
    assert fields["Content-Type"] == "text/event-stream; charset=utf-8"
    assert fields["Cache-Control"] == "no-store, no-transform"
    assert fields["X-Accel-Buffering"] == "no"
    assert fields["X-Content-Type-Options"] == "nosniff"
    assert fields["Connection"] == "close"
    assert not {"Transfer-Encoding", "Content-Length", "Content-Encoding"} & fields.keys()


def test_news_comes_in_order(transport: Transport, change: Change) -> None:
    anna = transport.connect()
    for _ in range(5):
        news = change()
        assert anna.receives(f"id: {news}\n")
    assert anna.ids() == sorted(set(anna.ids()))


def test_one_who_returns_is_told_what_is_newer(transport: Transport, change: Change) -> None:
    first, second = change(), change("section")
    by_address = transport.connect(re.sub(r"since=\d+", f"since={first}", transport.address))
    by_header = transport.connect(Last_Event_ID=str(first))
    for each in (by_address, by_header):
        assert each.receives(f"id: {second}\n")
        assert each.ids()[0] > first


def test_one_with_a_strange_cursor_is_told_everything(transport: Transport, change: Change) -> None:
    transport.connect()
    newest = change()
    up_to_date = re.sub(r"since=\d+", f"since={newest}", transport.address)
    for cursor in ("nonsense", "-1", "٩", str(newest + 1_000), "9" * 19, "1,2"):
        returning = transport.client.connect(request(up_to_date, Last_Event_ID=cursor))
        assert returning.receives(f"id: {newest}\n"), cursor
    address = re.sub(r"since=\d+", "since=nonsense", transport.address)
    assert transport.connect(address).receives(f"id: {newest}\n")


def test_a_cursor_a_megabyte_long_is_a_bad_request(transport: Transport) -> None:
    long = "9" * 1_000_000
    for asked in (request(transport.address, Last_Event_ID=long), request(transport.address + long)):
        bolat = transport.client.connect()
        with suppress(
            ConnectionError, ssl.SSLError
        ):  # the server does not read to the end, and its response may be lost in the reset
            bolat.send(asked)
            bolat.read_to_end()
        assert re.match(rb"HTTP/1.1 4\d\d |$", bolat.received), bolat.received
    assert transport.client.listeners() == 0


def test_a_slow_reader_skips_and_converges(transport: Transport, change: Change) -> None:
    slow = transport.connect(transport.wide, receive_buffer=4096)
    for _ in range(40):
        change("section")
    for _ in range(20):
        slow.receive_more(1024)
        sleep(0.01)
    newest = change()
    assert slow.receives(f"id: {newest}\n")
    while not slow.received.endswith(b"\n\n"):  # the id comes before the rest of its event
        assert slow.receive_more()
    assert slow.ids() == sorted(set(slow.ids()))
    assert len(slow.ids()) < 40
    assert all(event.count("<hx-partial") == event.count("</hx-partial>") for event in stream_of(slow).split("\n\n"))


def test_those_who_never_read_are_let_go_and_hold_nobody_up(transports: list[Transport], change: Change) -> None:
    """Tests all three transports at the same time, because it takes a while."""
    stuck = [transport.connect(transport.wide, receive_buffer=4096) for transport in transports]
    others = [transport.connect() for transport in transports]
    for _ in range(10):
        news = change("section")
        assert all(each.receives(f"id: {news}\n") for each in others)
    buffered = [buffered_bytes(each) for each in stuck]
    assert all(0 < size < STALLED_AT_MOST for size in buffered), buffered
    wait_until(lambda: [transports[0].client.listeners(), transports[2].client.listeners()] == [2, 1], seconds=30)
    assert all(each.receives(f"id: {change()}\n") for each in others)


def buffered_bytes(connection: Connection) -> int:
    """The bytes that the kernel buffers for this connection on the server's side."""
    ours = connection.socket.getsockname()[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2].endswith(f":{ours:04X}"):
            return int(fields[4].partition(":")[0], 16)
    return 0


def test_one_who_hangs_up_is_forgotten_at_once(transport: Transport) -> None:
    for close in (Connection.close, half_close, reset):
        anna, bolat = transport.connect(), transport.connect()
        close(anna)
        wait_until(lambda: transport.client.listeners() == 1, seconds=5)
        bolat.close()
        wait_until(lambda: transport.client.listeners() == 0, seconds=5)


def half_close(connection: Connection) -> None:
    socket.socket.shutdown(connection.socket, socket.SHUT_WR)


def reset(connection: Connection) -> None:
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.socket.close()


def test_one_who_is_not_allowed_hears_nothing(transport: Transport) -> None:
    for topic in ("club/2", "club/0", "nothing/1", "club/99999999999999999999", "clinic/1/2026-11-22", "club/%31%00"):
        anna = transport.client.connect(request(f"/live/{topic}?view=page&language=ru", version="1.0"))
        assert anna.read_to_end()
        assert anna.received.split()[1] in (b"401", b"404"), topic
        assert b"event:" not in anna.received


def test_the_journal_says_who_left_and_how_much_they_received(transport: Transport) -> None:
    before = len(transport.server.log())
    transport.connect().close()
    wait_until(lambda: f'"door": "{transport.name}"' in transport.server.log()[before:])
    lines = [json.loads(line) for line in transport.server.log()[before:].splitlines() if '"door"' in line]
    (line,) = (each for each in lines if each["door"] == transport.name)
    assert line["streams"] >= 1
    assert line["bytes"] > 50


def test_a_server_that_stops_lets_everybody_go(transport: Transport) -> None:
    connections = [transport.connect() for _ in range(3)]
    transport.server.stop()
    try:
        assert all(each.read_to_end() for each in connections)
    finally:
        transport.server.start()
