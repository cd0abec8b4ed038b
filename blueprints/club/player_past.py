"""The audit trail of a player's record, for managers."""

from dataclasses import dataclass

from extensions import db
from models.club import Player, PlayerChange, PlayerDeed

MOST = 50


@dataclass(frozen=True)
class PastLine:
    """day is an ISO date and clock a local time; undo: the number of a merge that can be undone."""

    change: PlayerChange
    other: str
    actor: str
    day: str
    clock: str
    undo: int | None


def lines_of(player: Player) -> list[PastLine]:
    """The newest first."""
    return [_line(deed, player) for deed in db.session.scalars(PlayerDeed.of(player).limit(MOST))]


def _line(deed: PlayerDeed, player: Player) -> PastLine:
    other = deed.player if deed.other_id == player.id else deed.other
    local = deed.at.astimezone(player.club.organization.zone)
    undo = deed.id if deed.may_be_undone else None
    return PastLine(
        deed.change, other.name if other else "", deed.actor.name, local.date().isoformat(), f"{local:%H:%M}", undo
    )
