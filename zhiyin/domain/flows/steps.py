"""The words between a node and the interpreter: what a node is told, and what it answers. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

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
    """What the node had said is over."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time the node had asked for is over."""


@dataclass(frozen=True, slots=True)
class LineLeft:
    """The queue gave the contact back by rule: ``exit`` is "closed", "overflow", "full" or "no_number"."""

    exit: str


FlowInput = Entered | Key | Said | TimedOut | LineLeft


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
class Leave:
    """Go on by this exit. ``key`` where a pressed key chose it; ``early_key`` one that only cut a prompt short:
    a menu that comes next takes it, so that who knows the menu need not listen."""

    exit: str
    key: str | None = None
    early_key: str | None = None
    rating: Rating | None = None


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
class EndCall:
    """End the contact; ``reason`` goes into the record."""

    reason: str = "flow"


Answer = Say | Wait | Leave | JoinQueue | LeaveMessage | AgreeCallback | EndCall


@dataclass(frozen=True, slots=True)
class Memory:
    """What the interpreter keeps between two inputs. Lost in a crash, when the node is entered anew."""

    node: str
    tries: int = 0
    is_saying: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What a node may ask of the world. ``is_open(hours id)`` raises ``KeyError`` for unknown hours."""

    is_open: Callable[[int], bool]
    variables: dict[str, str] = field(default_factory=dict)
