"""The projection of contacts that go on without their caller: one row each, whatever becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from zhiyin.apps.interactions.models import DeferredContact, Interaction
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.domain.interactions import (
    CallbackAgreed,
    CallbackEnd,
    CallbackEnded,
    CallbackPostponed,
    DeferredReassigned,
    InteractionEnded,
    MessageEnd,
    MessageEnded,
    MessageInvited,
    SegmentEnded,
    SegmentStarted,
)

State = DeferredContact.State
_BEGINNINGS = (CallbackAgreed, MessageInvited, MessageEnded)
_FOLDED = (
    *_BEGINNINGS,
    *(CallbackPostponed, CallbackEnded, DeferredReassigned, SegmentStarted, SegmentEnded, InteractionEnded),
)
_OUTCOMES = {
    CallbackEnd.DONE: State.DONE,
    CallbackEnd.FAILED: State.FAILED,
    CallbackEnd.EXPIRED: State.EXPIRED,
    CallbackEnd.CANCELLED: State.CANCELLED,
    CallbackEnd.CALLED_AGAIN: State.DONE,
}
_FIELDS = [field.attname for field in DeferredContact._meta.concrete_fields if field.attname not in ("id", "tenant_id")]


class DeferredProjection:
    """Rows of callbacks and messages."""

    name = "deferred"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        wanted = [logged for logged in events if isinstance(logged.event, _FOLDED)]
        rows = {
            row.pk: row for row in DeferredContact._base_manager.filter(pk__in={logged.subject for logged in wanted})
        }
        known = set(rows)
        invited: dict[str, int] = {}
        for logged in wanted:
            if isinstance(logged.event, MessageInvited):
                invited[logged.subject] = logged.event.queue
            elif logged.subject in rows:
                _fold(rows[logged.subject], logged.event, logged.at)
            elif (row := _begun(logged, invited)) is not None:
                rows[row.pk] = row
        DeferredContact._base_manager.bulk_create([row for row in rows.values() if row.pk not in known])
        DeferredContact._base_manager.bulk_update([row for row in rows.values() if row.pk in known], _FIELDS)


def _begun(logged: LoggedEvent, invited: dict[str, int]) -> DeferredContact | None:
    match logged.event:
        case CallbackAgreed():
            row = DeferredContact(
                id=logged.subject,
                tenant_id=logged.tenant_id,
                kind=DeferredContact.Kind.CALLBACK,
                asked_at=logged.at,
                placed_at=logged.event.place_at,
            )
            _fold(row, logged.event, logged.at)
            return row
        case MessageEnded(outcome=MessageEnd.LEFT):
            return DeferredContact(
                id=logged.subject,
                tenant_id=logged.tenant_id,
                kind=DeferredContact.Kind.VOICEMAIL,
                queue_id=invited.get(logged.subject) or _invited_to(logged.subject),
                asked_by="caller",
                asked_at=logged.at,
                placed_at=logged.at,
                recording_id=logged.event.recording,
                duration_s=logged.event.duration_s,
            )
        case _:
            return None


def _invited_to(contact: str) -> int:
    """The invitation came in an earlier batch: the contact's own row says for which queue it was."""
    row = Interaction._base_manager.filter(pk=contact).values_list("state", "queue_id").first()
    state, queue = row if row is not None else (None, None)
    message = (state or {}).get("message") or {}
    return int(message.get("queue") or queue or 0)


def _fold(row: DeferredContact, event: Any, at: datetime) -> None:
    match event:
        case CallbackAgreed():
            row.queue_id, row.agent_id, row.number_ref = event.queue, event.agent, event.number_ref
            row.asked_by, row.expires_at, row.state = event.asked_by, event.expires_at, State.WAITING
        case CallbackPostponed():
            row.state, row.attempts, row.cause, row.due_at = State.WAITING, event.attempt, event.cause[:40], event.until
        case DeferredReassigned():
            row.state, row.queue_id, row.agent_id, row.due_at = State.WAITING, event.queue, event.agent, None
        case SegmentStarted():
            row.state, row.agent_id, row.due_at = State.WORKING, event.agent, None
        case SegmentEnded() if row.state == State.WORKING:
            row.state = State.WAITING
        case CallbackEnded():
            row.state = _OUTCOMES[event.outcome]
        case InteractionEnded(reason=reason):
            row.ended_at, row.due_at = at, None
            if row.state in (State.WAITING, State.WORKING):
                row.state = State.CANCELLED if reason == CallbackEnd.CANCELLED.value else State.DONE
        case _:
            pass
