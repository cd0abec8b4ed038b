"""Live parts of a call list: which patients have been told, and the state of their visits."""

from zoneinfo import ZoneInfo

from flask import Flask, current_app
from markupsafe import Markup

from blueprints.clinic.topic_ids import zone_of
from extensions import db
from live.announcement import State
from live.registry import HtmlView, Ids, TopicKind
from live.render import block
from models.accounts import Membership, Right, User
from models.clinic import JointChange
from models.clinic.day_topic import CALLS, calls_topic
from models.clinic.joint_change import JointChangeLine
from models.live_topic import topic_version

TOPIC = r"clinic/(?P<organization>[1-9]\d{0,8})/calls/(?P<change>[1-9]\d{0,8})"
VIEW = "desk"
DESK = HtmlView({CALLS: "clinic/day_changes/_calls.html"})


def register(app: Flask) -> None:
    """Registers the topic of call lists."""
    calls = TopicKind(
        name="calls",
        pattern=TOPIC,
        public=False,
        views={VIEW: DESK},
        may_listen=_may_listen,
        zone=zone_of,
        parts=lambda ids: [CALLS],
        load=_load,
    )
    app.extensions["registry"].add(calls)


def calls_state(change: JointChange, version: int) -> State:
    """All visits of the change, by their former time. version: the topic's, read before."""
    zone = change.organization.zone
    return {
        "dom_id": "calls",
        "version": version,
        "left": sum(1 for line in change.lines if line.called_at is None),
        "lines": [_line(line, zone) for line in change.lines],
    }


def calls_redrawn(change: JointChange) -> Markup:
    """The list for an htmx response, byte-identical to the push."""
    version = topic_version(calls_topic(change.organization_id, change.id))
    return block(current_app, DESK, CALLS, calls_state(change, version))


def _line(line: JointChangeLine, zone: ZoneInfo) -> State:
    visit, patient = line.appointment, line.appointment.patient
    start, end = visit.starts_at.astimezone(zone), visit.ends_at.astimezone(zone)
    is_own = bool(patient.phone)
    return {
        "id": line.id,
        "visit": visit.id,
        "name": patient.full_name,
        "short": patient.short_name,
        "phone": (patient.phone if is_own else patient.contact_phone) or "",
        "key": (patient.phone_key if is_own else patient.contact_phone_key) or "",
        "contact": "" if is_own else patient.contact_name,
        "before": f"{line.starts_at.astimezone(zone):%H:%M}",
        "status": visit.status.value,
        "day": start.date().isoformat(),
        "after": f"{start:%H:%M}–{end:%H:%M}, {visit.practitioner.short_name}",
        "told": f"{line.called_at.astimezone(zone):%H:%M}" if line.called_at else "",
    }


def _may_listen(person: User | None, view: str, ids: Ids) -> bool:
    return Membership.grants(person, int(ids["organization"]), Right.BOOK) and _change(ids) is not None


def _load(part: str, ids: Ids) -> State | None:
    topic = calls_topic(int(ids["organization"]), int(ids["change"]))
    version, change = topic_version(topic), _change(ids)
    return calls_state(change, version) if change else None


def _change(ids: Ids) -> JointChange | None:
    own = JointChange.of_days(int(ids["organization"]))
    return db.session.scalar(own.filter_by(id=int(ids["change"])))
