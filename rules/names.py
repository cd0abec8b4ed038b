"""People's names in Kazakh, Russian and Latin letters: search keys, sort keys and short forms."""

import re
import unicodedata

KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

_FOLDED = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
_NOT_LETTERS = re.compile(r"[\W_]+")

# Pairs of digits, because digits have the same order in every database collation, and letters do not.
_PLACES = {
    letter: f"{place:02d}" for place, letter in enumerate(" 0123456789" + KAZAKH_ALPHABET + LATIN_ALPHABET, start=10)
}


def search_key(text: str) -> str:
    """The text in lower case, Kazakh letters and «ё» as similar Russian letters, single spaces for everything else.

    Applied to both the searched text and the query, so that a fragment is a plain substring.
    """
    return _plain(text).translate(_FOLDED)


def sort_key(text: str) -> str:
    """Decimal digits, two for each letter, whose order is that of the Kazakh alphabet, with Latin letters after it.

    Spaces sort first, then digits; letters of other scripts sort last.
    """
    return "".join(_PLACES.get(letter) or _place_of_stranger(letter) for letter in _plain(text))


def initials(given: str, middle: str = "") -> str:
    """«Болат», «Серикович» give «Б. С.»; an empty part gives nothing."""
    return " ".join(f"{name.strip()[0].upper()}." for name in (given, middle) if name.strip())


def short_name(family: str, given: str, middle: str = "") -> str:
    """«Ахметов Б. С.»"""
    return full_name(family, initials(given, middle))


def full_name(family: str, given: str, middle: str = "") -> str:
    """«Ахметов Болат Серикович», single spaces, empty parts left out."""
    return " ".join(f"{family} {given} {middle}".split())


def invisible(text: str) -> set[str]:
    """Invisible characters that no database stores: controls, including line ends, and lone surrogates."""
    return {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cs")}


def _plain(text: str) -> str:
    # Composed first, or «й» typed as «и» with a breve would lose the breve when accents are dropped below.
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if any(map(unicodedata.combining, letters)):
        letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _NOT_LETTERS.sub(" ", letters).strip()


def _place_of_stranger(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return _PLACES.get(base, f"99{ord(letter):07d}")
