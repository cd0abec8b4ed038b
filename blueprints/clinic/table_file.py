"""Reading uploaded tables, CSV or XLSX, as texts, within limits; the content is untrusted."""

import csv
import lzma
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from io import BytesIO
from itertools import islice
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from blueprints.forms import UNSEEN
from rules.card_headings import heading_row
from rules.delimited import decoded, separated
from rules.imported_rows import Row

# Of the file; of what is packed in it, and of each part that holds no rows; of the table.
MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_UNPACKED_PART = 4 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_LETTERS = 4000
# Every tag becomes an object, and a file of a hundred kilobytes can unpack to fifteen million. A cell takes up to five,
# its text included, and a row has at most 16,384. Rows and shared texts are let go one by one, all else is kept: of
# the parts without rows the largest holds the cells' formats, at most 64,000.
MOST_TAGS = 5 * MOST_ROWS * MOST_COLUMNS
MOST_TAGS_AT_ONCE = 90_000
READ_AT_ONCE = 2**16
# Of all cells together: in a workbook a text is written once, however many cells have it.
MOST_LETTERS_TOGETHER = 10_000_000
# Lines without a word in them, as a spreadsheet keeps them under a table, count for little but not for nothing.
MOST_LINES = 3 * MOST_ROWS

# What the libraries make of bytes that are no table, or one that was broken on purpose.
BROKEN = (
    *(
        ArithmeticError,
        AttributeError,
        EOFError,
        LookupError,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
    ),
    *(BadZipFile, InvalidFileException, csv.Error, lzma.LZMAError, zlib.error),
)

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LINES = ("\n", "\t")
ROW, SHARED_TEXT = (re.compile(rb"<(?:\w+:)?" + tag + rb"\b") for tag in (b"row", b"si"))
PARTS_WITH_ROWS = {"xl/worksheets/": ROW, "xl/sharedStrings.xml": SHARED_TEXT}


class TableFault(StrEnum):
    """Why a file cannot be read as a table."""

    NOTHING = "nothing chosen"
    TOO_BIG = "too big"
    OLD_EXCEL = "old excel"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    TOO_LONG = "too long"


class TooManyLetters(Exception):
    """The cells contain more text than is allowed."""


@dataclass(frozen=True)
class Table:
    """The texts of a file: its headings, and the non-empty rows below them by their line numbers in the file."""

    headings: list[str]
    rows: list[Row]


def read_table(data: bytes) -> Table | TableFault:
    """The file's first table, formulas as their last values; or a TableFault."""
    fault = _fault_of(data)
    if fault:
        return fault
    try:
        lines = _sheet_lines(data) if data.startswith(ZIP) else _text_lines(data)
        rows = [row for row in _rows(islice(lines, MOST_LINES)) if any(row.cells)]
    except TooManyLetters:
        return TableFault.TOO_BIG
    except BROKEN:
        return TableFault.UNREADABLE
    return _table(rows)


def _fault_of(data: bytes) -> TableFault | None:
    if not data:
        return TableFault.NOTHING
    if len(data) > MOST_BYTES:
        return TableFault.TOO_BIG
    return TableFault.OLD_EXCEL if data.startswith(OLD_EXCEL) else None


def _table(rows: list[Row]) -> Table | TableFault:
    if not rows:
        return TableFault.EMPTY
    top = heading_row([row.cells for row in rows])
    headings, below = list(rows[top].cells), rows[top + 1 :]
    if len(below) > MOST_ROWS:
        return TableFault.TOO_LONG
    width = max((len(row.cells) for row in below), default=0)
    return Table([*headings, *[""] * (width - len(headings))], below) if below else TableFault.EMPTY


def _rows(lines: Iterable[Iterable[object]]) -> Iterator[Row]:
    letters = 0
    for number, line in enumerate(lines, start=1):
        cells = _without_end(["" if cell is None else _plain(cell) for cell in islice(line, MOST_COLUMNS)])
        letters += sum(len(cell) for cell in cells)
        if letters > MOST_LETTERS_TOGETHER:
            raise TooManyLetters
        yield Row(number, cells)


def _text_lines(data: bytes) -> Iterator[list[str]]:
    text = decoded(data)
    if text is None:
        raise UnicodeError
    return separated(text)


def _sheet_lines(data: bytes) -> Iterator[tuple[object, ...]]:
    """Streamed out of the archive, without trusting the sizes that it declares."""
    with ZipFile(BytesIO(data)) as archive:
        if not (_is_bounded(archive.infolist()) and all(_has_few_tags(archive, part) for part in archive.infolist())):
            raise BadZipFile
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)


def _is_bounded(parts: Sequence[ZipInfo]) -> bool:
    """Parts with rows are streamed, the others are loaded whole."""
    taken_whole = [part.file_size for part in parts if not _begins(part)]
    is_small = max(taken_whole, default=0) <= MOST_UNPACKED_PART
    return is_small and len(parts) <= MOST_PARTS and sum(part.file_size for part in parts) <= MOST_UNPACKED


def _has_few_tags(archive: ZipFile, part: ZipInfo) -> bool:
    begins, together, at_once = _begins(part), 0, 0
    with archive.open(part) as file:
        while read := file.read(READ_AT_ONCE):
            for place, piece in enumerate(begins.split(read) if begins else [read]):
                tags = piece.count(b"<") + (place > 0)
                together, at_once = together + tags, tags + (0 if place else at_once)
                if together > MOST_TAGS or at_once > MOST_TAGS_AT_ONCE:
                    return False
    return True


def _begins(part: ZipInfo) -> re.Pattern[bytes] | None:
    """Where the next of a part's rows or texts begins, if it is read one by one."""
    return next((begins for name, begins in PARTS_WITH_ROWS.items() if part.filename.startswith(name)), None)


def _plain(cell: object) -> str:
    if isinstance(cell, datetime):
        text = (cell.date() if cell.time() == time() else cell).isoformat()
    elif isinstance(cell, date):
        text = cell.isoformat()
    elif isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    else:
        text = str(cell)
    return seen(text[:MOST_LETTERS]).strip()


def seen(text: str) -> str:
    """Without control and invisible characters, which databases refuse."""
    if text.isprintable():
        return text
    plain = text.replace("\r\n", "\n").translate(UNSEEN)
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cs") or sign in LINES)


def _without_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells
