"""What the engine took back by itself, brought into the trial's row: audited, and told to the trial's owner."""

from __future__ import annotations

from collections.abc import Sequence

from zhiyin.apps.audit import services as audit
from zhiyin.apps.interactions.projection import LoggedEvent
from zhiyin.apps.notifications.services import Category, notify
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.contracts.events import RulesReturned


class ReturnedRules:
    """Follows the log; the engine has acted already."""

    name = "returned_rules"

    def fold(self, events: Sequence[LoggedEvent]) -> None:
        for logged in events:
            if isinstance(logged.event, RulesReturned):
                _take_back(logged, logged.event)


def _take_back(logged: LoggedEvent, event: RulesReturned) -> None:
    tenant = Tenant.objects.get(pk=logged.tenant_id)
    row = RuleTrial.objects.of(tenant).select_for_update().filter(pk=event.trial).first()
    if row is None or row.state != RuleTrial.State.CANARY:
        return
    before = audit.fields_of(row)
    row.state, row.ended_at = RuleTrial.State.RETURNED.value, logged.at
    row.breach = {
        "reason": event.reason,
        "value": event.value,
        "bound": event.bound,
        "contacts": event.contacts,
    }
    row.save()
    audit.record(
        actor=Actor(tenant, None, "", ""),
        action="ruletrial.returned",
        kind="ruletrial",
        subject=row.pk,
        name=row.name,
        before=before,
        after=audit.fields_of(row),
        at=logged.at,
    )
    if row.owner_id is not None:
        notify(
            tenant=tenant,
            user_ids=[row.owner_id],
            category=Category.SYSTEM,
            code=f"rules_returned_{event.reason}",
            facts={"name": row.name, "value": event.value, "bound": event.bound, "contacts": event.contacts},
            link=f"/admin/rule-trials?open={row.pk}",
            key=f"rules-returned-{row.pk}-{logged.at.isoformat()}",
            now=logged.at,
        )
