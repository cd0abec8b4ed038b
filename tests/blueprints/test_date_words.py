"""Dates in figures: 17.05.1995 in Almaty; in English 3/11 would be ambiguous."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from blueprints.clinic.date_tabs import date_tab
from blueprints.clinic.date_words import short_date, shown_date

MARCH_11 = date(1984, 3, 11)


@pytest.mark.parametrize(
    ("language", "whole", "short"),
    [("ru", "11.03.1984", "11.03"), ("kk", "11.03.1984", "11.03"), ("en", "11 Mar 1984", "11 Mar")],
)
def test_each_language_writes_a_day_its_own_way(app: Flask, language: str, whole: str, short: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert (shown_date(MARCH_11), short_date(MARCH_11)) == (whole, short)


@pytest.mark.parametrize(("language", "weekday"), [("ru", "вс"), ("kk", "жс"), ("en", "Sun")])
def test_each_language_shortens_a_weekday_its_own_way(app: Flask, language: str, weekday: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert date_tab(MARCH_11, MARCH_11, MARCH_11)["weekday"] == weekday
