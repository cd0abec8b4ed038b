"""Reads an imported row as a patient's card: dates, sexes and numbers as people and spreadsheets write them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.card_headings import FULL_NAME
from rules.iin import Iin, Sex, iin_digits, read_iin
from rules.mail_address import is_mail_address
from rules.names import search_key
from rules.table_cells import plain_cell

# The first century that an IIN can encode.
EARLIEST_YEAR = 1800
# Text fields, in the order in which they are checked.
LONGEST = {
    "family_name": 100,
    "given_name": 100,
    "middle_name": 100,
    "phone": 40,
    "iin": 40,
    "note": 2000,
    "contact_name": 100,
    "contact_phone": 40,
    "email": 254,
}
NEEDED = ("family_name", "given_name")
SEXES = {
    Sex.MALE: "м|муж|мужской|мужчина|m|male|е|ер|еркек|ер адам",
    Sex.FEMALE: "ж|жен|женский|женщина|f|female|w|ә|әйел",
}

_DATES = (
    re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?: г\.?)?"),
    re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?"),
)
_SEX_OF = {search_key(word): sex for sex, words in SEXES.items() for word in words.split("|")}
# For a missing IIN people write «-», «нет», «0».
_SAYS_A_NUMBER = re.compile(r"[1-9]")
# Spreadsheets drop the leading zeros of numbers.
_WITHOUT_ZEROS = re.compile(r"[0-9]{8,11}")


class Fault(StrEnum):
    """Why a row cannot become a card."""

    MISSING = "missing"
    TOO_LONG = "too long"
    UNREADABLE = "unreadable"
    FUTURE = "future"
    TOO_EARLY = "too early"


@dataclass(frozen=True, slots=True)
class ImportedCard:
    """The content of a row. fault: the first error, as (field, what), or None."""

    family_name: str = ""
    given_name: str = ""
    middle_name: str = ""
    phone: str = ""
    birth_date: date | None = None
    iin: str = ""
    sex: Sex | None = None
    note: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    email: str = ""
    fault: tuple[str, Fault] | None = None


def read_card(cells: Mapping[str, str], today: date) -> ImportedCard:
    """The card from these cells by field, `full_name` among them; never raises.

    A missing birth date or sex is taken from a valid IIN.
    """
    texts = {name: _text(name, cell) for name, cell in cells.items()}
    texts = _names(texts.pop(FULL_NAME, "")) | {name: text for name, text in texts.items() if text}
    born, sex = texts.pop("birth_date", ""), texts.pop("sex", "")
    iin = _iin(texts.get("iin", ""), today)
    texts["iin"] = iin.digits
    return ImportedCard(
        **texts,
        birth_date=read_date(born) if born else iin.birth_date,
        sex=_SEX_OF.get(search_key(sex)) if sex else iin.sex,
        fault=_fault(texts, born, sex, today),
    )


def read_date(typed: str) -> date | None:
    """Reads 17.05.1995, 17/5/1995, 1995-05-17 and 1995-05-17 00:00:00; None for no date or a two-digit year."""
    found = next((match for pattern in _DATES if (match := pattern.fullmatch(typed.strip()))), None)
    try:
        return date(**{name: int(digits) for name, digits in found.groupdict().items()}) if found else None
    except ValueError:
        return None


def _text(name: str, cell: str) -> str:
    text = plain_cell(cell.strip())
    return text if name == "note" else " ".join(text.split())


def _names(whole: str) -> dict[str, str]:
    parts = dict(zip(("family_name", "given_name", "middle_name"), whole.split(" ", 2), strict=False))
    return {name: part for name, part in parts.items() if part}


def _iin(typed: str, today: date) -> Iin:
    digits = iin_digits(typed) if _SAYS_A_NUMBER.search(typed) else ""
    padded = digits.zfill(12)
    if _WITHOUT_ZEROS.fullmatch(digits) and read_iin(padded, today).fault is None:
        digits = padded
    return read_iin(digits, today)


def _fault(texts: Mapping[str, str], born: str, sex: str, today: date) -> tuple[str, Fault] | None:
    for name in NEEDED:
        if not search_key(texts.get(name, "")):
            return name, Fault.MISSING
    for name, most in LONGEST.items():
        if len(texts.get(name, "")) > most:
            return name, Fault.TOO_LONG
    if born and (fault := _fault_of_date(born, today)):
        return "birth_date", fault
    if sex and search_key(sex) not in _SEX_OF:
        return "sex", Fault.UNREADABLE
    email = texts.get("email", "")
    return ("email", Fault.UNREADABLE) if email and not is_mail_address(email) else None


def _fault_of_date(typed: str, today: date) -> Fault | None:
    born = read_date(typed)
    if born is None:
        return Fault.UNREADABLE
    if born > today:
        return Fault.FUTURE
    return Fault.TOO_EARLY if born.year < EARLIEST_YEAR else None
