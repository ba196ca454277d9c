"""Making and changing queues, reasons and dispositions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.queues import overflow
from zhiyin.apps.queues.errors import DispositionLoop, ExtensionTaken, InUse, ReservedReason, UnknownReference
from zhiyin.apps.queues.members import set_members, set_memberships, set_queues_of_user
from zhiyin.apps.queues.models import Disposition, Queue, Reason
from zhiyin.apps.queues.queries import members_of, memberships_of, setting_of
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users, is_dialled
from zhiyin.apps.tenancy.publication import publish_settings, published_flows_using
from zhiyin.contracts.snapshots import QueueSetting
from zhiyin.domain import agents
from zhiyin.domain.calls.parking_turns import SLOTS
from zhiyin.domain.dialing.destinations import is_emergency

__all__ = ["Disposition", "Queue", "Reason", "set_members", "set_memberships", "set_queues_of_user"]

#: the engine gives these itself; a company's own would be counted with them
_SYSTEM_REASONS = frozenset(
    {
        agents.REASON_RING_NO_ANSWER,
        agents.REASON_DEVICE_FAILED,
        agents.REASON_REJECTED,
        agents.REASON_SIGNED_IN,
        agents.REASON_FORCED,
        agents.REASON_ELSEWHERE,
    }
)


@transaction.atomic
def create_queue(
    *,
    actor: Actor,
    fields: Mapping[str, Any],
    members: Sequence[int] = (),
    memberships: Sequence[Mapping[str, int]] = (),
) -> Queue:
    """Make a queue.

    Raises ``UnknownReference``, ``ExtensionTaken`` and ``BadOverflow``; a taken name violates ``queue_name_taken``.
    """
    _check_extension(actor.tenant, fields.get("extension", ""))
    _check_rings(actor.tenant, None, fields.get("rings", ()))
    overflow.check(actor.tenant, None, fields)
    queue = Queue(tenant=actor.tenant, **fields)
    queue.save(force_insert=True)
    set_members(tenant=actor.tenant, queue_id=queue.pk, members=members)
    set_memberships(tenant=actor.tenant, queue_id=queue.pk, memberships=memberships)
    audit.record(
        actor=actor,
        action="queue.created",
        kind="queue",
        subject=queue.pk,
        name=queue.name,
        after=shown(queue),
    )
    publish_settings(tenant=actor.tenant)
    return queue


@transaction.atomic
def update_queue(
    *,
    actor: Actor,
    queue_id: int,
    fields: Mapping[str, Any],
    members: Sequence[int] | None = None,
    memberships: Sequence[Mapping[str, int]] | None = None,
) -> Queue:
    """Change what is named of a queue; ``memberships`` are of those who do not serve it the plain way.

    Raises ``NotFound``, ``UnknownReference``, ``ExtensionTaken`` and ``BadOverflow``.
    """
    _check_extension(actor.tenant, fields.get("extension", ""))
    queue = get_queue(tenant=actor.tenant, queue_id=queue_id)
    _check_rings(actor.tenant, queue, fields.get("rings", ()))
    overflow.check(actor.tenant, queue, fields)
    before = shown(queue)
    for name, value in fields.items():
        setattr(queue, name, value)
    queue.save()
    if members is not None:
        set_members(tenant=actor.tenant, queue_id=queue.pk, members=members)
    if memberships is not None:
        set_memberships(tenant=actor.tenant, queue_id=queue.pk, memberships=memberships)
    audit.record(
        actor=actor,
        action="queue.changed",
        kind="queue",
        subject=queue.pk,
        name=queue.name,
        before=before,
        after=shown(queue),
    )
    publish_settings(tenant=actor.tenant)
    return queue


def draft_of_queue(
    *,
    tenant: Tenant,
    queue_id: int,
    fields: Mapping[str, Any],
    members: Sequence[int] | None = None,
    memberships: Sequence[Mapping[str, int]] | None = None,
) -> QueueSetting:
    """Return the queue as it would be with these changes, which are checked as if saved and are not.

    Raises ``NotFound``, ``UnknownReference`` and ``BadOverflow``.
    """
    queue = get_queue(tenant=tenant, queue_id=queue_id)
    _check_rings(tenant, queue, fields.get("rings", ()))
    overflow.check(tenant, queue, fields)
    for name, value in fields.items():
        setattr(queue, name, value)
    if members is None:
        members = members_of(tenant_id=tenant.pk, queue_ids=[queue_id]).get(queue_id, [])
    elif not are_users(tenant=tenant, user_ids=set(members)):
        raise UnknownReference("members")
    if memberships is None:
        memberships = memberships_of(tenant=tenant, queue_ids=[queue_id]).get(queue_id, [])
    return setting_of(queue, members=members, memberships=memberships)


@transaction.atomic
def remove_queue(*, actor: Actor, queue_id: int, now: datetime) -> None:
    """Take a queue out of service.

    Raises ``NotFound``, and ``InUse`` while a published flow, or another queue, leads to it.
    """
    queue = get_queue(tenant=actor.tenant, queue_id=queue_id)
    users = _flows_leading_to(actor.tenant, queue)
    users += overflow.queues_leading_to(tenant=actor.tenant, queue_id=queue.pk)
    if users:
        raise InUse(users)
    set_members(tenant=actor.tenant, queue_id=queue.pk, members=())
    settings_changes.update(actor=actor, row=queue, fields={"removed_at": now})


def _flows_leading_to(tenant: Tenant, queue: Queue) -> list[str]:
    """Return the names of the published flows that send callers to the queue, or let them leave something for it."""
    kinds = ("queue", "voicemail", "callback")
    found = [published_flows_using(tenant=tenant, node_kind=kind, setting="queue", value=queue.pk) for kind in kinds]
    return sorted({name for names in found for name in names})


def get_queue(*, tenant: Tenant, queue_id: int) -> Queue:
    """Return a queue in service. Raises ``NotFound``."""
    queue = Queue.objects.of(tenant).filter(pk=queue_id, removed_at__isnull=True).first()
    if queue is None:
        raise NotFound
    return queue


def _check_extension(tenant: Tenant, extension: str) -> None:
    """Refuse a number that means something else already when a telephone dials it; another queue's is a constraint."""
    if not extension:
        return
    is_reserved = int(extension) in SLOTS or is_emergency(extension)
    if is_reserved or is_dialled(tenant=tenant, number=extension):
        raise ExtensionTaken


