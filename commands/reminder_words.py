"""The text of a reminder: where, when and to whom, never for what; in the language the patient chose."""

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from commands.messengers import Message
from models.clinic import Appointment, Channel, Communication, ReminderPlan, calendar_file
from models.clinic.calendar_file import Entry, changed_at


def written(reminder: Communication, plan: ReminderPlan | None) -> Message:
    """The complete message."""
    visit = reminder.appointment
    language = visit.patient.messages or visit.organization.language
    with force_locale(language.value):
        local = visit.starts_at.astimezone(visit.organization.zone)
        day, clock = format_date(local.date(), "d MMMM"), f"{local:%H:%M}"
        sentences = (_invitation(reminder, day, clock), _farewell(plan.phone if plan else ""))
        subject = str(_("Приём %(day)s в %(time)s", day=day, time=clock))
        calendar = _calendar(visit) if reminder.channel is Channel.EMAIL else b""
        return Message(reminder.key, reminder.address, visit.organization.name, subject, " ".join(sentences), calendar)


def _invitation(reminder: Communication, day: str, clock: str) -> str:
    """To the patient, or to their contact, with the patient's name."""
    visit = reminder.appointment
    known = {
        "clinic": visit.organization.name,
        "day": day,
        "time": clock,
        "doctor": visit.practitioner.short_name,
        "room": visit.room.name if visit.room else "",
        "name": visit.patient.given_name,
    }
    if reminder.is_contact and visit.room:
        return str(_("%(clinic)s: %(name)s, приём %(day)s в %(time)s, %(doctor)s, каб. %(room)s.", **known))
    if reminder.is_contact:
        return str(_("%(clinic)s: %(name)s, приём %(day)s в %(time)s, %(doctor)s.", **known))
    if visit.room:
        return str(_("%(clinic)s: ждём вас %(day)s в %(time)s, %(doctor)s, каб. %(room)s.", **known))
    return str(_("%(clinic)s: ждём вас %(day)s в %(time)s, %(doctor)s.", **known))


def _calendar(visit: Appointment) -> bytes:
    """The visit for the patient's calendar; a later mail about the same visit replaces it there."""
    words = {"clinic": visit.organization.name, "practitioner": visit.practitioner.short_name}
    summary = str(_("%(clinic)s: %(practitioner)s", **words))
    place = str(_("каб. %(room)s", room=visit.room.name)) if visit.room else ""
    return calendar_file.one(Entry(visit, changed_at(visit), summary, place, organizer=current_app.config["MAIL_FROM"]))


def _farewell(phone: str) -> str:
    if phone:
        return str(_("Если не сможете прийти, позвоните: %(phone)s", phone=phone))
    return str(_("Если не сможете прийти, сообщите нам."))
