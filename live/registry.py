"""What can be watched: kinds of topics, their parts and their views. The blueprints register their own."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from live.announcement import State

# The ids in a topic's key, by the names of its pattern.
Ids = Mapping[str, str]


class UnknownTopic(LookupError):
    """No kind of topic matches this key, or it has no such view."""


@dataclass(frozen=True)
class HtmlView:
    """Renders parts as fragments: for each kind of part its partial, which gets the part's state as `part`.

    A state for an HTML view contains `dom_id`, the id of the partial's single root element. A kind of part that is not
    listed is not shown in this view.
    """

    partials: Mapping[str, str]


@dataclass(frozen=True)
class EventView:
    """Turns parts into named events for programs: (kind of part, state) -> (event name, JSON data) pairs."""

    events: Callable[[str, State], Sequence[tuple[str, State]]]


View = HtmlView | EventView


@dataclass(frozen=True)
class TopicKind:
    """One kind of topic. `ids` below are the named groups of the pattern, as strings.

    pattern: a regular expression with named groups that matches the keys;
    public: whether the states of the parts may be sent through Redis;
    may_listen(person, view, ids): checked for every stream; person is the signed-in user, a guest pass, or None;
    zone(ids): the time zone of the viewers;
    parts(ids): the parts that exist now;
    load(part, ids): the part's current state as JSON-serializable values, or None if it no longer exists;
    next_change(part, ids, now): when the part will change by itself, if ever;
    prepare(ids): updates the data that due parts show, in batches, before any of them is touched; true if there may be
    more to do;
    watched_from: the views whose listeners count as viewers and are sent their number;
    is_secret: whether the key itself lets anybody in, so that no log may contain it.
    """

    name: str
    pattern: str
    public: bool
    views: Mapping[str, View]
    may_listen: Callable[[Any, str, Ids], bool]
    zone: Callable[[Ids], ZoneInfo]
    parts: Callable[[Ids], list[str]]
    load: Callable[[str, Ids], State | None]
    next_change: Callable[[str, Ids, datetime], datetime | None] = lambda part, ids, now: None
    prepare: Callable[[Ids], object] = lambda ids: None
    watched_from: Collection[str] = ()
    is_secret: bool = False


@dataclass(frozen=True)
class Topic:
    """A key together with its kind and the ids it contains."""

    key: str
    kind: TopicKind
    ids: Ids

    def view(self, name: str) -> View:
        """Raises UnknownTopic for a view that this kind does not have."""
        try:
            return self.kind.views[name]
        except KeyError:
            raise UnknownTopic(name) from None

    @property
    def log_name(self) -> str:
        return self.kind.name if self.kind.is_secret else self.key

    def may_listen(self, person: Any, view: str) -> bool:
        return self.kind.may_listen(person, view, self.ids)

    def zone(self) -> ZoneInfo:
        return self.kind.zone(self.ids)

    def parts(self) -> list[str]:
        return self.kind.parts(self.ids)

    def load(self, part: str) -> State | None:
        return self.kind.load(part, self.ids)

    def prepare(self) -> bool:
        """Whether anything was updated; then there may be more to do."""
        return bool(self.kind.prepare(self.ids))

    def next_change(self, part: str, now: datetime) -> datetime | None:
        return self.kind.next_change(part, self.ids, now)


@dataclass
class Registry:
    """The kinds of topics that one application serves."""

    kinds: list[TopicKind] = field(default_factory=list)

    def add(self, kind: TopicKind) -> None:
        self.kinds.append(kind)

    def topic(self, key: str) -> Topic:
        """The topic with this key; raises UnknownTopic if no kind matches."""
        for kind in self.kinds:
            if match := re.fullmatch(kind.pattern, key, re.ASCII):
                return Topic(key, kind, match.groupdict())
        raise UnknownTopic(key)


def kind_of_part(part: str) -> str:
    """The first word of a part's name: `column` of `column/7`."""
    return part.partition("/")[0]
