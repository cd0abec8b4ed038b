"""What a verb may refuse. blueprints/errors.py and the forms turn these into answers."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from extensions import db


class Refusal(Exception):
    """The base of every refusal that a person caused and can understand."""


class NotAllowed(Refusal):
    """The person is known, the record is theirs to see, and this verb is not theirs to do."""


class Conflict(Refusal):
    """Somebody else's record is in the way; field is the form field that the message belongs to."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Stale(Refusal):
    """The record was changed by somebody else since the person's page was made."""


def violated_constraint(error: IntegrityError) -> str:
    """The name of the constraint, index or trigger that refused the row, the same on both databases."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return diagnostics.constraint_name or ""
    message = str(error.orig)
    columns = message.removeprefix("UNIQUE constraint failed: ")
    return _unique_constraints().get(columns, message)


def _unique_constraints() -> dict[str, str]:
    return {
        ", ".join(f"{table.name}.{column.name}" for column in unique.columns): str(unique.name)
        for table in db.metadata.tables.values()
        for unique in (*table.constraints, *table.indexes)
        if isinstance(unique, UniqueConstraint) or (isinstance(unique, Index) and unique.unique)
    }
