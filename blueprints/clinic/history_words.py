"""Wording of the audit trail: deeds, fields and values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from blueprints.clinic.date_words import shown_date
from blueprints.clinic.patient_words import day_words, shown_iin, shown_sex, shown_wish
from blueprints.clinic.reminder_words import reminder_fields, reminder_values
from models.accounts import Organization
from models.clinic import AuditEvent, Deed
from models.clinic.audit import Changes
from models.clinic.patient import MessageWish
from rules.iin import Sex
from rules.part_of_day import PartOfDay

MONDAY = date(2024, 1, 1)
MARKED = ("urgent", "closed", "left", "withdrawn_service", "told", "confirmed", "overbooked", "see_own")


@dataclass(frozen=True)
class Changed:
    """One field in words; an empty text means no value."""

    field: str
    before: str
    after: str


class HistoryWords:
    """Wording relative to one organization and moment; for templates."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.zone = organization.zone
        self.today = organization.today(now)
        self.fields, self.said = field_words(), value_words() | reminder_values()
        self.readers: dict[str, Callable[[str], str]] = {
            "birth_date": lambda iso: shown_date(date.fromisoformat(iso)),
            "due_on": lambda iso: shown_date(date.fromisoformat(iso)),
            "until": lambda iso: shown_date(date.fromisoformat(iso)),
            "iin": shown_iin,
            "sex": lambda sex: shown_sex(Sex(sex)),
            "messages": lambda wish: shown_wish(MessageWish(wish)),
            "weekdays": _weekdays,
            "parts": _parts,
            "starts_at": lambda iso: self.moment(datetime.fromisoformat(iso)),
        }

    def moment(self, instant: datetime) -> str:
        """«вчера, 09:30»"""
        local = instant.astimezone(self.zone)
        return f"{day_words(local.date(), self.today)}, {local:%H:%M}"

    def deed(self, event: AuditEvent) -> str:
        return deed_words()[event.deed]

    def changes(self, event: AuditEvent) -> list[Changed]:
        """The event's changes in their recorded order; fields without a label are left out."""
        return self.of(event.changes)

    def of(self, changes: Changes) -> list[Changed]:
        """The changes in words, as `changes`."""
        return [
            Changed(self.fields[name], self.value(name, before), self.value(name, after))
            for name, (before, after) in changes.items()
            if name in self.fields
        ]

    def value(self, name: str, value: str | None) -> str:
        """A field's value as displayed; empty for no value."""
        if not value:
            return ""
        read = self.readers.get(name)
        return read(value) if read else self.said.get((name, value), value)


def _weekdays(numbers: str) -> str:
    """«пн, пт», from the numbers of weekdays."""
    return ", ".join(format_date(MONDAY + timedelta(days=int(number)), "EEE") for number in numbers.split(","))


def _parts(parts: str) -> str:
    words = {PartOfDay.MORNING: _("утром"), PartOfDay.DAY: _("днём"), PartOfDay.EVENING: _("вечером")}
    return ", ".join(words[PartOfDay(part)] for part in parts.split(","))


def deed_words() -> dict[Deed, str]:
    """The labels of deeds, for the list and its filter."""
    return {
        **_owners_deeds(),
        **_queue_deeds(),
        **_joint_deeds(),
        Deed.CARD_READ: _("Открыта карта"),
        Deed.CARD_REGISTERED: _("Заведена карта"),
        Deed.CARD_REVISED: _("Изменена карта"),
        Deed.CARD_IMPORTED: _("Карта загружена из файла"),
        Deed.CARD_WITHDRAWN: _("Карта убрана: загрузку отменили"),
        Deed.CARDS_EXPORTED: _("Карты выгружены в файл"),
        Deed.CARDS_IMPORTED: _("Карты загружены из файла"),
        Deed.CARDS_MERGED: _("Карты объединены"),
        Deed.CARDS_PARTED: _("Карты разделены"),
        Deed.CARDS_WITHDRAWN: _("Отменена загрузка карт из файла"),
        Deed.RECALL_PLANNED: _("Решено пригласить снова"),
        Deed.RECALL_SETTLED: _("Отмечено приглашение"),
        Deed.PATIENT_TOLD: _("Пациенту сообщили об изменении"),
        Deed.VISIT_BOOKED: _("Записан на приём"),
        Deed.VISIT_CALLED_AGAIN: _("Вызван на приём ещё раз"),
        Deed.VISIT_REVISED: _("Изменена запись на приём"),
        Deed.VISIT_STEPPED: _("Отмечено состояние приёма"),
    }


