"""Wording of reminders for the desk: their outcome, or when they will be sent."""

from datetime import datetime

from flask_babel import gettext as _

from blueprints.clinic.patient_words import day_words
from models.accounts import Organization
from models.clinic import Appointment, Channel, Communication, MessageFault, MessageState, ReminderPlan
from models.clinic.patient import MessageWish
from rules.booking import Status
from rules.phone import read_phone


class ReminderWords:
    """Wording relative to one organization and moment; for templates."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.zone, self.now = organization.zone, now
        self.today = organization.today(now)

    def moment(self, instant: datetime) -> str:
        """«вчера в 18:00»"""
        local = instant.astimezone(self.zone)
        return str(_("%(day)s в %(time)s", day=day_words(local.date(), self.today), time=f"{local:%H:%M}"))

    def channel(self, message: Communication) -> str:
        return str(_("СМС") if message.channel is Channel.SMS else _("Почта")) if message.channel else ""

    def state(self, message: Communication) -> str:
        """«отправлено вчера в 18:00»"""
        if message.state is MessageState.SENT:
            return str(_("отправлено %(when)s", when=self.moment(message.state_since)))
        if message.fault:
            return fault_words()[message.fault]
        words = {
            MessageState.WAITING: _("пока не ушло, пробуем ещё"),
            MessageState.SENDING: _("отправляется"),
            MessageState.WITHDRAWN: _("отозвано: запись изменилась"),
        }
        return str(words[message.state])

    def of_visit(self, visit: Appointment, plan: ReminderPlan | None) -> tuple[str, bool] | None:
        """The reminder's state for the visit's card, and whether to call instead; None if there is nothing to say."""
        told = Communication.about(visit)
        if told and told.visit_at == visit.starts_at:
            where = f", {self._address(told)}" if told.address else ""
            return self.state(told) + where, told.state is MessageState.FAILED and self._is_awaited(visit)
        if told and told.state is MessageState.SENT:
            return str(_("отправлено на прежнее время, %(when)s", when=self.moment(told.visit_at))), False
        due_at = plan.reminding.due_at(visit.starts_at, self.zone) if plan else None
        if due_at is None or due_at <= self.now or not self._is_awaited(visit):
            return None
        if visit.patient.messages is MessageWish.NONE:
            return str(_("пациент просил не присылать")), False
        return str(_("уйдёт %(when)s", when=self.moment(due_at))), False

    @staticmethod
    def _address(message: Communication) -> str:
        """A phone number in groups, as it is read aloud; gateways use no spaces."""
        phone = read_phone(message.address or "") if message.channel is Channel.SMS else None
        return phone.display.replace(" ", "\N{NO-BREAK SPACE}") if phone else message.address or ""

    def _is_awaited(self, visit: Appointment) -> bool:
        return visit.status is Status.BOOKED and visit.starts_at > self.now


def fault_words() -> dict[MessageFault, str]:
    """Why a reminder was not sent."""
    return {
        MessageFault.NO_ADDRESS: _("некуда: нет мобильного телефона и почты"),
        MessageFault.REFUSED: _("не принято: проверьте номер или адрес"),
        MessageFault.AWAY: _("не ушло: сервис отправки не отвечал"),
        MessageFault.UNCLEAR: _("неизвестно, ушло ли: отправка прервалась"),
    }


def reminder_fields() -> dict[str, str]:
    """Labels of the reminder plan's fields in the audit trail."""
    return {
        "timing": _("Когда напоминать"),
        "reminded": _("За сколько"),
        "channel": _("Способ"),
        "fault": _("Почему"),
    }


def reminder_values() -> dict[tuple[str, str], str]:
    """(field, value) -> label."""
    return {
        ("timing", "off"): _("никогда"),
        ("timing", "day-before"): _("накануне"),
        ("timing", "hours-before"): _("за часы"),
        ("channel", "sms"): _("СМС"),
        ("channel", "email"): _("Почта"),
        **{("fault", fault.value): said for fault, said in fault_words().items()},
    }
