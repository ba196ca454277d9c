"""HTTP of the organisation: departments, teams, sites."""

from collections import Counter
from typing import Annotated, Any

from django.db.models import Count, Q, QuerySet
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import organisation
from zhiyin.apps.accounts.models import Department, Role, Site, Team, User
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["organisation"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Position = Annotated[int, Field(ge=0, le=10_000)]


class DepartmentOut(Schema):
    id: int
    name: str
    parent: int | None
    head: int | None
    head_name: str
    position: int


class TeamOut(Schema):
    id: int
    name: str
    department: int
    lead: int | None
    lead_name: str
    position: int
    #: how many users are in it
    members: int


class SiteOut(Schema):
    id: int
    name: str
    address: str
    members: int


class RoleNameOut(Schema):
    code: str
    name: str
    name_en: str


class OrganisationOut(Schema):
    """The whole tree. Departments come with their parents' ids, in the order in which they are shown."""

    departments: list[DepartmentOut]
    teams: list[TeamOut]
    sites: list[SiteOut]
    #: how the company calls its roles, so that whoever addresses people may choose them; the built-in ones first
    roles: list[RoleNameOut]
    #: users without a team
    without_team: int


class DepartmentIn(Schema):
    name: Name
    parent: int | None = None
    head: int | None = None


class DepartmentPatchIn(Schema):
    """``parent`` null: to the top. ``position``: the place among those beside it."""

    name: Name | None = None
    parent: int | None = None
    head: int | None = None
    position: Position | None = None


class TeamIn(Schema):
    name: Name
    department: int
    lead: int | None = None


class TeamPatchIn(Schema):
    name: Name | None = None
    department: int | None = None
    lead: int | None = None
    position: Position | None = None


class SiteIn(Schema):
    name: Name
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


class SitePatchIn(Schema):
    name: Name | None = None
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None


def _given(body: Schema, *nullable: str) -> dict[str, Any]:
    """Return what was sent; ``None`` counts only where nothing is a value."""
    sent = body.dict(exclude_unset=True)
    return {name: value for name, value in sent.items() if value is not None or name in nullable}


def _present(request: TenantRequest) -> QuerySet[User]:
    return User.objects.of(request.actor.tenant).filter(removed_at__isnull=True)


def _department(row: Department) -> dict[str, Any]:
    head = row.head
    return {
        "id": row.pk,
        "name": row.name,
        "parent": row.parent_id,
        "head": row.head_id,
        "head_name": head.name if head else "",
        "position": row.position,
    }


def _team(row: Team, members: int) -> dict[str, Any]:
    lead = row.lead
    return {
        "id": row.pk,
        "name": row.name,
        "department": row.department_id,
        "lead": row.lead_id,
        "lead_name": lead.name if lead else "",
        "position": row.position,
        "members": members,
    }


@router.get("", operation_id="getOrganisation", auth=Needs(), response={200: OrganisationOut, **problems()})
def get_organisation(request: TenantRequest) -> Any:
    """Departments, teams and sites, with how many users each team and site has, and the names of the roles."""
    tenant = request.actor.tenant
    counted = Counter(dict(_present(request).values_list("team_id").annotate(Count("pk")).order_by()))
    departments = Department.objects.of(tenant).select_related("head").order_by("position", "pk")
    teams = Team.objects.of(tenant).select_related("lead").order_by("position", "pk")
    sites = Site.objects.of(tenant).annotate(members=Count("users", filter=Q(users__removed_at__isnull=True)))
    return {
        "departments": [_department(row) for row in departments],
        "teams": [_team(row, counted[row.pk]) for row in teams],
        "sites": list(sites.order_by("name")),
        "roles": list(Role.objects.of(tenant).order_by("-is_built_in", "pk")),
        "without_team": counted[None],
    }


@router.post("/departments", operation_id="createDepartment", response={201: DepartmentOut, **problems(400, 409)})
def create_department(request: TenantRequest, body: DepartmentIn) -> Any:
    """Add a department, at the top or below another."""
    return Status(201, _department(organisation.create_department(actor=request.actor, fields=body.dict())))


@router.patch(
    "/departments/{int:department_id}",
    operation_id="updateDepartment",
    response={200: DepartmentOut, **problems(400, 404, 409)},
)
def update_department(request: TenantRequest, department_id: int, body: DepartmentPatchIn) -> Any:
    """Rename a department, give it a head, or move it with all below it."""
    fields = _given(body, "parent", "head")
    return _department(organisation.update_department(actor=request.actor, department_id=department_id, fields=fields))


@router.delete(
    "/departments/{int:department_id}", operation_id="removeDepartment", response={204: None, **problems(404, 409)}
)
def remove_department(request: TenantRequest, department_id: int) -> Any:
    """Remove an empty department."""
    organisation.remove_department(actor=request.actor, department_id=department_id)
    return Status(204, None)


@router.post("/teams", operation_id="createTeam", response={201: TeamOut, **problems(400, 409)})
def create_team(request: TenantRequest, body: TeamIn) -> Any:
    """Add a team to a department."""
    return Status(201, _team(organisation.create_team(actor=request.actor, fields=body.dict()), 0))


@router.patch("/teams/{int:team_id}", operation_id="updateTeam", response={200: TeamOut, **problems(400, 404, 409)})
def update_team(request: TenantRequest, team_id: int, body: TeamPatchIn) -> Any:
    """Rename a team, give it a lead, or move it to another department."""
    row = organisation.update_team(actor=request.actor, team_id=team_id, fields=_given(body, "lead"))
    return _team(row, _present(request).filter(team=row).count())


@router.delete("/teams/{int:team_id}", operation_id="removeTeam", response={204: None, **problems(404, 409)})
def remove_team(request: TenantRequest, team_id: int) -> Any:
    """Remove a team without members."""
    organisation.remove_team(actor=request.actor, team_id=team_id)
    return Status(204, None)


@router.post("/sites", operation_id="createSite", response={201: SiteOut, **problems(400, 409)})
def create_site(request: TenantRequest, body: SiteIn) -> Any:
    """Add a place where users work."""
    row = organisation.create_site(actor=request.actor, fields=body.dict())
    return Status(201, {"id": row.pk, "name": row.name, "address": row.address, "members": 0})


@router.patch("/sites/{int:site_id}", operation_id="updateSite", response={200: SiteOut, **problems(400, 404, 409)})
def update_site(request: TenantRequest, site_id: int, body: SitePatchIn) -> Any:
    """Change a site."""
    row = organisation.update_site(actor=request.actor, site_id=site_id, fields=_given(body))
    members = _present(request).filter(site=row).count()
    return {"id": row.pk, "name": row.name, "address": row.address, "members": members}


@router.delete("/sites/{int:site_id}", operation_id="removeSite", response={204: None, **problems(404, 409)})
def remove_site(request: TenantRequest, site_id: int) -> Any:
    """Remove a site; its users then have none."""
    organisation.remove_site(actor=request.actor, site_id=site_id)
    return Status(204, None)
