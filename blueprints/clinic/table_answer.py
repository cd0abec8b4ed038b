"""A table as the file that somebody asked for: CSV, or XLSX with `as=xlsx`."""

import csv
from collections.abc import Sequence
from datetime import date
from io import BytesIO, StringIO

from flask import Response, request
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from extensions import db
from models.aside import aside
from rules.table_cells import safe_cell

Cell = str | int | date | None
# What spreadsheets of this country expect: they split at semicolons, and read UTF-8 only after its mark.
SEPARATOR, MARK = ";", "\ufeff"
KINDS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
# A workbook takes these for a formula and for an error, whoever wrote them.
NO_TEXTS = ("=", "#")


def table_answer(name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """The table under this name, without its ending; nothing in it is a formula, and no cache keeps it."""
    db.session.rollback()  # nothing is held while it is written
    kind = "xlsx" if request.args.get("as") == "xlsx" else "csv"
    write = _workbook if kind == "xlsx" else _separated
    written = aside(lambda: write([heads, *rows]))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(written, mimetype=KINDS[kind], headers=headers)


def _separated(rows: Sequence[Sequence[Cell]]) -> bytes:
    written = StringIO()
    written.write(MARK)
    csv.writer(written, delimiter=SEPARATOR).writerows([_plain(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def _plain(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else safe_cell(cell) if isinstance(cell, str) else str(cell)


def _workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_text(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    book.save(file)
    return file.getvalue()


def _text(sheet: object, text: str) -> object:
    """A text stays a text, leading zeros and all; only what would be taken for more needs a cell of its own."""
    if not text.startswith(NO_TEXTS):
        return text or None
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
