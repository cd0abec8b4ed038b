"""A thin layer over htmx-flask, which supports htmx 1, for htmx 4."""

import re

from flask import Response
from htmx_flask import request


def is_htmx() -> bool:
    """Whether htmx made this request and expects a fragment rather than a page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def page_on_screen(path: str) -> re.Match[str] | None:
    """The match of the path, a regular expression, with the page from which htmx asks; None for any other request."""
    shown = request.htmx.current_url if is_htmx() else None
    return re.fullmatch(rf"https?://[^/?#]*{path}(?:[?#].*)?", shown or "")


def keep_what_is_there(response: Response) -> Response:
    """Makes htmx swap only the partials in the response, so that no input is lost."""
    response.headers["HX-Reswap"] = "none"
    return response
