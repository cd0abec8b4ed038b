"""The refusals that verbs raise. blueprints/errors.py and the forms turn them into responses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from extensions import db


class Refusal(Exception):
    """The base of all refusals: errors that a person caused and can understand."""


class NotAllowed(Refusal):
    """The person may see the record but may not do this."""


class Conflict(Refusal):
    """Another record is in the way; field is the form field that the message belongs to."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Stale(Refusal):
    """Somebody else changed the record since the person's page was rendered."""


def flush(fields: Mapping[str, str] | None = None) -> None:
    """Flushes the session, with database errors turned into refusals as in `as_refusals`."""
    with as_refusals(fields):
        db.session.flush()


@contextmanager
def as_refusals(fields: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turns database errors into refusals. fields: the form field for each constraint, index or trigger by name.

    Raises Stale on a version conflict, and Conflict for a violated constraint in `fields`; other errors propagate.
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
    """The name of the violated constraint, index or trigger, the same on both databases."""
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
