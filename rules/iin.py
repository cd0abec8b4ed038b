"""The individual identification number of Kazakhstan (ИИН, ЖСН), by government decree 406 of 22 May 2007."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
NEVER_ISSUED = 10

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—]+")
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")


class IinFault(StrEnum):
    """What is wrong with a number, in the order of the checks."""

    LENGTH = "length"
    CENTURY = "century"
    DATE = "date"
    FUTURE = "future"
    CHECKSUM = "checksum"


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Iin:
    """A number as read: `digits` is the input without spaces and hyphens, kept even if it is wrong.

    `birth_date` and `sex` are known only when `fault` is None.
    """

    digits: str
    fault: IinFault | None
    birth_date: date | None = None
    sex: Sex | None = None


CENTURIES: dict[str, tuple[int, Sex]] = {
    "1": (1800, Sex.MALE),
    "2": (1800, Sex.FEMALE),
    "3": (1900, Sex.MALE),
    "4": (1900, Sex.FEMALE),
    "5": (2000, Sex.MALE),
    "6": (2000, Sex.FEMALE),
}


def iin_digits(typed: str) -> str:
    """The number as stored and compared: the input without spaces and hyphens."""
    return _SEPARATORS.sub("", typed)


def is_whole(digits: str) -> bool:
    """Whether it has the length of an IIN, valid or not."""
    return _TWELVE_DIGITS.fullmatch(digits) is not None


def read_iin(typed: str, today: date) -> Iin:
    """Reads any text as an IIN; never raises. The first fault in the order of `IinFault` is reported.

    An empty text has the fault of a wrong length; whether a number is required is up to the caller.
    """
    digits = iin_digits(typed)
    if not is_whole(digits):
        return Iin(digits, IinFault.LENGTH)
    if digits[6] not in CENTURIES:
        return Iin(digits, IinFault.CENTURY)
    century, sex = CENTURIES[digits[6]]
    birth_date = _birth_date(digits, century)
    if birth_date is None:
        return Iin(digits, IinFault.DATE)
    if birth_date > today:
        return Iin(digits, IinFault.FUTURE)
    if _check_digit(digits) != int(digits[11]):
        return Iin(digits, IinFault.CHECKSUM)
    return Iin(digits, None, birth_date, sex)


def _birth_date(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def _check_digit(digits: str) -> int:
    # A number whose check is ten twice is never issued, and ten equals no digit.
    first = _weighted(digits, FIRST_WEIGHTS)
    return _weighted(digits, SECOND_WEIGHTS) if first == NEVER_ISSUED else first


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
