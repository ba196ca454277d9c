"""HTTP of queues, not-ready reasons and dispositions. Everybody at the desk reads them; administrators change them."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from zhiyin.apps.queues import queries, services
from zhiyin.apps.queues.models import Disposition, Queue, Reason
from zhiyin.apps.queues.schemas import (
    OF_MEMBERS,
    Name,
    OptionalName,
    QueueIn,
    QueueMembership,
    QueueOut,
    QueuePage,
    QueuePatchIn,
    ReasonCode,
)
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.models import Tenant

router = Router(tags=["queues"], auth=Needs("admin"))
reasons_router = Router(tags=["reasons"], auth=Needs("admin"))
dispositions_router = Router(tags=["dispositions"], auth=Needs("admin"))
AT_DESK = Needs("desk")

QUEUE_COLUMNS = {
    "name": ("技能组", "Queue"),
    "name_en": ("英文名", "English name"),
    "extension": ("内部号码", "Extension"),
    "agent_choice": ("派单规则", "Agent choice"),
    "offer_timeout_s": ("振铃秒数", "Offer timeout (s)"),
    "wrap_up_mode": ("话后整理方式", "Wrap-up mode"),
    "wrap_up_s": ("话后整理秒数", "Wrap-up (s)"),
    "service_level_s": ("服务水平秒数", "Service level (s)"),
    "max_wait_s": ("最长等待秒数", "Longest wait (s)"),
    "is_recorded": ("录音", "Recorded"),
}


def _shape_queues(rows: Sequence[Queue]) -> list[QueueOut]:
    if not rows:
        return []
    ids = [row.pk for row in rows]
    members = queries.members_of(tenant_id=rows[0].tenant_id, queue_ids=ids)
    memberships = queries.memberships_of(tenant=Tenant(pk=rows[0].tenant_id), queue_ids=ids)
    names = [name for name in QueueOut.model_fields if name not in OF_MEMBERS]
    return [
        QueueOut(
            members=members.get(row.pk, []),
            memberships=[QueueMembership(**one) for one in memberships.get(row.pk, [])],
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    ]


@router.get("", operation_id="listQueues", auth=AT_DESK, response={200: QueuePage, **problems()})
def list_queues(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Queues in service."""
    rows = queries.list_queues(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("id", "name", "name_en", "wrap_up_s", "service_level_s")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="id", shape=_shape_queues, columns=QUEUE_COLUMNS
    )


@router.post("", operation_id="createQueue", response={201: QueueOut, **problems(400, 409)})
def create_queue(request: TenantRequest, body: QueueIn) -> Any:
    """Make a queue; callers can be sent to it at once."""
    given = body.dict()
    fields = {name: value for name, value in given.items() if name not in OF_MEMBERS}
    queue = services.create_queue(
        actor=request.actor, fields=fields, members=body.members, memberships=given["memberships"]
    )
    return Status(201, _shape_queues([queue])[0])


@router.get("/{int:queue_id}", operation_id="getQueue", auth=AT_DESK, response={200: QueueOut, **problems(404)})
def get_queue(request: TenantRequest, queue_id: int) -> Any:
    """One queue."""
    return _shape_queues([services.get_queue(tenant=request.actor.tenant, queue_id=queue_id)])[0]


@router.patch("/{int:queue_id}", operation_id="updateQueue", response={200: QueueOut, **problems(400, 404, 409)})
def update_queue(request: TenantRequest, queue_id: int, body: QueuePatchIn) -> Any:
    """Change what is named of a queue."""
    queue = services.update_queue(
        actor=request.actor,
        queue_id=queue_id,
        fields=body.named(),
        members=body.members,
        memberships=body.dict()["memberships"],
    )
    return _shape_queues([queue])[0]


@router.delete("/{int:queue_id}", operation_id="removeQueue", response={204: None, **problems(404, 409)})
def remove_queue(request: TenantRequest, queue_id: int) -> Any:
    """Take a queue out of service; its figures stay."""
    services.remove_queue(actor=request.actor, queue_id=queue_id, now=timezone.now())
    return Status(204, None)


class ReasonOut(Schema):
    id: int
    code: str
    name: str
    name_en: str
    is_rest: bool
    planned_min: int
    position: int


class ReasonPage(Page[ReasonOut]):
    pass


class ReasonIn(Schema):
    code: ReasonCode
    name: Name
    name_en: OptionalName = ""
    is_rest: bool = False
    #: how long such a rest is planned to last; 0: of any length
    planned_min: int = Field(default=0, ge=0, le=480)
    position: int = Field(default=0, ge=0, le=1000)


class ReasonPatchIn(Schema):
    name: Name | None = None
    name_en: OptionalName | None = None
    is_rest: bool | None = None
    planned_min: int | None = Field(default=None, ge=0, le=480)
    position: int | None = Field(default=None, ge=0, le=1000)


