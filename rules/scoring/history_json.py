"""Reads a club's exported history, match by match: however long the file is, only one match is in memory."""

import codecs
import re
from codecs import StreamReader
from collections.abc import Iterator
from json import JSONDecoder
from typing import IO, Any

from rules.scoring.match_json import VERSION, NotReadable, ParsedMatch, Wrong, parse_told

OPENING = re.compile(r'\s*\{\s*"version"\s*:\s*(\d{1,9})\s*,\s*"matches"\s*:\s*\[')
BETWEEN = " \t\r\n,"
AT_ONCE, LONGEST_MATCH = 64 * 1024, 1024 * 1024
DECODER = JSONDecoder()


def is_history(head: bytes) -> bool:
    """Whether a file that begins like this is an exported history, as opposed to a single match."""
    return OPENING.match(head.decode("utf-8-sig", "ignore")) is not None


def read_history(file: IO[bytes]) -> Iterator[ParsedMatch | NotReadable]:
    """The matches of `history.json` in the order of the file; a NotReadable stands for one that cannot be imported.

    Raises NotReadable where the file itself cannot be read on.
    """
    for told in _elements(codecs.getreader("utf-8-sig")(file)):
        try:
            yield parse_told(told, told.get("log"))
        except NotReadable as wrong:
            yield wrong


def _elements(text: StreamReader) -> Iterator[dict[str, Any]]:
    rest = _after_opening(_more(text))
    while not (rest := rest.lstrip(BETWEEN)).startswith("]"):
        try:
            told, end = DECODER.raw_decode(rest)
        except (ValueError, RecursionError):
            rest += _more(text, len(rest))
            continue
        if not isinstance(told, dict):
            raise NotReadable(Wrong.FORM)
        yield told
        rest = rest[end:]


def _after_opening(head: str) -> str:
    opening = OPENING.match(head)
    if opening is None:
        raise NotReadable(Wrong.FORM)
    if int(opening[1]) != VERSION:
        raise NotReadable(Wrong.VERSION)
    return head[opening.end() :]


def _more(text: StreamReader, waiting: int = 0) -> str:
    """The next piece of the file; `waiting`: how many characters before it do not make a match yet."""
    try:
        more = text.read(AT_ONCE) if waiting < LONGEST_MATCH else ""
    except ValueError:
        more = ""
    if not more:
        raise NotReadable(Wrong.FORM)
    return more
