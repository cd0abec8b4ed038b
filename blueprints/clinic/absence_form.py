"""The form for time off, a holiday or extra hours: whose time, from when to when, and what happens to the visits."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from blueprints.clinic.appointment_fields import VisitDate, VisitTime, chosen_number
from blueprints.clinic.appointment_form import TYPED_TIMES
from blueprints.clinic.hours_rights import may_mark, those_who_may_be_marked
from blueprints.forms import Form
from blueprints.text_rules import at_most, printable
from models.accounts import Membership
from models.clinic import Appointment, ExceptionKind
from models.clinic.availability import Departure
from rules.booking import Interval

LONGEST_DAYS = 366
KEEP, MOVE, CANCEL = "keep", "move", "cancel"


class AbsenceForm(Form):
    """An exception to the weekly hours, in the member's organization."""

    kind = RadioField(
        _l("Что отметить"),
        [InputRequired(_l("Выберите, что отметить."))],
        choices=[
            SelectChoice(ExceptionKind.CLOSED.value, _l("Приёма нет")),
            SelectChoice(ExceptionKind.EXTRA.value, _l("Приём сверх графика")),
        ],
        default=ExceptionKind.CLOSED.value,
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )
    practitioner = SelectField(
        _l("У кого"), coerce=chosen_number, invalid_choice_message=_l("Выберите врача из списка.")
    )
    first = VisitDate(_l("С какого дня"), [InputRequired(_l("Укажите дату."))])
    last = VisitDate(_l("По какой день"), [Optional()])
    starts = VisitTime(_l("С какого часа"), [Optional()], format=TYPED_TIMES)
    ends = VisitTime(_l("До какого часа"), [Optional()], format=TYPED_TIMES)
    reason = StringField(_l("Как подписать"), [at_most(60), printable])
    visits = RadioField(
        _l("Что сделать с записями"),
        [Optional()],
        choices=[
            SelectChoice(KEEP, _l("Оставить и разобрать по одной")),
            SelectChoice(MOVE, _l("Перенести каждую на ближайшее свободное время того же врача")),
            SelectChoice(CANCEL, _l("Отменить все: нет врача")),
        ],
        invalid_choice_message=_l("Выберите один из этих ответов."),
    )

    def __init__(self, own: Membership, **given: Any) -> None:
        super().__init__(**given)
        self.own = own
        self.affected: list[Appointment] = []
        self._doctors = {each.id: each for each in those_who_may_be_marked(own)}
        doctors = [SelectChoice(each.id, each.full_name) for each in self._doctors.values()]
        whole = [SelectChoice("", _("Вся клиника"))] if may_mark(own, None) else []
        self.practitioner.choices = [*whole, *doctors]

    @property
    def is_extra(self) -> bool:
        return bool(self.kind.data == ExceptionKind.EXTRA.value)

    def departure(self) -> Departure:
        """The exception; call it once the form is valid."""
        return Departure(
            ExceptionKind(self.kind.data),
            self._doctors.get(self.practitioner.data),
            Interval(self._start(), self._end()),
            self.reason.data or "",
        )

    def is_settled(self, visits: list[Appointment]) -> bool:
        """Whether there are no visits, or the form says what to do with them."""
        self.affected = visits
        is_settled = not visits or bool(self.visits.data)
        if not is_settled:
            self.visits.errors = [_("Выберите, что сделать с теми, кто записан.")]
        return is_settled

    def explain(self, field: str) -> None:
        """The time to which a visit was being moved has been taken."""
        self.visits.errors = [_("Пока переносили, одно из времён заняли. Отметьте ещё раз.")]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then their combination."""
        if not super().validate(extra_validators):
            return False
        for field, said in self._disagreements():
            field.errors = [said]
            return False
        return True

    def _disagreements(self) -> Iterator[tuple[Any, str]]:
        first, last = self.first.data, self.last.data or self.first.data
        if self.is_extra and self.practitioner.data is None:
            yield self.practitioner, _("Выберите врача: сверх графика принимает кто-то один.")
        if self.is_extra and self.starts.data is None:
            yield self.starts, _("Укажите, с какого часа будет приём.")
        if self.is_extra and self.ends.data is None:
            yield self.ends, _("Укажите, до какого часа будет приём.")
        if last < first:
            yield self.last, _("Последний день раньше первого.")
        if (last - first).days > LONGEST_DAYS:
            yield self.last, _("Дольше года не отметить. Проверьте даты.")
        if self._start() >= self._end():
            yield self.ends, _("Конец должен быть позже начала.")

    def _start(self) -> datetime:
        return datetime.combine(self.first.data, self.starts.data or time(), self.own.organization.zone)

    def _end(self) -> datetime:
        """Without a time, the last day is included to its end."""
        last: date = self.last.data or self.first.data
        zone = self.own.organization.zone
        if self.ends.data:
            return datetime.combine(last, self.ends.data, zone)
        return datetime.combine(last + timedelta(days=1), time(), zone)
