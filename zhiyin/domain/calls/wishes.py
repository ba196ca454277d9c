"""What people ask of a call: its agents, its supervisors, and the leads of the queue in which it waits."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.domain.interactions import CallbackEnd, LegId, MonitoringMode


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
class ParkAsked:
    agent: int
    note_ref: str | None = None


@dataclass(frozen=True, slots=True)
class UnparkAsked:
    """``leg`` is set when the agent dialled the slot on a SIP telephone and waits on that leg."""

    agent: int
    leg: LegId | None = None


# --- supervision: ``agent`` is the supervisor ----------------------------------------------------------------------


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


# --- interventions in a contact that waits: ``agent`` is the lead, ``in_queue`` where the lead saw it --------------


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


# --- contacts that go on without their caller ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CallBackAsked:
    """The agent who has a voice message calls its customer."""

    agent: int
    number_ref: str | None = None


@dataclass(frozen=True, slots=True)
class CallLaterAsked:
    """The agent ends the conversation, and the customer will be called back."""

    agent: int
    note_ref: str | None = None


@dataclass(frozen=True, slots=True)
class MessageAsked:
    """The agent hands the customer on to leave a voice message for ``queue`` (None: the contact's own)."""

    agent: int
    queue: int | None = None
    note_ref: str | None = None


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
