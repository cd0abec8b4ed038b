"""What a verb may refuse. blueprints/errors.py and the forms turn these into answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

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


def flush(fields: Mapping[str, str] | None = None) -> None:
    """Writes what was changed; the database's word is a refusal, as `as_refusals` says."""
    with as_refusals(fields):
        db.session.flush()


@contextmanager
def as_refusals(fields: Mapping[str, str] | None = None) -> Iterator[None]:
    """What the database refuses is told as a verb tells it. fields: of a constraint, index or trigger the form field.

    Raises Stale, and Conflict for the constraints that have a field; any other refusal of the database is a fault.
    """
    try:
        yield
    except StaleDataError as error:
        raise Stale from error
    except IntegrityError as error:
        field = (fields or {}).get(violated_constraint(error))
        if field is None:
            raise
        raise Conflict(field) from error


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
