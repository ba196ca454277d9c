"""What must be done about a call. Desk messages change the routing desk at once, before the commit; all other
effects reach the telephone side only after the events decided with them are durable."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeGuard, get_args

from zhiyin.domain.agents import AgentState
from zhiyin.domain.flows.requests import Request
from zhiyin.domain.interactions import LegId, Medium
from zhiyin.domain.missed_offers import MissedRule
from zhiyin.domain.wrap_up import WrapUpRule

# --- to the telephone side --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    leg: LegId


@dataclass(frozen=True, slots=True)
class Say:
    """Play prompts by key."""

    leg: LegId
    prompts: tuple[str, ...]
    playback: str


@dataclass(frozen=True, slots=True)
class StopSaying:
    playback: str


@dataclass(frozen=True, slots=True)
class StartMusic:
    leg: LegId


@dataclass(frozen=True, slots=True)
class StopMusic:
    leg: LegId


@dataclass(frozen=True, slots=True)
class StartRingback:
    leg: LegId


@dataclass(frozen=True, slots=True)
class StopRingback:
    leg: LegId


@dataclass(frozen=True, slots=True)
class RingAgent:
    """Ring an agent's telephone. With ``offer`` the agent chooses to answer; without, its browser answers by itself."""

    leg: LegId
    agent: int
    timeout_s: int
    offer: str | None


@dataclass(frozen=True, slots=True)
class RingNumber:
    leg: LegId
    number_ref: str
    trunk: int
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Join:
    """Let the legs hear each other, in the call's one bridge."""

    legs: tuple[LegId, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Take a leg out of the bridge."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class HangUp:
    leg: LegId
    word: str = "hangup"


@dataclass(frozen=True, slots=True)
class StartRecording:
    recording: str
    leg: LegId


@dataclass(frozen=True, slots=True)
class StopRecording:
    leg: LegId


@dataclass(frozen=True, slots=True)
class WatchSpeech:
    """Tell when the leg's party begins and ceases to speak, until the leg ends."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class GivePlace:
    """The customer has come back by itself: the contact that was to call it back is over."""

    interaction: str


@dataclass(frozen=True, slots=True)
class AskOutside:
    """Carry out what the flow asks, within ``timeout_s``; ``ask`` names it, so that a late answer is known.

    ``key`` is the same until the other side has answered, also after an engine's end: who is asked twice by one key
    does it once.
    """

    ask: str
    request: Request
    timeout_s: float
    key: str = ""


@dataclass(frozen=True, slots=True)
class Listen:
    """Hear what the leg's party says, and tell it by ``CallerSpeaks`` and ``CallerHeard``, until told to stop."""

    ear: str
    leg: LegId
    language: str
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StopListening:
    ear: str


@dataclass(frozen=True, slots=True)
class SendDigits:
    leg: LegId
    digits: str


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """Tell the telephone that the transfer it asked for is done with."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class Tap:
    """Let a supervisor's leg hear all that ``of`` says and hears; with ``is_heard``, ``of`` alone hears it too."""

    leg: LegId
    of: LegId
    is_heard: bool


@dataclass(frozen=True, slots=True)
class RemoveTap:
    """The leg hears by a tap no more; where it is in a bridge, it is heard there."""

    leg: LegId


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Start, or start anew, this call's timer of that name."""

    name: str
    after_s: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    name: str


# --- to the routing desk ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JoinLine:
    """Wait for an agent of ``queue``, or (``only_agent``) for this one alone.

    ``asked``: taken over from an old engine while these are being rung: keep the place, and ask nobody in their stead;
    ``may_join``: where the queue rings all, others may ring as well.
    ``is_customer``: not where an agent asks, for a second party or by a call of its own. ``preferred``: these agents
    alone, for so many seconds from the joining on; ``waits_for_away``: while they are not ready, too. ``also``: queues
    whose agents are asked too. ``since``: when it began to wait, where that was in another queue. ``trial``, ``arm``:
    changed rules on trial, and if it goes by them.
    """

    queue: int | None
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    only_agent: int | None = None
    asked: frozenset[int] = frozenset()
    may_join: bool = True
    is_customer: bool = True
    medium: Medium = Medium.VOICE
    refused_by: frozenset[int] = frozenset()
    class_code: str = ""
    preferred: tuple[int, ...] = ()
    preferred_for_s: float = 0.0
    also: tuple[int, ...] = ()
    since: datetime | None = None
    trial: int | None = None
    arm: str = ""
    waits_for_away: bool = False


@dataclass(frozen=True, slots=True)
class RejoinLine:
    """This agent does not take it: the others who are rung still are; else wait on, without ``refused_by``."""

    refused_by: frozenset[int]
    agent: int


@dataclass(frozen=True, slots=True)
class AskAlso:
    """Ask these queues' agents as well as those of the contact's own; one that does not wait is no error."""

    queues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeaveLine:
    pass


@dataclass(frozen=True, slots=True)
class Unreserve:
    """The agent found is not needed; it keeps its idle time."""

    agent: int


@dataclass(frozen=True, slots=True)
class AgentNow:
    """The agent's state follows the call: alerting, dialling, talking, hold, consulting, lost."""

    agent: int
    state: AgentState


@dataclass(frozen=True, slots=True)
class AgentMissed:
    """The agent let it ring, refused, or could not be reached: what follows says ``rule``.

    Without one it is taken out of distribution with this reason until it says otherwise.
    """

    agent: int
    reason: str
    rule: MissedRule | None = None


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """The agent's part is over; after-call work of ``wrap_up_s`` seconds (0: none) follows, or what ``rule`` says.

    ``reason``: why, where it is told to who is ready again.
    """

    agent: int
    wrap_up_s: int
    reason: str | None = None
    rule: WrapUpRule | None = None


@dataclass(frozen=True, slots=True)
class RingUnanswered:
    """Whether the agent's telephone rang is not known: Asterisk did not answer. No fault of the agent's, who is free
    again, and after a moment is offered contacts again."""

    agent: int


@dataclass(frozen=True, slots=True)
class LookUpSurveys:
    """Find out when the customer was asked last how it was; ``SurveysTold`` follows, or nothing where nobody knows."""


TelephoneEffect = (
    Answer
    | LookUpSurveys
    | Say
    | StopSaying
    | StartMusic
    | StopMusic
    | StartRingback
    | StopRingback
    | RingAgent
    | RingNumber
    | Join
    | Part
    | HangUp
    | StartRecording
    | StopRecording
    | WatchSpeech
    | GivePlace
    | AskOutside
    | Listen
    | StopListening
    | SendDigits
    | AcceptTransfer
    | Tap
    | RemoveTap
    | StartTimer
    | StopTimer
)
DeskMessage = (
    JoinLine | RejoinLine | AskAlso | LeaveLine | Unreserve | AgentNow | AgentMissed | FreeAgent | RingUnanswered
)
Effect = TelephoneEffect | DeskMessage

_DESK_MESSAGES = frozenset(get_args(DeskMessage))


def is_for_desk(effect: Effect) -> TypeGuard[DeskMessage]:
    """Return whether the routing desk is meant. A look at its class: all of a union's would be asked one by one."""
    return type(effect) in _DESK_MESSAGES


def is_for_telephone(effect: Effect) -> TypeGuard[TelephoneEffect]:
    return type(effect) not in _DESK_MESSAGES
