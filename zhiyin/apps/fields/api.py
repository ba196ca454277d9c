"""HTTP of custom fields. Everybody reads them, for forms are made of them; who may ``fields.write`` changes them."""

from collections.abc import Sequence
from typing import Any

from ninja import Query, Router, Status

from zhiyin.apps.fields import queries, services
from zhiyin.apps.fields.models import FieldDefinition
from zhiyin.apps.fields.schemas import (
    FieldIn,
    FieldListIn,
    FieldOrderIn,
    FieldOut,
    FieldPage,
    FieldPatchIn,
    shape_field,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["fields"], auth=Needs("fields.write"))
ANYBODY = Needs()

COLUMNS = {
    "name": ("字段", "Field"),
    "name_en": ("英文名", "English name"),
    "code": ("编码", "Code"),
    "subject": ("所属对象", "Record"),
    "kind": ("类型", "Kind"),
    "is_required": ("必填", "Required"),
    "is_unique": ("唯一", "Unique"),
    "is_searchable": ("可搜索", "Searchable"),
    "is_in_list": ("列表显示", "In lists"),
    "is_active": ("启用", "In use"),
    "help": ("说明", "Help"),
}
_STATES = {"active": True, "retired": False}


def _shape(rows: Sequence[FieldDefinition]) -> list[FieldOut]:
    return [shape_field(row) for row in rows]


@router.get("", operation_id="listFields", auth=ANYBODY, response={200: FieldPage, **problems()})
def list_fields(request: TenantRequest, listing: Query[FieldListIn]) -> Any:
    """Custom fields in their order, retired ones too unless a state is asked for."""
    rows = queries.list_fields(
        tenant=request.actor.tenant,
        subject=listing.subject,
        search=listing.search,
        is_active=_STATES.get(listing.state),
    )
    sortable = {name: name for name in ("position", "name", "code", "kind", "subject")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="position", shape=_shape, columns=COLUMNS
    )


@router.post("", operation_id="createField", response={201: FieldOut, **problems(400, 409)})
def create_field(request: TenantRequest, body: FieldIn) -> Any:
    """Add a field to a kind of record; it can be filled at once."""
    row = services.create_field(
        actor=request.actor,
        subject=body.subject,
        kind=body.kind,
        fields=body.dict(exclude={"subject", "kind"}),
    )
    return Status(201, shape_field(row))


@router.put("/order", operation_id="orderFields", response={204: None, **problems(400)})
def order_fields(request: TenantRequest, body: FieldOrderIn) -> Any:
    """Put a subject's fields into an order."""
    services.order_fields(actor=request.actor, subject=body.subject, ids=body.ids)
    return Status(204, None)


@router.get("/{int:field_id}", operation_id="getField", auth=ANYBODY, response={200: FieldOut, **problems(404)})
def get_field(request: TenantRequest, field_id: int) -> Any:
    """One field."""
    return shape_field(services.get_field(tenant=request.actor.tenant, field_id=field_id))


@router.patch("/{int:field_id}", operation_id="updateField", response={200: FieldOut, **problems(400, 404, 409)})
def update_field(request: TenantRequest, field_id: int, body: FieldPatchIn) -> Any:
    """Change what is named; ``is_active`` false retires the field, its values stay."""
    given = body.dict(exclude_unset=True)
    fields = {name: value for name, value in given.items() if value is not None or name == "default"}
    return shape_field(services.update_field(actor=request.actor, field_id=field_id, fields=fields))
