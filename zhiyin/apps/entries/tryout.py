"""Trying the table: who calls which number when comes by which rule to which flow, and why by no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.apps.channels import queries as channels
from zhiyin.apps.entries import queries
from zhiyin.apps.entries.errors import UnknownReference
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.entry_rules import entry_rule_of
from zhiyin.domain.flows.entries import WHOLE_PCT, EntryCall

#: What becomes of a rule that is tried: it takes the call, takes its share of such calls, or why it does not.
TAKES, SHARES, OFF, UNPUBLISHED = "takes", "shares", "off", "unpublished"


@dataclass(frozen=True, slots=True)
class Tried:
    rule_id: int
    rule_name: str
    flow_id: int
    flow_name: str
    share_pct: float
    outcome: str


@dataclass(frozen=True, slots=True)
class Tryout:
    """``tried``: the rules in the order of trying, up to the one that takes the call.

    ``rule_name`` and ``flow_name``: where those end who fall outside of every share; no rule: the number's own flow.
    """

    rule_id: int | None
    rule_name: str
    flow_id: int
    flow_name: str
    tried: list[Tried]


def try_call(*, tenant: Tenant, number: str, customer_class_id: int | None, is_vip: bool, at: datetime) -> Tryout:
    """Return by which rule such a call is served. Raises ``UnknownReference`` where the number is none of ours."""
    own = channels.list_numbers(tenant=tenant).filter(number=number).values_list("flow_id", flat=True).first()
    if own is None:
        raise UnknownReference("number")
    published = dict(flows.list_flows(tenant=tenant).values_list("pk", "version"))
    names = flows.flow_names(tenant=tenant, flow_ids=published)
    classes = frozenset() if customer_class_id is None else frozenset({customer_class_id})
    call = EntryCall(number, classes, is_vip, flows.are_open(tenant=tenant, at=at).get, lambda _rule: 0.0)
    tried: list[Tried] = []
    for row in queries.list_rules(tenant=tenant).order_by("position", "pk"):
        rule = entry_rule_of(queries.setting_of(row), region=tenant.region)
        if not row.is_enabled:
            outcome = OFF
        elif rule is None or not published.get(row.flow_id):
            outcome = UNPUBLISHED
        else:
            unmet = rule.unmet(call)
            outcome = unmet.value if unmet else TAKES if rule.share_pct >= WHOLE_PCT else SHARES
        tried.append(Tried(row.pk, row.name, row.flow_id, row.flow.name, float(row.share_pct), outcome))
        if outcome == TAKES:
            return Tryout(row.pk, row.name, row.flow_id, row.flow.name, tried)
    return Tryout(None, "", own, names.get(own, ""), tried)
