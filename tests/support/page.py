"""Lints every HTML response of a test client, so no page needs its own test for common faults."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from extensions import db

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
NAMELESS_INPUTS = frozenset({"hidden", "submit", "button", "image", "reset"})
DATA_SCRIPTS = frozenset({"application/json", "importmap", "speculationrules"})
SHOWN = ("id", "name", "class", "href")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "list")


class BadPage(AssertionError):
    """A page with faults, one per line."""


@dataclass
class Element:
    """A start tag, the text inside it, and its parent."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: list[str] = field(default_factory=list)

    def has_name(self) -> bool:
        """Whether it has an accessible name."""
        own = (self.attributes.get(name, "") for name in ("aria-label", "aria-labelledby", "title", "value", "alt"))
        return any(part.strip() for part in (*own, *self.text))

    def __str__(self) -> str:
        given = (
            f'{name}="{value}"' for name, value in self.attributes.items() if name in ("id", "name", "class", "href")
        )
        return f"<{' '.join((self.tag, *given))}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag == "img":
            self.handle_data(element.attributes.get("alt", ""))
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text.append(data)


def page_faults(html: str) -> list[str]:
    """The faults of a page or, without <html>, of a fragment; empty if none."""
    reader = _Reader()
    reader.feed(html)
    elements = reader.elements
    is_page = any(element.tag == "html" for element in elements)
    faults = _repeated_ids(elements) + _unnamed(elements) + _inline(elements)
    return faults + _page_only(elements) if is_page else faults


def _repeated_ids(elements: list[Element]) -> list[str]:
    ids = Counter(element.attributes["id"] for element in elements if "id" in element.attributes)
    return [f"the id {name!r} stands on {times} elements" for name, times in ids.items() if times > 1]


def _unnamed(elements: list[Element]) -> list[str]:
    labels = (element for element in elements if element.tag == "label" and element.has_name())
    labelled = {label.attributes["for"] for label in labels if "for" in label.attributes}
    return [f"{element} has no accessible name" for element in elements if not _is_named(element, labelled)]


def _is_named(element: Element, labelled: set[str]) -> bool:
    if element.tag in ("button", "summary") or (element.tag == "a" and "href" in element.attributes):
        return element.has_name()
    if element.tag == "img":
        return "alt" in element.attributes
    if _is_field(element):
        inside = any(parent.tag == "label" and parent.has_name() for parent in element.parents)
        named = element.attributes.get("aria-label") or element.attributes.get("aria-labelledby")
        return inside or bool(named) or element.attributes.get("id") in labelled
    return True


def _is_field(element: Element) -> bool:
    is_shown_input = element.tag == "input" and element.attributes.get("type") not in NAMELESS_INPUTS
    return is_shown_input or element.tag in ("select", "textarea")


def _inline(elements: list[Element]) -> list[str]:
    """What the content security policy would block."""
    faults = []
    for element in elements:
        attributes = element.attributes
        faults += [f"{element} carries {name}" for name in attributes if name.startswith(("style", "on", "hx-on"))]
        if any(value.strip().lower().startswith("javascript:") for value in attributes.values()):
            faults.append(f"{element} has a javascript: address")
        is_data = attributes.get("type") in DATA_SCRIPTS
        if element.tag == "style" or (element.tag == "script" and "src" not in attributes and not is_data):
            faults.append(f"{element} is inline")
    return faults


def _page_only(elements: list[Element]) -> list[str]:
    faults = [f"the page has not one <{tag}>" for tag in ("h1", "main", "title") if len(_own(tag, elements)) != 1]
    if any(element.tag == "html" and not element.attributes.get("lang") for element in elements):
        faults.append("<html> states no language")
    ids = {element.attributes.get("id") for element in elements}
    # A closed dialog has no heading yet; it comes with the content.
    for element in (element for element in elements if element.tag != "dialog" or "open" in element.attributes):
        for name in REFERENCES:
            missing = [target for target in element.attributes.get(name, "").split() if target not in ids]
            faults += [f"{element} refers by {name} to {target!r}, which is not there" for target in missing]
    return faults


def _own(tag: str, elements: list[Element]) -> list[Element]:
    """The page's own titles and headings, without those inside drawings and dialogs."""
    inner = ("svg", "dialog", "template")
    return [
        element
        for element in elements
        if element.tag == tag and not any(parent.tag in inner for parent in element.parents)
    ]


class PageClient(FlaskClient):
    """A test client that behaves like another machine and lints the responses."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Sends a request in a context of its own, after committing the test's own work.

        Otherwise the test's session would hold SQLite's write lock against the view, and what Flask keeps in `g`,
        such as who is signed in, would leak from one request into the next.
        """
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        lint(response)
        return response


def lint(response: TestResponse) -> None:
    """Raises BadPage for an HTML response with faults; redirects and streams are not checked."""
    if response.mimetype != "text/html" or 300 <= response.status_code < 400:
        return
    faults = page_faults(response.get_data(as_text=True))
    if faults:
        raise BadPage(f"{response.request.path} answered {response.status_code} with\n  " + "\n  ".join(faults))
