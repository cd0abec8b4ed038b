from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.iin import Iin, IinFault, Sex, read_iin

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("digits", "sex", "birth_date"),
    [
        ("900101300007", Sex.MALE, date(1990, 1, 1)),
        ("900101300017", Sex.MALE, date(1990, 1, 1)),
        ("950517400004", Sex.FEMALE, date(1995, 5, 17)),
        ("000229600004", Sex.FEMALE, date(2000, 2, 29)),
        ("050615500005", Sex.MALE, date(2005, 6, 15)),
        ("240229500007", Sex.MALE, date(2024, 2, 29)),
        ("850812300000", Sex.MALE, date(1985, 8, 12)),
        ("991231100000", Sex.MALE, date(1899, 12, 31)),
        ("991231211111", Sex.FEMALE, date(1899, 12, 31)),
        ("991231111715", Sex.MALE, date(1899, 12, 31)),
        ("900101300811", Sex.MALE, date(1990, 1, 1)),
        ("671231400400", Sex.FEMALE, date(1967, 12, 31)),
    ],
)
def test_a_valid_number_tells_birth_date_and_sex(digits: str, sex: Sex, birth_date: date) -> None:
    assert read_iin(digits, TODAY) == Iin(digits, None, birth_date, sex)


@pytest.mark.parametrize(
    ("digits", "fault"),
    [
        ("", IinFault.LENGTH),
        ("90010130007", IinFault.LENGTH),
        ("9001013000071", IinFault.LENGTH),
        ("90010130000a", IinFault.LENGTH),
        ("٩٠٠١٠١٣٠٠٠٠٧", IinFault.LENGTH),
        ("90010130000７", IinFault.LENGTH),
        ("123456789012", IinFault.CENTURY),
        ("000000000000", IinFault.CENTURY),
        ("900101000008", IinFault.CENTURY),
        ("900101700002", IinFault.CENTURY),
        ("150140000012", IinFault.CENTURY),
        ("901301300007", IinFault.DATE),
        ("900230300009", IinFault.DATE),
        ("010229500004", IinFault.DATE),
        ("000229300005", IinFault.DATE),
        ("000000300005", IinFault.DATE),
        ("150140500000", IinFault.DATE),
        ("900101300008", IinFault.CHECKSUM),
        ("900110300007", IinFault.CHECKSUM),
        *((f"90010130080{last}", IinFault.CHECKSUM) for last in range(10)),
    ],
)
def test_a_wrong_number_says_what_is_wrong(digits: str, fault: IinFault) -> None:
    assert read_iin(digits, TODAY) == Iin(digits, fault)


def test_nobody_is_born_tomorrow() -> None:
    assert read_iin("240229500007", date(2024, 2, 28)).fault is IinFault.FUTURE
    assert read_iin("240229500007", date(2024, 2, 29)).fault is None


@pytest.mark.parametrize("typed", [" 900101 300007 ", "900101-300007", "900101\u00a030\u20140007\t"])
def test_spaces_and_hyphens_do_not_count(typed: str) -> None:
    assert read_iin(typed, TODAY) == read_iin("900101300007", TODAY)


def test_the_order_of_faults_is_length_century_date_future_checksum() -> None:
    typed = ["99139900000", "991399000000", "991399500000", "991231500000", "900101300008"]
    assert [read_iin(number, TODAY).fault for number in typed] == list(IinFault)


@given(st.text() | st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_any_text_is_read_and_a_fault_hides_what_it_would_have_told(typed: str) -> None:
    read = read_iin(typed, TODAY)
    assert (read.birth_date is None) == (read.sex is None) == (read.fault is not None)
