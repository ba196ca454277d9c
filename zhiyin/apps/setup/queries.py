"""How far a company's set-up is, from what there is."""

from __future__ import annotations

from dataclasses import dataclass

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.channels import queries as channels
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.setup.models import SetupState
from zhiyin.apps.tenancy.models import Tenant

STEPS = ("company", "trunk", "number", "queue", "agents", "hours", "test_call")


@dataclass(frozen=True, slots=True)
class Progress:
    steps: dict[str, bool]
    is_dismissed: bool
    has_demo: bool


def progress_of(*, tenant: Tenant) -> Progress:
    """Return which steps are done: because the thing is there, or because somebody said so."""
    state = SetupState.objects.of(tenant).first() or SetupState(tenant=tenant)
    there = {
        "company": True,
        "trunk": channels.list_trunks(tenant=tenant).exists(),
        "number": channels.list_numbers(tenant=tenant).exists(),
        "queue": queues.list_queues(tenant=tenant).exists(),
        "agents": accounts.list_users(tenant=tenant, role="agent").exists(),
        "hours": flows.list_hours(tenant=tenant).exists(),
        "test_call": interactions.has_contact(tenant=tenant),
    }
    return Progress(
        steps={step: there.get(step, False) or step in state.done for step in STEPS},
        is_dismissed=state.is_dismissed,
        has_demo=Tenant.objects.filter(is_demo=True).exists(),
    )
