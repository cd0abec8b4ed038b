"""Wording of a patient's data: dates, ages, numbers, doubts."""

import re
from datetime import date, datetime, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from blueprints.clinic.date_words import shown_date
from models.accounts import Organization
from models.clinic.patient import MessageWish, Patient, PatientDetails
from rules.iin import Iin, IinFault, Sex, read_iin

# A card, or what it says by itself.
Card = Patient | PatientDetails

_TWELVE_DIGITS = re.compile(r"([0-9]{6})([0-9]{6})")


def shown_iin(iin: str) -> str:
    """950517 400004; unchanged unless it has twelve digits."""
    return _TWELVE_DIGITS.sub(r"\1 \2", iin) if len(iin) == 12 else iin


def shown_sex(sex: Sex | None) -> str:
    if sex is None:
        return ""
    return str(_("женщина") if sex is Sex.FEMALE else _("мужчина"))


def shown_wish(wish: MessageWish | None) -> str:
    """The language of messages, or none."""
    words = {
        None: _("на языке клиники"),
        MessageWish.KAZAKH: _("по-казахски"),
        MessageWish.RUSSIAN: _("по-русски"),
        MessageWish.ENGLISH: _("по-английски"),
        MessageWish.NONE: _("не присылать"),
    }
    return str(words[wish])


def shown_details(details: PatientDetails) -> dict[str, str]:
    """The card's values in words, by form field."""
    return {
        "family_name": details.family_name,
        "given_name": details.given_name,
        "middle_name": details.middle_name,
        "phone": details.phone,
        "iin": shown_iin(details.iin),
        "birth_date": shown_date(details.birth_date) if details.birth_date else "",
        "sex": shown_sex(details.sex),
        "note": details.note,
        "contact_name": details.contact_name,
        "contact_phone": details.contact_phone,
        "email": details.email,
        "messages": shown_wish(details.messages),
    }


def age_words(born: date, today: date) -> str:
    """«31 год»; in the first year months: «5 месяцев»."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 12:
        return str(ngettext("%(num)s месяц", "%(num)s месяцев", months))
    return str(ngettext("%(num)s год", "%(num)s лет", months // 12))


def day_words(day: date, today: date) -> str:
    """«сегодня», «завтра», «12 окт.», with the year if it is not the current one: «2 июн. 2025»."""
    near = {today: _("сегодня"), today + timedelta(days=1): _("завтра"), today - timedelta(days=1): _("вчера")}
    if day in near:
        return str(near[day])
    return str(format_date(day, "d MMM" if day.year == today.year else "d MMM y"))


def iin_doubt(iin: Iin, birth_date: date | None, sex: str | None) -> str:
    """What is wrong with the IIN or contradicts the card, as a sentence; empty if nothing."""
    if iin.fault:
        return _fault_words(iin.fault)
    if birth_date and iin.birth_date and birth_date != iin.birth_date:
        return str(_("По ИИН дата рождения другая: %(date)s.", date=shown_date(iin.birth_date)))
    if sex and sex != iin.sex:
        return str(_("По ИИН это женщина.") if iin.sex is Sex.FEMALE else _("По ИИН это мужчина."))
    return ""


def _fault_words(fault: IinFault) -> str:
    match fault:
        case IinFault.LENGTH:
            return str(_("В ИИН двенадцать цифр."))
        case IinFault.CENTURY:
            return str(_("Седьмая цифра ИИН бывает от 1 до 6."))
        case IinFault.DATE:
            return str(_("Первые шесть цифр ИИН не складываются в дату рождения."))
        case IinFault.FUTURE:
            return str(_("По ИИН дата рождения ещё не наступила."))
        case IinFault.CHECKSUM:
            return str(_("Последняя цифра ИИН не сходится с остальными."))


class PatientWords:
    """Wording relative to one organization and moment; for templates."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.zone = organization.zone
        self.today = organization.today(now)

    def age(self, patient: Card) -> str:
        return age_words(patient.birth_date, self.today) if patient.birth_date else ""

    def due(self, day: date) -> str:
        """A date in words: «завтра», «22 мая 2027»."""
        return day_words(day, self.today)

    def date(self, patient: Card) -> str:
        return shown_date(patient.birth_date) if patient.birth_date else ""

    def iin(self, patient: Card) -> str:
        return shown_iin(patient.iin) if patient.iin else ""

    def sex(self, patient: Card) -> str:
        return shown_sex(patient.sex)

    def wish(self, patient: Card) -> str:
        """Empty for patients who expressed no wish."""
        return shown_wish(patient.messages) if patient.messages else ""

    def day(self, instant: datetime) -> str:
        return day_words(instant.astimezone(self.zone).date(), self.today)

    def iso(self, instant: datetime) -> str:
        """The date as in addresses."""
        return instant.astimezone(self.zone).date().isoformat()

    def clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.zone):%H:%M}"

    def moment(self, instant: datetime) -> str:
        """«завтра, 09:30»"""
        return f"{self.day(instant)}, {self.clock(instant)}"

    def iin_doubt(self, patient: Card) -> str:
        """Empty for a card without an IIN or with a consistent one."""
        return iin_doubt(read_iin(patient.iin, self.today), patient.birth_date, patient.sex) if patient.iin else ""
