"""Responses with a table as CSV, or as XLSX with `as=xlsx`."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from io import SEEK_END, TextIOWrapper
from itertools import chain
from tempfile import TemporaryFile
from typing import IO

from flask import Response, request
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from extensions import db
from models.threads import in_thread
from rules.table_cells import safe_cell

Cell = str | int | date | None
# What spreadsheets of this country expect: they split at semicolons, and read UTF-8 only after its mark.
SEPARATOR, MARK = ";", "\ufeff"
KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
READ_AT_ONCE = 2**16
# A workbook takes these for a formula and for an error, whoever wrote them.
NO_TEXTS = ("=", "#")


Rows = Sequence[Sequence[Cell]]


def table_answer(name: str, heads: Sequence[str], pieces: Iterable[Rows]) -> Response:
    """The table as a file; formulas are neutralized, and caching is forbidden. name: without the extension.

    pieces: batches of rows, so that a long table is never in memory as a whole; it is buffered on disk.
    """
    kind = "xlsx" if request.args.get("as") == "xlsx" else "csv"
    with ExitStack() as opened:
        file = opened.enter_context(TemporaryFile())
        _write(_Workbook(file) if kind == "xlsx" else _Separated(file), chain([[heads]], pieces))
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
        answer = Response(_read(file), mimetype=KINDS[kind], headers=headers)
        answer.content_length = file.tell()
        file.seek(0)
        answer.call_on_close(opened.pop_all().close)
        return answer


def _write(table: "_Separated | _Workbook", pieces: Iterable[Rows]) -> None:
    for rows in pieces:
        db.session.rollback()  # nothing is held while it is written
        in_thread(partial(table.add, rows))
    in_thread(table.close)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    """Deletes the temporary file after sending."""
    with file:
        while read := file.read(READ_AT_ONCE):
            yield read


class _Separated:
    def __init__(self, file: IO[bytes]) -> None:
        self.text = TextIOWrapper(file, encoding="utf-8", newline="")
        self.text.write(MARK)
        self.writer = csv.writer(self.text, delimiter=SEPARATOR)

    def add(self, rows: Rows) -> None:
        self.writer.writerows([_plain(cell) for cell in row] for row in rows)

    def close(self) -> None:
        """Leaves the file open, positioned at its end."""
        self.text.detach()


class _Workbook:
    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.book = file, Workbook(write_only=True)
        self.sheet = self.book.create_sheet()
        self.sheet.freeze_panes = "A2"

    def add(self, rows: Rows) -> None:
        for row in rows:
            self.sheet.append([_text(self.sheet, cell) if isinstance(cell, str) else cell for cell in row])

    def close(self) -> None:
        """Leaves the file open, positioned at its end."""
        self.book.save(self.file)
        self.file.seek(0, SEEK_END)


def _plain(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else safe_cell(cell) if isinstance(cell, str) else str(cell)


def _text(sheet: object, text: str) -> object:
    """Texts stay texts, leading zeros included; only texts that could be misinterpreted need a cell object."""
    if not text.startswith(NO_TEXTS):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
