"""Where contacts are in flows, and what came of each stay at a node (IVR 话务): facts from a contact's events. Pure.

A stay begins where a contact comes to a node, and ends where it leaves the node or the flow. The stay at a queue is the
wait in its line: it ends when somebody answers, or by an exit of the node. What comes later - a transfer by an agent,
a callback's second attempt - is no part of the flow. After an engine's end a contact enters its node anew, which is
the same stay. For every node: entered = left + served + gave up + faults + ended + still there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhiyin.domain.calls.flow_turns import FLOW_FAULT
from zhiyin.domain.flows.requests import FAILED, LATE
from zhiyin.domain.interactions import (
    CallbackAgreed,
    DialEnded,
    EndedBy,
    InteractionEnded,
    InteractionEvent,
    InteractionStarted,
    MessageEnd,
    MessageEnded,
    NodeEntered,
    RequestEnded,
    SegmentStarted,
    SurveyStarted,
)
from zhiyin.domain.replacing import replace

#: Figures of nodes are added up by quarter hours: all time zones begin their days on one.
QUARTER = timedelta(minutes=15)
#: The kind of the handler of errors, and the exit by which a contact comes to it.
_HANDLER, _ERROR = "on_error", "error"
#: Why contacts end where the flow itself is at fault.
_FAULTS = frozenset({FLOW_FAULT, "unknown_queue"})


class StayEnd(StrEnum):
    """How a stay at a node ended."""

    LEFT = "left"  # by an exit of the node
    SERVED = "served"  # an agent or a number outside answered, a message was left, a callback agreed
    GAVE_UP = "gave_up"  # the caller hung up
    FAULT = "fault"  # the node could not go on, whether the flow's handler caught it or not
    ENDED = "ended"  # the flow, or somebody of the company, ended the contact


@dataclass(frozen=True, slots=True)
class NodeKey:
    """A node of a flow as it runs: ``node`` is "a/b" for the node b of the sub-flow at a."""

    flow: int
    version: int
    node: str
    kind: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a contact is: at ``node`` since ``since``, or (None) in the flow's hands no more."""

    flow: int
    version: int
    node: NodeKey | None = None
    since: datetime | None = None
    has_begun: bool = False  # it came to a node of this flow before


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """A contact came to a node; ``is_arrival``: it came into the flow with it."""

    at: NodeKey
    entered_at: datetime
    is_arrival: bool


@dataclass(frozen=True, slots=True)
class NodeStay:
    """A stay is over. ``way``: the exit; of ``SERVED`` "answered", "message" or "callback"; of ``ENDED`` the reason."""

    at: NodeKey
    entered_at: datetime
    ended_at: datetime
    end: StayEnd
    way: str = ""

    @property
    def duration_ms(self) -> int:
        return max(0, round((self.ended_at - self.entered_at).total_seconds() * 1000))


@dataclass(frozen=True, slots=True)
class NodeFailure:
    """Something failed at a node: a request (``what`` is its kind, ``outcome`` "failed" or "late", ``cause`` why,
    ``service`` the external service that was asked), or the node itself (``what`` is "step", ``outcome`` "caught" by
    the flow's handler or "uncaught")."""

    at: NodeKey
    entered_at: datetime
    failed_at: datetime
    what: str
    outcome: str
    cause: str = ""
    service: int | None = None


NodeFact = NodeEntry | NodeStay | NodeFailure


def quarter_of(at: datetime) -> datetime:
    """Return the beginning of the quarter hour."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def is_caught_fault(event: NodeEntered) -> bool:
    """Whether the node before could not go on, and the flow's handler of errors took the contact on."""
    return event.kind == _HANDLER and event.through == _ERROR


def follow(  # noqa: PLR0911 - one arm an event
    here: Whereabouts | None, event: InteractionEvent, at: datetime
) -> tuple[Whereabouts | None, tuple[NodeFact, ...]]:
    """Return where the contact is after ``event`` (None: in no flow, or over), and the facts that it completes."""
    match event:
        case InteractionStarted(flow=int(flow), flow_version=version):
            return Whereabouts(flow, version or 0), ()
        case SurveyStarted(flow=flow, flow_version=version):
            return Whereabouts(flow, version), _end(here, at, StayEnd.ENDED, "survey")
        case _ if here is None:
            return None, ()
        case NodeEntered():
            return _enter(here, event, at)
        case RequestEnded(node=node, outcome=outcome) if outcome in (FAILED, LATE):
            if here.node is None or here.since is None or here.node.node != node:
                return here, ()
            failed = NodeFailure(here.node, here.since, at, event.request, outcome, event.cause, event.service)
            return here, (failed,)
        case InteractionEnded():
            return None, _ended(here, event, at)
        case _:
            way = _served(event)
            return (_out(here), _end(here, at, StayEnd.SERVED, way)) if way else (here, ())


