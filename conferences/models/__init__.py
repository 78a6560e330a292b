"""The rows of the domain."""

from conferences.models.alerts import Alert, AlertDelivery, AlertRule
from conferences.models.attendance import (
    AttendanceListing,
    AttendanceSession,
    KnownIdentity,
    Participant,
    PresenceCorrection,
)
from conferences.models.authorization import Authorization, AuthorizationRequest, SharedToken
from conferences.models.conference import Conference
from conferences.models.connection import Connection
from conferences.models.content import ChatMessage, Recording, SharedFile
from conferences.models.courses import Course, Enrolment
from conferences.models.errors import ErrorClass, RetryPolicy, SyncError
from conferences.models.flaws import FlawedEntry
from conferences.models.liveness import RetiredTotal, WorkerPulse
from conferences.models.participation import Question, Registrant, Response
from conferences.models.runs import SyncEvent, SyncItem, SyncRun, SyncStep

__all__ = [
    "Alert",
    "AlertDelivery",
    "AlertRule",
    "AttendanceListing",
    "AttendanceSession",
    "Authorization",
    "AuthorizationRequest",
    "ChatMessage",
    "Conference",
    "Connection",
    "Course",
    "Enrolment",
    "ErrorClass",
    "FlawedEntry",
    "KnownIdentity",
    "Participant",
    "PresenceCorrection",
    "Question",
    "Recording",
    "Registrant",
    "Response",
    "RetiredTotal",
    "RetryPolicy",
    "SharedFile",
    "SharedToken",
    "SyncError",
    "SyncEvent",
    "SyncItem",
    "SyncRun",
    "SyncStep",
    "WorkerPulse",
]
