"""Table files as written by spreadsheets."""

from io import BytesIO

from openpyxl import Workbook


def workbook(*rows: tuple[object, ...]) -> bytes:
    """An XLSX file with one sheet."""
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()
