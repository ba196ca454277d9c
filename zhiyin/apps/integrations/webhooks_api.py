"""HTTP of the webhooks and of their log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.integrations import deliveries, webhooks
from zhiyin.apps.integrations.api import Name, Right
from zhiyin.apps.integrations.event_types import CATALOGUE
from zhiyin.apps.integrations.models import Delivery, Webhook
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

READ = Needs("integrations.manage")
MANAGE = NeedsPerson("integrations.manage", why="Where a company's data go is decided by its administrators.")
router = Router(tags=["webhooks"], auth=MANAGE)

Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=8, max_length=500)]
EventCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=60)]
State = Literal["waiting", "delivered", "failed", "dropped"]

COLUMNS = {
    "name": ("名称", "Name"),
    "url": ("地址", "Address"),
    "events": ("事件", "Events"),
    "is_enabled": ("启用", "Enabled"),
    "failing_since": ("自何时失败", "Failing since"),
    "created_at": ("创建时间", "Made at"),
}
DELIVERY_COLUMNS = {
    "at": ("时间", "Time"),
    "webhook_name": ("Webhook", "Webhook"),
    "type": ("事件", "Event"),
    "subject_id": ("对象", "Subject"),
    "state": ("状态", "State"),
    "last_status": ("应答", "Answer"),
    "tries_made": ("次数", "Tries"),
    "ended_at": ("完成时间", "Ended at"),
}


class EventTypeOut(Schema):
    code: str
    version: int
    #: without it nobody hears of such an event
    right: str
    zh: str
    en: str


class EventTypesOut(Schema):
    items: list[EventTypeOut]
    #: hosts of private networks that the installation lets webhooks go to
    internal_hosts: list[str]


class WebhookOut(Schema):
    id: int
    name: str
    url: str
    events: list[str]
    rights: list[str]
    is_enabled: bool
    #: why it was switched off by itself: nothing was taken for days, or the receiver said 410
    disabled_why: Literal["", "failing", "gone"]
    failing_since: datetime | None
    secret_changed_at: datetime | None
    created_at: datetime


class WebhookMadeOut(WebhookOut):
    #: what its receiver checks signatures with; it is not shown again
    secret: str


class WebhookPage(Page[WebhookOut]):
    pass


class WebhookIn(Schema):
    name: Name
    url: Url
    events: list[EventCode] = Field(min_length=1, max_length=100)
    rights: list[Right] = Field(default=[], max_length=200)
    is_enabled: bool = True


class WebhookPatchIn(Schema):
    name: Name | None = None
    url: Url | None = None
    events: list[EventCode] | None = Field(default=None, min_length=1, max_length=100)
    rights: list[Right] | None = Field(default=None, max_length=200)
    is_enabled: bool | None = None


class TriedOut(Schema):
    is_taken: bool
    status: int | None
    duration_ms: int | None
    answer: str
    #: "" or why there was no answer: unresolved refused_address unreachable tls late broken
    error: str


class TryOut(Schema):
    at: datetime
    status: int | None
    duration_ms: int
    error: str


class DeliveryOut(Schema):
    id: int
    webhook: int
    webhook_name: str
    event_id: UUID
    type: str
    subject_kind: str
    subject_id: str
    at: datetime
    state: State
    due_at: datetime | None
    ended_at: datetime | None
    last_status: int | None
    tries_made: int


class DeliveryDetailOut(DeliveryOut):
    tries: list[TryOut]
    #: what was sent
    body: str
    #: the beginning of the last answer
    answer: str


class DeliveryPage(Page[DeliveryOut]):
    pass


class DeliveryListIn(ListIn):
    webhook: int | None = None
    state: State | Literal[""] = ""
    type: str = Field(default="", max_length=60)


def _shape(rows: Sequence[Webhook]) -> list[WebhookOut]:
    return [WebhookOut.from_orm(row) for row in rows]


def _delivery(row: Delivery) -> dict[str, Any]:
    names = ("id", "event_id", "type", "subject_kind", "subject_id", "at", "state", "due_at", "ended_at", "last_status")
    plain = {name: getattr(row, name) for name in names}
    return plain | {"webhook": row.webhook_id, "webhook_name": row.webhook.name, "tries_made": len(row.tries)}


def _shape_deliveries(rows: Sequence[Delivery]) -> list[DeliveryOut]:
    return [DeliveryOut(**_delivery(row)) for row in rows]


@router.get("/events", operation_id="getEventTypes", auth=READ, response={200: EventTypesOut, **problems()})
def get_event_types(request: TenantRequest) -> Any:
    """What can be heard of, and which right each event needs."""
    items = [
        EventTypeOut(code=each.code, version=each.version, right=each.right, zh=each.zh, en=each.en)
        for each in CATALOGUE.values()
    ]
    return {"items": items, **webhooks.limits()}


@router.get("/deliveries", operation_id="listDeliveries", auth=READ, response={200: DeliveryPage, **problems()})
def list_deliveries(request: TenantRequest, listing: Query[DeliveryListIn]) -> Any:
    """What was sent and what came of it, newest first."""
    rows = deliveries.list_deliveries(
        tenant=request.actor.tenant,
        webhook_id=listing.webhook,
        search=listing.search,
        state=listing.state,
        type_=listing.type,
    )
    sortable = {"at": "at", "id": "pk", "state": "state", "type": "type", "last_status": "last_status"}
    return answer_list(
        request,
        rows.defer("body", "answer", "facts"),
        listing,
        sortable=sortable,
        default_sort="-id",
        shape=_shape_deliveries,
        columns=DELIVERY_COLUMNS,
    )


@router.get(
    "/deliveries/{int:delivery_id}",
    operation_id="getDelivery",
    response={200: DeliveryDetailOut, **problems(404)},
)
def get_delivery(request: TenantRequest, delivery_id: int) -> Any:
    """One delivery with what was sent, each try and the last answer. It may hold personal data: people only."""
    row = deliveries.get_delivery(tenant=request.actor.tenant, delivery_id=delivery_id)
    tries = [TryOut(**each) for each in row.tries]
    return DeliveryDetailOut(**_delivery(row), tries=tries, body=row.body, answer=row.answer)


@router.post(
    "/deliveries/{int:delivery_id}/resend", operation_id="resendDelivery", response={200: DeliveryOut, **problems(404)}
)
def resend_delivery(request: TenantRequest, delivery_id: int) -> Any:
    """Send it once more with the same id."""
    row = deliveries.resend(actor=request.actor, delivery_id=delivery_id, now=timezone.now())
    return _shape_deliveries([row])[0]


@router.get("", operation_id="listWebhooks", auth=READ, response={200: WebhookPage, **problems()})
def list_webhooks(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """The company's webhooks."""
    rows = webhooks.list_webhooks(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("name", "url", "is_enabled", "failing_since", "created_at")}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="name", shape=_shape, columns=COLUMNS)


