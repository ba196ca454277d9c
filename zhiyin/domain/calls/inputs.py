"""What a call is told: facts from the telephone side, answers of the routing desk, wishes of people, and timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.calls.wishes import (
    AssignAsked,
    CallBackAsked,
    CallLaterAsked,
    CancelAsked,
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    DataGiven,
    DeferredWish,
    DigitsAsked,
    DisconnectAsked,
    EndConsultAsked,
    EndWaitingAsked,
    HangUpAsked,
    HoldAsked,
    Intervention,
    MessageAsked,
    MonitorAsked,
    ParkAsked,
    PriorityAsked,
    PullAsked,
    ReassignAsked,
    RejectAsked,
    RequeueAsked,
    ResumeAsked,
    StopMonitoringAsked,
    SupervisionWish,
    SurveyAsked,
    SwapAsked,
    TakeOverAsked,
    TransferAsked,
    UnparkAsked,
    Wish,
)
from zhiyin.domain.interactions import LegId
from zhiyin.domain.routing.classes import KnownCaller

__all__ = [
    "NOT_ASKED",
    "AgentsFound",
    "Arrived",
    "AssignAsked",
    "CallBackAsked",
    "CallLaterAsked",
    "CallbackAsked",
    "CallerHeard",
    "CallerSpeaks",
    "CancelAsked",
    "Chosen",
    "ColleagueDialAsked",
    "CompleteAsked",
    "ConferenceAsked",
    "ConsultAsked",
    "DataGiven",
    "DeferredWish",
    "DialAsked",
    "DigitsAsked",
    "DisconnectAsked",
    "EndConsultAsked",
    "EndWaitingAsked",
    "HangUpAsked",
    "HoldAsked",
    "Input",
    "Intervention",
    "KeyPressed",
    "LegAnswered",
    "LegEnded",
    "LegsUnseen",
    "LineClosed",
    "MessageAsked",
    "MonitorAsked",
    "OutsideTold",
    "ParkAsked",
    "PlaybackEnded",
    "PriorityAsked",
    "PullAsked",
    "ReassignAsked",
    "RecordingBegunLate",
    "RecordingRefused",
    "RejectAsked",
    "RequeueAsked",
    "ResumeAsked",
    "Resumed",
    "Speech",
    "StopMonitoringAsked",
    "SupervisionWish",
    "SurveyAsked",
    "SurveysTold",
    "SwapAsked",
    "TakeOverAsked",
    "TelephoneBack",
    "TelephoneHeld",
    "TelephoneLost",
    "TimerFired",
    "TransferAsked",
    "UnparkAsked",
    "Wish",
]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A caller reached one of the company's numbers. ``entry_rule`` and ``entry_trial``: by which rule this flow."""

    leg: LegId
    caller_ref: str | None
    entry: str
    came_by: str
    codec: str
    flow: int
    flow_version: int
    is_vip: bool = False
    is_blocked: bool = False
    caller: KnownCaller | None = None
    entry_rule: int | None = None
    entry_trial: int | None = None


@dataclass(frozen=True, slots=True)
class DialAsked:
    """An agent calls out, by the first trunk that works.

    ``agent_leg`` is set when the agent dialled on a SIP telephone and waits on that leg.
    """

    agent: int
    number_ref: str
    entry: str
    trunks: tuple[int, ...]
    codec: str = "alaw"
    agent_leg: LegId | None = None
    overridden_list: str | None = None


@dataclass(frozen=True, slots=True)
class ColleagueDialAsked:
    """An agent calls a colleague (``kind`` "agent") or a queue of the company's own; the rest as in ``DialAsked``."""

    agent: int
    kind: str
    target: int
    codec: str = "alaw"
    agent_leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class Resumed:
    """A new engine took the call over from the log; what was in the old one's memory is gone.

    ``legs`` are those that still live, ``up`` those of them that are answered. ``at``, give or take ``within_s``: when
    the leg ended whose end is found now, as far as that is known.
    """

    legs: frozenset[LegId]
    up: frozenset[LegId]
    at: datetime | None = None
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyPressed:
    leg: LegId
    key: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """``is_heard`` False: it could not be played."""

    playback: str
    is_heard: bool = True


