"""小休超时: the bell tells a team's lead when a rest of its agents lasts longer than planned. From the log, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.notifications import services as notifications
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.agents import AgentStateChanged
from zhiyin.domain.rests import Rest

#: Of what is longer ago nobody is told: a worker that was away for a day rings no bells for yesterday.
_NEWS = timedelta(hours=1)


class RestOverruns:
    """Tells each lead of each overrun."""

    name = "rest_overruns"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        since = timezone.now() - _NEWS
        found: dict[int, dict[tuple[int, str], Rest]] = defaultdict(dict)
        for logged in events:
            event = logged.event
            if not isinstance(event, AgentStateChanged) or event.rest is None:
                continue
            if event.rest.is_overrun and logged.at >= since:
                found[logged.tenant_id][event.agent, event.rest.asked_at.isoformat()] = event.rest
        for tenant in Tenant.objects.filter(pk__in=found):
            _tell(tenant, found[tenant.pk])


def _tell(tenant: Tenant, rests: dict[tuple[int, str], Rest]) -> None:
    agents = {agent for agent, _ in rests}
    leads, names = accounts.leads_of(tenant=tenant, user_ids=agents), accounts.names_of(tenant=tenant, user_ids=agents)
    for (agent, asked_at), rest in rests.items():
        lead = leads.get(agent)
        if lead is None or lead == agent:
            continue
        notifications.notify(
            tenant=tenant,
            user_ids=[lead],
            category=notifications.Category.REMINDER,
            code="rest_overrun",
            facts={"name": names.get(agent, ""), "minutes": round(rest.planned_s / 60)},
            link="/live",
            key=f"rest_overrun:{agent}:{asked_at}",
        )
