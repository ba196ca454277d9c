"""Legal hold (保全): what retention passes over, who said so and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from zhiyin.apps.audit import services as audit
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.recordings.errors import CannotHold
from zhiyin.apps.recordings.models import Hold
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant


@transaction.atomic
def hold_recording(*, actor: Actor, recording_id: str, reason: str, now: datetime) -> Hold:
    """Keep one recording until it is released. Raises ``NotFound``, ``CannotHold``."""
    lock_retention(actor.tenant)
    recording = interactions.list_recordings(tenant=actor.tenant).filter(pk=recording_id).first()
    if recording is None:
        raise NotFound
    if recording.state == recording.State.DELETED.value:
        raise CannotHold
    hold = _hold(actor, recording.interaction_id, recording_id, reason=reason, now=now)
    audit.record(actor=actor, action="recording.held", kind="recording", subject=recording_id, after={"reason": reason})
    return hold


@transaction.atomic
def hold_contact(*, actor: Actor, interaction_id: str, reason: str, now: datetime) -> Hold:
    """Keep all recordings of a contact, also those still to come, until it is released. Raises ``NotFound``."""
    lock_retention(actor.tenant)
    interactions.get_visible(actor=actor, interaction_id=interaction_id)
    hold = _hold(actor, interaction_id, "", reason=reason, now=now)
    audit.record(
        actor=actor, action="interaction.held", kind="interaction", subject=interaction_id, after={"reason": reason}
    )
    return hold


def _hold(actor: Actor, interaction_id: str, recording_id: str, *, reason: str, now: datetime) -> Hold:
    said = {"reason": reason, "held_by": actor.user_id, "held_by_name": actor.name, "held_at": now}
    hold, _ = Hold.objects.of(actor.tenant).update_or_create(
        interaction_id=interaction_id, recording_id=recording_id, defaults=said
    )
    return hold


@transaction.atomic
def release_recording(*, actor: Actor, recording_id: str) -> None:
    """Let retention have a recording again. Raises ``NotFound`` where it is not held by itself."""
    holds = Hold.objects.of(actor.tenant).filter(recording_id=recording_id).exclude(recording_id="")
    _release(actor, holds.first(), kind="recording", subject=recording_id)


@transaction.atomic
def release_contact(*, actor: Actor, interaction_id: str) -> None:
    """Let retention have a contact's recordings again, but those held by themselves. Raises ``NotFound``."""
    hold = Hold.objects.of(actor.tenant).filter(interaction_id=interaction_id, recording_id="").first()
    _release(actor, hold, kind="interaction", subject=interaction_id)


def _release(actor: Actor, hold: Hold | None, *, kind: str, subject: str) -> None:
    if hold is None:
        raise NotFound
    hold.delete()
    audit.record(actor=actor, action=f"{kind}.released", kind=kind, subject=subject, before={"reason": hold.reason})


def is_held(tenant: Tenant) -> Exists:
    """Return the condition on recordings that one of them, or its contact, is held."""
    of_this = Q(recording_id="") | Q(recording_id=OuterRef("pk"))
    return Exists(Hold.objects.of(tenant).filter(of_this, interaction_id=OuterRef("interaction_id")))


def holds_of(*, tenant: Tenant, recordings: Iterable[tuple[str, str]]) -> dict[str, Hold]:
    """Return the hold of each (recording, contact) that has one, its own before its contact's."""
    pairs = list(recordings)
    found: dict[tuple[str, str], Hold] = {
        (hold.interaction_id, hold.recording_id): hold
        for hold in Hold.objects.of(tenant).filter(interaction_id__in=[contact for _, contact in pairs])
    }
    held: dict[str, Hold] = {}
    for recording, contact in pairs:
        hold = found.get((contact, recording)) or found.get((contact, ""))
        if hold is not None:
            held[recording] = hold
    return held


def lock_retention(tenant: Tenant) -> None:
    """Let no batch of deletions run beside the rest of this transaction: what it decides by stays as it is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"retention:{tenant.pk}"])
