"""Tables as delimited text."""

import pytest

from rules.delimited import decoded, separated

TABLE = "Фамилия;Имя\nЛи;Дана\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_the_letters_of_spreadsheets_are_read(encoding: str) -> None:
    assert decoded(TABLE.encode(encoding)) == TABLE


def test_bytes_that_are_no_text_are_none() -> None:
    assert [decoded(data) for data in (b"\x00\x01", b"\x98\xff", "Ли".encode("utf-16")[:-1])] == [None, None, None]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_rows_are_split_at_what_splits_the_first_line(separator: str) -> None:
    text = f'\nФамилия{separator}Заметка\r\nЛи{separator}"Слышит; плохо, лучше\nгромче\t"\r\n'
    assert list(separated(text))[-1] == ["Ли", "Слышит; плохо, лучше\nгромче\t"]
