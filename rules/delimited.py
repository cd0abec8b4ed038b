"""Tables as plain text: which letters the bytes stand for, and at what the lines are split."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

SEPARATORS = (";", ",", "\t")
# Spreadsheets of this country write UTF-8 with or without its mark, «Текст Юникод», or the Windows letters of old.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
UNMARKED = ("utf-8", "cp1251")


def decoded(data: bytes) -> str | None:
    """The text, or None for bytes that are none."""
    if "\0" in (text := _decoded(data) or "\0"):
        return None
    return text


def separated(text: str) -> Iterator[list[str]]:
    """The table's rows; may raise csv.Error. What splits the first line that is not empty is taken for all."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))
    return csv.reader(StringIO(text, newline=""), delimiter=separator)


def _decoded(data: bytes) -> str | None:
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    for encoding in (marked,) if marked else UNMARKED:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
