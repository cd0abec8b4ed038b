"""What the live core needs from the database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

PartRow = tuple[str, int, datetime | None]


@dataclass(frozen=True)
class Store:
    """The queries that feeds are loaded with. Calls need an application context and raise database errors.

    newest_versions(keys) -> {key: version};
    parts_newer_than(key, version) -> (part, version, due_at) of the parts that are newer or will change by themselves;
    plan(key, now): schedules the parts that will change by themselves, unless they are due sooner, and commits;
    change_due_parts(keys, now) -> {key: when its next part is due}: makes the changes that are due, and commits;
    begin_snapshot(): called first in a context; everything read in it is then one consistent snapshot.
    """

    newest_versions: Callable[[Collection[str]], dict[str, int]]
    parts_newer_than: Callable[[str, int], list[PartRow]]
    plan: Callable[[str, datetime], None]
    change_due_parts: Callable[[Collection[str], datetime], dict[str, datetime]]
    begin_snapshot: Callable[[], None]