def _joint_deeds() -> dict[Deed, str]:
    return {
        Deed.DAY_CANCELLED: _("Отменён день врача"),
        Deed.DAY_MOVED: _("Перенесён день врача"),
        Deed.DAY_MARKED: _("Отмечены приёмы дня"),
        Deed.DAY_RESTORED: _("Записи дня возвращены"),
        Deed.SERIES_PLANNED: _("Записана серия приёмов"),
        Deed.SERIES_REVISED: _("Изменена серия приёмов"),
        Deed.SERIES_CANCELLED: _("Отменена серия приёмов"),
        Deed.SERIES_RESTORED: _("Серия приёмов возвращена"),
    }


def _queue_deeds() -> dict[Deed, str]:
    return {
        Deed.TICKET_SEATED: _("Записан на приём по талону"),
        Deed.TICKET_STEPPED: _("Отмечено состояние талона"),
        Deed.TICKET_TAKEN: _("Выдан талон"),
        Deed.WAIT_LIMITS_KEPT: _("Изменены пороги ожидания"),
        Deed.WAITLIST_ADDED: _("Внесён в лист ожидания"),
        Deed.WAITLIST_REVISED: _("Изменено в листе ожидания"),
        Deed.WAITLIST_SETTLED: _("Отмечено в листе ожидания"),
    }


def _owners_deeds() -> dict[Deed, str]:
    return {
        Deed.VISITS_EXPORTED: _("Записи выгружены в файл"),
        Deed.ROOM_ASSIGNED: _("Назначен обычный кабинет"),
        Deed.ROOM_FURNISHED: _("Добавлен кабинет"),
        Deed.ROOM_REVISED: _("Изменён кабинет"),
        Deed.PRACTITIONER_ENGAGED: _("Добавлен врач"),
        Deed.PRACTITIONER_REVISED: _("Изменены сведения о враче"),
        Deed.PRACTITIONERS_ORDERED: _("Изменён порядок врачей"),
        Deed.PRACTITIONERS_SIGHT_SET: _("Решено, что видят врачи"),
        Deed.SERVICE_OFFERED: _("Добавлена услуга"),
        Deed.SERVICE_REVISED: _("Изменена услуга"),
        Deed.SCREEN_CLOSED: _("Отключён экран зала"),
        Deed.SCREEN_OPENED: _("Создана ссылка на экран зала"),
        Deed.SCREEN_WORDED: _("Выбран второй язык экрана зала"),
        Deed.CALENDAR_OPENED: _("Создана ссылка на календарь"),
        Deed.CALENDAR_CLOSED: _("Отключена ссылка на календарь"),
        Deed.REMINDERS_SET: _("Настроены напоминания"),
        Deed.REMINDER_SENT: _("Отправлено напоминание"),
        Deed.REMINDER_FAILED: _("Напоминание не ушло"),
    }


def field_words() -> dict[str, str]:
    """The labels of fields."""
    return {**_card_words(), **_desk_words(), **_staff_words(), **reminder_fields()}


def _staff_words() -> dict[str, str]:
    return {
        "speciality": _("Специальность"),
        "account": _("Учётная запись"),
        "left": _("Больше не принимает"),
        "place": _("Место по порядку"),
        "see_own": _("Врачи видят только своё"),
        "withdrawn_service": _("Услугу больше не предлагают"),
    }


