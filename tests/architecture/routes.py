"""Every route says who may come in."""

from flask import Flask


def unguarded_routes(app: Flask) -> list[str]:
    """Endpoints whose view has none of the guards of blueprints/guards.py; static files need none."""
    views = app.view_functions.items()
    return [name for name, view in views if not name.endswith("static") and not hasattr(view, "guard")]
