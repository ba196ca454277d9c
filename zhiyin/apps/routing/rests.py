"""The company's rule of rests (小休): reading it, changing it, and what the engine needs of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.queues.queries import list_queues
from zhiyin.apps.routing.errors import UnknownReference
from zhiyin.apps.routing.models import RestPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.snapshots import NoRestTimeSetting, RestQuotaSetting, RestsSetting


def policy_of(*, tenant: Tenant) -> RestPolicy:
    """Return the company's rule; where it said nothing, the plain one, which stands in no table."""
    return RestPolicy.objects.of(tenant).first() or RestPolicy(tenant=tenant)


@transaction.atomic
def save_policy(*, actor: Actor, fields: Mapping[str, Any]) -> RestPolicy:
    """Change what is named of the rule. Raises ``UnknownReference`` for a team or queue that is not there."""
    _check_quotas(actor.tenant, fields.get("quotas", ()))
    row, _ = RestPolicy.objects.of(actor.tenant).get_or_create(tenant=actor.tenant)
    return settings_changes.update(actor=actor, row=row, fields=fields)


def _check_quotas(tenant: Tenant, quotas: Sequence[Mapping[str, Any]]) -> None:
    teams = accounts.team_names(tenant=tenant)
    queues = set(list_queues(tenant=tenant).values_list("pk", flat=True))
    for index, quota in enumerate(quotas):
        if quota["team"] is not None and quota["team"] not in teams:
            raise UnknownReference(f"quotas.{index}.team")
        if quota["queue"] is not None and quota["queue"] not in queues:
            raise UnknownReference(f"quotas.{index}.queue")


def engine_setting(tenant: Tenant) -> RestsSetting:
    policy = policy_of(tenant=tenant)
    return RestsSetting(
        approval=policy.approval,
        minutes_per_day=policy.minutes_per_day,
        no_rest_times=msgspec.convert(policy.no_rest_times, tuple[NoRestTimeSetting, ...]),
        quotas=msgspec.convert(policy.quotas, tuple[RestQuotaSetting, ...]),
    )