def _card_words() -> dict[str, str]:
    return {
        "family_name": _("Фамилия"),
        "given_name": _("Имя"),
        "middle_name": _("Отчество"),
        "phone": _("Телефон"),
        "birth_date": _("Дата рождения"),
        "iin": _("ИИН"),
        "sex": _("Пол"),
        "note": _("Заметка"),
        "contact_name": _("Контактное лицо"),
        "contact_phone": _("Телефон контактного лица"),
        "email": _("Эл. почта"),
        "messages": _("Напоминания"),
        "due_on": _("Пригласить"),
        "recall": _("Приглашение"),
        "recall_reason": _("Зачем"),
        "exported": _("Карт"),
        "period": _("Период"),
        "searched": _("Найдены по"),
        "file": _("Файл"),
        "imported": _("Новых карт"),
        "withdrawn": _("Убрано карт"),
        "kept_cards": _("Осталось карт"),
        "known_rows": _("Уже были"),
        "wrong_rows": _("Строк с ошибкой"),
        "other_card": _("Другая карта"),
    }


def _desk_words() -> dict[str, str]:
    return {
        "patient": _("Пациент"),
        "ticket": _("Талон"),
        "told": _("Знает"),
        "waitlist": _("Лист ожидания"),
        "with_whom": _("К кому"),
        "weekdays": _("Дни"),
        "parts": _("Время дня"),
        "until": _("Не позже"),
        "urgent": _("Срочно"),
        "ticket_state": _("Очередь"),
        "warm_minutes": _("Предупреждать, минут"),
        "long_minutes": _("Слишком долго, минут"),
        "language": _("Второй язык"),
        "practitioner": _("Врач"),
        "service": _("Услуга"),
        "room": _("Кабинет"),
        "closed": _("Кабинет закрыт"),
        "starts_at": _("Время"),
        "minutes": _("Минут"),
        "status": _("Состояние"),
        "reason": _("Причина"),
        "confirmed": _("Подтверждение"),
        "overbooked": _("Сверх расписания"),
        "visits": _("Записей"),
    }


def value_words() -> dict[tuple[str, str], str]:
    """(field, value) -> label, for values that are not displayed as stored."""
    return {
        ("status", "pending"): _("Заявка"),
        ("status", "booked"): _("Записан"),
        ("status", "arrived"): _("Пришёл, ждёт"),
        ("status", "checked-in"): _("На приёме"),
        ("status", "fulfilled"): _("Завершён"),
        ("status", "noshow"): _("Не пришёл"),
        ("status", "cancelled"): _("Отменён"),
        ("status", "entered-in-error"): _("Записан по ошибке"),
        ("reason", "pat"): _("отказ пациента"),
        ("reason", "prov"): _("нет врача"),
        ("reason", "maint"): _("неисправность"),
        ("reason", "other"): _("другая причина"),
        ("ticket_state", "waiting"): _("ждёт"),
        ("ticket_state", "called"): _("вызван"),
        ("ticket_state", "served"): _("принят"),
        ("ticket_state", "skipped"): _("не подошёл"),
        ("waitlist", "waiting"): _("ждёт"),
        ("waitlist", "booked"): _("записан"),
        ("waitlist", "dropped"): _("не нужно"),
        **{(marked, "yes"): _("да") for marked in MARKED},
        **_recall_values(),
        **_language_values(),
    }


def _recall_values() -> dict[tuple[str, str], str]:
    return {
        ("recall", "waiting"): _("предстоит"),
        ("recall", "called"): _("звонили"),
        ("recall", "booked"): _("записан"),
        ("recall", "dropped"): _("не нужно"),
    }


def _language_values() -> dict[tuple[str, str], str]:
    return {
        ("language", "kk"): _("казахский"),
        ("language", "ru"): _("русский"),
        ("language", "en"): _("английский"),
    }
