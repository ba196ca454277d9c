"""The skill matrix (技能矩阵): who has which skill at which level, how many contacts of a channel at once, and serves
which queue how; many changed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts.skills import Ability, put_abilities
from zhiyin.apps.audit import services as audit
from zhiyin.apps.queues.members import put_membership
from zhiyin.apps.queues.queries import list_queues, memberships_by_user
from zhiyin.apps.routing.errors import UnknownReference
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import publish_settings

MATRIX = "skill_matrix"
Levels = Mapping[str, int | None]
Memberships = Mapping[int, Mapping[str, int] | None]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one user: levels by skill, contacts at once by channel, ways of serving by queue.

    None: no longer; of a channel, as the company's rules say.
    """

    user: int
    skills: Levels = field(default_factory=dict)
    queues: Memberships = field(default_factory=dict)
    limits: Levels = field(default_factory=dict)


@transaction.atomic
def change_matrix(*, actor: Actor, changes: Sequence[RowChange]) -> int:
    """Change many users at once, all or none, as one entry of the history; return how many differ now.

    Raises ``UnknownReference``.
    """
    tenant = actor.tenant
    asked = {queue for change in changes for queue, membership in change.queues.items() if membership is not None}
    if list_queues(tenant=tenant).filter(pk__in=asked).count() != len(asked):
        raise UnknownReference("queues")
    served = memberships_by_user(tenant=tenant, user_ids=[change.user for change in changes])
    abilities = {change.user: Ability(change.skills, change.limits) for change in changes}
    able_before = put_abilities(tenant=tenant, changes=abilities)
    if able_before.keys() != abilities.keys():
        raise UnknownReference("users")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        had, gets = _differences(change, able_before[change.user], served.get(change.user, {}))
        for queue, membership in gets["queues"].items():
            put_membership(tenant=tenant, queue_id=int(queue), user_id=change.user, membership=membership)
        if any(gets.values()):
            before[str(change.user)], after[str(change.user)] = had, gets
    if after:
        audit.record(actor=actor, action=f"{MATRIX}.changed", kind=MATRIX, before=before, after=after)
        publish_settings(tenant=tenant)
    return len(after)


def _differences(
    change: RowChange, able: Ability, queues: Mapping[int, Mapping[str, int]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the named cells were, and what they become, of those that change; None: empty."""
    levels = {code: level for code, level in change.skills.items() if able.skills.get(code) != level}
    limits = {channel: limit for channel, limit in change.limits.items() if able.limits.get(channel) != limit}
    ways = {queue: way for queue, way in change.queues.items() if queues.get(queue) != way}
    had: dict[str, Any] = {
        "skills": {code: able.skills.get(code) for code in levels},
        "queues": {str(queue): queues.get(queue) for queue in ways},
    }
    gets: dict[str, Any] = {"skills": levels, "queues": {str(queue): way for queue, way in ways.items()}}
    if limits:
        had["limits"] = {channel: able.limits.get(channel) for channel in limits}
        gets["limits"] = limits
    return had, gets
