"""A table gets another name."""

from models.accounts import User
from models.club.court import FIELDS, Court
from models.club.match import Match
from models.errors import flush


def rename_court(court: Court, name: str, actor: User) -> None:
    """Who plays there now plays under the new name; what was played keeps the old one. Flushed.

    Raises NotAllowed, and Conflict("name").
    """
    court.begin_change(actor)
    court.name = name
    flush(FIELDS)
    playing = Match.at_tables(court.club).get(court.number)
    if playing:
        playing.call_table(name)
