"""The waiting room's screen, and its link and settings, managed by the owner."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import ValidationError

from blueprints.clinic.appointment_fields import record_number
from blueprints.clinic.blueprint import blueprint
from blueprints.clinic.own import actor
from blueprints.clinic.waiting_room import VIEW, room_state
from blueprints.forms import Form
from blueprints.guards import own_membership, public, requires
from blueprints.replies import invalid, page, see
from extensions import db
from models.accounts import Language, Right
from models.base import utc_now
from models.clinic.screen import Screen
from models.clinic.wait_limits import LONGEST, SHORTEST, WaitLimits
from models.live_topic import topic_version

THEMES = ("light", "dark")
LANGUAGES = {
    Language.KAZAKH: _l("казахский"),
    Language.RUSSIAN: _l("русский"),
    Language.ENGLISH: _l("английский"),
}
LINK_PAGE = "clinic/waiting_room/link.html"


@blueprint.get("/waiting-room/<code>")
@public
def waiting_room(code: str) -> str:
    """The screen, in the clinic's language, for whoever has the link; ?theme=dark for a dark room."""
    screen, now = Screen.with_code(code) or abort(404), utc_now()
    since, local = topic_version(screen.topic), now.astimezone(screen.organization.zone)
    with force_locale(screen.organization.language):
        return render_template(
            "clinic/waiting_room/page.html",
            room=room_state(screen, now),
            stream={"topic": screen.topic, "view": VIEW, "since": since},
            clinic=screen.organization,
            rendered_clock=f"{local:%H:%M}",
            theme=request.args["theme"] if request.args.get("theme") in THEMES else "light",
        )


class WholeMinutes(IntegerField):
    """A waiting time in whole minutes."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = record_number("".join(valuelist).strip())
        if typed is None or not SHORTEST <= typed <= LONGEST:
            raise ValueError(_("Нужно целое число минут от 1 до 240."))
        self.data = typed


class WaitLimitsForm(Form):
    """After how many minutes a wait is long, and too long."""

    warm_minutes = WholeMinutes(_l("Предупреждать, минут"))
    long_minutes = WholeMinutes(_l("Слишком долго, минут"))

    def validate_long_minutes(self, field: Any) -> None:
        if field.data and self.warm_minutes.data and field.data <= self.warm_minutes.data:
            raise ValidationError(_("Нужно больше, чем в первом поле."))

    def limits(self) -> WaitLimits:
        """The chosen limits; call it once the form is valid."""
        return WaitLimits(self.warm_minutes.data or 0, self.long_minutes.data or 0)


class ScreenLanguageForm(Form):
    """The screen's second language, if any."""

    second_language = SelectField(_l("Второй язык на экране"))

    def __init__(self, screen: Screen) -> None:
        super().__init__(second_language=screen.second_language or "")
        others = [(each.value, name) for each, name in LANGUAGES.items() if each is not screen.organization.language]
        self.second_language.choices = [("", _l("не нужен")), *others]

    def chosen(self) -> Language | None:
        """The chosen language; call it once the form is valid."""
        return Language(self.second_language.data) if self.second_language.data else None


@blueprint.get("/screen")
@requires(Right.MANAGE_SCREENS)
def screen_link() -> Response:
    """The screen's link and languages, and the waiting time limits."""
    return _settings(page, _limits())


@blueprint.post("/screen/language")
@requires(Right.MANAGE_SCREENS)
def speak_on_screen() -> Response:
    screen = Screen.of(own_membership().organization_id) or abort(404)
    form = ScreenLanguageForm(screen)
    if not form.validate():
        return _settings(invalid, _limits(), form)
    screen.set_second_language(form.chosen(), actor(), utc_now())
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("clinic.screen_link"))


@blueprint.post("/screen/limits")
@requires(Right.MANAGE_SCREENS)
def keep_wait_limits() -> Response:
    form = WaitLimitsForm()
    if not form.validate():
        return _settings(invalid, form)
    form.limits().save(own_membership().organization, actor(), utc_now())
    db.session.commit()
    flash(_("Сохранено."), "done")
    return see(url_for("clinic.screen_link"))


@blueprint.post("/screen")
@requires(Right.MANAGE_SCREENS)
def open_screen() -> Response:
    """Creates a link and revokes the previous one."""
    Screen.open(own_membership().organization, actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.screen_link"))


@blueprint.post("/screen/removal")
@requires(Right.MANAGE_SCREENS)
def close_screen() -> Response:
    """Revokes the link."""
    Screen.close(own_membership().organization, actor(), utc_now())
    db.session.commit()
    return see(url_for("clinic.screen_link"))


def _limits() -> WaitLimitsForm:
    return WaitLimitsForm(**asdict(WaitLimits.of(own_membership().organization)))


def _settings(
    reply: Callable[..., Response], form: WaitLimitsForm, speaking: ScreenLanguageForm | None = None
) -> Response:
    screen = Screen.of(own_membership().organization_id)
    speaking = speaking or (ScreenLanguageForm(screen) if screen else None)
    return reply(LINK_PAGE, LINK_PAGE, screen=screen, form=form, speaking=speaking)
