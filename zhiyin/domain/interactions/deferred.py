"""What a contact that goes on without its caller knows of itself, rebuilt from its events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from zhiyin.domain.interactions.deferred_events import (
    CallbackAgreed,
    CallbackEnd,
    CallbackEnded,
    CallbackPostponed,
    DeferredEvent,
    DeferredReassigned,
    MessageEnd,
    MessageEnded,
    MessageInvited,
)
from zhiyin.domain.interactions.events import DialEnded, DialStarted, Phase
from zhiyin.domain.replacing import replace

if TYPE_CHECKING:
    from zhiyin.domain.interactions.state import Interaction


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """A message for ``queue``; ``recording`` from the tone on, ``duration_s`` once it is left."""

    queue: int
    priority: int = 0
    recording: str | None = None
    began_at: datetime | None = None
    duration_s: float | None = None
    agent: int | None = None  # who alone is to work on it
    placed_at: datetime | None = None  # since when its place counts, where not since the tone

    @property
    def is_left(self) -> bool:
        return self.duration_s is not None


@dataclass(frozen=True, slots=True)
class Callback:
    """An agreed callback; ``due_at`` while it waits for its next attempt."""

    queue: int
    number_ref: str
    asked_by: str
    place_at: datetime
    expires_at: datetime
    priority: int = 0
    skills: dict[str, int] = field(default_factory=dict)
    agent: int | None = None
    attempts: int = 0
    cause: str | None = None
    due_at: datetime | None = None
    outcome: CallbackEnd | None = None
    is_reminded: bool = False  # its customer was written to that it comes


def callback_after(
    before: Callback | None, event: CallbackAgreed | CallbackPostponed | CallbackEnded
) -> Callback | None:
    """Return the callback after ``event``."""
    match event:
        case CallbackAgreed():
            return Callback(
                queue=event.queue,
                number_ref=event.number_ref,
                asked_by=event.asked_by,
                place_at=event.place_at,
                expires_at=event.expires_at,
                priority=event.priority,
                skills=event.skills,
                agent=event.agent,
            )
        case _ if before is None:
            return None
        case CallbackPostponed():
            return replace(before, attempts=event.attempt, cause=event.cause, due_at=event.until)
        case CallbackEnded():
            return replace(before, outcome=event.outcome, due_at=None)


def defer(state: Interaction, event: DeferredEvent) -> Interaction:  # noqa: PLR0911 - one arm an event
    """From the moment it is agreed, the contact goes on without the caller's leg."""
    match event:
        case MessageInvited(queue=queue, priority=priority):
            state = _noted(state, event)
            return replace(state, phase=Phase.MESSAGE, message=VoiceMessage(queue, priority), last_queue=queue)
        case MessageEnded(outcome=MessageEnd.LEFT) if state.message is not None:
            return replace(state, message=replace(state.message, duration_s=event.duration_s), customer_leg="")
        case MessageEnded():
            return replace(state, message=None)
        case CallbackAgreed():
            return replace(
                _noted(state, event),
                phase=Phase.POSTPONED,
                callback=callback_after(None, event),
                customer_leg="",
                customer_ref=state.customer_ref or event.number_ref,
                last_queue=event.queue,
            )
        case CallbackPostponed():
            return replace(
                state, phase=Phase.POSTPONED, callback=callback_after(state.callback, event), customer_leg=""
            )
        case DeferredReassigned(queue=queue, agent=agent) if state.callback is not None:
            place_at = event.place_at or state.callback.place_at
            moved = replace(
                state.callback, queue=queue, agent=agent, skills=event.skills, due_at=None, place_at=place_at
            )
            return replace(state, callback=moved, last_queue=queue)
        case DeferredReassigned(queue=queue, agent=agent) if state.message is not None:
            placed_at = event.place_at or state.message.placed_at
            message = replace(state.message, queue=queue, agent=agent, placed_at=placed_at)
            return replace(state, message=message, last_queue=queue)
        case DeferredReassigned():
            return state
        case CallbackEnded():
            return replace(state, callback=callback_after(state.callback, event))


def _noted(state: Interaction, event: MessageInvited | CallbackAgreed) -> Interaction:
    """A note goes with it to who works it; without a new one that of an earlier handover does."""
    return replace(state, handed_by=event.by_agent, note_ref=event.note_ref) if event.note_ref else state


def call_back(state: Interaction, event: DialStarted | DialEnded) -> Interaction:
    """The customer of a deferred contact is rung; its leg is the contact's once it answers."""
    match event:
        case DialStarted():
            phase = state.phase if state.segment is not None else Phase.DIALLING
            return replace(state, phase=phase, dialling=event, legs=state.legs + 1, customer_leg=event.leg)
        case DialEnded():
            return replace(state, dialling=None, customer_leg=state.customer_leg if event.answered else "")
