"""HTTP of external services and of the messages that flows had sent: administration alone."""

from collections.abc import Sequence
from typing import Any, Literal

from ninja import Query, Router, Status

from zhiyin.apps.external_services import queries, services
from zhiyin.apps.external_services.models import ExternalService, FlowMessage
from zhiyin.apps.external_services.schemas import (
    ExternalServiceIn,
    ExternalServiceOut,
    ExternalServicePage,
    ExternalServicePatchIn,
    FlowMessageOut,
    FlowMessagePage,
    TriedServiceOut,
    TryServiceIn,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, problems

router = Router(tags=["external services"], auth=Needs("admin"))
messages_router = Router(tags=["external services"], auth=Needs("admin"))

COLUMNS = {"name": ("外部服务", "External service"), "kind": ("类型", "Kind"), "is_enabled": ("启用", "Enabled")}
MESSAGE_COLUMNS = {
    "ordered_at": ("提交时间", "Ordered at"),
    "service_name": ("外部服务", "External service"),
    "state": ("状态", "State"),
    "tries": ("尝试次数", "Tries"),
    "cause": ("原因", "Cause"),
    "interaction": ("联络编号", "Contact"),
}


class ServiceListIn(ListIn):
    kind: Literal["", "http", "database", "payment", "sms", "mail", "synthesis", "recognition"] = ""


class MessageListIn(ListIn):
    """``search``: a contact's id."""

    state: Literal["", "waiting", "sent", "failed", "erased"] = ""
    service: int | None = None


def _shape(row: ExternalService) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("id", "kind", "name", "settings", "is_enabled")}
    return {**shown, "has_secret": bool(row.sealed_secret)}


def _shape_all(rows: Sequence[ExternalService]) -> list[ExternalServiceOut]:
    return [ExternalServiceOut(**_shape(row)) for row in rows]


@router.get("", operation_id="listExternalServices", response={200: ExternalServicePage, **problems()})
def list_services(request: TenantRequest, listing: Query[ServiceListIn]) -> Any:
    """What flows may ask, and by whom messages are sent."""
    rows = queries.list_services(tenant=request.actor.tenant, search=listing.search, kind=listing.kind)
    sortable = {name: name for name in ("name", "kind", "is_enabled")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="name", shape=_shape_all, columns=COLUMNS
    )


@router.post("", operation_id="createExternalService", response={201: ExternalServiceOut, **problems(400, 409)})
def create_service(request: TenantRequest, body: ExternalServiceIn) -> Any:
    """Make one; its secret is sealed and not shown again."""
    return Status(201, _shape(services.create_service(actor=request.actor, fields=body.dict())))


@router.get("/{int:service_id}", operation_id="getExternalService", response={200: ExternalServiceOut, **problems(404)})
def get_service(request: TenantRequest, service_id: int) -> Any:
    """One external service."""
    return _shape(services.get_service(tenant=request.actor.tenant, service_id=service_id))


@router.patch(
    "/{int:service_id}",
    operation_id="updateExternalService",
    response={200: ExternalServiceOut, **problems(400, 404, 409)},
)
def update_service(request: TenantRequest, service_id: int, body: ExternalServicePatchIn) -> Any:
    """Change what is named; a secret is kept, unless the service moved to another host."""
    fields = body.dict(exclude_none=True)
    return _shape(services.update_service(actor=request.actor, service_id=service_id, fields=fields))


@router.delete("/{int:service_id}", operation_id="removeExternalService", response={204: None, **problems(404, 409)})
def remove_service(request: TenantRequest, service_id: int) -> Any:
    """Remove one that no flow in force asks."""
    services.remove_service(actor=request.actor, service_id=service_id)
    return Status(204, None)


@router.post(
    "/{int:service_id}/try",
    operation_id="tryExternalService",
    response={200: TriedServiceOut, **problems(400, 404, 409, 503)},
)
def try_service(request: TenantRequest, service_id: int, body: TryServiceIn) -> Any:
    """Ask it now, as a flow would; send a test message; or hear it."""
    return services.try_service(actor=request.actor, service_id=service_id, **body.dict())


@messages_router.get("", operation_id="listFlowMessages", response={200: FlowMessagePage, **problems()})
def list_messages(request: TenantRequest, listing: Query[MessageListIn]) -> Any:
    """What flows had sent, the newest first."""
    tenant = request.actor.tenant
    rows = queries.list_messages(tenant=tenant, search=listing.search, state=listing.state, service_id=listing.service)

    def shape(page: Sequence[FlowMessage]) -> list[FlowMessageOut]:
        names = queries.service_names(tenant=tenant, service_ids=(row.service_id for row in page))
        shown = ("id", "service_id", "state", "tries", "cause", "ordered_at", "due_at", "ended_at")
        return [
            FlowMessageOut(
                **{name: getattr(row, name) for name in shown},
                interaction=row.interaction_id,
                service_name=names.get(row.service_id, ""),
            )
            for row in page
        ]

    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("ordered_at", "state", "tries")},
        default_sort="-ordered_at",
        shape=shape,
        columns=MESSAGE_COLUMNS,
    )
