"""Renders a part's state to bytes, outside any request and independent of the viewer."""

import json
from collections.abc import Hashable, Iterable
from functools import lru_cache

from flask import Flask
from flask_babel import force_locale, get_locale
from jinja2 import Template
from markupsafe import Markup

from live import wire
from live.announcement import State
from live.registry import HtmlView, View, kind_of_part

Changed = tuple[str, State]
# Some ten boards of twenty columns, each with its head; the fullest take twenty megabytes together.
MOST_KEPT = 512


def fragment(app: Flask, partial: str, state: State) -> Markup:
    """Renders the partial with the state as `part` and nothing of the viewer: no person, session, request or flash.

    The first page, the htmx response and the push are all rendered here, so they are byte-identical.
    """
    return Markup(app.jinja_env.get_template(partial).render(part=state).strip())


def kept(app: Flask, partial: str, /, **part: Hashable) -> Markup:
    """As `fragment`, but what was rendered of equal values is not rendered again.

    They are everything that the partial shows, and are compared by content: what is kept is never out of date.
    """
    return rendered(app.jinja_env.get_template(partial), str(get_locale()), tuple(part.items()))


@lru_cache(maxsize=MOST_KEPT)
def rendered(partial: Template, language: str, part: tuple[tuple[str, Hashable], ...]) -> Markup:
    """What `kept` keeps: in the process's memory only, the latest MOST_KEPT."""
    return Markup(partial.render(part=dict(part)).strip())


def frame(app: Flask, view: View, language: str, version: int, changed: Iterable[Changed]) -> bytes:
    """The bytes that bring a listener of this view to this version.

    Only the last of several events carries the id: a client cut off between them is not at this version yet.
    """
    if isinstance(view, HtmlView):
        with force_locale(language):
            shown = "\n".join(filter(None, (block(app, view, part, state) for part, state in changed)))
        return wire.message(shown, version=version) if shown else wire.position(version)
    events = [pair for part, state in changed for pair in view.events(kind_of_part(part), state)]
    last = len(events) - 1
    said = [_event(name, data, version if place == last else None) for place, (name, data) in enumerate(events)]
    return b"".join(said) or wire.position(version)


def block(app: Flask, view: HtmlView, part: str, state: State) -> Markup:
    """The part wrapped in an <hx-partial> that targets its element; empty for a part that the view does not show."""
    partial = view.partials.get(kind_of_part(part))
    if partial is None:
        return Markup()
    framed = Markup('<hx-partial hx-target="#{}" hx-swap="outerMorph">{}</hx-partial>')
    return framed.format(state["dom_id"], fragment(app, partial, state))


def _event(name: str, data: State, version: int | None) -> bytes:
    return wire.message(json.dumps(data, ensure_ascii=False), event=name, version=version)
