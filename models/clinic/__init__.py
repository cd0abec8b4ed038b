"""The front desk: patients, practitioners, the shared calendar."""

from models.clinic.appointment import Appointment, CancellationReason
from models.clinic.audit import AuditEvent, Deed
from models.clinic.availability import AvailabilityException, ExceptionKind
from models.clinic.calendar_link import CalendarLink
from models.clinic.communication import Channel, Communication, MessageFault, MessageState
from models.clinic.freed import FreedTime
from models.clinic.hold import Hold
from models.clinic.joint_change import JointChange
from models.clinic.news import NewsLook
from models.clinic.patient import Patient
from models.clinic.patient_import import PatientImport
from models.clinic.patient_merge import PatientMerge
from models.clinic.practitioner import AvailableTime, Practitioner
from models.clinic.recall import Recall, RecallState
from models.clinic.reminder_plan import ReminderPlan
from models.clinic.revision import Revision
from models.clinic.room import Room
from models.clinic.screen import Screen
from models.clinic.series import AppointmentSeries
from models.clinic.service import Service
from models.clinic.status_event import StatusEvent
from models.clinic.ticket import QueueTicket
from models.clinic.waitlist import WaitlistEntry

__all__ = [
    "Appointment",
    "AppointmentSeries",
    "AuditEvent",
    "AvailabilityException",
    "AvailableTime",
    "CalendarLink",
    "CancellationReason",
    "Channel",
    "Communication",
    "Deed",
    "ExceptionKind",
    "FreedTime",
    "Hold",
    "JointChange",
    "MessageFault",
    "MessageState",
    "NewsLook",
    "Patient",
    "PatientImport",
    "PatientMerge",
    "Practitioner",
    "QueueTicket",
    "Recall",
    "RecallState",
    "ReminderPlan",
    "Revision",
    "Room",
    "Screen",
    "Service",
    "StatusEvent",
    "WaitlistEntry",
]
