"""HTTP of the inbound hooks: their settings, their log, and the one address at which messages come in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.integrations import inbound
from zhiyin.apps.integrations.api import Name
from zhiyin.apps.integrations.inbound import MAX_BODY_BYTES, Message
from zhiyin.apps.integrations.models import InboundCall, InboundHook
from zhiyin.apps.refusals import Invalid
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest, remote_address
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, ProblemOut, problems

MANAGE = NeedsPerson("integrations.manage", why="Which systems may write is decided by administrators.")
router = Router(tags=["inbound"], auth=MANAGE)

Check = Literal["token", "signature"]
COLUMNS = {
    "name": ("名称", "Name"),
    "path": ("地址", "Address"),
    "check_by": ("验证方式", "Checked by"),
    "is_enabled": ("启用", "Enabled"),
    "created_at": ("创建时间", "Made at"),
}
CALL_COLUMNS = {
    "at": ("时间", "Time"),
    "address": ("来源", "From"),
    "message_id": ("消息编号", "Message id"),
    "problem": ("问题", "Problem"),
    "outcome": ("结果", "Outcome"),
}


class PairIn(Schema):
    """``pointer`` (RFC 6901) names a value of the message, ``field`` what it becomes: name, number, custom.CODE..."""

    pointer: Annotated[str, StringConstraints(max_length=200)]
    field: Annotated[str, StringConstraints(min_length=1, max_length=70)]


class InboundOut(Schema):
    id: int
    name: str
    #: below the installation's own address
    path: str
    check_by: Check
    action: Literal["customer"]
    mapping: list[PairIn]
    calls_per_minute: int
    is_enabled: bool
    created_at: datetime


class InboundMadeOut(InboundOut):
    #: what the sender signs with or shows; it is not shown again
    secret: str


class InboundPage(Page[InboundOut]):
    pass


class InboundIn(Schema):
    name: Name
    check_by: Check = "signature"
    action: Literal["customer"] = "customer"
    mapping: list[PairIn] = Field(min_length=1, max_length=60)
    calls_per_minute: int = Field(default=120, ge=1, le=6000)
    is_enabled: bool = True


class InboundPatchIn(Schema):
    name: Name | None = None
    check_by: Check | None = None
    mapping: list[PairIn] | None = Field(default=None, min_length=1, max_length=60)
    calls_per_minute: int | None = Field(default=None, ge=1, le=6000)
    is_enabled: bool | None = None


class InboundCallOut(Schema):
    id: int
    at: datetime
    address: str
    message_id: str | None
    #: "" or why nothing was done
    problem: str
    fields: dict[str, str]
    outcome: dict[str, Any]


class InboundCallPage(Page[InboundCallOut]):
    pass


class ReceivedOut(Schema):
    """The same for the same message, however often it comes."""

    id: str
    customer: int
    is_new: bool


def _shape(rows: Sequence[InboundHook]) -> list[InboundOut]:
    return [InboundOut(**_plain(row)) for row in rows]


def _plain(row: InboundHook) -> dict[str, Any]:
    return {"id": row.pk, "path": inbound.path_of(row), "created_at": row.created_at} | inbound.shown(row)


@router.get("", operation_id="listInbound", response={200: InboundPage, **problems()})
def list_inbound(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Addresses at which other systems tell us something."""
    rows = inbound.list_hooks(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("name", "is_enabled", "created_at")}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="name", shape=_shape, columns=COLUMNS)


@router.post("", operation_id="createInbound", response={201: InboundMadeOut, **problems(400, 409)})
def create_inbound(request: TenantRequest, body: InboundIn) -> Any:
    """Make one. The answer is the only one that holds its secret."""
    made, secret = inbound.create_hook(actor=request.actor, fields=body.dict())
    return Status(201, InboundMadeOut(secret=secret, **_plain(made)))


@router.patch("/{int:inbound_id}", operation_id="updateInbound", response={200: InboundOut, **problems(400, 404, 409)})
def update_inbound(request: TenantRequest, inbound_id: int, body: InboundPatchIn) -> Any:
    """Change what is named; address and secret stay."""
    fields = body.dict(exclude_none=True)
    return _shape([inbound.update_hook(actor=request.actor, hook_id=inbound_id, fields=fields)])[0]


@router.post(
    "/{int:inbound_id}/secret", operation_id="changeInboundSecret", response={200: InboundMadeOut, **problems(404)}
)
def change_inbound_secret(request: TenantRequest, inbound_id: int) -> Any:
    """Give it a new secret at once; the answer is the only one that holds it."""
    changed, secret = inbound.change_secret(actor=request.actor, hook_id=inbound_id)
    return InboundMadeOut(secret=secret, **_plain(changed))


@router.delete("/{int:inbound_id}", operation_id="removeInbound", response={204: None, **problems(404)})
def remove_inbound(request: TenantRequest, inbound_id: int) -> Any:
    """Remove one with its log."""
    inbound.remove_hook(actor=request.actor, hook_id=inbound_id)
    return Status(204, None)


@router.get(
    "/{int:inbound_id}/calls", operation_id="listInboundCalls", response={200: InboundCallPage, **problems(404)}
)
def list_inbound_calls(request: TenantRequest, inbound_id: int, listing: Query[ListIn]) -> Any:
    """What came in at one address and what became of it, newest first."""
    rows = inbound.list_calls(tenant=request.actor.tenant, hook_id=inbound_id)

    def shape(calls: Sequence[InboundCall]) -> list[InboundCallOut]:
        return [InboundCallOut.from_orm(call) for call in calls]

    sortable = {"at": "at", "problem": "problem"}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="-at", shape=shape, columns=CALL_COLUMNS)


@router.post(
    "/{path}",
    operation_id="receiveInbound",
    auth=None,
    response={200: ReceivedOut, **dict.fromkeys((400, 401, 404, 409, 422, 429), ProblemOut)},
)
def receive_inbound(request: HttpRequest, path: str) -> Any:
    """A message of another system; signed (webhook-id, webhook-timestamp, webhook-signature) or with X-Zhiyin-Token."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        raise Invalid("too_large", title=f"A message may hold {MAX_BODY_BYTES // 1024} kB at most.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    message = Message(headers=headers, body=request.body, address=remote_address(request))
    if len(message.body) > MAX_BODY_BYTES:
        raise Invalid("too_large", title=f"A message may hold {MAX_BODY_BYTES // 1024} kB at most.")
    return inbound.receive(path=path, message=message, now=timezone.now())
