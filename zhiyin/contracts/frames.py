"""How the engine's socket talks: requests with a command, replies with their results, and the boards.

Frames: a 4-byte big-endian length, then that many bytes of JSON (``Frame``). A connection may send any
number of requests without waiting; each is answered by a ``Reply`` with the same id. After ``Subscribe`` the
connection also receives ``BoardUpdate`` and ``Nudged`` frames.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhiyin.contracts.commands import Command
from zhiyin.contracts.snapshots import AgentRow, Board, InteractionRow, QueueRow

MAX_FRAME_BYTES = 16 * 1024 * 1024


class Request(msgspec.Struct, frozen=True, tag_field="frame", tag="request"):
    """``id`` is the idempotency key: the same id again gets the first answer. ``actor`` is the user who asks."""

    id: str
    tenant: int
    actor: int | None
    command: Command
    deadline_at: datetime | None = None


class Problem(msgspec.Struct, frozen=True):
    """Why not: ``code`` is a stable word the desk translates, ``facts`` fill its sentence."""

    code: str
    facts: dict[str, str] = {}


class Reply(msgspec.Struct, frozen=True, tag_field="frame", tag="reply"):
    id: str
    problem: Problem | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")


class BoardUpdate(msgspec.Struct, frozen=True, tag_field="frame", tag="board"):
    """What changed on one company's board. With ``board`` set it replaces all. Rows replace rows of the same id."""

    tenant: int
    epoch: int
    number: int
    board: Board | None = None
    agents: tuple[AgentRow, ...] = ()
    interactions: tuple[InteractionRow, ...] = ()
    gone_interactions: tuple[str, ...] = ()
    queues: tuple[QueueRow, ...] = ()
    settings_version: int | None = None


class Nudged(msgspec.Struct, frozen=True, tag_field="frame", tag="nudge"):
    """A ``Nudge`` on its way to the desks of one company's ``users`` (None: all)."""

    tenant: int
    users: tuple[int, ...] | None
    topic: str


Frame = Request | Reply | BoardUpdate | Nudged

encode_frame = msgspec.json.Encoder().encode
decode_frame = msgspec.json.Decoder(Frame).decode


# --- what a reply's result holds -----------------------------------------------------------------------------------


class TelephoneIdentity(msgspec.Struct, frozen=True):
    """What a JsSIP telephone needs: register ``sip:username@domain`` with ``password`` at the front's ``path``."""

    username: str
    password: str
    domain: str
    path: str = "/sip"
    #: for a guest: the number to call
    call: str | None = None
    expires_at: datetime | None = None


class BanRow(msgspec.Struct, frozen=True):
    """Requests from ``address`` are refused; with ``account``, those that would be that account alone.

    ``offence``: "wrong_password", "unknown_account", "unknown_number". ``times``: how often lately, this time included.
    """

    id: str
    address: str
    account: str | None
    offence: str
    began_at: datetime
    ends_at: datetime
    times: int


class NodeHealth(msgspec.Struct, frozen=True):
    """One Asterisk of several. ``state``: "ok", "draining", "away"; ``legs``: how many connections live there.

    ``unseen_since`` is set while it is out of sight: its ``contacts`` are let go on until ``lost_at``.
    """

    state: str
    legs: int
    unseen_since: datetime | None = None
    lost_at: datetime | None = None
    contacts: int = 0


class EngineHealth(msgspec.Struct, frozen=True):
    epoch: int
    asterisk: str  # "ok", "away"
    log: str  # "ok", "spooling"
    spooled_events: int
    live_calls: int
    is_draining: bool
    started_at: datetime
    #: the process that leads
    pid: int = 0
    #: kept aside because the log will never take them
    refused_events: int = 0
    #: hardly any file or connection can be opened: new calls are refused
    are_descriptors_short: bool = False
    #: by name, where there are several
    nodes: dict[str, NodeHealth] = {}
