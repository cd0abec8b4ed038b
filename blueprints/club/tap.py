"""What a scorer's phone sends."""

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
    """What a phone sends: who made the point (nobody: the newest rally is meant), the tap's own name, and the length of
    the log that its screen showed. No form: nobody typed it, so there is nothing to say under a field."""

    side: Side | None
    tap_id: str
    base_seq: int

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "Tap":
        """Raises ValueError for what no phone of ours sends."""
        side, tap_id, base_seq = (sent.get(name, "") for name in ("side", "tap_id", "base_seq"))
        if "side" not in sent or not re.fullmatch(TAP_ID, tap_id):
            raise ValueError(tap_id)
        return cls(Side(side) if side else None, tap_id, record_number(base_seq))


def sent_tap() -> Tap:
    """The tap of this request; 422 for what is none."""
    try:
        return Tap.read(request.form)
    except ValueError:
        abort(422)


def scorer() -> User:
    """Whoever acts; the guard has made sure that it is somebody, the verbs ask whether they may."""
    return cast(User, person())


def tapper(match: Match) -> Scorer:
    """Whoever taps: a person who may, else whoever came in by the match's pass; the verbs ask whether they may."""
    own = person()
    return own if own and match.may_be_scored_by(own) else cast(Scorer, guest_pass() or own)
