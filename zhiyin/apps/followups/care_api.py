"""HTTP of care rules."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.customers import occasions
from zhiyin.apps.customers import queries as customers
from zhiyin.apps.customers.classes import list_classes
from zhiyin.apps.customers.tags import list_tags
from zhiyin.apps.followups import care, care_queries
from zhiyin.apps.followups.care_schemas import (
    CareOptionsOut,
    CarePreviewOut,
    CareRuleIn,
    CareRuleListIn,
    CareRuleOut,
    CareRulePage,
    CareRulePatchIn,
    shape_rules,
)
from zhiyin.apps.queues import queries as queues
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["care"], auth=Needs("care.manage"))

COLUMNS = {
    "name": ("规则", "Rule"),
    "is_active": ("启用", "On"),
    "occasion": ("时机", "Occasion"),
    "days": ("天数", "Days"),
    "subject": ("事项", "What"),
    "figures.made": ("已生成", "Made"),
    "figures.open": ("待办", "Open"),
    "figures.done": ("完成", "Done"),
    "figures.reached": ("已联系上", "Reached"),
    "figures.not_reached": ("未联系上", "Not reached"),
    "figures.refused": ("拒绝", "Refused"),
    "figures.skipped": ("跳过", "Skipped"),
}
_NULLABLE = frozenset({"team_id", "begins_on"})


@router.get("", operation_id="listCareRules", response={200: CareRulePage, **problems()})
def list_rules(request: TenantRequest, listing: Query[CareRuleListIn]) -> Any:
    """The rules, with what came of the tasks they made."""
    actor = request.actor
    rows = care_queries.list_rules(tenant=actor.tenant, search=listing.search, is_active=listing.is_active)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("name", "occasion", "is_active", "created_at")},
        default_sort="name",
        shape=lambda page: shape_rules(actor, page),
        columns=COLUMNS,
    )


@router.get("/options", operation_id="getCareOptions", response={200: CareOptionsOut, **problems()})
def get_options(request: TenantRequest) -> Any:
    """What rules are made of: dates (the company's own fields among them), teams, classes, tags, queues."""
    tenant = request.actor.tenant
    dates = occasions.date_fields(tenant=tenant)
    classes = {row.pk: (row.name, row.name_en) for row in list_classes(tenant=tenant)}
    labels = {row.pk: (row.name, "") for row in list_tags(tenant=tenant)}
    teams = {pk: (name, "") for pk, name in accounts.team_names(tenant=tenant).items()}
    return {
        "dates": [{"code": code, "name": name, "name_en": name_en} for code, name, name_en in dates],
        "teams": _choices(teams),
        "classes": _choices(classes),
        "tags": _choices(labels),
        "queues": _choices(queues.queue_names(tenant=tenant)),
        "dispositions": _choices(queues.disposition_paths(tenant=tenant)),
    }


def _choices(named: Mapping[int, tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"id": pk, "name": name, "name_en": name_en or name} for pk, (name, name_en) in named.items()]


@router.post("", operation_id="createCareRule", response={201: CareRuleOut, **problems(400, 409)})
def create_rule(request: TenantRequest, body: CareRuleIn) -> Any:
    """Make a rule. It makes no tasks before it is switched on."""
    row = care.create_rule(actor=request.actor, fields=body.dict(), now=timezone.now())
    return Status(201, shape_rules(request.actor, [row])[0])


@router.post("/preview", operation_id="previewCareRule", response={200: CarePreviewOut, **problems(400)})
def preview_rule(request: TenantRequest, body: CareRuleIn) -> Any:
    """Whom a rule would catch in the next thirty days; nothing is kept."""
    actor = request.actor
    found = care.preview(actor=actor, fields=body.dict(), now=timezone.now())
    names = customers.customer_names(tenant=actor.tenant, customer_ids=[one.customer_id for one in found.sample])
    return {
        "tomorrow": found.tomorrow,
        "total": found.total,
        "by_day": [{"day": day, "count": count} for day, count in found.by_day.items()],
        "listed": found.listed,
        "without_consent": found.without_consent,
        "sample": [
            {
                "customer": {"id": one.customer_id, "name": names.get(one.customer_id, "")},
                "anchor_on": one.anchor_on,
                "due_on": one.due_on,
            }
            for one in found.sample
        ],
    }


@router.get("/{int:rule_id}", operation_id="getCareRule", response={200: CareRuleOut, **problems(404)})
def get_rule(request: TenantRequest, rule_id: int) -> Any:
    """One of them."""
    return shape_rules(request.actor, [care.get_rule(actor=request.actor, rule_id=rule_id)])[0]


@router.patch("/{int:rule_id}", operation_id="changeCareRule", response={200: CareRuleOut, **problems(400, 404, 409)})
def change_rule(request: TenantRequest, rule_id: int, body: CareRulePatchIn) -> Any:
    """Change what is named, also to switch it on or off."""
    given = body.dict(exclude_unset=True)
    fields = {name: value for name, value in given.items() if value is not None or name in _NULLABLE}
    if body.who is not None:
        fields["who"] = body.who.dict()
    row = care.change_rule(actor=request.actor, rule_id=rule_id, fields=fields, now=timezone.now())
    return shape_rules(request.actor, [row])[0]


@router.delete("/{int:rule_id}", operation_id="removeCareRule", response={204: None, **problems(404)})
def remove_rule(request: TenantRequest, rule_id: int) -> Any:
    """Remove a rule; the tasks that it made stay."""
    care.remove_rule(actor=request.actor, rule_id=rule_id)
    return Status(204, None)