def _served(event: InteractionEvent) -> str:
    """Return by what the flow has done its part; "" where it goes on."""
    match event:
        case SegmentStarted() | DialEnded(party="outside", answered=True):
            return "answered"
        case MessageEnded(outcome=MessageEnd.LEFT):
            return "message"
        case CallbackAgreed():
            return "callback"
        case _:
            return ""


def _enter(here: Whereabouts, event: NodeEntered, at: datetime) -> tuple[Whereabouts, tuple[NodeFact, ...]]:
    if here.node is not None and not event.through and event.node == here.node.node:
        return here, ()  # entered anew by the next engine
    node = NodeKey(here.flow, here.version, event.node, event.kind)
    is_caught = is_caught_fault(event)
    left: tuple[NodeFact, ...] = _end(here, at, StayEnd.FAULT if is_caught else StayEnd.LEFT, event.through)
    if is_caught:
        left = (*_fault(here, at, "caught"), *left)
    came = NodeEntry(node, at, is_arrival=not here.has_begun)
    return replace(here, node=node, since=at, has_begun=True), (*left, came)


def _ended(here: Whereabouts, event: InteractionEnded, at: datetime) -> tuple[NodeFact, ...]:
    if event.by in (EndedBy.CUSTOMER, EndedBy.COLLEAGUE):
        return _end(here, at, StayEnd.GAVE_UP)
    # an agent hung up before a survey began: that this is the contact's end means that the survey's flow was broken
    if event.reason in _FAULTS or (event.by is EndedBy.AGENT and event.reason == "hangup"):
        return (*_fault(here, at, "uncaught"), *_end(here, at, StayEnd.FAULT, event.reason))
    return _end(here, at, StayEnd.ENDED, event.reason)


def _end(here: Whereabouts | None, at: datetime, end: StayEnd, way: str = "") -> tuple[NodeFact, ...]:
    if here is None or here.node is None or here.since is None:
        return ()
    return (NodeStay(here.node, here.since, at, end, way),)


def _fault(here: Whereabouts, at: datetime, outcome: str) -> tuple[NodeFact, ...]:
    if here.node is None or here.since is None:
        return ()
    return (NodeFailure(here.node, here.since, at, "step", outcome),)


def _out(here: Whereabouts) -> Whereabouts:
    return replace(here, node=None, since=None)


@dataclass(slots=True)
class NodeCounts:
    """What came of the stays that began at a node in one quarter hour. ``stay_ms``: of those that are over."""

    came: int = 0
    entered: int = 0
    left: int = 0
    served: int = 0
    gave_up: int = 0
    faults: int = 0
    ended: int = 0
    failed_requests: int = 0
    stay_ms: int = 0


_ENDS = {
    StayEnd.LEFT: "left",
    StayEnd.SERVED: "served",
    StayEnd.GAVE_UP: "gave_up",
    StayEnd.FAULT: "faults",
    StayEnd.ENDED: "ended",
}


class Tally:
    """Adds facts up: by node and quarter hour of the entry, and each way out of a node."""

    def __init__(self) -> None:
        self.nodes: dict[tuple[NodeKey, datetime], NodeCounts] = {}
        self.ways: dict[tuple[NodeKey, datetime, StayEnd, str], int] = {}

    def add(self, fact: NodeFact) -> None:
        quarter = quarter_of(fact.entered_at)
        counts = self.nodes.setdefault((fact.at, quarter), NodeCounts())
        match fact:
            case NodeEntry():
                counts.entered += 1
                counts.came += fact.is_arrival
            case NodeStay():
                name = _ENDS[fact.end]
                setattr(counts, name, getattr(counts, name) + 1)
                counts.stay_ms += fact.duration_ms
                way = (fact.at, quarter, fact.end, fact.way)
                self.ways[way] = self.ways.get(way, 0) + 1
            case NodeFailure(what=what):
                counts.failed_requests += what != "step"
