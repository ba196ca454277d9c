"""Who serves which queue, and how: the rows behind a queue's form, a user's form and the skill matrix.

Who calls audits and publishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhiyin.apps.queues.errors import UnknownReference
from zhiyin.apps.queues.models import Queue, QueueMember
from zhiyin.apps.queues.queries import PLAIN
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.people import are_users


def set_queues_of_user(*, tenant: Tenant, user_id: int, queue_ids: Sequence[int]) -> None:
    """Let a user serve exactly these queues; those that stay are served as before. Raises ``UnknownReference``."""
    wanted = set(queue_ids)
    known = Queue.objects.of(tenant).filter(pk__in=wanted, removed_at__isnull=True).count()
    if known != len(wanted):
        raise UnknownReference("queues")
    rows = QueueMember.objects.of(tenant).filter(user_id=user_id)
    rows.exclude(queue_id__in=wanted).delete()
    missing = wanted - set(rows.values_list("queue_id", flat=True))
    QueueMember.objects.of(tenant).bulk_create(
        QueueMember(tenant=tenant, queue_id=queue_id, user_id=user_id) for queue_id in sorted(missing)
    )


def set_members(*, tenant: Tenant, queue_id: int, members: Sequence[int]) -> None:
    """Let exactly these users serve a queue; those who stay serve it as before. Raises ``UnknownReference``."""
    wanted = set(members)
    if not are_users(tenant=tenant, user_ids=wanted):
        raise UnknownReference("members")
    rows = QueueMember.objects.of(tenant).filter(queue_id=queue_id)
    rows.exclude(user_id__in=wanted).delete()
    missing = wanted - set(rows.values_list("user_id", flat=True))
    QueueMember.objects.of(tenant).bulk_create(
        QueueMember(tenant=tenant, queue_id=queue_id, user_id=user_id) for user_id in sorted(missing)
    )


def set_memberships(*, tenant: Tenant, queue_id: int, memberships: Sequence[Mapping[str, int]]) -> None:
    """Say how each member serves a queue; who is not named serves it the plain way.

    Raises ``UnknownReference`` for one who does not serve it.
    """
    named = {member["agent"]: {**PLAIN, **member} for member in memberships}
    rows = {row.user_id: row for row in QueueMember.objects.of(tenant).filter(queue_id=queue_id)}
    if named.keys() - rows.keys():
        raise UnknownReference("memberships")
    changed = []
    for agent, row in rows.items():
        wanted = named.get(agent, PLAIN)
        if any(getattr(row, name) != wanted[name] for name in PLAIN):
            for name in PLAIN:
                setattr(row, name, wanted[name])
            changed.append(row)
    QueueMember.objects.of(tenant).bulk_update(changed, [*PLAIN])


def put_membership(*, tenant: Tenant, queue_id: int, user_id: int, membership: Mapping[str, int] | None) -> None:
    """Let one user serve one queue in this way, or (None) no longer. The caller knows that both are there."""
    rows = QueueMember.objects.of(tenant)
    if membership is None:
        rows.filter(queue_id=queue_id, user_id=user_id).delete()
        return
    values = {name: membership.get(name, plain) for name, plain in PLAIN.items()}
    rows.update_or_create(tenant=tenant, queue_id=queue_id, user_id=user_id, defaults=values)
