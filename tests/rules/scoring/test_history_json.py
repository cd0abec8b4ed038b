"""A club's exported history, read match by match."""

import io
import json
from typing import Any

import pytest

from rules.scoring import history_json
from rules.scoring.history_json import is_history, read_history
from rules.scoring.match_json import NotReadable, ParsedMatch, Wrong
from tests.rules.scoring.test_match_json import told


def element(rallies: str, **match: Any) -> dict[str, Any]:
    """A match as history.json has it: its facts and its log in one object."""
    content = told(rallies=rallies, **match)
    return {**content["match"], "log": content["log"]}


def written(*elements: object, **layout: Any) -> bytes:
    return json.dumps({"version": 1, "matches": elements}, **layout).encode()


def read(text: bytes) -> list[ParsedMatch | NotReadable]:
    return list(read_history(io.BytesIO(text)))


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"ensure_ascii": False, "separators": (",", ":")}])
@pytest.mark.parametrize("at_once", [1, 7, 65536])
def test_every_match_is_read_however_the_file_is_laid_out_and_cut(
    monkeypatch: pytest.MonkeyPatch, layout: dict[str, Any], at_once: int
) -> None:
    monkeypatch.setattr(history_json, "AT_ONCE", max(at_once, 40))
    found = read(written(element("AAB"), element("B"), **layout))
    assert [len(match.lines) for match in found if isinstance(match, ParsedMatch)] == [3, 1]


def test_a_club_without_matches_has_an_empty_history() -> None:
    assert read(written()) == []


def test_what_is_wrong_with_one_match_does_not_stop_the_others() -> None:
    found = read(written(element("A"), element("A" * 12), {"id": 7}, element("B")))
    assert [each.wrong if isinstance(each, NotReadable) else None for each in found] == [
        None,
        Wrong.LOG,
        Wrong.FORM,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (b"", Wrong.FORM),
        (b"PK\x03\x04", Wrong.FORM),
        (b"\xff\xfe", Wrong.FORM),
        (written(element("A"))[:-40], Wrong.FORM),
        (written(7), Wrong.FORM),
        (b'{"version": 1, "matches": [' + b"[" * 100_000, Wrong.FORM),
        (b'{"version": 2, "matches": []}', Wrong.VERSION),
    ],
)
def test_a_file_that_cannot_be_read_on_is_refused(text: bytes, wrong: Wrong) -> None:
    with pytest.raises(NotReadable) as refused:
        read(text)
    assert refused.value.wrong is wrong


def test_a_match_that_never_ends_is_not_read_into_memory() -> None:
    endless = io.BytesIO(b'{"version": 1, "matches": [{"page": "' + b"x" * 8_000_000)
    with pytest.raises(NotReadable):
        list(read_history(endless))
    assert endless.tell() < 2_000_000


def test_a_history_is_told_from_a_single_match() -> None:
    assert is_history(written(element("A"))[:100])
    assert not is_history(json.dumps(told()).encode()[:100])
