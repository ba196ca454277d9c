"""HTTP of rules on trial."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.accounts.queries import names_of
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.trials import queries, services
from zhiyin.apps.trials.models import RuleTrial
from zhiyin.apps.trials.replaying import replay_report
from zhiyin.apps.trials.reports import report_of
from zhiyin.apps.trials.schemas import (
    CanaryIn,
    ReplayReport,
    RuleTrialIn,
    RuleTrialOut,
    RuleTrialPage,
    RuleTrialPatch,
    RuleTrialReport,
    plain_changes,
)

router = Router(tags=["routing"], auth=Needs("admin"))

TRIAL_COLUMNS = {
    "name": ("规则草稿", "Draft of rules"),
    "owner_name": ("负责人", "Owner"),
    "state": ("状态", "State"),
    "share_pct": ("灰度比例", "Share (%)"),
    "shadow_began_at": ("影子开始", "Shadow since"),
    "canary_began_at": ("灰度开始", "Canary since"),
    "ended_at": ("结束时间", "Ended"),
}
_OF_ROW = [name for name in RuleTrialOut.model_fields if name != "owner_name"]


def _shape(tenant: Tenant, rows: Sequence[RuleTrial]) -> list[RuleTrialOut]:
    names = names_of(tenant=tenant, user_ids={row.owner_id for row in rows if row.owner_id is not None})
    return [
        RuleTrialOut(
            owner_name=names.get(row.owner_id, "") if row.owner_id is not None else "",
            **{name: getattr(row, name) for name in _OF_ROW},
        )
        for row in rows
    ]


@router.get("", operation_id="listRuleTrials", response={200: RuleTrialPage, **problems()})
def list_trials(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Drafts of the router's rules, and how far each has come."""
    tenant = request.actor.tenant
    return answer_list(
        request,
        queries.list_trials(tenant=tenant, search=listing.search),
        listing,
        sortable={name: name for name in ("id", "name", "state", "shadow_began_at", "canary_began_at", "ended_at")},
        default_sort="-id",
        shape=lambda rows: _shape(tenant, rows),
        columns=TRIAL_COLUMNS,
    )


@router.post("", operation_id="createRuleTrial", response={201: RuleTrialOut, **problems(400, 409)})
def create_trial(request: TenantRequest, body: RuleTrialIn) -> Any:
    """Make a draft; it changes nothing until it is adopted, or tried on a share of the contacts."""
    fields = body.dict() | {"changes": plain_changes(body.changes)}
    return Status(201, _one(request, services.create_trial(actor=request.actor, fields=fields)))


@router.get("/{int:trial_id}", operation_id="getRuleTrial", response={200: RuleTrialOut, **problems(404)})
def get_trial(request: TenantRequest, trial_id: int) -> Any:
    """One draft."""
    return _one(request, queries.get_trial(tenant=request.actor.tenant, trial_id=trial_id))


@router.patch(
    "/{int:trial_id}", operation_id="updateRuleTrial", response={200: RuleTrialOut, **problems(400, 404, 409)}
)
def update_trial(request: TenantRequest, trial_id: int, body: RuleTrialPatch) -> Any:
    """Change a draft; while it runs only its name and its bounds."""
    emptied = body.model_fields_set & {"drop_pct", "wait_p90_s", "score_drop_pct"}
    fields = {name: value for name, value in body.dict().items() if value is not None or name in emptied}
    if body.changes is not None:
        fields["changes"] = plain_changes(body.changes)
    return _one(request, services.update_trial(actor=request.actor, trial_id=trial_id, fields=fields))


@router.post(
    "/{int:trial_id}/shadow", operation_id="beginRuleShadow", response={200: RuleTrialOut, **problems(400, 404, 409)}
)
def begin_shadow(request: TenantRequest, trial_id: int) -> Any:
    """Ask the draft at every decision from now on; nothing goes by it."""
    row = services.begin_shadow(actor=request.actor, trial_id=trial_id, now=timezone.now())
    return _one(request, row)


@router.post(
    "/{int:trial_id}/canary", operation_id="beginRuleCanary", response={200: RuleTrialOut, **problems(400, 404, 409)}
)
def begin_canary(request: TenantRequest, trial_id: int, body: CanaryIn) -> Any:
    """Let a share of the contacts go by the draft from now on."""
    row = services.begin_canary(actor=request.actor, trial_id=trial_id, share_pct=body.share_pct, now=timezone.now())
    return _one(request, row)


@router.post("/{int:trial_id}/drop", operation_id="dropRuleTrial", response={200: RuleTrialOut, **problems(404, 409)})
def drop_trial(request: TenantRequest, trial_id: int) -> Any:
    """Stop it: everything goes by the rules in force at once. What was seen stays."""
    return _one(request, services.drop_trial(actor=request.actor, trial_id=trial_id, now=timezone.now()))


@router.post(
    "/{int:trial_id}/adopt", operation_id="adoptRuleTrial", response={200: RuleTrialOut, **problems(400, 404, 409)}
)
def adopt_trial(request: TenantRequest, trial_id: int) -> Any:
    """Let the draft be the rules of all; each change stands in the history, and can be put back."""
    return _one(request, services.adopt_trial(actor=request.actor, trial_id=trial_id, now=timezone.now()))


@router.get(
    "/{int:trial_id}/report", operation_id="getRuleTrialReport", response={200: RuleTrialReport, **problems(404)}
)
def get_report(request: TenantRequest, trial_id: int) -> Any:
    """How the draft's answers in shadow differ, and how both arms of the canary fared."""
    actor = request.actor
    row = queries.get_trial(tenant=actor.tenant, trial_id=trial_id)
    return report_of(tenant=actor.tenant, row=row, language=actor.language, now=timezone.now())


class ReplayIn(Schema):
    hours: Annotated[int, Field(ge=1, le=48)] = 12


@router.get("/{int:trial_id}/replay", operation_id="replayRuleTrial", response={200: ReplayReport, **problems(404)})
def get_replay(request: TenantRequest, trial_id: int, asked: Query[ReplayIn]) -> Any:
    """Play the last hours again by the rules in force and by the draft; at most the newest 3,000 contacts."""
    actor = request.actor
    row = queries.get_trial(tenant=actor.tenant, trial_id=trial_id)
    return replay_report(tenant=actor.tenant, row=row, language=actor.language, hours=asked.hours, now=timezone.now())


def _one(request: TenantRequest, row: RuleTrial) -> RuleTrialOut:
    return _shape(request.actor.tenant, [row])[0]
