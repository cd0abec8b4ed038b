"""What can be watched: kinds of topics, their parts and their views. The blueprints' fragments.py files fill it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from live.announcement import State


class UnknownTopic(LookupError):
    """No kind of topic has a key of this form, or no such view."""


@dataclass(frozen=True)
class HtmlView:
    """Parts as fragments: for each kind of part the partial that draws it, given `part`, the part's state.

    A state of an HTML view holds `dom_id`, the id of the partial's one root element. A kind of part that is missing
    here is not shown in this view.
    """

    partials: Mapping[str, str]


@dataclass(frozen=True)
class EventView:
    """Parts as named events for programs: from the kind of part and its state to (event, data) pairs."""

    events: Callable[[str, State], Sequence[tuple[str, State]]]


View = HtmlView | EventView


@dataclass(frozen=True)
class TopicKind:
    """One kind of topic. `ids` below are the named groups of the pattern, as text.

    pattern: the form of the keys, a regular expression with named groups;
    public: whether what the parts show may travel through Redis;
    may_listen(person, view, ids): asked at every subscription; person is the signed-in user or None;
    zone(ids): the wall clock of those who watch;
    parts(ids): the parts there are now;
    load(part, ids): what a part shows now, as JSON-able values, or None if there is no such part any more;
    next_change(part, ids, now): when the part will change by itself, if ever;
    prepare(ids): brings up what the parts that change by themselves show, before any of them is touched, so much at a
    time; true if there may be more;
    watched_from: the views of people who watch; they are counted together, and told how many they are.
    """

    name: str
    pattern: str
    public: bool
    views: Mapping[str, View]
    may_listen: Callable[[Any, str, Mapping[str, str]], bool]
    zone: Callable[[Mapping[str, str]], ZoneInfo]
    parts: Callable[[Mapping[str, str]], list[str]]
    load: Callable[[str, Mapping[str, str]], State | None]
    next_change: Callable[[str, Mapping[str, str], datetime], datetime | None] = lambda part, ids, now: None
    prepare: Callable[[Mapping[str, str]], object] = lambda ids: None
    watched_from: Collection[str] = ()


@dataclass(frozen=True)
class Topic:
    """A key together with its kind and what the key names."""

    key: str
    kind: TopicKind
    ids: Mapping[str, str]

    def view(self, name: str) -> View:
        """Raises UnknownTopic for a view that this kind does not have."""
        try:
            return self.kind.views[name]
        except KeyError:
            raise UnknownTopic(name) from None

    def may_be_heard_by(self, person: Any, view: str) -> bool:
        return self.kind.may_listen(person, view, self.ids)

    def zone(self) -> ZoneInfo:
        return self.kind.zone(self.ids)

    def parts(self) -> list[str]:
        return self.kind.parts(self.ids)

    def load(self, part: str) -> State | None:
        return self.kind.load(part, self.ids)

    def prepare(self) -> bool:
        """Whether anything was brought up: then there may be more."""
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
        """The topic with this key; raises UnknownTopic when no kind has such keys."""
        for kind in self.kinds:
            if match := re.fullmatch(kind.pattern, key, re.ASCII):
                return Topic(key, kind, match.groupdict())
        raise UnknownTopic(key)


def kind_of_part(part: str) -> str:
    """The first word of a part's name: `column` of `column/7`."""
    return part.partition("/")[0]