@dataclass(frozen=True, slots=True)
class LegAnswered:
    leg: LegId


#: How a leg ends that Asterisk was asked to ring and did not answer: whether it rang is not known.
NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class LegEnded:
    """``word`` as in ``engine.ports.LegGoneFact``, or ``lost`` (with its Asterisk), or ``NOT_ASKED``.

    ``at``, give or take ``within_s``: when that was, where it is heard of late; what follows is dated so too.
    """

    leg: LegId
    word: str
    at: datetime | None = None
    within_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LegsUnseen:
    """The contact's Asterisk is out of sight: whether these legs of it live is not known. ``Resumed`` follows."""

    legs: frozenset[LegId]


@dataclass(frozen=True, slots=True)
class RecordingBegunLate:
    """It is recorded, since now or up to ``within_s`` seconds ago."""

    recording: str
    within_s: float


@dataclass(frozen=True, slots=True)
class RecordingRefused:
    recording: str
    cause: str


@dataclass(frozen=True, slots=True)
class TimerFired:
    name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """An agent for a contact; ``why`` is the decision record."""

    agent: int
    why: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgentsFound:
    """The routing desk reserved these agents for the call, several only where the queue rings all.

    ``joins``: others' telephones ring already, these are to ring as well.
    """

    chosen: tuple[Chosen, ...]
    joins: bool = False


@dataclass(frozen=True, slots=True)
class LineClosed:
    """Nobody of the queue is signed in any more."""


@dataclass(frozen=True, slots=True)
class OutsideTold:
    """What the flow had asked outside (``effects.AskOutside``) is answered; ``cause``: why it failed."""

    ask: str
    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class CallerSpeaks:
    """The customer begins to speak, where the flow listens by this ear (``effects.Listen``)."""

    ear: str


@dataclass(frozen=True, slots=True)
class CallerHeard:
    """What the customer said was understood: ``text``, "" for no words. ``cause``: why nobody could understand it."""

    ear: str
    text: str = field(default="", repr=False)
    cause: str = ""


@dataclass(frozen=True, slots=True)
class TelephoneLost:
    """The agent's desk and the media of its leg are both gone; or its browser's registration, while it rang."""

    agent: int


@dataclass(frozen=True, slots=True)
class TelephoneBack:
    """The agent's telephone is registered anew, by a page that knows of no session."""

    agent: int


# --- what an agent's own telephone does by itself -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TelephoneHeld:
    """The hold key of a party's own telephone was pressed, or released."""

    leg: LegId
    is_held: bool


# --- contacts that go on without their caller ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speech:
    """A leg's party began to speak, or ceased to."""

    leg: LegId
    is_speaking: bool


@dataclass(frozen=True, slots=True)
class CallbackAsked:
    """A callback that was not asked in line: it begins a contact of its own.

    ``queue`` gives it its place and rules, ``agent`` alone is to call where set; ``asked_by`` as in ``CallbackAgreed``.
    ``due_at``: in line from then on, until ``expires_at``.
    """

    queue: int
    number_ref: str
    asked_by: str
    entry: str
    agent: int | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SurveysTold:
    """When the customer was asked last how it was; None: never."""

    asked_at: datetime | None


Input = (
    Arrived
    | DialAsked
    | ColleagueDialAsked
    | CallbackAsked
    | Resumed
    | Speech
    | KeyPressed
    | PlaybackEnded
    | LegAnswered
    | LegEnded
    | LegsUnseen
    | RecordingBegunLate
    | RecordingRefused
    | SurveysTold
    | TimerFired
    | AgentsFound
    | LineClosed
    | Wish
    | TelephoneLost
    | TelephoneBack
    | SupervisionWish
    | Intervention
    | TelephoneHeld
    | OutsideTold
    | CallerSpeaks
    | CallerHeard
)
