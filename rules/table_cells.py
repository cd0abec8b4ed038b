"""Texts as CSV cells that are safe in a spreadsheet."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would read it as a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_BEGINS) else text


def plain_cell(text: str) -> str:
    """The inverse of `safe_cell`."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text
