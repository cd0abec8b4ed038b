"""The thin layer over htmx-flask, which knows htmx 1, for htmx 4."""

from flask import Response
from htmx_flask import request


def is_htmx() -> bool:
    """Whether htmx made this request, so that a fragment is wanted and not a page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def keep_what_is_there(response: Response) -> Response:
    """Tells htmx to swap nothing but the partials in the answer, so that nothing typed is lost."""
    response.headers["HX-Reswap"] = "none"
    return response
