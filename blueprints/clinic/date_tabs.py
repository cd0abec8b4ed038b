"""The strip of days at the top of boards."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import format_date

SATURDAY = 5


def date_tab(date: date, today: date, chosen: date | None = None) -> dict[str, Any]:
    """One day. chosen: the board's own, which is highlighted; None if the strip shows only other days."""
    return {
        "url": day_address(date),
        "date": date.isoformat(),
        "weekday": format_date(date, "EEE"),
        "number": date.day,
        "words": format_date(date, "EEEE, d MMMM"),
        "is_chosen": date == chosen,
        "is_rest": date.weekday() >= SATURDAY,
        "is_today": date == today,
    }


def day_address(date: date) -> str:
    return url_for("clinic.day", chosen=date.isoformat())
