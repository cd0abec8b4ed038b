"""The navigation bar, and the helpers available to every template."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel import dates
from flask import Flask, current_app, g, request, session, url_for
from flask_babel import force_locale, get_locale
from jinja2 import FileSystemBytecodeCache

from blueprints.guards import membership, person, places
from blueprints.replies import flashed_messages
from live.render import fragment, kept
from models.accounts import Language, Membership, User
from models.base import utc_now


@dataclass(frozen=True)
class Section:
    """One entry of the bar or, with an icon, of the person's menu.

    It is current if the request's endpoint begins with one of `endpoints` and with none of `besides`.
    """

    label: str
    url: str
    endpoints: tuple[str, ...] = ()
    icon: str = ""
    besides: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        endpoint = request.endpoint or ""
        return endpoint.startswith(self.endpoints) and not (self.besides and endpoint.startswith(self.besides))


def no_sections(own: Membership) -> list[Section]:
    return []


@dataclass(frozen=True)
class Module:
    """What a blueprint adds to the navigation: a member's sections in the bar, and its search page, if it has one.

    affairs: administrative pages that are opened only now and then; they are listed in the person's menu, to leave the
    bar to the day's work.
    """

    sections: Callable[[Membership], list[Section]] = no_sections
    affairs: Callable[[Membership], list[Section]] = no_sections
    search_endpoint: str = ""


def register_module(app: Flask, module: Module) -> None:
    """Called by a blueprint when it is registered."""
    app.extensions["modules"].append(module)


def sections_of(own: Membership) -> list[Section]:
    """The bar's entries for this member, in the order of the modules."""
    modules: list[Module] = current_app.extensions["modules"]
    return [section for module in modules for section in module.sections(own)]


def affairs_of(own: Membership) -> list[Section]:
    """The entries of this member's menu, in the order of the modules."""
    modules: list[Module] = current_app.extensions["modules"]
    return [section for module in modules for section in module.affairs(own)]


def chosen_language() -> str:
    """The language chosen in this browser, else in the account, else the organization's.

    For those who belong to none: the first that their browser asks for, else that of the club they look at
    (`g.club_language`), else Russian.
    """
    if session.get("language") in set(Language):
        return str(session["language"])
    known, own = person(), membership()
    if own or known:
        return (known and known.language) or (own.organization.language if own else Language.RUSSIAN)
    return request.accept_languages.best_match(list(Language)) or g.get("club_language") or Language.RUSSIAN


def prepare_templates(app: Flask) -> None:
    """Registers the template helpers; pushed partials get only those that do not depend on the viewer."""
    # Compiling the forty templates of the day's page would block all listeners of a process that has just started.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    paths = app.url_map.bind("tablo")

    @cache
    def content_hash(filename: str) -> str:
        return sha256((Path(str(app.static_folder)) / filename).read_bytes()).hexdigest()[:12]

    @cache
    def asset(filename: str) -> str:
        return paths.build("static", {"filename": filename, "v": content_hash(filename)})

    def path(endpoint: str, **values: Any) -> str:
        return paths.build(endpoint, values)

    def in_language(language: str, said: Callable[[], str]) -> str:
        """The result of a macro in another language than the page's."""
        with force_locale(language):
            return said()

    app.jinja_env.globals.update(asset=asset, path=path, in_language=in_language)
    app.jinja_env.globals.update(part=partial(fragment, app), kept=partial(kept, app))
    app.context_processor(_page_values)


def _page_values() -> dict[str, Any]:
    own, known = membership(), person()
    now = utc_now()
    return {
        "locale": str(get_locale()),
        "month_names": dates.get_month_names(locale=get_locale()).values(),
        "theme": session.get("theme"),
        "membership": own,
        "organization": own.organization if own else None,
        "organizations": [place.organization for place in places()],
        "sections": sections_of(own) if own else [],
        "search_url": _search_url(own),
        "affairs": affairs_of(own) if own else [],
        "person": _person(known),
        "live": current_app.extensions["live"] is not None,
        "flashed_messages": flashed_messages,
        "rendered_clock": f"{now.astimezone(own.organization.zone):%H:%M}" if own else f"{now:%H:%M}",
    }


def _person(known: User | None) -> dict[str, str] | None:
    if known is None:
        return None
    initials = "".join(word[0] for word in known.name.split()[:2])
    return {"name": known.name, "initials": initials.upper()}


def _search_url(own: Membership | None) -> str | None:
    modules: list[Module] = current_app.extensions["modules"]
    for module in modules:
        if own and module.search_endpoint and module.sections(own):
            return url_for(module.search_endpoint)
    return None
