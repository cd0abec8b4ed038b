"""Merging two cards of one person field by field, and undoing it."""

from collections.abc import Collection, Mapping

Facts = Mapping[str, str | None]

NOTE = "note"


def disputed(kept: Facts, gone: Facts) -> list[str]:
    """Fields with different values in both cards, to be chosen by the user. Notes are joined instead."""
    return [name for name in kept if name != NOTE and kept[name] and gone[name] and kept[name] != gone[name]]


def merged(kept: Facts, gone: Facts, from_gone: Collection[str]) -> dict[str, str | None]:
    """The values of the kept card; from_gone: the disputed fields to take from the other card."""
    chosen = {name: gone[name] if name in from_gone or not kept[name] else kept[name] for name in kept}
    notes = dict.fromkeys(filter(None, (kept[NOTE], gone[NOTE])))
    return {**chosen, NOTE: "\n".join(notes) or None}


def parted(before: Facts, after: Facts, now: Facts) -> dict[str, str | None]:
    """The kept card's values after undoing the merge: as before it, except for fields changed since."""
    return {name: before[name] if now[name] == after[name] else now[name] for name in now}
