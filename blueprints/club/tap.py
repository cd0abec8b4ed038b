"""The request that a scorer's phone sends for each tap."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import abort, request

from blueprints.club.found import record_number
from blueprints.guards import guest_pass, person
from models.accounts import User
from models.club import Match, Scorer
from rules.scoring.log import Side

TAP_ID = r"[A-Za-z0-9_-]{1,64}"


@dataclass(frozen=True)
class Tap:
    """The side that made the point (None: the newest rally is meant), the tap's id, and the log length on screen.

    Not a form: nobody types it, so there are no field errors to show.
    """

    side: Side | None
    tap_id: str
    base_seq: int

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Tap":
        """Raises ValueError for input that none of our pages sends."""
        side, tap_id, base_seq = (sent.get(name, "") for name in ("side", "tap_id", "base_seq"))
        if "side" not in sent or not re.fullmatch(TAP_ID, tap_id):
            raise ValueError(tap_id)
        return cls(Side(side) if side else None, tap_id, record_number(base_seq))


def sent_tap() -> Tap:
    """The tap of this request; 422 if it is malformed."""
    try:
        return Tap.read(request.form)
    except ValueError:
        abort(422)


def scorer() -> User:
    """The user or guest of this request, as ensured by the guard; the models' verbs check permissions."""
    return cast(User, person())


def tapper(match: Match) -> Scorer:
    """The user, if they may tap, else the guest with the match's pass; the models' verbs check permissions."""
    own = person()
    return own if own and match.may_be_scored_by(own) else cast(Scorer, guest_pass() or own)
