"""Supervision (监管) of a contact: who listens in, how, and what supervisors did to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiyin.domain.replacing import replace

LegId = str


class MonitoringMode(StrEnum):
    """What a supervisor wants of a conversation."""

    LISTEN = "listen"  # 监听: hears both, heard by nobody
    WHISPER = "whisper"  # 耳语: hears both, heard by the agent alone
    BARGE = "barge"  # 强插: hears and is heard by both
    TAKE_OVER = "take_over"  # 拦截: becomes the agent as soon as the supervisor's telephone is connected


class MonitoringEnd(StrEnum):
    STOPPED = "stopped"  # the supervisor said so
    LEFT = "left"  # the supervisor's telephone hung up, or was lost
    NOT_REACHED = "not_reached"  # the supervisor's telephone did not answer
    SEGMENT_OVER = "segment_over"  # the agent's part in the contact is over
    TOOK_OVER = "took_over"  # the supervisor is the agent now


@dataclass(frozen=True, slots=True)
class MonitoringStarted:
    """A supervisor's own telephone is being rung, to be put beside the conversation of ``agent``."""

    supervisor: int
    agent: int
    leg: LegId
    mode: MonitoringMode


@dataclass(frozen=True, slots=True)
class MonitoringAnswered:
    """The supervisor hears the conversation from here."""

    supervisor: int
    agent: int
    mode: MonitoringMode


@dataclass(frozen=True, slots=True)
class MonitoringChanged:
    supervisor: int
    agent: int
    mode: MonitoringMode


@dataclass(frozen=True, slots=True)
class MonitoringEnded:
    supervisor: int
    outcome: MonitoringEnd
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class TakenOver:
    """拦截: the supervisor goes on with the customer in the place of ``agent``."""

    supervisor: int
    agent: int


@dataclass(frozen=True, slots=True)
class Disconnected:
    """强拆: a supervisor ended the contact. ``agent`` is who was in it, if anybody."""

    supervisor: int
    agent: int | None = None


SupervisionEvent = (
    MonitoringStarted | MonitoringAnswered | MonitoringChanged | MonitoringEnded | TakenOver | Disconnected
)


@dataclass(frozen=True, slots=True)
class Monitor:
    """One supervisor beside the conversation of ``agent``."""

    supervisor: int
    agent: int
    leg: LegId
    mode: MonitoringMode
    is_connected: bool = False


def monitors_after(monitors: tuple[Monitor, ...], event: SupervisionEvent) -> tuple[Monitor, ...]:
    """Return who monitors after ``event``."""
    match event:
        case MonitoringStarted():
            return (*monitors, Monitor(event.supervisor, event.agent, event.leg, event.mode))
        case MonitoringAnswered(supervisor=supervisor):
            return tuple(replace(m, is_connected=True) if m.supervisor == supervisor else m for m in monitors)
        case MonitoringChanged(supervisor=supervisor, mode=mode):
            return tuple(replace(m, mode=mode) if m.supervisor == supervisor else m for m in monitors)
        case MonitoringEnded(supervisor=supervisor):
            return tuple(m for m in monitors if m.supervisor != supervisor)
        case _:
            return monitors
