"""The live parts of a patient's card."""


def pushed_part(push: str, part: str) -> str:
    """The part's fragment, as the page must contain it."""
    return push.split(f'<hx-partial hx-target="#card-{part}" hx-swap="outerMorph">')[1].split("</hx-partial>")[0]
