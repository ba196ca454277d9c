"""HTTP of entry rules: administration alone."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.entries import queries, services
from zhiyin.apps.entries.models import EntryRule
from zhiyin.apps.entries.results import results_of
from zhiyin.apps.entries.schemas import (
    EntryArmOut,
    EntryOrderIn,
    EntryResultsOut,
    EntryRuleIn,
    EntryRuleOut,
    EntryRulePage,
    EntryRulePatch,
    EntryTryIn,
    EntryTryOut,
    shape_rule,
)
from zhiyin.apps.entries.tryout import Tryout, try_call
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems
from zhiyin.domain.flows.entry_results import ArmResult

router = Router(tags=["entry rules"], auth=Needs("admin"))

RULE_COLUMNS = {
    "position": ("顺序", "Order"),
    "name": ("进线规则", "Entry rule"),
    "is_enabled": ("启用", "Enabled"),
    "flow_name": ("流程", "Flow"),
    "numbers": ("被叫号码", "Numbers called"),
    "is_vip_only": ("仅 VIP", "VIPs only"),
    "share_pct": ("灰度比例", "Share (%)"),
    "counted_since": ("统计起点", "Counted since"),
    "note": ("备注", "Note"),
}


def _shape(rows: Sequence[EntryRule]) -> list[EntryRuleOut]:
    return [shape_rule(row) for row in rows]


@router.get("", operation_id="listEntryRules", response={200: EntryRulePage, **problems()})
def list_rules(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """By which flow callers are served, in the order of trying; the first rule that fits decides."""
    return answer_list(
        request,
        queries.list_rules(tenant=request.actor.tenant, search=listing.search),
        listing,
        sortable={name: name for name in ("position", "name", "share_pct", "is_enabled")},
        default_sort="position",
        shape=_shape,
        columns=RULE_COLUMNS,
    )


@router.post("", operation_id="createEntryRule", response={201: EntryRuleOut, **problems(400, 409)})
def create_rule(request: TenantRequest, body: EntryRuleIn) -> Any:
    """Make a rule, tried after all others; the next call obeys it."""
    row = services.create_rule(actor=request.actor, fields=body.dict(), now=timezone.now())
    return Status(201, shape_rule(row))


@router.put("/order", operation_id="orderEntryRules", response={204: None, **problems(400, 409)})
def order_rules(request: TenantRequest, body: EntryOrderIn) -> Any:
    """Let the rules be tried in this order: all of them, each once."""
    services.order_rules(actor=request.actor, rule_ids=body.rule_ids)
    return Status(204, None)


@router.post("/try", operation_id="tryEntryRules", response={200: EntryTryOut, **problems(400)})
def try_rules(request: TenantRequest, body: EntryTryIn) -> Tryout:
    """Say by which rule and flow such a call is served, and why by no other; nothing changes."""
    return try_call(
        tenant=request.actor.tenant,
        number=body.number,
        customer_class_id=body.customer_class_id,
        is_vip=body.is_vip,
        at=body.at or timezone.now(),
    )


@router.get("/{int:entry_rule_id}", operation_id="getEntryRule", response={200: EntryRuleOut, **problems(404)})
def get_rule(request: TenantRequest, entry_rule_id: int) -> Any:
    """One rule."""
    return shape_rule(queries.get_rule(tenant=request.actor.tenant, rule_id=entry_rule_id))


@router.patch(
    "/{int:entry_rule_id}", operation_id="updateEntryRule", response={200: EntryRuleOut, **problems(400, 404, 409)}
)
def update_rule(request: TenantRequest, entry_rule_id: int, body: EntryRulePatch) -> Any:
    """Change what is named of a rule; results begin anew where it is something that decides."""
    row = services.update_rule(
        actor=request.actor, rule_id=entry_rule_id, fields=body.fields_given(), now=timezone.now()
    )
    return shape_rule(row)


@router.delete("/{int:entry_rule_id}", operation_id="removeEntryRule", response={204: None, **problems(404)})
def remove_rule(request: TenantRequest, entry_rule_id: int) -> Any:
    """Remove a rule; whom it was for goes by the rules below, or by the number's own flow."""
    services.remove_rule(actor=request.actor, rule_id=entry_rule_id)
    return Status(204, None)


@router.get(
    "/{int:entry_rule_id}/results", operation_id="getEntryResults", response={200: EntryResultsOut, **problems(404)}
)
def get_results(request: TenantRequest, entry_rule_id: int) -> Any:
    """How those within the rule's share fared beside those outside, since the rule last changed."""
    tenant = request.actor.tenant
    row = queries.get_rule(tenant=tenant, rule_id=entry_rule_id)
    share, rest = results_of(tenant=tenant, row=row)
    return EntryResultsOut(since=row.counted_since, share_pct=row.share_pct, share=_arm(share), rest=_arm(rest))


def _arm(result: ArmResult) -> EntryArmOut:
    return EntryArmOut(
        contacts=result.contacts,
        gave_up_pct=_rounded(result.pct(result.gave_up)),
        reached_pct=_rounded(result.pct(result.reached)),
        fault_pct=_rounded(result.pct(result.faults)),
        failed_requests=result.failed_requests,
        flow_s=_rounded(result.flow_s),
        score_pct=_rounded(result.score_pct),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
