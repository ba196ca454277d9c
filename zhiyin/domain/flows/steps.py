"""The words between a node and the interpreter: what a node is told, and what it answers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.booking_slots import FreeTimes
from zhiyin.domain.flows.requests import Request
from zhiyin.domain.interactions.service_events import Consent
from zhiyin.domain.replacing import replace


def unjudged(expression: str, _values: Mapping[str, str]) -> bool:
    """Where nobody judges expressions, none can be said to hold."""
    raise ValueError(expression)


# --- what a node is told --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entered:
    """The contact came to the node."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed while the contact stands at the node."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the node had said is over. ``is_heard`` False: nothing of it could be played, or the contact is gone."""

    is_heard: bool = True


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time the node had asked for is over."""


@dataclass(frozen=True, slots=True)
class LineLeft:
    """The queue gave the contact back by rule: ``exit`` is "closed", "overflow", "full", "no_number" or "taken"."""

    exit: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the node had asked outside was answered: ``outcome`` is "found", "missing", "failed", ... as its request
    says; ``values`` what it told."""

    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speaks:
    """The contact begins to speak, where the node listens; what is being said to it is stopped."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The contact has said something: ``text``, "" for sounds that are no words. ``is_failed``: nobody can understand
    it now."""

    text: str = field(default="", repr=False)
    is_failed: bool = False


FlowInput = Entered | Key | Said | TimedOut | LineLeft | Told | Speaks | Heard


# --- what a node answers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Play the prompts one after the other; ``Said`` follows unless a key stops them."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Stay, for at most ``timeout_s`` seconds of silence."""

    timeout_s: float


@dataclass(frozen=True, slots=True)
class Rating:
    """What the customer answered: ``score`` of 1 to ``most``, the best."""

    question: str
    score: int
    most: int


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What is to be sent by an external service, after this."""

    service: int
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """Go on by this exit. ``key`` where a pressed key chose it; ``early_key`` one that only cut a prompt short:
    a menu that comes next takes it, so that who knows the menu need not listen.

    ``values`` are kept with the contact (随路数据) and seen by its agent; ``secrets`` only until the flow is over, in
    no record and in no log: after an engine's end they are asked again.
    """

    exit: str
    key: str | None = None
    early_key: str | None = None
    rating: Rating | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    language: str = ""  # heard from here on; "": as before
    consent: Consent | None = None  # what the contact answered, where it was asked whether it may be recorded
    message: OutgoingMessage | None = None


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """``class_code``: the contact's class from here on; "": by the company's rules."""

    queue: int
    priority: int = 0
    class_code: str = ""


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """Let the caller leave a voice message for the queue; ``LineLeft("full")`` where it takes none."""

    queue: int


@dataclass(frozen=True, slots=True)
class AgreeCallback:
    """Promise to call the caller's own number back; ``LineLeft("no_number")`` where that cannot be called."""

    queue: int


@dataclass(frozen=True, slots=True)
class AgreeBooking:
    """Promise to call back in the slot that begins then, and say so by the prompts ``said``; ``number`` as somebody
    wrote it, "" for the caller's own. ``LineLeft`` with "taken", or why there is no time at all, where it cannot be."""

    queue: int
    begins_at: datetime
    said: tuple[str, ...]
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DialOutside:
    """Call a number outside, as somebody wrote it, and join the caller with who answers; ``LineLeft("busy")``,
    "no_answer", "refused", or "failed" where that does not come about."""

    number: str
    ring_s: int


@dataclass(frozen=True, slots=True)
class EndCall:
    """End the contact; ``reason`` goes into the record."""

    reason: str = "flow"


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask outside of the flow: ``Told`` follows, or ``TimedOut`` after ``timeout_s``. An answer that comes later is
    not heard. ``request`` is one of requests.py; after an engine's end the node is entered, and asks, anew."""

    request: Request
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Listen:
    """Say the prompts, if any, and hear what the contact says meanwhile and after: ``Speaks``, then ``Heard``, as often
    as it speaks. Without prompts ``TimedOut`` follows after ``timeout_s`` of silence. ``phrases``: what is likely said.
    Listening ends when the contact leaves the node, or is told something by ``Say``."""

    prompts: tuple[str, ...]
    phrases: tuple[str, ...]
    language: str
    timeout_s: float


Answer = (
    Say | Listen | Wait | Ask | Leave | JoinQueue | LeaveMessage | AgreeCallback | AgreeBooking | DialOutside | EndCall
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the interpreter keeps between two inputs. Lost in a crash, when the node is entered anew.

    ``tries``, ``typed`` (keys so far) and ``offered`` (what keys were said to mean) are the node's own and forgotten
    with it; ``passes`` counts, by node, how often the contact came through; ``values`` are those told since the flow
    began here, ``secrets`` those never kept.
    """

    node: str
    tries: int = 0
    is_saying: bool = False
    typed: str = ""
    offered: tuple[str, ...] = ()
    passes: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    language: str = ""  # set since the flow began here; "": the contact's
    is_handling: bool = False  # a step failed already: the next failure ends the call
    is_speaking: bool = False  # the contact speaks, where the flow's shortcut listens
    held: str = ""  # what the node is told once the contact has spoken: "said", "timed_out"
    is_deaf: bool = False  # nobody understands words: the shortcut listens no more

    def come_to(self, node: str) -> Memory:
        """Return the memory at another node."""
        return replace(self, node=node, tries=0, is_saying=False, typed="", offered=(), is_speaking=False, held="")


@dataclass(frozen=True, slots=True)
class Context:
    """What a node may ask of the world, as it is at this instant.

    ``values`` are the contact's by name. ``judge`` says whether an expression over values holds and raises
    ``ValueError`` where it cannot be said. ``share`` is the contact's number of 0 to below 100 for a purpose: the same
    at each asking, spread evenly over contacts. ``is_open(hours id)`` raises ``KeyError`` for unknown hours.
    ``free_times(queue id, number)`` says when the queue can call that number back; "" is the caller's own.
    """

    is_open: Callable[[int], bool]
    values: Mapping[str, str] = field(default_factory=dict)
    judge: Callable[[str, Mapping[str, str]], bool] = unjudged
    share: Callable[[str], float] = lambda _purpose: 0.0
    customer_classes: frozenset[int] = frozenset()
    is_vip: bool = False
    language: str = "zh"  # what the contact hears
    local_now: datetime | None = None  # where the company is
    free_times: Callable[[int, str], FreeTimes] = lambda _queue, _number: FreeTimes()
