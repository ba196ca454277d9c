"""The history of the router's rules, of calendars, and of what other apps add: what each change was, and putting it
back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts.skills import abilities_of
from zhiyin.apps.audit import queries as audit
from zhiyin.apps.audit.queries import Entry
from zhiyin.apps.audit.services import fields_of
from zhiyin.apps.flows import services as flows
from zhiyin.apps.queues import queries as queue_queries
from zhiyin.apps.queues import services as queues
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.routing import queries, rests, services
from zhiyin.apps.routing.errors import NotPutBack, NotReversible
from zhiyin.apps.routing.matrix import MATRIX, RowChange, change_matrix
from zhiyin.apps.routing.services import CLASSES
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

QUEUE, HOURS, POLICY, RESTS = "queue", "hours", "routingpolicy", "restpolicy"
PutBack = Callable[[Actor, Entry, Mapping[str, Any], Mapping[str, Any]], None]


#: What a person sees of a change's fields.
Shown = Callable[[Tenant, Mapping[str, Any]], dict[str, Any]]


def register_put_back(kind: str, way: PutBack, *, acts: Collection[str], shown: Shown) -> None:
    """Let changes of settings that another app owns be seen and put back here; ``acts``: what is a change."""
    _PUT_BACK[kind], _ACTS[kind], _SHOWN[kind] = way, acts, shown


def shown_fields(tenant: Tenant, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person sees of a change's fields."""
    return _SHOWN[kind](tenant, fields) if kind in _SHOWN else dict(fields)


def list_changes(*, tenant: Tenant, kind: str, subject: str) -> list[Entry]:
    """Return the changes of one kind, or of one queue or calendar, the last first."""
    acts = _ACTS.get(kind, ("changed",))
    return audit.changes_of(tenant=tenant, kind=kind, subject=subject or None, acts=acts)


@transaction.atomic
def put_back(*, actor: Actor, entry_id: int) -> None:
    """Make what a change changed what it was before it; itself a change, which can be put back.

    Raises ``NotFound``, ``NotReversible``, and ``NotPutBack`` where somebody changed the same since.
    """
    entry = audit.entry(tenant=actor.tenant, entry_id=entry_id)
    if entry is None or entry.subject_kind not in _PUT_BACK:
        raise NotFound
    before, after = entry.before, entry.after
    if before is None or after is None or "removed_at" in after:
        raise NotReversible
    _PUT_BACK[entry.subject_kind](actor, entry, before, after)


def check_unchanged(now: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raises ``NotPutBack`` where what the change made is there no more."""
    changed = {name for name, value in after.items() if now.get(name) != value}
    if changed:
        raise NotPutBack(changed)


def _put_back_queue(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    queue = queues.get_queue(tenant=actor.tenant, queue_id=int(entry.subject_id))
    check_unchanged(queues.shown(queue), after)
    fields = {name: value for name, value in before.items() if name not in ("members", "memberships")}
    memberships = before.get("memberships")
    if memberships is None and "members" in before:
        memberships = queue_queries.memberships_of(tenant=actor.tenant, queue_ids=[queue.pk]).get(queue.pk, [])
        memberships = [one for one in memberships if one["agent"] in before["members"]]
    queues.update_queue(
        actor=actor,
        queue_id=queue.pk,
        fields=fields,
        members=before.get("members"),
        memberships=memberships,
    )


def _put_back_hours(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    hours = flows.get_hours(tenant=actor.tenant, hours_id=int(entry.subject_id))
    check_unchanged(fields_of(hours), after)
    flows.update_hours(actor=actor, hours_id=hours.pk, fields=before)


def _put_back_classes(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:  # noqa: ARG001
    rows = queries.list_classes(tenant=actor.tenant)
    check_unchanged({"classes": [services.shown(row) for row in rows]}, after)
    services.save_classes(actor=actor, drafts=before["classes"])


def _put_back_policy(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:  # noqa: ARG001
    policy = queries.policy_of(tenant=actor.tenant)
    check_unchanged({name: getattr(policy, name) for name in after}, after)
    services.save_policy(actor=actor, fields=before)


def _put_back_rests(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:  # noqa: ARG001
    policy = rests.policy_of(tenant=actor.tenant)
    check_unchanged({name: getattr(policy, name) for name in after}, after)
    rests.save_policy(actor=actor, fields=before)


def _put_back_matrix(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:  # noqa: ARG001
    users = [int(user) for user in after]
    able = abilities_of(tenant=actor.tenant, user_ids=users)
    served = queue_queries.memberships_by_user(tenant=actor.tenant, user_ids=users)
    for user, cells in after.items():
        if int(user) not in able:
            raise NotPutBack([user])
        check_unchanged(able[int(user)].skills, cells["skills"])
        check_unchanged(able[int(user)].limits, cells.get("limits", {}))
        own = {str(queue): way for queue, way in served.get(int(user), {}).items()}
        check_unchanged(own, cells["queues"])
    changes = [
        RowChange(
            int(user),
            cells["skills"],
            {int(queue): way for queue, way in cells["queues"].items()},
            cells.get("limits", {}),
        )
        for user, cells in before.items()
    ]
    change_matrix(actor=actor, changes=changes)


_ACTS: dict[str, Collection[str]] = {}
_SHOWN: dict[str, Shown] = {}
_PUT_BACK: dict[str, PutBack] = {
    QUEUE: _put_back_queue,
    HOURS: _put_back_hours,
    CLASSES: _put_back_classes,
    POLICY: _put_back_policy,
    RESTS: _put_back_rests,
    MATRIX: _put_back_matrix,
}
