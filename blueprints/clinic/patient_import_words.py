"""Wording of an import's verdicts on rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.clinic.history_words import field_words
from blueprints.clinic.patient_words import iin_doubt
from blueprints.clinic.table_file import MOST_BYTES, MOST_ROWS, TableFault
from models.clinic import Patient
from models.clinic.import_undo import EDITED, MERGED
from rules.card_headings import FULL_NAME, HEADINGS
from rules.iin import read_iin
from rules.imported_card import LONGEST, Fault, ImportedCard
from rules.imported_rows import TAKEN, Kind, Verdict


@dataclass(frozen=True)
class Line:
    """One row as displayed. says: its fault or its doubts."""

    number: int
    card: ImportedCard
    kind: Kind
    says: str
    other: Patient | None


def table_fault_words(fault: TableFault) -> str:
    """What is wrong with the file, and what to do."""
    words = {
        TableFault.NOTHING: _("Выберите файл с таблицей."),
        TableFault.TOO_BIG: _("Файл больше %(size)s МБ. Разделите таблицу на части.", size=MOST_BYTES // 1024**2),
        TableFault.OLD_EXCEL: _("Это старый формат XLS. Откройте файл и сохраните его как XLSX или CSV."),
        TableFault.UNREADABLE: _("Это не таблица, или файл повреждён. Нужен файл XLSX или CSV."),
        TableFault.EMPTY: _("В таблице нет строк. Нужны строка с названиями столбцов и строки под ней."),
        TableFault.TOO_LONG: _("Строк больше %(most)s. Разделите таблицу на части.", most=MOST_ROWS),
    }
    return str(words[fault])


def column_choices() -> list[tuple[str, str]]:
    """(field, label) for every possible meaning of a column; "" for a column that is skipped."""
    words = field_words() | {FULL_NAME: _("Фамилия, имя, отчество")}
    return [("", str(_("не загружать"))), *((field, words[field]) for field in HEADINGS)]


def kind_words(kind: Kind) -> str:
    """The label of a kind of row."""
    return str({Kind.NEW: _("новая"), Kind.KNOWN: _("уже есть"), Kind.WRONG: _("ошибка")}[kind])


def cards_words(number: int) -> str:
    """«9 812 карт»"""
    return str(ngettext("%(num)s карта", "%(num)s карт", number))


def kept_words(reasons: Iterable[str]) -> str:
    """Why a card stays after the import is undone: «есть посещения, карту изменили»"""
    words = {
        "appointment": _("есть посещения"),
        "appointment_revision": _("есть посещения"),
        "queue_ticket": _("был талон"),
        "waitlist_entry": _("есть в листе ожидания"),
        "recall": _("есть приглашение"),
        MERGED: _("карту объединяли"),
        EDITED: _("карту изменили"),
    }
    return ", ".join(dict.fromkeys(str(words.get(reason, _("есть записи"))) for reason in reasons))


class LineWords:
    """Wording of the rows of one page. others: the cards that the verdicts mention."""

    def __init__(self, others: Mapping[int, Patient], today: date) -> None:
        self.others, self.today, self.fields = others, today, field_words()

    def line(self, number: int, card: ImportedCard, verdict: Verdict) -> Line:
        other = None if verdict.is_row else self.others.get(verdict.other)
        return Line(number, card, verdict.kind, self._says(card, verdict), other)

    def _says(self, card: ImportedCard, verdict: Verdict) -> str:
        if verdict.kind is Kind.NEW:
            return self._doubt(card)
        if verdict.kind is Kind.KNOWN:
            return str(_("Тот же человек, что в строке %(row)s.", row=verdict.other)) if verdict.is_row else ""
        return self._taken(verdict) if verdict.fault == TAKEN else self._fault(verdict)

    def _doubt(self, card: ImportedCard) -> str:
        if not card.iin:
            return ""
        return iin_doubt(read_iin(card.iin, self.today), card.birth_date, card.sex)

    def _taken(self, verdict: Verdict) -> str:
        if verdict.field == "iin" and verdict.is_row:
            return str(_("Этот ИИН уже в строке %(row)s, у другого человека.", row=verdict.other))
        if verdict.field == "iin":
            return str(_("Этот ИИН записан в карте другого человека."))
        where = _("Этот телефон записан в карте другого человека.")
        if verdict.is_row:
            where = _("Этот телефон уже в строке %(row)s.", row=verdict.other)
        return f"{where} {_shared()}"

    def _fault(self, verdict: Verdict) -> str:
        match verdict.field, Fault(verdict.fault):
            case field, Fault.MISSING:
                return str(_("Нет фамилии.") if field == "family_name" else _("Нет имени."))
            case field, Fault.TOO_LONG:
                words = self.fields[field]
                return str(_("%(field)s: помещается не больше %(most)s знаков.", field=words, most=LONGEST[field]))
            case "birth_date", Fault.FUTURE:
                return str(_("Дата рождения ещё не наступила."))
            case "birth_date", Fault.TOO_EARLY:
                return str(_("Проверьте год рождения."))
            case "birth_date", _fault:
                return str(_("Дату рождения не прочесть. Нужна вида 17.05.1995."))
            case "sex", _fault:
                return str(_("Пол не прочесть. Нужно «м» или «ж»."))
        return str(_("Нужен адрес вида имя@почта.kz."))


def _shared() -> str:
    return str(_("Общий номер запишите контактному лицу."))
