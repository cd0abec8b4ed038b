"""The blueprint that this package's views hang themselves on."""

from flask import Blueprint

blueprint = Blueprint("organizations", __name__)
