"""What is rated apart."""

from dataclasses import dataclass

KINDS = {"singles": False, "pairs": True}


@dataclass(frozen=True, order=True)
class Discipline:
    """A sport, and whether pairs played it."""

    sport: str
    is_doubles: bool

    @property
    def code(self) -> str:
        """`table-tennis/pairs`, as it stands in addresses and in the names of live parts."""
        return f"{self.sport}/{'pairs' if self.is_doubles else 'singles'}"

    @classmethod
    def coded(cls, code: str) -> "Discipline":
        """Raises KeyError and ValueError for what is no code."""
        sport, kind = code.split("/")
        return cls(sport, KINDS[kind])
