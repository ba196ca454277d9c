"""What a call is told: facts from the telephone side, answers of the routing desk, wishes of people, and timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.interactions import CallbackEnd, LegId, MonitoringMode
from zhiyin.domain.routing.classes import KnownCaller


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
    playback: str


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
class HangUpAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class RejectAsked:
    agent: int
    offer: str


@dataclass(frozen=True, slots=True)
class HoldAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class ResumeAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class DigitsAsked:
    agent: int
    digits: str


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """Blind transfer; ``target`` is an agent or a queue (None: the one it came from), or ``number_ref`` outside.

    ``trunks`` are the ways to the number, in the order in which they are tried.
    """

    agent: int
    kind: str
    target: int | None = None
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    note_ref: str | None = None
    telephone: LegId | None = None  # the agent asked by this telephone's own key, and it is told


@dataclass(frozen=True, slots=True)
class ConsultAsked:
    """A second party is to be rung; fields as in ``TransferAsked``.

    ``line``: the agent dialled it as a second call on a SIP telephone, and waits on that leg.
    """

    agent: int
    kind: str
    target: int | None = None
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    note_ref: str | None = None
    line: LegId | None = None


@dataclass(frozen=True, slots=True)
class CompleteAsked:
    agent: int
    note_ref: str | None = None
    telephone: LegId | None = None  # as in ``TransferAsked``


@dataclass(frozen=True, slots=True)
class ConferenceAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class SwapAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class EndConsultAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class DataGiven:
    """Data for the contact, by an ``agent`` who handles it, by the "flow", or by the "carrier" that brought it."""

    data_ref: str
    by: str = "agent"
    agent: int | None = None


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
class ParkAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class UnparkAsked:
    """``leg`` is set when the agent dialled the slot on a SIP telephone and waits on that leg."""

    agent: int
    leg: LegId | None = None


@dataclass(frozen=True, slots=True)
class TelephoneLost:
    """The agent's desk and the media of its leg are both gone; or its browser's registration, while it rang."""

    agent: int


@dataclass(frozen=True, slots=True)
class TelephoneBack:
    """The agent's telephone is registered anew, by a page that knows of no session."""

    agent: int


# --- supervision: ``agent`` is the supervisor ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonitorAsked:
    """Begin to monitor the conversation in this mode, or go on in it."""

    agent: int
    mode: MonitoringMode


@dataclass(frozen=True, slots=True)
class StopMonitoringAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class TakeOverAsked:
    agent: int


@dataclass(frozen=True, slots=True)
class DisconnectAsked:
    agent: int


SupervisionWish = MonitorAsked | StopMonitoringAsked | TakeOverAsked | DisconnectAsked


# --- interventions in a contact that waits: ``agent`` is the lead, ``in_queue`` where the lead saw it ---------------


@dataclass(frozen=True, slots=True)
class RequeueAsked:
    """Let it wait in ``queue`` instead, at the place of its first joining or (not ``keeps_wait``) at the end."""

    agent: int
    in_queue: int
    queue: int
    keeps_wait: bool = True


@dataclass(frozen=True, slots=True)
class PriorityAsked:
    """Give it this priority and class; None: as before."""

    agent: int
    in_queue: int
    priority: int | None = None
    class_code: str | None = None


@dataclass(frozen=True, slots=True)
class AssignAsked:
    """Keep it for one agent, who is offered it now or next, for so long; then it waits for the queue again."""

    agent: int
    in_queue: int
    target: int
    for_s: float


@dataclass(frozen=True, slots=True)
class PullAsked:
    """The lead takes it."""

    agent: int
    in_queue: int


@dataclass(frozen=True, slots=True)
class EndWaitingAsked:
    """Say ``prompt`` ("": nothing) to the caller and hang up; ``note_ref``: why."""

    agent: int
    in_queue: int
    prompt: str
    note_ref: str


Intervention = RequeueAsked | PriorityAsked | AssignAsked | PullAsked | EndWaitingAsked


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
class CallBackAsked:
    """The agent who has a voice message calls its customer."""

    agent: int
    number_ref: str | None = None


@dataclass(frozen=True, slots=True)
class CallLaterAsked:
    """The agent ends the conversation, and the customer will be called back."""

    agent: int


@dataclass(frozen=True, slots=True)
class MessageAsked:
    """The agent hands the customer on to leave a voice message for ``queue`` (None: the contact's own)."""

    agent: int
    queue: int | None = None


@dataclass(frozen=True, slots=True)
class CancelAsked:
    """What waits without its caller is not to be worked any more. ``actor``: who said so, None: the customer."""

    actor: int | None
    outcome: CallbackEnd = CallbackEnd.CANCELLED


@dataclass(frozen=True, slots=True)
class ReassignAsked:
    """What waits without its caller is for another queue, or for one agent of it alone."""

    actor: int | None
    queue: int
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """The agent ends the conversation, and the customer is asked how it was."""

    agent: int


@dataclass(frozen=True, slots=True)
class SurveysTold:
    """When the customer was asked last how it was; None: never."""

    asked_at: datetime | None


DeferredWish = CallBackAsked | CallLaterAsked | MessageAsked | CancelAsked | ReassignAsked | SurveyAsked

#: What an agent asks of a call.
Wish = (
    HangUpAsked
    | RejectAsked
    | HoldAsked
    | ResumeAsked
    | DigitsAsked
    | TransferAsked
    | ConsultAsked
    | CompleteAsked
    | ConferenceAsked
    | SwapAsked
    | EndConsultAsked
    | DataGiven
    | ParkAsked
    | UnparkAsked
    | DeferredWish
)
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
