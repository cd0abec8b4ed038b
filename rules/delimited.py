"""Tables as delimited text: detects the encoding and the separator."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

SEPARATORS = (";", ",", "\t")
# Local spreadsheets write UTF-8 with or without a byte order mark, UTF-16 («Текст Юникод»), or Windows-1251.
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
UNMARKED = ("utf-8", "cp1251")


def decoded(data: bytes) -> str | None:
    """The text, or None if the bytes are not text."""
    if "\0" in (text := _decoded(data) or "\0"):
        return None
    return text


def separated(text: str) -> Iterator[list[str]]:
    """The table's rows; may raise csv.Error. The separator is detected from the first line that is not empty."""
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
