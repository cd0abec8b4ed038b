"""Phone numbers as typed at a desk in Kazakhstan, by ITU-T E.164."""

import re
from dataclasses import dataclass

import phonenumbers

SHORTEST_COMPARED = 10

_INTERNATIONAL = re.compile(r"[^0-9]*?[+＋]")
_NOTHING_BUT_A_NUMBER = re.compile(r"[\d\s()+＋.\-‐‑‒–—/]+")
_HOME_KEY = re.compile(r"7[0-9]{10}")
_SPLIT_IN_FOUR = re.compile(r"(\+7 \d{3} \d{3})[ -](\d{2})-?(\d{2})")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as typed (stripped), its digits for comparison (None if fewer than ten), and its display form."""

    typed: str
    key: str | None
    display: str


def read_phone(typed: str) -> Phone | None:
    """Reads any text as a phone; None if it is empty; never raises.

    The key of a Kazakh number follows fixed rules of our own (8…, +7… and ten digits are equal), because stored
    keys must not change when the library's data does. Only foreign numbers, typed with a plus, use the library.
    """
    text = typed.strip()
    if not text:
        return None
    key = _comparison_key(text)
    return Phone(text, key, _display(text, key))


def phone_key(typed: str) -> str | None:
    """The key alone, for comparing many."""
    text = typed.strip()
    return _comparison_key(text) if text else None


def takes_messages(key: str | None) -> bool:
    """Whether a text message can be sent to the number with this key."""
    number = _parsed(f"+{key}") if key else None
    if number is None or not phonenumbers.is_valid_number(number):
        return False
    kind = phonenumbers.number_type(number)
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _comparison_key(text: str) -> str | None:
    digits = phonenumbers.normalize_digits_only(text)
    if len(digits) < SHORTEST_COMPARED:
        return None
    is_international = _is_international(text)
    if is_international and (number := _parsed(text)) and phonenumbers.is_possible_number(number):
        return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10 and not is_international:
        return "7" + digits
    return digits


def _display(text: str, key: str | None) -> str:
    # A remark («мама») or an invalid number must stay as it was typed.
    if key is None or not _NOTHING_BUT_A_NUMBER.fullmatch(text):
        return text
    if not (_HOME_KEY.fullmatch(key) or _is_international(text)):
        return text
    number = _parsed("+" + key)
    if number is None or not phonenumbers.is_valid_number(number):
        return text
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return _SPLIT_IN_FOUR.sub(r"\1 \2 \3", shown)


def _is_international(text: str) -> bool:
    return _INTERNATIONAL.match(text) is not None


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    return None if number.extension else number
