"""The few kinds of responses."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Response, get_flashed_messages, make_response, redirect, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.htmx import is_htmx, page_on_screen


def page(whole: str, part: str, status: int = 200, **values: Any) -> Response:
    """The whole page for a browser, only the part for htmx."""
    response = make_response(render_template(part if is_htmx() else whole, **values), status)
    response.vary.add("HX-Request")
    return response


def content_policy(framed_by: str = "'self'") -> str:
    """The Content-Security-Policy: only our own resources and form targets; framed_by: who may frame the response."""
    policy = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors "
    return policy + framed_by


def framed_anywhere(answer: Response) -> Response:
    """Lets any site frame this response: only for pages without buttons and tokens."""
    answer.headers["Content-Security-Policy"] = content_policy(framed_by="*")
    return answer


@dataclass(frozen=True)
class Message:
    """The words of a toast; kind is input, conflict, right, server, network or done."""

    kind: str
    title: str
    text: str


def flashed_messages() -> list[Message]:
    """The messages that earlier requests flashed: flash(title, "done" | "conflict")."""
    kinds = ("done", "conflict")
    return [
        Message(kind, str(message), "") for kind in kinds for message in get_flashed_messages(category_filter=[kind])
    ]


def invalid(whole: str, part: str, **values: Any) -> Response:
    """Bad input: the form again with its input and its errors (422), and for htmx a toast."""
    said = Message("input", _("Проверьте форму"), _("Отмеченные поля нужно исправить."))
    return unsaved(whole, part, 422, said, **values)


def unsaved(whole: str, part: str, status: int, said: Message, **values: Any) -> Response:
    """Like `invalid`, with a more specific message and status."""
    response = page(whole, part, status=status, **values)
    if is_htmx():
        response.data += toast(said.kind, said.title, said.text).encode()
    return response


def see(url: str) -> Response:
    """Success: redirects (303, or HX-Redirect), so that the address bar and the page agree."""
    # A browser loads nothing when only the fragment of its address changes.
    if "#" in url and page_on_screen(re.escape(url.partition("#")[0])):
        return Response(status=200, headers={"HX-Refresh": "true", "HX-Reswap": "none"})
    if is_htmx():
        return Response(status=200, headers={"HX-Redirect": url, "HX-Reswap": "none"})
    response = redirect(url, 303)
    return make_response(response)


@dataclass(frozen=True)
class Undo:
    """A toast's undo button: its label, the URL it posts to, and the record's version."""

    words: str
    url: str
    version: int


def toast(kind: str, title: str, text: str, action: tuple[str, str] | None = None, undo: Undo | None = None) -> Markup:
    """A toast for an htmx response; kind is input, conflict, right, server, network or done.

    action: the label and the URL of a link, or None. A toast with an undo stays for a minute.
    """
    inner = render_template("shared/_toast.html", kind=kind, title=title, text=text, action=action, undo=undo)
    return Markup('<hx-partial hx-target="#toasts" hx-swap="beforeend">{}</hx-partial>').format(Markup(inner))
