"""The verdicts for the rows of an imported table."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as texts

from rules.iin import Sex
from rules.imported_card import Fault, read_card, read_date
from rules.imported_rows import Kind, Row, Verdict, cards_of, judge
from rules.names import search_key
from rules.same_person import Known, People

TODAY = date(2026, 11, 22)
FIELDS = ["family_name", "given_name", "middle_name", "birth_date", "iin", "phone"]
BOLAT = Known(7, search_key("Ахметов Болат 17.05.1990 +7 777 123 45 67"), "", date(1990, 5, 17), "", "77771234567")


def verdicts(*lines: str, known: tuple[Known, ...] = (BOLAT,)) -> list[Verdict]:
    rows = [Row(number, line.split(";")) for number, line in enumerate(lines, start=2)]
    return judge(rows, cards_of(rows, FIELDS, TODAY), People(known))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("17.05.1995", date(1995, 5, 17)),
        ("7/5/1995", date(1995, 5, 7)),
        ("1995-05-17", date(1995, 5, 17)),
        ("1995-05-17 00:00:00", date(1995, 5, 17)),
        ("17.05.1995 г.", date(1995, 5, 17)),
        ("17.05.95", None),
        ("31.02.1995", None),
        ("34836", None),
        ("весной", None),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(typed: str, read: date | None) -> None:
    assert read_date(typed) == read


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"given_name": "Дана"}, ("family_name", Fault.MISSING)),
        ({"full_name": "Ли"}, ("given_name", Fault.MISSING)),
        ({"family_name": "-", "given_name": "Дана"}, ("family_name", Fault.MISSING)),
        ({"full_name": "Ли Дана", "phone": "8" * 41}, ("phone", Fault.TOO_LONG)),
        ({"full_name": "Ли Дана", "birth_date": "05.1995"}, ("birth_date", Fault.UNREADABLE)),
        ({"full_name": "Ли Дана", "birth_date": "23.11.2026"}, ("birth_date", Fault.FUTURE)),
        ({"full_name": "Ли Дана", "birth_date": "01.01.1799"}, ("birth_date", Fault.TOO_EARLY)),
        ({"full_name": "Ли Дана", "sex": "да"}, ("sex", Fault.UNREADABLE)),
        ({"full_name": "Ли Дана", "email": "dana@"}, ("email", Fault.UNREADABLE)),
        ({"full_name": "Ли Дана", "sex": "Әйел", "email": "dana@tablo.example"}, None),
    ],
)
def test_the_first_fault_of_a_row_is_told(cells: dict[str, str], fault: tuple[str, Fault] | None) -> None:
    assert read_card(cells, TODAY).fault == fault


def test_a_whole_name_is_family_given_and_the_rest() -> None:
    card = read_card({"full_name": "  Ким   Дана Олеговна мл. "}, TODAY)
    assert (card.family_name, card.given_name, card.middle_name) == ("Ким", "Дана", "Олеговна мл.")


def test_an_iin_tells_what_is_missing_and_gets_its_zeros_back() -> None:
    card = read_card({"full_name": "Ли Дана", "iin": "115521146"}, TODAY)
    assert (card.iin, card.birth_date, card.sex) == ("000115521146", date(2000, 1, 15), Sex.MALE)
    assert read_card({"full_name": "Ли Дана", "iin": "123"}, TODAY).iin == "123"


@pytest.mark.parametrize("typed", ["-", "–", "нет", "б/н", "0", "000000000000", " "])
def test_what_stands_for_no_iin_is_none(typed: str) -> None:
    assert read_card({"full_name": "Ли Дана", "iin": typed}, TODAY).iin == ""
    lines = (f"Ли;Дана;;01.02.2001;{typed}", f"Ли;Олег;;03.04.1990;{typed}", f"Ким;Вера;;;{typed}")
    assert verdicts(*lines) == [Verdict(Kind.NEW)] * 3


def test_an_iin_that_is_not_whole_makes_nobody_the_same() -> None:
    lines = ("Ли;Дана;;01.02.2001;123", "Ли;Олег;;03.04.1990;123", "Ли;Дана;;01.02.2001;123")
    assert verdicts(*lines) == [
        Verdict(Kind.NEW),
        Verdict(Kind.WRONG, "iin", "taken", 2, is_row=True),
        Verdict(Kind.KNOWN, other=2, is_row=True),
    ]


def test_what_an_export_made_safe_is_plain_again() -> None:
    assert read_card({"full_name": "Ли Дана", "note": "'=1+1"}, TODAY).note == "=1+1"
    assert read_card({"full_name": "Ли Дана", "note": "'тихо'"}, TODAY).note == "'тихо'"


@given(texts.dictionaries(texts.sampled_from([*FIELDS, "full_name", "sex", "email", "note"]), texts.text()))
def test_any_row_is_read(cells: dict[str, str]) -> None:
    assert read_card(cells, TODAY) is not None


def test_a_new_person_is_new_and_the_same_row_again_is_not() -> None:
    assert verdicts("Ли;Дана;;01.02.2001", "Ли;Дана;;01.02.2001") == [
        Verdict(Kind.NEW),
        Verdict(Kind.KNOWN, other=2, is_row=True),
    ]


@pytest.mark.parametrize(
    "line",
    ["Ахметов;Болат;;17.05.1990", "Болат;Ахметов;;17.05.1990", "Ахметов;Болат;;;;8 777 123-45-67", "Ахметов;Болат"],
)
def test_who_has_a_card_is_known(line: str) -> None:
    assert verdicts(line) == [Verdict(Kind.KNOWN, other=7)]


def test_an_iin_is_one_persons_though_the_family_name_changed() -> None:
    dana = Known(9, "ли дана", iin="000115521146")
    assert verdicts("Ким;Дана;;;000115521146", known=(dana,)) == [Verdict(Kind.KNOWN, other=9)]
    assert verdicts("Ким;Олег;;;000115521146", known=(dana,)) == [Verdict(Kind.WRONG, "iin", "taken", 9)]


@pytest.mark.parametrize("line", ["Ахметов;Болат;;18.05.1990", "Ахметова;Болат", "Ахметов;Болат;;;;8 701 555 04 18"])
def test_namesakes_who_are_told_apart_are_new(line: str) -> None:
    assert verdicts(line) == [Verdict(Kind.NEW)]


def test_another_persons_phone_is_refused_in_the_cards_and_in_the_table() -> None:
    assert verdicts("Ли;Дана;;;;8 777 123 45 67") == [Verdict(Kind.WRONG, "phone", "taken", 7)]
    assert verdicts("Ли;Дана;;;;87015550418", "Ли;Олег;;;;87015550418")[1] == Verdict(
        Kind.WRONG, "phone", "taken", 2, is_row=True
    )


def test_a_row_with_a_fault_is_in_nobodys_way() -> None:
    assert [each.kind for each in verdicts("Ли;Дана;;32.01.2001", "Ли;Дана;;01.02.2001")] == [Kind.WRONG, Kind.NEW]
