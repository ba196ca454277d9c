"""Events of handing a contact on with others on the line: consulting, three parties, parking, attached data.

Numbers, notes and data stand by reference only (``..._ref``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConsultStage(StrEnum):
    """Who hears whom while a second party is on the line."""

    RINGING = "ringing"  # the second party is sought or rung; the agent hears ringing, the customer music
    TALKING = "talking"  # the agent and the second party; the customer hears music
    SWAPPED = "swapped"  # the agent and the customer; the second party hears music
    JOINED = "joined"  # 三方通话: all three


class ConsultEnd(StrEnum):
    COMPLETED = "completed"  # 转出: the second party took the customer over
    CANCELLED = "cancelled"  # by the agent who asked
    REJECTED = "rejected"
    NO_ANSWER = "no_answer"
    FAILED = "failed"  # the second party could not be reached
    PARTY_LEFT = "party_left"  # the second party hung up
    CUSTOMER_LEFT = "customer_left"
    LOST = "lost"  # a telephone was lost: network, crash


@dataclass(frozen=True, slots=True)
class ConsultStarted:
    """咨询: a second party is asked for. ``kind``: "agent", "queue" (``target`` is its id) or "number".

    ``line``: the leg of the second call by which the agent's SIP telephone asks, and talks to the second party.
    """

    kind: str
    by_agent: int
    target: int | None = None
    number_ref: str | None = None
    trunks: tuple[int, ...] = ()
    note_ref: str | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class ConsultAnswered:
    """The second party is on the line; again by a new leg when its telephone was away. ``agent``: None outside."""

    leg: str
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class ConferenceStarted:
    """三方通话: agent, customer and second party hear each other."""

    by_agent: int


@dataclass(frozen=True, slots=True)
class ConsultEnded:
    """``agent``: who was consulted, where one of ours answered. ``note_ref`` goes with a completed one."""

    outcome: ConsultEnd
    agent: int | None = None
    cause: str | None = None
    note_ref: str | None = None


class ParkEnd(StrEnum):
    FETCHED = "fetched"
    TIMED_OUT = "timed_out"  # nobody fetched it: it goes back
    CUSTOMER_LEFT = "customer_left"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Parked:
    """驻留: the customer hears music on ``slot`` until somebody fetches the call, and reads the note."""

    by_agent: int
    slot: int
    note_ref: str | None = None


@dataclass(frozen=True, slots=True)
class ParkEnded:
    """``agent``: who fetched it."""

    slot: int
    outcome: ParkEnd
    agent: int | None = None


@dataclass(frozen=True, slots=True)
class DataAttached:
    """随路数据: keys and values behind the reference (a JSON object); they replace earlier values of the same keys.

    ``by``: "agent", "flow" or "carrier".
    """

    data_ref: str
    by: str
    agent: int | None = None


HandoverEvent = ConsultStarted | ConsultAnswered | ConferenceStarted | ConsultEnded | Parked | ParkEnded | DataAttached
