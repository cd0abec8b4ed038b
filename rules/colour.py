"""Colours given in a URL, and a readable text colour for each (contrast as in WCAG 2.2, 1.4.3)."""

import re

DARK, LIGHT = "#241f1a", "#fdfbf6"
WRITTEN = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def colour(written: str) -> str:
    """As #rrggbb in lower case; raises ValueError for anything but three or six hexadecimal digits."""
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(written)
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def ink_on(fill: str) -> str:
    """The dark or the light text colour, whichever has more contrast with this colour (#rrggbb)."""
    return max(DARK, LIGHT, key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """The contrast ratio, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(of: str) -> float:
    red, green, blue = (_linear(int(of[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
