"""What Django and ``live`` ask of the engine. How it is sent and answered stands in ``contracts.frames``."""

from __future__ import annotations

from zhiyin.contracts.agent_commands import (
    CallTest,
    CloseTelephone,
    CompleteWrapUp,
    DeskConnected,
    ExtendWrapUp,
    OpenTelephone,
    SetNotReady,
    SetReady,
    SignIn,
    SignOut,
    TakeWrapUp,
    WithdrawRest,
)
from zhiyin.contracts.command_base import CommandBase
from zhiyin.contracts.contact_commands import (
    AttachData,
    CompleteTransfer,
    Conference,
    Consult,
    Dial,
    EndConsult,
    HangUp,
    Hold,
    Park,
    RejectOffer,
    Resume,
    SendDigits,
    SwapParties,
    Transfer,
    Unpark,
)
from zhiyin.contracts.deferred_commands import (
    CallBack,
    CallLater,
    CancelCallback,
    InviteSurvey,
    ReassignCallback,
    RequestCallback,
    ToVoicemail,
)
from zhiyin.contracts.lead_commands import (
    AnswerRest,
    Assign,
    ChangeMonitoring,
    ChangePriority,
    Disconnect,
    EndWaiting,
    ForceState,
    Monitor,
    Pull,
    Requeue,
    StopMonitoring,
    TakeOver,
)
from zhiyin.contracts.routing_commands import EndTestContacts, ListTestContacts, PutTestContacts, TryRouting
from zhiyin.contracts.speech_commands import TellSpeech, TryRecognition, TrySynthesis
from zhiyin.contracts.trial_call_commands import OpenTrialCall, TellTrialCall

__all__ = [
    "AnswerRest",
    "Assign",
    "AttachData",
    "CallBack",
    "CallLater",
    "CallTest",
    "CancelCallback",
    "ChangeMonitoring",
    "ChangePriority",
    "CloseTelephone",
    "Command",
    "CompleteTransfer",
    "CompleteWrapUp",
    "Conference",
    "Consult",
    "DeskConnected",
    "Dial",
    "Disconnect",
    "Drain",
    "DrainNode",
    "EndConsult",
    "EndTestContacts",
    "EndWaiting",
    "ExtendWrapUp",
    "ForceState",
    "GetHealth",
    "HangUp",
    "Hold",
    "InviteSurvey",
    "LiftBan",
    "ListBans",
    "ListTestContacts",
    "Monitor",
    "Nudge",
    "OpenGuestLine",
    "OpenTelephone",
    "OpenTrialCall",
    "Park",
    "Pull",
    "PutTestContacts",
    "ReassignCallback",
    "RejectOffer",
    "RequestCallback",
    "Requeue",
    "Resume",
    "SendDigits",
    "SetNotReady",
    "SetReady",
    "SignIn",
    "SignOut",
    "StopMonitoring",
    "Subscribe",
    "SwapParties",
    "TakeOver",
    "TakeWrapUp",
    "TellSpeech",
    "TellTrialCall",
    "TestTrunk",
    "ToVoicemail",
    "Transfer",
    "TryExternalService",
    "TryRecognition",
    "TryRouting",
    "TrySynthesis",
    "Unpark",
    "WithdrawRest",
]


class OpenGuestLine(CommandBase, frozen=True):
    """A one-call SIP identity for the "call us" page; it can reach only ``entry`` and dies after one call or 120 s.

    Result: ``TelephoneIdentity``. Errors: "unknown_number", "guest_calling_off", "too_many_calls".
    """

    entry: str
    remote: str


class TestTrunk(CommandBase, frozen=True):
    """Result: {"state": "ok", "unreachable", "refused" or "unknown", "detail": words, "rtt_ms": number or null}."""

    trunk: int


class TryExternalService(CommandBase, frozen=True):
    """Ask an external service now, as a flow would. ``kind`` "http": ``path`` below its address; "database": the
    statement of this code with no parameters, or whether it answers at all. Result: {"outcome", "cause"}."""

    service: int
    kind: str
    path: str = "/"
    statement: str = ""


class GetHealth(CommandBase, frozen=True):
    """Result: ``EngineHealth``."""


class Drain(CommandBase, frozen=True):
    """Take no new calls; result: {"live_calls": n}. Repeatable; reports the number still live."""


class DrainNode(CommandBase, frozen=True):
    """Let one of several Asterisk nodes take no new calls, or take them again; result: ``NodeHealth``. Repeatable."""

    node: str
    is_draining: bool


class ListBans(CommandBase, frozen=True):
    """Whose SIP requests are refused now; result: ``[BanRow]``, newest first."""


class LiftBan(CommandBase, frozen=True):
    """End a ban now, by its row's id. No result; refused with "unknown_ban"."""

    ban: str


class Nudge(CommandBase, frozen=True):
    """Hint to the desks of ``users`` (None: everybody's) that ``topic`` shall be fetched again. Holds no data.

    Losing one harms nobody: pages also fetch on focus, after a reconnect, and every minute.
    """

    users: tuple[int, ...] | None
    topic: str


class Subscribe(CommandBase, frozen=True):
    """Stream the board of every company over this connection, one ``BoardUpdate`` with ``board`` set first for each."""


Command = (
    SignIn
    | SignOut
    | SetReady
    | SetNotReady
    | WithdrawRest
    | OpenTelephone
    | CloseTelephone
    | DeskConnected
    | RejectOffer
    | HangUp
    | Hold
    | Resume
    | SendDigits
    | Transfer
    | Consult
    | CompleteTransfer
    | Conference
    | SwapParties
    | EndConsult
    | AttachData
    | Park
    | Unpark
    | Dial
    | CallBack
    | CallLater
    | InviteSurvey
    | ToVoicemail
    | RequestCallback
    | CancelCallback
    | ReassignCallback
    | Monitor
    | ChangeMonitoring
    | StopMonitoring
    | TakeOver
    | Disconnect
    | ForceState
    | Requeue
    | ChangePriority
    | Assign
    | Pull
    | EndWaiting
    | AnswerRest
    | TakeWrapUp
    | CompleteWrapUp
    | ExtendWrapUp
    | OpenGuestLine
    | TestTrunk
    | TryExternalService
    | CallTest
    | GetHealth
    | Drain
    | DrainNode
    | ListBans
    | LiftBan
    | Nudge
    | TryRouting
    | TrySynthesis
    | TryRecognition
    | TellSpeech
    | OpenTrialCall
    | TellTrialCall
    | PutTestContacts
    | ListTestContacts
    | EndTestContacts
    | Subscribe
)
