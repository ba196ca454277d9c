"""The event log's envelope, and how an event's body is written and read.

A body is the JSON of a domain dataclass; ``type`` and ``version`` stand beside it. When a body's shape
changes, its version rises and an upcaster (old JSON object -> new JSON object) is added here, tested on
stored old logs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from zhiyin.domain import agents, interactions
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.domain.dialing.spending import Destination

DomainEvent = interactions.InteractionEvent | AgentStateChanged


class ClockJumped(msgspec.Struct, frozen=True):
    """The wall clock moved by ``by_s`` seconds against the steady clock."""

    by_s: float


class EngineStarted(msgspec.Struct, frozen=True):
    """A new engine took over; ``adopted`` live contacts were found, ``reaped`` legs had lost their other half."""

    epoch: int
    adopted: int
    reaped: int


class OutsideLegEnded(msgspec.Struct, frozen=True):
    """A leg to a number outside ended; it was connected for ``connected_s`` seconds, which count for the day's caps."""

    leg: str
    destination: Destination
    connected_s: float


class RulesReturned(msgspec.Struct, frozen=True):
    """The engine took a trial's draft of the router's rules back: a bound was broken.

    ``reason`` as in ``domain.routing.trials.Breach``; ``contacts``: of how many that had gone by the draft.
    """

    trial: int
    reason: str
    value: float
    bound: float
    contacts: int


class WrapUpSaved(msgspec.Struct, frozen=True):
    """Django's fact: the form of a contact was completed; texts stay in Django's own tables."""

    interaction: str
    agent: int
    disposition: str | None


class CustomerLinked(msgspec.Struct, frozen=True):
    """Django's fact: a contact belongs to this customer."""

    interaction: str
    customer: int


class RecordingReady(msgspec.Struct, frozen=True):
    """Django's fact: the stereo file of a recording stands, or (``failed``) cannot be made.

    ``empty``: there is none, because the conversation was over before any sound had come.
    """

    recording: str
    interaction: str
    failed: bool
    empty: bool = False


class RecordingDeleted(msgspec.Struct, frozen=True):
    """Django's fact: a recording's time is over (it was to be kept for ``keep_days``); its sound is no more."""

    recording: str
    interaction: str
    keep_days: int


Event = (
    DomainEvent
    | ClockJumped
    | EngineStarted
    | OutsideLegEnded
    | RulesReturned
    | WrapUpSaved
    | CustomerLinked
    | RecordingReady
    | RecordingDeleted
)

#: type name -> (version, class). The name is the class's name; a rename is a new type with an upcaster.
EVENT_TYPES: dict[str, tuple[int, type[Any]]] = {
    cls.__name__: (1, cls)
    for cls in (
        *interactions.InteractionEvent.__args__,
        agents.AgentStateChanged,
        ClockJumped,
        EngineStarted,
        OutsideLegEnded,
        RulesReturned,
        WrapUpSaved,
        CustomerLinked,
        RecordingReady,
        RecordingDeleted,
    )
}

#: (type name, version) -> function that turns that version's body into the next version's.
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class Personal(msgspec.Struct, frozen=True):
    """One row of the erasable side table: the value an event refers to."""

    ref: str
    kind: str  # "number", "name", "digits", "text"
    value: str


class Envelope(msgspec.Struct, frozen=True):
    """One event as it is stored and sent.

    ``stream`` is "i:<interaction>", "a:<agent>:<YYYYMM>" or "s:<name>"; (tenant, stream, epoch, seq) is unique.
    ``began`` is the first day of the month in which the stream began: the partition key.
    ``number`` counts all events of one engine's epoch, for resuming a desk; Django's own events have 0.
    """

    tenant: int
    stream: str
    epoch: int
    seq: int
    began: str  # "2026-11-01"
    at: datetime
    type: str
    version: int
    body: msgspec.Raw
    number: int = 0
    personal: tuple[Personal, ...] = ()

    def event(self) -> Event:
        """Return the typed event. Raises ``UnknownEvent`` for a type this version does not know."""
        return decode_body(self.type, self.version, bytes(self.body))


class UnknownEvent(Exception):
    """The log holds an event type or version newer than this program."""


_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(cls) for name, (_, cls) in EVENT_TYPES.items()
}
_encoder = msgspec.json.Encoder()


def encode_body(event: Event) -> bytes:
    """Return the JSON of ``event``; instants as RFC 3339 in UTC."""
    return _encoder.encode(event)


def decode_body(type_name: str, version: int, body: bytes) -> Event:
    """Return the typed event of a stored body, upcast to today's version. Raises ``UnknownEvent``."""
    known = EVENT_TYPES.get(type_name)
    if known is None or version > known[0]:
        raise UnknownEvent(f"{type_name} v{version}")
    if version < known[0]:
        document = msgspec.json.decode(body)
        while version < known[0]:
            document = UPCASTERS[type_name, version](document)
            version += 1
        body = _encoder.encode(document)
    event: Event = _decoders[type_name].decode(body)
    return event


def interaction_stream(interaction: str) -> str:
    return f"i:{interaction}"


def agent_stream(agent: int, at: datetime) -> str:
    return f"a:{agent}:{at:%Y%m}"
