"""What can happen to a contact that goes on without its caller: a voice message (语音留言) or a callback (回呼)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Medium(StrEnum):
    """What stands in a line: a caller who listens, or what the caller left behind."""

    VOICE = "voice"
    VOICEMAIL = "voicemail"
    CALLBACK = "callback"


class MessageEnd(StrEnum):
    LEFT = "left"
    SHORT = "short"
    SILENT = "silent"


class CallbackEnd(StrEnum):
    DONE = "done"
    FAILED = "failed"  # not reached in as many attempts as the queue makes, or not allowed to be called
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CALLED_AGAIN = "called_again"  # the customer came back by itself, and was given the place


@dataclass(frozen=True, slots=True)
class MessageInvited:
    """The caller is asked to speak after the tone, for ``queue``. ``by_agent``: who handed it on, with what note."""

    queue: int
    priority: int = 0
    by_agent: int | None = None
    note_ref: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """The caller has spoken. One that is ``LEFT`` waits for an agent from here; the others are nothing to listen to."""

    recording: str
    outcome: MessageEnd
    duration_s: float


@dataclass(frozen=True, slots=True)
class CallbackAgreed:
    """The contact will be called back. ``asked_by``: "caller", "agent", "flow", "page", "api" or "booking".

    ``place_at``: since when its place in line counts; ``agent``: who alone is to call, if anybody; ``by_agent``: who
    promised it in a conversation, and what is to be known by who calls.
    """

    queue: int
    number_ref: str
    asked_by: str
    place_at: datetime
    expires_at: datetime
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    agent: int | None = None
    by_agent: int | None = None
    note_ref: str | None = None


@dataclass(frozen=True, slots=True)
class CallbackPostponed:
    """The customer was not reached (``attempt`` times by now), or it is too late today: it waits until then."""

    attempt: int
    cause: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CallbackEnded:
    outcome: CallbackEnd
    actor: int | None = None


@dataclass(frozen=True, slots=True)
class DeferredReassigned:
    """It waits for another queue from here, or (``agent``) for one agent alone. ``actor``: who said so.

    ``place_at``: since when its place counts from here; None: as before.
    """

    queue: int
    actor: int | None
    agent: int | None = None
    skills: dict[str, int] = field(default_factory=dict)
    place_at: datetime | None = None


DeferredEvent = MessageInvited | MessageEnded | CallbackAgreed | CallbackPostponed | CallbackEnded | DeferredReassigned