@router.post("", operation_id="createWebhook", response={201: WebhookMadeOut, **problems(400, 409)})
def create_webhook(request: TenantRequest, body: WebhookIn) -> Any:
    """Make one. The answer is the only one that holds its secret."""
    made, secret = webhooks.create_webhook(actor=request.actor, fields=body.dict())
    return Status(201, WebhookMadeOut(secret=secret, **_shape([made])[0].dict()))


@router.get("/{int:webhook_id}", operation_id="getWebhook", auth=READ, response={200: WebhookOut, **problems(404)})
def get_webhook(request: TenantRequest, webhook_id: int) -> Any:
    """One webhook."""
    return webhooks.get_webhook(tenant=request.actor.tenant, webhook_id=webhook_id)


@router.patch("/{int:webhook_id}", operation_id="updateWebhook", response={200: WebhookOut, **problems(400, 404, 409)})
def update_webhook(request: TenantRequest, webhook_id: int, body: WebhookPatchIn) -> Any:
    """Change what is named; its secret stays."""
    return webhooks.update_webhook(actor=request.actor, webhook_id=webhook_id, fields=body.dict(exclude_none=True))


@router.delete("/{int:webhook_id}", operation_id="removeWebhook", response={204: None, **problems(404)})
def remove_webhook(request: TenantRequest, webhook_id: int) -> Any:
    """Remove one with its log."""
    webhooks.remove_webhook(actor=request.actor, webhook_id=webhook_id)
    return Status(204, None)


@router.post(
    "/{int:webhook_id}/secret", operation_id="changeWebhookSecret", response={200: WebhookMadeOut, **problems(404)}
)
def change_webhook_secret(request: TenantRequest, webhook_id: int) -> Any:
    """Give it a new secret; for a day messages carry signatures of both."""
    row, secret = webhooks.change_secret(actor=request.actor, webhook_id=webhook_id, now=timezone.now())
    return WebhookMadeOut(secret=secret, **_shape([row])[0].dict())


@router.post("/{int:webhook_id}/test", operation_id="testWebhook", response={200: TriedOut, **problems(404)})
def send_test(request: TenantRequest, webhook_id: int) -> Any:
    """Send a test event now; what came back, within ten seconds."""
    tried = webhooks.try_webhook(actor=request.actor, webhook_id=webhook_id, now=timezone.now())
    answer = tried.answer
    return TriedOut(
        is_taken=tried.is_taken,
        status=answer.status if answer else None,
        duration_ms=answer.duration_ms if answer else None,
        answer=answer.body.decode(errors="replace") if answer else "",
        error=tried.error,
    )
