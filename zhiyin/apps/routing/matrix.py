"""The skill matrix (技能矩阵): who has which skill at which level and serves which queue how, many changed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from zhiyin.apps.accounts.skills import put_skills
from zhiyin.apps.audit import services as audit
from zhiyin.apps.queues.members import put_membership
from zhiyin.apps.queues.queries import list_queues, memberships_by_user
from zhiyin.apps.routing.errors import UnknownReference
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import publish_settings

MATRIX = "skill_matrix"
Skills = Mapping[str, int | None]
Memberships = Mapping[int, Mapping[str, int] | None]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one user: levels by skill (None: no longer), ways of serving by queue (None: no longer)."""

    user: int
    skills: Skills = field(default_factory=dict)
    queues: Memberships = field(default_factory=dict)


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
    skills_before = put_skills(tenant=tenant, changes={change.user: change.skills for change in changes})
    if skills_before.keys() != {change.user for change in changes}:
        raise UnknownReference("users")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        had, gets = _differences(change, skills_before[change.user], served.get(change.user, {}))
        for queue, membership in gets["queues"].items():
            put_membership(tenant=tenant, queue_id=int(queue), user_id=change.user, membership=membership)
        if gets["skills"] or gets["queues"]:
            before[str(change.user)], after[str(change.user)] = had, gets
    if after:
        audit.record(actor=actor, action=f"{MATRIX}.changed", kind=MATRIX, before=before, after=after)
        publish_settings(tenant=tenant)
    return len(after)


def _differences(
    change: RowChange, skills: Mapping[str, int], queues: Mapping[int, Mapping[str, int]]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the named cells were, and what they become, of those that change; None: empty."""
    levels = {code: level for code, level in change.skills.items() if skills.get(code) != level}
    ways = {queue: way for queue, way in change.queues.items() if queues.get(queue) != way}
    had = {
        "skills": {code: skills.get(code) for code in levels},
        "queues": {str(queue): queues.get(queue) for queue in ways},
    }
    return had, {"skills": levels, "queues": {str(queue): way for queue, way in ways.items()}}