REASON_COLUMNS = {
    "code": ("代码", "Code"),
    "name": ("示忙原因", "Reason"),
    "name_en": ("英文名", "English name"),
    "is_rest": ("小休", "Rest"),
    "planned_min": ("计划分钟", "Planned minutes"),
}


def _shape_reasons(rows: Sequence[Reason]) -> list[ReasonOut]:
    return [ReasonOut.from_orm(row) for row in rows]


@reasons_router.get("", operation_id="listReasons", auth=AT_DESK, response={200: ReasonPage, **problems()})
def list_reasons(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Not-ready reasons."""
    rows = queries.list_reasons(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("position", "code", "name")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="position", shape=_shape_reasons, columns=REASON_COLUMNS
    )


@reasons_router.post("", operation_id="createReason", response={201: ReasonOut, **problems(400, 409)})
def create_reason(request: TenantRequest, body: ReasonIn) -> Any:
    """Make a not-ready reason."""
    return Status(201, services.create_reason(actor=request.actor, fields=body.dict()))


@reasons_router.get(
    "/{int:reason_id}", operation_id="getReason", auth=AT_DESK, response={200: ReasonOut, **problems(404)}
)
def get_reason(request: TenantRequest, reason_id: int) -> Any:
    """One not-ready reason."""
    return services.get_reason(tenant=request.actor.tenant, reason_id=reason_id)


@reasons_router.patch("/{int:reason_id}", operation_id="updateReason", response={200: ReasonOut, **problems(404, 409)})
def update_reason(request: TenantRequest, reason_id: int, body: ReasonPatchIn) -> Any:
    """Change a not-ready reason; its code stays, for the records."""
    return services.update_reason(actor=request.actor, reason_id=reason_id, fields=body.dict(exclude_none=True))


@reasons_router.delete("/{int:reason_id}", operation_id="removeReason", response={204: None, **problems(404)})
def remove_reason(request: TenantRequest, reason_id: int) -> Any:
    """Remove a not-ready reason."""
    services.remove_reason(actor=request.actor, reason_id=reason_id)
    return Status(204, None)


class DispositionOut(Schema):
    id: int
    parent_id: int | None
    name: str
    name_en: str
    position: int


class DispositionPage(Page[DispositionOut]):
    pass


class DispositionIn(Schema):
    parent_id: int | None = None
    name: Name
    name_en: OptionalName = ""
    position: int = Field(default=0, ge=0, le=1000)


class DispositionPatchIn(Schema):
    """``parent_id`` null moves it to the top; left out, it stays where it is."""

    parent_id: int | None = None
    name: Name | None = None
    name_en: OptionalName | None = None
    position: int | None = Field(default=None, ge=0, le=1000)


DISPOSITION_COLUMNS = {
    "id": ("编号", "Id"),
    "parent_id": ("上级", "Parent"),
    "name": ("业务分类", "Disposition"),
    "name_en": ("英文名", "English name"),
}


def _shape_dispositions(rows: Sequence[Disposition]) -> list[DispositionOut]:
    return [DispositionOut.from_orm(row) for row in rows]


@dispositions_router.get(
    "", operation_id="listDispositions", auth=AT_DESK, response={200: DispositionPage, **problems()}
)
def list_dispositions(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """The tree of dispositions, as a list with parents."""
    rows = queries.list_dispositions(tenant=request.actor.tenant, search=listing.search)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("position", "name")},
        default_sort="position",
        shape=_shape_dispositions,
        columns=DISPOSITION_COLUMNS,
    )


@dispositions_router.post("", operation_id="createDisposition", response={201: DispositionOut, **problems(400, 409)})
def create_disposition(request: TenantRequest, body: DispositionIn) -> Any:
    """Make a disposition."""
    return Status(201, services.create_disposition(actor=request.actor, fields=body.dict()))


@dispositions_router.get(
    "/{int:disposition_id}",
    operation_id="getDisposition",
    auth=AT_DESK,
    response={200: DispositionOut, **problems(404)},
)
def get_disposition(request: TenantRequest, disposition_id: int) -> Any:
    """One disposition."""
    return services.get_disposition(tenant=request.actor.tenant, disposition_id=disposition_id)


@dispositions_router.patch(
    "/{int:disposition_id}", operation_id="updateDisposition", response={200: DispositionOut, **problems(400, 404, 409)}
)
def update_disposition(request: TenantRequest, disposition_id: int, body: DispositionPatchIn) -> Any:
    """Rename or move a disposition."""
    fields = {
        name: value for name, value in body.dict(exclude_unset=True).items() if name == "parent_id" or value is not None
    }
    return services.update_disposition(actor=request.actor, disposition_id=disposition_id, fields=fields)


@dispositions_router.delete(
    "/{int:disposition_id}", operation_id="removeDisposition", response={204: None, **problems(404)}
)
def remove_disposition(request: TenantRequest, disposition_id: int) -> Any:
    """Remove a disposition and all below it from the list; records keep them."""
    services.remove_disposition(actor=request.actor, disposition_id=disposition_id, now=timezone.now())
    return Status(204, None)
