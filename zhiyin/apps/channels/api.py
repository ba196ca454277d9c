"""HTTP of numbers, trunks, SIP telephones and the outbound policy: administration alone."""

from collections.abc import Sequence
from typing import Any

from ninja import Query, Router, Status

from zhiyin.apps.channels import queries, services
from zhiyin.apps.channels.models import Number, Telephone, Trunk
from zhiyin.apps.channels.schemas import (
    NumberIn,
    NumberOut,
    NumberPage,
    NumberPatchIn,
    OutboundIn,
    OutboundOut,
    TelephoneIn,
    TelephoneOut,
    TelephonePage,
    TelephonePatchIn,
    TelephoneSecretOut,
    TrunkIn,
    TrunkOut,
    TrunkPage,
    TrunkPatchIn,
    TrunkTestOut,
    shape_telephone,
    shape_telephone_secret,
    shape_trunk,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems

numbers_router = Router(tags=["numbers"], auth=Needs("admin"))
trunks_router = Router(tags=["trunks"], auth=Needs("admin"))
telephones_router = Router(tags=["telephones"], auth=Needs("admin"))
outbound_router = Router(tags=["outbound"], auth=Needs("admin"))

NUMBER_COLUMNS = {
    "number": ("号码", "Number"),
    "name": ("名称", "Name"),
    "flow_id": ("流程", "Flow"),
    "is_vip": ("VIP 号码", "VIP number"),
}
TRUNK_COLUMNS = {
    "name": ("中继", "Trunk"),
    "host": ("地址", "Host"),
    "port": ("端口", "Port"),
    "transport": ("传输", "Transport"),
    "username": ("用户名", "User name"),
    "does_register": ("注册", "Registers"),
    "is_enabled": ("启用", "Enabled"),
}
TELEPHONE_COLUMNS = {"account": ("账号", "Account"), "label": ("标签", "Label"), "agent_id": ("座席", "Agent")}


def _shape_numbers(rows: Sequence[Number]) -> list[NumberOut]:
    return [NumberOut.from_orm(row) for row in rows]


@numbers_router.get("", operation_id="listNumbers", response={200: NumberPage, **problems()})
def list_numbers(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Numbers the company is called on."""
    rows = queries.list_numbers(tenant=request.actor.tenant, search=listing.search)
    sortable = {"number": "number", "name": "name"}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="number", shape=_shape_numbers, columns=NUMBER_COLUMNS
    )


@numbers_router.post("", operation_id="createNumber", response={201: NumberOut, **problems(400, 409)})
def create_number(request: TenantRequest, body: NumberIn) -> Any:
    """Lead a number to a flow; calls to it are taken at once."""
    return Status(201, services.create_number(actor=request.actor, fields=body.dict()))


@numbers_router.get("/{int:number_id}", operation_id="getNumber", response={200: NumberOut, **problems(404)})
def get_number(request: TenantRequest, number_id: int) -> Any:
    """One number."""
    return services.get_number(tenant=request.actor.tenant, number_id=number_id)


@numbers_router.patch(
    "/{int:number_id}", operation_id="updateNumber", response={200: NumberOut, **problems(400, 404, 409)}
)
def update_number(request: TenantRequest, number_id: int, body: NumberPatchIn) -> Any:
    """Change a number, its name or its flow."""
    return services.update_number(actor=request.actor, number_id=number_id, fields=body.dict(exclude_none=True))


@numbers_router.delete("/{int:number_id}", operation_id="removeNumber", response={204: None, **problems(404)})
def remove_number(request: TenantRequest, number_id: int) -> Any:
    """Take a number out of service."""
    services.remove_number(actor=request.actor, number_id=number_id)
    return Status(204, None)


def _shape_trunks(rows: Sequence[Trunk]) -> list[TrunkOut]:
    return [shape_trunk(row) for row in rows]


@trunks_router.get("", operation_id="listTrunks", response={200: TrunkPage, **problems()})
def list_trunks(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """SIP trunks to carriers."""
    rows = queries.list_trunks(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("id", "name", "host", "is_enabled")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="id", shape=_shape_trunks, columns=TRUNK_COLUMNS
    )


@trunks_router.post("", operation_id="createTrunk", response={201: TrunkOut, **problems(400, 409)})
def create_trunk(request: TenantRequest, body: TrunkIn) -> Any:
    """Make a trunk; it is usable at once."""
    return Status(201, shape_trunk(services.create_trunk(actor=request.actor, fields=body.dict())))


@trunks_router.get("/{int:trunk_id}", operation_id="getTrunk", response={200: TrunkOut, **problems(404)})
def get_trunk(request: TenantRequest, trunk_id: int) -> Any:
    """One trunk."""
    return shape_trunk(services.get_trunk(tenant=request.actor.tenant, trunk_id=trunk_id))


@trunks_router.patch("/{int:trunk_id}", operation_id="updateTrunk", response={200: TrunkOut, **problems(400, 404, 409)})
def update_trunk(request: TenantRequest, trunk_id: int, body: TrunkPatchIn) -> Any:
    """Change what is named of a trunk."""
    fields = body.dict(exclude_none=True)
    return shape_trunk(services.update_trunk(actor=request.actor, trunk_id=trunk_id, fields=fields))


@trunks_router.delete("/{int:trunk_id}", operation_id="removeTrunk", response={204: None, **problems(404)})
def remove_trunk(request: TenantRequest, trunk_id: int) -> Any:
    """Remove a trunk."""
    services.remove_trunk(actor=request.actor, trunk_id=trunk_id)
    return Status(204, None)


@trunks_router.post(
    "/{int:trunk_id}/test", operation_id="testTrunk", response={200: TrunkTestOut, **problems(404, 409, 503)}
)
def test_trunk(request: TenantRequest, trunk_id: int) -> Any:
    """Ask the carrier whether the trunk works, now."""
    return services.test_trunk(actor=request.actor, trunk_id=trunk_id)


def _shape_telephones(rows: Sequence[Telephone]) -> list[TelephoneOut]:
    return [shape_telephone(row) for row in rows]


@telephones_router.get("", operation_id="listTelephones", response={200: TelephonePage, **problems()})
def list_telephones(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """SIP telephones."""
    rows = queries.list_telephones(tenant=request.actor.tenant, search=listing.search)
    return answer_list(
        request,
        rows,
        listing,
        sortable={"account": "account", "label": "label"},
        default_sort="account",
        shape=_shape_telephones,
        columns=TELEPHONE_COLUMNS,
    )


@telephones_router.post("", operation_id="createTelephone", response={201: TelephoneSecretOut, **problems(400, 409)})
def create_telephone(request: TenantRequest, body: TelephoneIn) -> Any:
    """Make a SIP telephone; its secret is shown this once."""
    made = services.create_telephone(
        actor=request.actor, extension=body.extension, label=body.label, user_id=body.agent_id
    )
    return Status(201, shape_telephone_secret(*made))


@telephones_router.get(
    "/{int:telephone_id}", operation_id="getTelephone", response={200: TelephoneOut, **problems(404)}
)
def get_telephone(request: TenantRequest, telephone_id: int) -> Any:
    """One SIP telephone."""
    return shape_telephone(services.get_telephone(tenant=request.actor.tenant, telephone_id=telephone_id))


@telephones_router.patch(
    "/{int:telephone_id}", operation_id="updateTelephone", response={200: TelephoneOut, **problems(400, 404, 409)}
)
def update_telephone(request: TenantRequest, telephone_id: int, body: TelephonePatchIn) -> Any:
    """Change a telephone's label, or whose it is."""
    given = body.dict(exclude_unset=True)
    fields: dict[str, Any] = {"label": given["label"]} if given.get("label") is not None else {}
    if "agent_id" in given:
        fields["user_id"] = given["agent_id"]
    row = services.update_telephone(actor=request.actor, telephone_id=telephone_id, fields=fields)
    return shape_telephone(row)


@telephones_router.delete("/{int:telephone_id}", operation_id="removeTelephone", response={204: None, **problems(404)})
def remove_telephone(request: TenantRequest, telephone_id: int) -> Any:
    """Remove a SIP telephone; it can no longer register."""
    services.remove_telephone(actor=request.actor, telephone_id=telephone_id)
    return Status(204, None)


@telephones_router.post(
    "/{int:telephone_id}/secret",
    operation_id="resetTelephoneSecret",
    response={200: TelephoneSecretOut, **problems(404)},
)
def reset_telephone_secret(request: TenantRequest, telephone_id: int) -> Any:
    """Give a telephone a new secret, shown this once."""
    return shape_telephone_secret(*services.reset_telephone_secret(actor=request.actor, telephone_id=telephone_id))


@outbound_router.get("", operation_id="getOutbound", response={200: OutboundOut, **problems()})
def get_outbound(request: TenantRequest) -> Any:
    """Which numbers may be called, and how."""
    return services.get_policy(tenant=request.actor.tenant)


@outbound_router.put("", operation_id="saveOutbound", response={200: OutboundOut, **problems(400)})
def save_outbound(request: TenantRequest, body: OutboundIn) -> Any:
    """Change the outbound policy; the next call obeys it."""
    return services.save_policy(actor=request.actor, fields=body.fields_given())
