"""Reading uploaded tables: good, odd and malicious ones."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as made
from openpyxl import Workbook

from blueprints.clinic.table_file import (
    MOST_BYTES,
    MOST_LETTERS,
    MOST_ROWS,
    MOST_TAGS,
    MOST_TAGS_AT_ONCE,
    MOST_UNPACKED,
    MOST_UNPACKED_PART,
    Table,
    TableFault,
    read_table,
)
from rules.imported_rows import Row
from tests.support.tables import workbook

HEADS = ("Фамилия", "Имя")
GOOD = workbook(HEADS, ("Ли", "Дана"))


def with_part(book: bytes, part: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    original, changed = ZipFile(BytesIO(book)), BytesIO()
    with ZipFile(changed, "w", ZIP_DEFLATED) as file:
        for name in original.namelist():
            file.writestr(name, content if name == part else original.read(name))
        if part not in original.namelist():
            file.writestr(part, content)
    return changed.getvalue()


def test_a_spreadsheets_cells_become_texts() -> None:
    born = datetime(1990, 5, 17)  # noqa: DTZ001
    heads = ("Фамилия", "Дата рождения", "ИИН", "Телефон")
    data = workbook(("Пациенты",), (), heads, ("Ли", born, 115521146, 77771234567.0))
    assert read_table(data) == Table(list(heads), [Row(4, ["Ли", "1990-05-17", "115521146", "77771234567"])])


def test_a_formula_is_its_last_value_and_none_without() -> None:
    assert read_table(workbook(HEADS, ("Ли", "=1+1"))) == Table(list(HEADS), [Row(2, ["Ли"])])


def test_rows_are_numbered_as_in_the_file_and_empty_ones_left_out() -> None:
    table = read_table("Фамилия;Имя;\n\n;;\nЛи;Дана;\ufeff\x07;х\n".encode())
    assert table == Table(["Фамилия", "Имя", "", ""], [Row(4, ["Ли", "Дана", "", "х"])])


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", TableFault.NOTHING),
        (b"x" * (MOST_BYTES + 1), TableFault.TOO_BIG),
        (b"\xd0\xcf\x11\xe0 and so on", TableFault.OLD_EXCEL),
        (b"\x89PNG\r\n\x1a\n\0\0", TableFault.UNREADABLE),
        (b"PK\x03\x04 broken", TableFault.UNREADABLE),
        (b" \n;;\n", TableFault.EMPTY),
        ("Фамилия;Имя".encode(), TableFault.EMPTY),
        (b"a;b\n" * (MOST_ROWS + 2), TableFault.TOO_LONG),
    ],
)
def test_what_is_no_table_says_why(data: bytes, fault: TableFault) -> None:
    assert read_table(data) is fault


def test_an_archive_that_unpacks_without_end_is_not_unpacked() -> None:
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", bytes(MOST_UNPACKED + 1))
    assert read_table(archive.getvalue()) is TableFault.UNREADABLE


def test_a_sheet_with_one_word_in_its_last_corner_is_as_good_as_empty() -> None:
    book = Workbook()
    assert book.active
    book.active.cell(1_048_576, 16_384, "х")
    file = BytesIO()
    book.save(file)
    assert read_table(file.getvalue()) is TableFault.EMPTY


def test_a_sheet_that_grows_by_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
    assert read_table(with_part(GOOD, "xl/worksheets/sheet1.xml", bomb)) is TableFault.UNREADABLE


def test_one_long_text_in_every_cell_is_too_big() -> None:
    line = ("х" * MOST_LETTERS,) * 50
    assert read_table(workbook(HEADS, *[line] * 60)) is TableFault.TOO_BIG


def test_a_part_without_rows_is_small() -> None:
    styles = with_part(
        GOOD, "xl/styles.xml", bytes(ZipFile(BytesIO(GOOD)).read("xl/styles.xml")) + b" " * MOST_UNPACKED_PART
    )
    assert read_table(styles) is TableFault.UNREADABLE


STRINGS, TYPES = "xl/sharedStrings.xml", "[Content_Types].xml"
STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
TYPED = (
    ZipFile(BytesIO(GOOD))
    .read(TYPES)
    .replace(b"</Types>", f'<Override PartName="/{STRINGS}" ContentType="{STRINGS_TYPE}"/></Types>'.encode())
)
WITH_STRINGS = with_part(with_part(GOOD, TYPES, TYPED), STRINGS, b"<sst/>")
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("part", "around", "content"),
    [
        ("xl/worksheets/sheet1.xml", "worksheet sheetData", "<row><c/></row>" * (MOST_TAGS // 3)),
        ("xl/worksheets/sheet1.xml", "worksheet sheetData", "<row>" + '<c r="A1"/>' * MOST_TAGS_AT_ONCE + "</row>"),
        ("xl/worksheets/sheet1.xml", "worksheet sheetData x:row", '<x:c r="A1"/>' * MOST_TAGS_AT_ONCE),
        ("xl/styles.xml", "styleSheet cellXfs", "<xf/>" * MOST_TAGS_AT_ONCE),
        (STRINGS, "sst si", "<r/>" * MOST_TAGS_AT_ONCE),
    ],
)
def test_a_small_file_of_countless_tags_is_refused_before_it_is_read(part: str, around: str, content: str) -> None:
    root, *below = around.split()
    opened, closed = (f"<{each}>" for each in below), (f"</{each}>" for each in reversed(below))
    content = f"{''.join(opened)}{content}{''.join(closed)}"
    data = with_part(WITH_STRINGS, part, f'<{root} xmlns="{SPACE}" xmlns:x="{SPACE}">{content}</{root}>'.encode())
    assert read_table(data) is TableFault.UNREADABLE


def test_many_rows_and_many_shared_texts_are_read() -> None:
    row = '<row><c t="s"><v>{}</v></c></row>'
    many = MOST_TAGS_AT_ONCE // 10
    rows = "".join(row.format(number) for number in range(many))
    texts = "".join(f"<si><t>Ли {number}</t></si>" for number in range(many))
    sheet = f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'
    book = with_part(WITH_STRINGS, "xl/worksheets/sheet1.xml", sheet.encode())
    book = with_part(book, STRINGS, f'<sst xmlns="{SPACE}">{texts}</sst>'.encode())
    table = read_table(book)
    assert isinstance(table, Table)
    assert table.rows[-1] == Row(many, [f"Ли {many - 1}"])


def test_what_is_packed_in_another_way_and_damaged_is_no_table() -> None:
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_LZMA) as file:
        file.writestr("[Content_Types].xml", b"<Types/>" * 100)
    packed = bytearray(archive.getvalue())
    packed[60:70] = b"\xff" * 10
    assert read_table(bytes(packed)) is TableFault.UNREADABLE


@settings(max_examples=15, deadline=None)
@given(made.integers(0, 4000), made.binary(min_size=1, max_size=4))
def test_a_damaged_file_never_raises(place: int, damage: bytes) -> None:
    assert read_table(GOOD[:place] + damage + GOOD[place + len(damage) :]) is not None
