"""The text format of Server-Sent Events."""

import pytest

from live import wire


def test_a_message_keeps_its_lines_apart() -> None:
    assert wire.message("one\ntwo", version=7) == b"id: 7\ndata: one\ndata: two\n\n"


def test_a_named_event_says_its_name_and_when_to_return() -> None:
    assert wire.message("{}", event="hello", retry=5000) == b"retry: 5000\nevent: hello\ndata: {}\n\n"


def test_an_empty_message_is_still_a_message() -> None:
    assert wire.message("", event="beat") == b"event: beat\ndata: \n\n"


def test_cyrillic_travels_as_utf_8() -> None:
    assert "Әлия".encode() in wire.message("Әлия")


@pytest.mark.parametrize(("typed", "cursor"), [("0", 0), ("42", 42), ("007", 7)])
def test_a_cursor_is_read(typed: str, cursor: int) -> None:
    assert wire.read_cursor(typed) == cursor


@pytest.mark.parametrize("typed", [None, "", "-1", "1.5", "٩", "９", "1e9", " 1", "1;2", "9" * 19, "9" * 1_000_000])
def test_nonsense_is_no_cursor(typed: str | None) -> None:
    assert wire.read_cursor(typed) is None
