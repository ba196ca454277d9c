"""A company's settings as the rules of its agents' rests.

What only a newer web knows counts as the plain rule, and is logged.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhiyin.contracts.routing_rules import known_rule
from zhiyin.contracts.snapshots import RestQuotaSetting, TenantSettings
from zhiyin.domain.rests import NoRestTime, RestApproval, RestQuota, RestRule


def rest_rule_of(settings: TenantSettings) -> RestRule:
    """Return the company's rule of rests; a quota of a team or queue that is gone holds nobody, and is left out."""
    rests = settings.rests
    members = {queue.id: frozenset(queue.members) for queue in settings.queues}
    quotas = (
        RestQuota(agents, quota.at_most, quota.share_pct)
        for quota in rests.quotas
        if (agents := _held_by(quota, settings, members))
    )
    return RestRule(
        known_rule(RestApproval, rests.approval, RestApproval.NONE),
        rests.minutes_per_day,
        tuple(NoRestTime(span.since, span.until, frozenset(span.weekdays)) for span in rests.no_rest_times),
        tuple(quotas),
    )


def _held_by(
    quota: RestQuotaSetting, settings: TenantSettings, members: Mapping[int, frozenset[int]]
) -> frozenset[int]:
    if quota.queue is not None:
        return members.get(quota.queue, frozenset())
    return frozenset(agent.id for agent in settings.agents if quota.team in (None, agent.team))
