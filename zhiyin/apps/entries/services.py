"""Making and changing entry rules: each change audited and live for the next call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.customers.classes import classes_by_id
from zhiyin.apps.entries import queries
from zhiyin.apps.entries.errors import BadNumbers, OrderOutdated, UnknownReference
from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import publish_settings
from zhiyin.contracts.numbers import BadNumber, normalise_number

#: What decides who comes by the rule and what they meet: its results begin anew where one of these changes.
DECIDING = frozenset(
    {"flow_id", "numbers", "customer_classes", "is_vip_only", "hours_id", "is_open_wanted", "share_pct", "is_enabled"}
)


@transaction.atomic
def create_rule(*, actor: Actor, fields: Mapping[str, Any], now: datetime) -> EntryRule:
    """Make a rule, tried after all others. Raises ``UnknownReference`` and ``BadNumbers``."""
    last = EntryRule.objects.of(actor.tenant).aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    row = EntryRule(tenant=actor.tenant, position=position, counted_since=now, **_checked(actor.tenant, fields))
    return settings_changes.create(actor=actor, row=row)


@transaction.atomic
def update_rule(*, actor: Actor, rule_id: int, fields: Mapping[str, Any], now: datetime) -> EntryRule:
    """Change what is named of a rule. Raises ``NotFound``, ``UnknownReference`` and ``BadNumbers``."""
    row = locked(actor.tenant, rule_id)
    checked = _checked(actor.tenant, fields)
    if any(getattr(row, name) != value for name, value in checked.items() if name in DECIDING):
        checked |= {"counted_since": now, "breach": None}
    return settings_changes.update(actor=actor, row=row, fields=checked)


def remove_rule(*, actor: Actor, rule_id: int) -> None:
    settings_changes.remove(actor=actor, row=queries.get_rule(tenant=actor.tenant, rule_id=rule_id))


@transaction.atomic
def order_rules(*, actor: Actor, rule_ids: Sequence[int]) -> None:
    """Let the rules be tried in this order. Raises ``OrderOutdated`` where these are not all rules, each once."""
    rows = {row.pk: row for row in EntryRule.objects.of(actor.tenant).select_for_update().order_by("position", "pk")}
    if len(rule_ids) != len(rows) or set(rule_ids) != rows.keys():
        raise OrderOutdated
    before = [row.name for row in rows.values()]
    for position, rule_id in enumerate(rule_ids):
        rows[rule_id].position = position
    EntryRule.objects.of(actor.tenant).bulk_update(rows.values(), ("position",))
    after = [rows[rule_id].name for rule_id in rule_ids]
    audit.record(
        actor=actor, action="entryrule.ordered", kind="entryrule", before={"order": before}, after={"order": after}
    )
    publish_settings(tenant=actor.tenant)


def locked(tenant: Tenant, rule_id: int) -> EntryRule:
    queries.get_rule(tenant=tenant, rule_id=rule_id)
    return EntryRule.objects.of(tenant).select_for_update().get(pk=rule_id)


def _checked(tenant: Tenant, fields: Mapping[str, Any]) -> dict[str, Any]:
    checked = dict(fields)
    if "flow_id" in checked and not flows.has_flow(tenant=tenant, flow_id=checked["flow_id"]):
        raise UnknownReference("flow_id")
    hours = checked.get("hours_id")
    if hours is not None and not flows.list_hours(tenant=tenant).filter(pk=hours).exists():
        raise UnknownReference("hours_id")
    if set(checked.get("customer_classes", ())) - classes_by_id(tenant=tenant).keys():
        raise UnknownReference("customer_classes")
    if "numbers" in checked:
        checked["numbers"] = [_canonical(number, tenant) for number in checked["numbers"]]
    return checked


def _canonical(number: str, tenant: Tenant) -> str:
    try:
        return normalise_number(number, tenant.region)
    except BadNumber as error:
        raise BadNumbers("numbers") from error
