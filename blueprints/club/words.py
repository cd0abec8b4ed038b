"""The vocabulary of each sport: its name, its unit of play, and its formats."""

from flask_babel import lazy_gettext as _l

UNITS = {
    "badminton": "game",
    "squash": "game",
    "pickleball": "game",
    "tennis": "set",
    "padel": "set",
    "volleyball": "set",
}
SPORTS = {
    "table-tennis": _l("Настольный теннис"),
    "badminton": _l("Бадминтон"),
    "tennis": _l("Теннис"),
    "padel": _l("Падел"),
    "pickleball": _l("Пиклбол"),
    "squash": _l("Сквош"),
    "volleyball": _l("Волейбол"),
}
LAWS = {
    "table-tennis": _l("до 11"),
    "table-tennis-sudden": _l("до 11, при 10:10 решает одно очко"),
    "table-tennis-7": _l("до 7"),
    "table-tennis-21": _l("до 21, по пять подач"),
    "badminton-21": _l("до 21"),
    "badminton-15": _l("до 15"),
    "tennis": _l("с преимуществом"),
    "tennis-no-ad": _l("без преимущества"),
    "tennis-match-tie-break": _l("с преимуществом, вместо последнего сета тай-брейк до 10"),
    "tennis-no-ad-match-tie-break": _l("без преимущества, вместо последнего сета тай-брейк до 10"),
    "padel": _l("с преимуществом"),
    "padel-golden": _l("золотое очко"),
    "padel-star": _l("звёздное очко"),
    "pickleball": _l("до 11, очки только на своей подаче"),
    "pickleball-15": _l("до 15, очки только на своей подаче"),
    "pickleball-rally": _l("до 15, очко за каждый розыгрыш"),
    "squash": _l("до 11"),
    "volleyball": _l("до 25"),
}


def unit(sport: str) -> str:
    """What a match of this sport is the best of: `party`, `game` or `set`, see macros/sports.html."""
    return UNITS.get(sport, "party")


def sport_name(sport: str) -> str:
    return str(SPORTS[sport])


def law_words(law: str) -> str:
    """A format in words, to follow the sport's name."""
    return str(LAWS[law])
