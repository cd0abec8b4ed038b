"""Texts as cells of a table that a spreadsheet opens."""

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: what begins like one gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_BEGINS) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text
