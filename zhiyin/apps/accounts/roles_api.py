"""HTTP of roles: the matrix of rights, field rights, and what there is to grant."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import roles
from zhiyin.apps.accounts.models import Role
from zhiyin.apps.accounts.rights import CATALOGUE
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.field_rights import known_fields

router = Router(tags=["roles"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
OptionalName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Scope = Literal["own", "team", "department", "all"]
Access = Literal["hide", "mask", "read", "write"]
Rights = Annotated[dict[Code, Scope], Field(max_length=200)]
Fields = Annotated[dict[Code, Access], Field(max_length=500)]


class RoleOut(Schema):
    """``rights``: right -> scope. ``fields``: "subject.field" -> access, those that may not simply be written."""

    id: int
    code: str
    name: str
    name_en: str
    note: str
    is_built_in: bool
    rights: dict[str, str]
    fields: dict[str, str]
    #: how many users have it
    users: int


class RolesOut(Schema):
    items: list[RoleOut]


class RightOut(Schema):
    code: str
    group: str
    zh: str
    en: str
    has_scopes: bool


class RestrictableFieldOut(Schema):
    """A field that roles may restrict; ``code`` as it stands in ``RoleOut.fields``."""

    code: str
    subject: str
    zh: str
    en: str
    can_mask: bool


class GrantableOut(Schema):
    rights: list[RightOut]
    fields: list[RestrictableFieldOut]


class RoleIn(Schema):
    """``copy_of``: the code of a role whose matrix is taken where none is given."""

    name: Name
    name_en: OptionalName = ""
    note: Note = ""
    copy_of: Annotated[str, StringConstraints(max_length=40)] = ""
    rights: Rights | None = None
    fields: Fields | None = None


class RolePatchIn(Schema):
    name: Name | None = None
    name_en: OptionalName | None = None
    note: Note | None = None
    rights: Rights | None = None
    fields: Fields | None = None


def _shape(row: Role, holders: int) -> dict[str, Any]:
    rights, fields = roles.matrix_of(row)
    plain = {name: getattr(row, name) for name in ("code", "name", "name_en", "note", "is_built_in")}
    return {"id": row.pk, **plain, "rights": rights, "fields": fields, "users": holders}


@router.get("", operation_id="getRoles", response={200: RolesOut, **problems()})
def get_roles(request: TenantRequest) -> Any:
    """All roles, the built-in ones first."""
    rows = roles.list_roles(tenant=request.actor.tenant)
    return {"items": [_shape(row, row.holders) for row in rows]}  # type: ignore[attr-defined] # annotated


@router.get("/rights", operation_id="getRights", response={200: GrantableOut, **problems()})
def get_rights(request: TenantRequest) -> Any:
    """What a role can be given: every right, in groups, and every field that can be restricted."""
    return {
        "rights": list(CATALOGUE),
        "fields": [
            {"code": f"{subject}.{field.code}", "subject": subject, "zh": field.zh, "en": field.en}
            | {"can_mask": field.can_mask}
            for subject, fields in known_fields(request.actor.tenant).items()
            for field in fields
        ],
    }


@router.post("", operation_id="createRole", response={201: RoleOut, **problems(400, 409)})
def create_role(request: TenantRequest, body: RoleIn) -> Any:
    """Make a role, best as a copy of one."""
    fields = body.dict(exclude={"copy_of"}, exclude_none=True)
    return Status(201, _shape(roles.create_role(actor=request.actor, fields=fields, copy_of=body.copy_of), 0))


@router.patch("/{int:role_id}", operation_id="updateRole", response={200: RoleOut, **problems(400, 404, 409)})
def update_role(request: TenantRequest, role_id: int, body: RolePatchIn) -> Any:
    """Change what a role of the company's may do; holds with the next request of each who has it."""
    row = roles.update_role(actor=request.actor, role_id=role_id, fields=body.dict(exclude_none=True))
    return _shape(row, row.holders)  # type: ignore[attr-defined] # annotated


@router.delete("/{int:role_id}", operation_id="removeRole", response={204: None, **problems(404, 409)})
def remove_role(request: TenantRequest, role_id: int) -> Any:
    """Remove a role that nobody has."""
    roles.remove_role(actor=request.actor, role_id=role_id)
    return Status(204, None)
