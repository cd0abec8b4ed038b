"""What processes tell each other about a topic."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True)
class Announcement:
    """These parts of a topic changed, which raised it to this version.

    parts: each part's new state, or None where the topic is private and the announcement is only a signal;
    due_at: when one of the parts will next change by itself; committed_at: Unix time in seconds, for the metrics.
    """

    topic: str
    version: int
    parts: dict[str, State | None] = field(default_factory=dict)
    due_at: datetime | None = None
    committed_at: float | None = None

    def to_json(self) -> str:
        return json.dumps(vars(self), default=datetime.isoformat, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "Announcement":
        """Raises ValueError for anything that is not an announcement."""
        fields = json.loads(text)
        try:
            due_at = datetime.fromisoformat(fields["due_at"]) if fields["due_at"] else None
            return cls(fields["topic"], fields["version"], fields["parts"], due_at, fields.get("committed_at"))
        except (KeyError, TypeError) as error:
            raise ValueError(f"no announcement: {text!r:.80}") from error
