"""The blueprint of this package, and what it adds to the navigation."""

from typing import cast

from flask import Blueprint, Flask, url_for
from flask_babel import gettext as _

from blueprints.navigation import Module, Section, register_module
from models.accounts import Membership, Right

blueprint = Blueprint("organizations", __name__)


def _affairs(own: Membership) -> list[Section]:
    if not own.may(Right.MANAGE_PEOPLE):
        return []
    return [Section(_("Люди"), url_for("organizations.people"), ("organizations.people",), icon="users")]


blueprint.record_once(lambda setup: register_module(cast(Flask, setup.app), Module(affairs=_affairs)))
