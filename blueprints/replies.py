"""The few shapes an answer has."""

from dataclasses import dataclass
from typing import Any

from flask import Response, get_flashed_messages, make_response, redirect, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.htmx import is_htmx


def page(whole: str, part: str, status: int = 200, **values: Any) -> Response:
    """The whole page for a browser, only the part for htmx."""
    response = make_response(render_template(part if is_htmx() else whole, **values), status)
    response.vary.add("HX-Request")
    return response


def content_policy(framed_by: str = "'self'") -> str:
    """Nothing from elsewhere runs or is sent elsewhere; framed_by: whose pages may show the answer inside theirs."""
    policy = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors "
    return policy + framed_by


def framed_anywhere(answer: Response) -> Response:
    """Any page may show this answer inside its own: only for what holds no button and no token."""
    answer.headers["Content-Security-Policy"] = content_policy(framed_by="*")
    return answer


@dataclass(frozen=True)
class Said:
    """The words of a toast; kind is input, conflict, right, server, network or done."""

    kind: str
    title: str
    text: str


def said_before() -> list[Said]:
    """What the request before this one left to be said: flash(title, "done" | "conflict")."""
    kinds = ("done", "conflict")
    return [Said(kind, str(message), "") for kind in kinds for message in get_flashed_messages(category_filter=[kind])]


def invalid(whole: str, part: str, **values: Any) -> Response:
    """Bad input: the same form with what was typed and what is wrong with it, and a toast that says so."""
    said = Said("input", _("Проверьте форму"), _("Отмеченные поля нужно исправить."))
    return unsaved(whole, part, 422, said, **values)


def unsaved(whole: str, part: str, status: int, said: Said, **values: Any) -> Response:
    """As `invalid`, when there is something truer to say than that fields are wrong."""
    response = page(whole, part, status=status, **values)
    if is_htmx():
        response.data += toast(said.kind, said.title, said.text).encode()
    return response


def see(url: str) -> Response:
    """Done: look here. A full visit either way, so that the address bar and the page agree."""
    if is_htmx():
        return Response(status=200, headers={"HX-Redirect": url, "HX-Reswap": "none"})
    response = redirect(url, 303)
    return make_response(response)


@dataclass(frozen=True)
class Undo:
    """The button that takes back what a toast tells of: its words, where it is sent, and the record's version."""

    words: str
    url: str
    version: int


def toast(kind: str, title: str, text: str, action: tuple[str, str] | None = None, undo: Undo | None = None) -> Markup:
    """A toast for an htmx answer; kind is input, conflict, right, server, network or done.

    action: the words and the address of a link, or none. One with an undo stays for a minute.
    """
    inner = render_template("shared/_toast.html", kind=kind, title=title, text=text, action=action, undo=undo)
    return Markup('<hx-partial hx-target="#toasts" hx-swap="beforeend">{}</hx-partial>').format(Markup(inner))
