"""What a decision may look up: the company's settings, the desk and the numbers outside as they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zhiyin.domain.flows.graph import Flow
from zhiyin.domain.flows.steps import Context, OutgoingMessage
from zhiyin.domain.flows.surveys import SurveyRule
from zhiyin.domain.routing.classes import ClassRule
from zhiyin.domain.routing.overflow import Outlook
from zhiyin.domain.routing.queues import OutboundRule, QueueRule
from zhiyin.domain.routing.trials import Trial


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """The place in line of a contact that was to be called back."""

    interaction: str
    place_at: datetime
    priority: int


@dataclass(frozen=True, slots=True)
class Outside:
    """What a call may ask about numbers outside; it knows them by reference alone."""

    #: keeps a number as a caller entered it; returns its reference, None for no number
    keep: Callable[[str], str | None] = lambda _digits: None
    #: keeps values of the contact by name; returns their reference, None where they are too many or too long
    keep_values: Callable[[Mapping[str, str]], str | None] = lambda _values: None
    #: keeps a message that is to be sent; returns its reference
    keep_message: Callable[[OutgoingMessage], str | None] = lambda _message: None
    #: keeps the reminder of this contact's booking; returns by which service it goes and its reference
    keep_reminder: Callable[[], tuple[int, str] | None] = lambda: None
    #: keeps what the customer said; returns its reference
    keep_words: Callable[[str], str | None] = lambda _words: None
    #: the digits of a kept number as they are dialled at home, to be spoken
    digits: Callable[[str | None], str] = lambda _ref: ""
    #: why a kept number may not be called now; None: it may
    problem: Callable[[str], str | None] = lambda _ref: None
    #: the ways out, in the order in which they are tried
    trunks: Callable[[], tuple[int, ...]] = lambda: ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision may look up: settings and the desk, as they are at this instant."""

    flow: Flow | None
    context: Context
    queue: Callable[[int], QueueRule | None]
    is_staffed: Callable[[int], bool]
    is_ready: Callable[[int], bool]
    is_occupied: Callable[[int], bool]
    may_fetch: Callable[[int], bool]  # may this agent take a parked contact now?
    free_slot: Callable[[], int]  # the company's smallest free slot for parking
    outlook: Callable[[int], Outlook]  # how it looks for this call in a queue's line
    outbound: OutboundRule = field(default_factory=OutboundRule)
    classes: tuple[ClassRule, ...] = ()  # the company's, the first that fits counts
    trial: Trial | None = None  # changed rules on trial
    outside: Outside = field(default_factory=Outside)
    messages_in: Callable[[int], int] = lambda _queue: 0  # how many messages wait in the queue
    kept_place: Callable[[int], KeptPlace | None] = lambda _queue: None  # of this caller's callback in the queue
    opens_at: Callable[[int, datetime], datetime | None] = lambda _hours, at: at  # the first open instant from then on
    is_found: Callable[[int], bool] = lambda _agent: True  # does the desk hold this agent for the call?
    survey: Callable[[int], SurveyRule | None] = lambda _queue: None  # how the queue asks its customers
