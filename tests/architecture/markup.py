"""What a template may not contain: the content security policy refuses it, or it crosses between the domains."""

import re

INLINE = {
    r"<style\b": "an inline style sheet",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)": "an inline script",
    r"\sstyle\s*=": "an inline style",
    r"\son[a-z]+\s*=": "an inline event handler",
    r"\bhx-on\b": "hx-on, which needs eval",
    r"javascript:": "a javascript: address",
    r"\|\s*safe\b": "|safe: build Markup where the text is known to be safe",
    r"\bhx-(?:trigger|vals|headers)\S*=[\"'][^\"']*(?:js:|\[)": "an htmx expression, which needs eval",
}
REFERENCE = re.compile(r"{%-?\s*(?:include|extends|import|from)\s+[\"']([^\"']+)[\"']")
DOMAINS = ("clinic", "club")


def template_faults(path: str, text: str) -> list[str]:
    """Each violation in one template, as a sentence."""
    without_comments = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    faults = [f"{path} has {what}" for pattern, what in INLINE.items() if re.search(pattern, without_comments)]
    here = _domain(path.removeprefix("templates/"))
    others = [other for other in REFERENCE.findall(without_comments) if here and _domain(other) not in (None, here)]
    return faults + [f"{path} uses {other}: clinic and club never meet" for other in others]


def _domain(path: str) -> str | None:
    first = path.split("/")[0]
    return first if first in DOMAINS else None
