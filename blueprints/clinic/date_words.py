"""Days in figures where the page's language writes them so: the catalogs own the patterns, English names the month."""

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
    """As short_date, of a day that a live part tells: its state is made outside any request and knows no language."""
    return short_date(date.fromisoformat(iso))


def headline(day: date, pattern: str = "EEEE, d MMMM") -> str:
    """«Понедельник, 23 ноября»: a day that begins a line."""
    words = str(format_date(day, pattern))
    return words[0].upper() + words[1:]
