import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.phone import Phone, read_phone


def phone(typed: str) -> Phone:
    read = read_phone(typed)
    assert read is not None
    return read


@pytest.mark.parametrize("typed", ["", "   ", "\n\t"])
def test_an_empty_field_holds_no_phone(typed: str) -> None:
    assert read_phone(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "+7 777 123 45 67",
        "8 777 123-45-67",
        "8 (777) 123-45-67",
        "87771234567",
        "77771234567",
        "7771234567",
        "(+7) 777 123 45 67",
        "+8 777 123 45 67",
        "  +7-777-123-45-67  ",
    ],
)
def test_one_number_however_typed_has_one_key_and_one_look(typed: str) -> None:
    assert phone(typed) == Phone(typed.strip(), "77771234567", "+7 777 123 45 67")


@pytest.mark.parametrize("typed", ["123", "12-34-56", "777 123 456", "нет", "+7", "доб. 4"])
def test_fewer_than_ten_digits_stay_as_typed_and_are_never_compared(typed: str) -> None:
    assert phone(typed) == Phone(typed, None, typed)


@pytest.mark.parametrize(
    ("typed", "key", "display"),
    [
        ("8 (7172) 12-34-56", "77172123456", "+7 7172 12 34 56"),
        ("8 912 345-67-89", "79123456789", "+7 912 345 67 89"),
        ("9123456789", "79123456789", "+7 912 345 67 89"),
        ("+49 (0)30 123456", "4930123456", "+49 30 123456"),
        ("+81 3 1234 5678", "81312345678", "+81 3-1234-5678"),
        ("+998 90 123 45 67", "998901234567", "+998 90 123 45 67"),
    ],
)
def test_landlines_and_foreign_numbers(typed: str, key: str, display: str) -> None:
    assert phone(typed) == Phone(typed, key, display)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("8 777 123 45 67 (мама)", "77771234567"),
        ("0000000000", "70000000000"),
        ("12345678901", "12345678901"),
        ("+7 777 123 45 6", "7777123456"),
        ("+7 777 123 45 67 доб. 5", "777712345675"),
        ("87771234567, 87017654321", "8777123456787017654321"),
    ],
)
def test_what_is_no_plain_valid_number_is_compared_by_digits_and_shown_as_typed(typed: str, key: str) -> None:
    assert phone(typed) == Phone(typed, key, typed)


@given(st.text() | st.text("+＋()- 0123456789٣", min_size=10))
def test_any_text_is_read_and_its_key_is_ten_or_more_plain_digits(typed: str) -> None:
    read = read_phone(typed)
    assert read is None or read.typed == typed.strip()
    assert read is None or read.key is None or (len(read.key) >= 10 and read.key.isascii() and read.key.isdigit())


@given(st.integers(0, 10**10 - 1))
def test_eight_seven_and_ten_digits_are_one_number(national: int) -> None:
    keys = {phone(f"{prefix}{national:010d}").key for prefix in ("", "8", "7", "+7")}
    assert keys == {f"7{national:010d}"}
