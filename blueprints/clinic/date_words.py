"""Dates in the page's language; the translation catalogs contain the patterns."""

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _


def shown_date(day: date) -> str:
    """17.05.1995, in English 17 May 1995"""
    return str(format_date(day, _("dd.MM.y")))


def short_date(day: date) -> str:
    """24.11, in English 24 Nov"""
    return str(format_date(day, _("dd.MM")))


def told_date(iso: str) -> str:
    """As short_date, for a date in a live state, which is language-neutral."""
    return short_date(date.fromisoformat(iso))


def headline(day: date, pattern: str = "EEEE, d MMMM") -> str:
    """«Понедельник, 23 ноября»: capitalized, to begin a line."""
    words = str(format_date(day, pattern))
    return words[0].upper() + words[1:]


def told_headline(iso: str) -> str:
    """As headline, for a date in a live state."""
    return headline(date.fromisoformat(iso))
