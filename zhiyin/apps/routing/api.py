"""HTTP of the router's rules: classes of contacts, the company's policy, the skill matrix, the history of all."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.queries import UserFilter, find_users, names_of
from zhiyin.apps.accounts.skills import skill_codes
from zhiyin.apps.queues.queries import members_of, memberships_by_user
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems
from zhiyin.apps.routing import history, queries, services
from zhiyin.apps.routing.matrix import MATRIX, RowChange, change_matrix
from zhiyin.apps.routing.schemas import (
    ContactClassBody,
    ContactClassesBody,
    ContactClassName,
    ContactClassNames,
    MatrixChanged,
    MatrixChanges,
    MatrixMembership,
    MatrixPage,
    MatrixRow,
    MatrixSkills,
    RoutingChange,
    RoutingChanges,
    RoutingPolicyBody,
    RoutingPolicyPatch,
)
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.contracts.rights import READ_LIVE

router = Router(tags=["routing"], auth=Needs("admin"))

MATRIX_COLUMNS = {
    "username": ("用户名", "User name"),
    "name": ("姓名", "Name"),
    "skills": ("技能", "Skills"),
    "limits": ("容量", "Capacity"),
    "queues": ("技能组", "Queues"),
}


@router.get("/classes", operation_id="getContactClasses", response={200: ContactClassesBody, **problems()})
def list_classes(request: TenantRequest) -> Any:
    """Classes of contacts, in the order in which they are tried."""
    rows = queries.list_classes(tenant=request.actor.tenant)
    return {"classes": [ContactClassBody.from_orm(row) for row in rows]}


@router.get(
    "/class-names",
    operation_id="getContactClassNames",
    auth=Needs(READ_LIVE),
    response={200: ContactClassNames, **problems()},
)
def list_class_names(request: TenantRequest) -> Any:
    """The names of the classes, for whoever sees who waits."""
    names = queries.class_names(tenant=request.actor.tenant)
    return {"items": [ContactClassName(code=code, name=zh, name_en=en) for code, (zh, en) in sorted(names.items())]}


@router.put("/classes", operation_id="saveContactClasses", response={200: ContactClassesBody, **problems(400)})
def save_classes(request: TenantRequest, body: ContactClassesBody) -> Any:
    """Let these be the classes; the next contact gets its class by them."""
    rows = services.save_classes(actor=request.actor, drafts=body.dict()["classes"])
    return {"classes": [ContactClassBody.from_orm(row) for row in rows]}


@router.get("/policy", operation_id="getRoutingPolicy", response={200: RoutingPolicyBody, **problems()})
def get_policy(request: TenantRequest) -> Any:
    """Which contact a free agent takes first, fairness, and whether anybody calls out."""
    return queries.policy_of(tenant=request.actor.tenant)


@router.patch("/policy", operation_id="changeRoutingPolicy", response={200: RoutingPolicyBody, **problems()})
def change_policy(request: TenantRequest, body: RoutingPolicyPatch) -> Any:
    """Change what is named; the next decision goes by it."""
    return services.save_policy(actor=request.actor, fields=body.dict(exclude_none=True))


class MatrixListIn(ListIn):
    """``team`` 0: without a team; ``queue``: who serves it."""

    team: int | None = None
    queue: int | None = None


@router.get("/matrix", operation_id="listSkillMatrix", response={200: MatrixPage, **problems()})
def list_matrix(request: TenantRequest, listing: Query[MatrixListIn]) -> Any:
    """Who has which skill at which level and serves which queue how."""
    tenant = request.actor.tenant
    rows = find_users(tenant=tenant, wanted=UserFilter(search=listing.search, team=listing.team, is_active=True))
    if listing.queue is not None:
        rows = rows.filter(pk__in=members_of(tenant_id=tenant.pk, queue_ids=[listing.queue]).get(listing.queue, []))
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("name", "username")},
        default_sort="username",
        shape=lambda users: _shape_matrix(tenant, users),
        columns=MATRIX_COLUMNS,
    )


def _shape_matrix(tenant: Tenant, users: Sequence[User]) -> list[MatrixRow]:
    served = memberships_by_user(tenant=tenant, user_ids=[user.pk for user in users])
    return [
        MatrixRow(
            id=user.pk,
            name=user.name,
            username=user.username,
            team=user.team_id,
            skills=user.skills,
            limits=user.channel_limits,
            queues={queue: MatrixMembership(**way) for queue, way in served.get(user.pk, {}).items()},
        )
        for user in users
    ]


@router.get("/matrix/skills", operation_id="getSkillCodes", response={200: MatrixSkills, **problems()})
def list_skills(request: TenantRequest) -> Any:
    """Every skill that some user has: the columns of the matrix."""
    return {"items": skill_codes(tenant=request.actor.tenant)}


@router.post("/matrix", operation_id="changeSkillMatrix", response={200: MatrixChanged, **problems(400)})
def change_many(request: TenantRequest, body: MatrixChanges) -> Any:
    """Change many cells at once, all or none: one entry of the history, put back as one."""
    changes = [RowChange(**change) for change in body.dict()["changes"]]
    return {"changed": change_matrix(actor=request.actor, changes=changes)}


class HistoryIn(Schema):
    """``subject``: one queue's or one calendar's id."""

    kind: Literal["queue", "hours", "contact_classes", "routingpolicy", "restpolicy", "skill_matrix", "entryrule"]
    subject: str = Field(default="", max_length=20)


@router.get("/history", operation_id="getRoutingChanges", response={200: RoutingChanges, **problems()})
def list_changes(request: TenantRequest, asked: Query[HistoryIn]) -> Any:
    """The last changes of a kind, the last first."""
    tenant = request.actor.tenant
    entries = history.list_changes(tenant=tenant, kind=asked.kind, subject=asked.subject)
    people = {name for entry in entries for name in entry.after or {}} if asked.kind == MATRIX else set()
    names = {str(user): name for user, name in names_of(tenant=tenant, user_ids=map(int, people)).items()}

    def shown(told: Mapping[str, Any]) -> dict[str, Any]:
        seen = history.shown_fields(tenant, asked.kind, told)
        return {names.get(field, field): value for field, value in seen.items()}

    return {
        "items": [
            RoutingChange(
                id=entry.pk,
                at=entry.at,
                user_name=entry.user_name,
                name=entry.subject_name,
                before=shown(entry.before or {}),
                after=shown(entry.after or {}),
            )
            for entry in entries
        ]
    }


@router.post(
    "/history/{int:change_id}/put-back", operation_id="putBackRoutingChange", response={204: None, **problems(404, 409)}
)
def put_back(request: TenantRequest, change_id: int) -> Any:
    """Make what a change changed what it was before; 409 ``changed_since`` where somebody changed the same later."""
    history.put_back(actor=request.actor, entry_id=change_id)
    return Status(204, None)
