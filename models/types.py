"""Column types shared by the records."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Only aware datetimes go in, only UTC comes out, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_by_value(kind: type[StrEnum]) -> Enum:
    """A string enum, kept as its value in a VARCHAR, with no native database type to migrate."""
    return Enum(kind, values_callable=_values, native_enum=False, length=32)


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]