def _check_rings(tenant: Tenant, queue: Queue | None, rings: Sequence[Mapping[str, Any]]) -> None:
    """Refuse rings that ask other queues which are not there, or the queue itself."""
    asked = {added for ring in rings for added in ring["add_queues"]}
    known = Queue.objects.of(tenant).filter(pk__in=asked, removed_at__isnull=True).count()
    if known != len(asked) or (queue is not None and queue.pk in asked):
        raise UnknownReference("rings")


def shown(queue: Queue) -> dict[str, Any]:
    """Return a queue as the audit keeps it: its own fields, and who serves it how."""
    memberships = memberships_of(tenant=queue.tenant, queue_ids=[queue.pk]).get(queue.pk, [])
    members = members_of(tenant_id=queue.tenant_id, queue_ids=[queue.pk]).get(queue.pk, [])
    return audit.fields_of(queue) | {"members": members, "memberships": memberships}


def create_reason(*, actor: Actor, fields: Mapping[str, Any]) -> Reason:
    """Raises ``ReservedReason``; a taken code violates ``reason_code_taken``."""
    if fields["code"] in _SYSTEM_REASONS:
        raise ReservedReason
    return settings_changes.create(actor=actor, row=Reason(tenant=actor.tenant, **fields))


def update_reason(*, actor: Actor, reason_id: int, fields: Mapping[str, Any]) -> Reason:
    """Raises ``NotFound``."""
    return settings_changes.update(actor=actor, row=get_reason(tenant=actor.tenant, reason_id=reason_id), fields=fields)


def remove_reason(*, actor: Actor, reason_id: int) -> None:
    """Raises ``NotFound``."""
    settings_changes.remove(actor=actor, row=get_reason(tenant=actor.tenant, reason_id=reason_id))


def get_reason(*, tenant: Tenant, reason_id: int) -> Reason:
    reason = Reason.objects.of(tenant).filter(pk=reason_id).first()
    if reason is None:
        raise NotFound
    return reason


def create_disposition(*, actor: Actor, fields: Mapping[str, Any]) -> Disposition:
    """Raises ``UnknownReference`` for a parent that does not exist."""
    _check_parent(actor.tenant, None, fields.get("parent_id"))
    return settings_changes.create(actor=actor, row=Disposition(tenant=actor.tenant, **fields))


def update_disposition(*, actor: Actor, disposition_id: int, fields: Mapping[str, Any]) -> Disposition:
    """Raises ``NotFound``, ``UnknownReference`` and ``DispositionLoop``."""
    row = get_disposition(tenant=actor.tenant, disposition_id=disposition_id)
    if "parent_id" in fields:
        _check_parent(actor.tenant, row, fields["parent_id"])
    return settings_changes.update(actor=actor, row=row, fields=fields)


@transaction.atomic
def remove_disposition(*, actor: Actor, disposition_id: int, now: datetime) -> None:
    """Take a disposition, and all below it, out of the list. Raises ``NotFound``."""
    row = get_disposition(tenant=actor.tenant, disposition_id=disposition_id)
    parents: set[int] = {row.pk}
    while parents:
        below = Disposition.objects.of(actor.tenant).filter(parent_id__in=parents, removed_at__isnull=True)
        parents = set(below.values_list("pk", flat=True))
        Disposition.objects.of(actor.tenant).filter(pk__in=parents).update(removed_at=now)
    settings_changes.update(actor=actor, row=row, fields={"removed_at": now})


def get_disposition(*, tenant: Tenant, disposition_id: int) -> Disposition:
    row = Disposition.objects.of(tenant).filter(pk=disposition_id, removed_at__isnull=True).first()
    if row is None:
        raise NotFound
    return row


def _check_parent(tenant: Tenant, row: Disposition | None, parent_id: int | None) -> None:
    while parent_id is not None:
        if row is not None and parent_id == row.pk:
            raise DispositionLoop(fields={"parent_id": "loop"})
        parent = Disposition.objects.of(tenant).filter(pk=parent_id, removed_at__isnull=True).first()
        if parent is None:
            raise UnknownReference("parent_id")
        parent_id = parent.parent_id
