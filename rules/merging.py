"""Two cards of one person, field by field: what a single card would say, and how it is parted again."""

from collections.abc import Collection, Mapping

Facts = Mapping[str, str | None]

NOTE = "note"


def disputed(kept: Facts, gone: Facts) -> list[str]:
    """Fields in which both cards say something and not the same: somebody has to choose. Notes are joined instead."""
    return [name for name in kept if name != NOTE and kept[name] and gone[name] and kept[name] != gone[name]]


def merged(kept: Facts, gone: Facts, from_gone: Collection[str]) -> dict[str, str | None]:
    """What the kept card will say; from_gone: the disputed fields in which the other card is right."""
    chosen = {name: gone[name] if name in from_gone or not kept[name] else kept[name] for name in kept}
    notes = dict.fromkeys(filter(None, (kept[NOTE], gone[NOTE])))
    return {**chosen, NOTE: "\n".join(notes) or None}


def parted(before: Facts, after: Facts, now: Facts) -> dict[str, str | None]:
    """What the kept card says once they are parted: as before they were merged, but for what was changed since."""
    return {name: before[name] if now[name] == after[name] else now[name] for name in now}
