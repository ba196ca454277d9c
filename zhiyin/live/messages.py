"""What the desk's socket says to a browser (docs/guide/boundaries.md). Absent fields are left out of the JSON."""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.frames import Problem
from zhiyin.contracts.snapshots import AgentRow, InteractionRow, QueueRow
from zhiyin.domain.agents import AgentState


class Colleague(msgspec.Struct, frozen=True):
    """What every agent may know of another."""

    id: int
    name: str
    state: AgentState


class QueueGlance(msgspec.Struct, frozen=True):
    """What every agent may know of a queue."""

    id: int
    name: str
    name_en: str
    waiting: int
    agents_ready: int


class ParkedCall(msgspec.Struct, frozen=True):
    """A contact that every agent may fetch; ``number`` is the customer's, masked as the reader's rights say."""

    slot: int
    interaction: str
    number: str | None
    by_agent: int
    parked_at: datetime


class WholeBoard(msgspec.Struct, frozen=True):
    """The company's board, for whoever has the right ``live.read``."""

    agents: tuple[AgentRow, ...]
    interactions: tuple[InteractionRow, ...]
    queues: tuple[QueueRow, ...]


class Snapshot(msgspec.Struct, frozen=True, tag_field="type", tag="snapshot"):
    """Replaces all that the desk knew."""

    now: datetime
    number: int
    me: AgentRow | None
    mine: tuple[InteractionRow, ...]
    board: WholeBoard | None
    colleagues: tuple[Colleague, ...]
    queues: tuple[QueueGlance, ...]
    parked: tuple[ParkedCall, ...] = ()


class Update(msgspec.Struct, frozen=True, tag_field="type", tag="update", omit_defaults=True):
    """Rows replace rows of the same id; ``gone`` names interactions that left the desk; ``parked`` replaces all."""

    now: datetime
    number: int
    me: AgentRow | msgspec.UnsetType = msgspec.UNSET
    mine: tuple[InteractionRow, ...] = ()
    gone: tuple[str, ...] = ()
    agents: tuple[AgentRow, ...] = ()
    interactions: tuple[InteractionRow, ...] = ()
    queues: tuple[QueueRow | QueueGlance, ...] = ()
    colleagues: tuple[Colleague, ...] = ()
    parked: tuple[ParkedCall, ...] | msgspec.UnsetType = msgspec.UNSET


class SettingsChanged(msgspec.Struct, frozen=True, tag_field="type", tag="settings"):
    version: int


class Stale(msgspec.Struct, frozen=True, tag_field="type", tag="stale"):
    """The engine has been out of reach since then: what the desk shows may be old."""

    since: datetime


class NudgeMessage(msgspec.Struct, frozen=True, tag_field="type", tag="nudge"):
    """Something of this topic is new: fetch it again."""

    topic: str


class DeskReply(msgspec.Struct, frozen=True, tag_field="type", tag="reply"):
    """The answer to the browser's command of this id."""

    id: str
    problem: Problem | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")


DeskMessage = Snapshot | Update | SettingsChanged | Stale | NudgeMessage | DeskReply

_encode = msgspec.json.Encoder().encode


def to_text(message: DeskMessage) -> str:
    """Return the frame's text."""
    return _encode(message).decode()
