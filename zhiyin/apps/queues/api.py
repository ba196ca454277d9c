"""HTTP of queues, not-ready reasons and dispositions. Everybody at the desk reads them; administrators change them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints

from zhiyin.apps.queues import queries, services
from zhiyin.apps.queues.models import Disposition, Queue, Reason
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

router = Router(tags=["queues"], auth=Needs("admin"))
reasons_router = Router(tags=["reasons"], auth=Needs("admin"))
dispositions_router = Router(tags=["dispositions"], auth=Needs("admin"))
AT_DESK = Needs("desk")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
OptionalName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]
Skills = dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Annotated[int, Field(ge=1, le=10)]]
OfferTimeout = Annotated[int, Field(ge=5, le=120)]
WrapUp = Annotated[int, Field(ge=0, le=3600)]
ServiceLevel = Annotated[int, Field(ge=5, le=600)]
AnnounceEvery = Annotated[int, Field(ge=10, le=600)]
MaxWait = Annotated[int, Field(ge=10, le=86_400)]
Extension = Annotated[str, StringConstraints(pattern=r"^([0-9]{2,6})?$")]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


SkillCode = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class QueueRing(Schema):
    """What is given up once a contact has waited ``after_s``, on top of the rings before."""

    after_s: Annotated[int, Field(ge=1, le=86_400)]
    lower_by: Annotated[int, Field(ge=0, le=9)] = 0
    drop: Annotated[list[SkillCode], Field(max_length=20)] = []
    add_queues: Annotated[list[int], Field(max_length=10)] = []


def _in_order(rings: list[QueueRing]) -> list[QueueRing]:
    if any(later.after_s <= earlier.after_s for earlier, later in pairwise(rings)):
        raise ValueError("Each ring must begin later than the one before it.")
    return rings


Rings = Annotated[list[QueueRing], Field(max_length=6), AfterValidator(_in_order)]
OverflowCondition = Literal[
    "waited_over",
    "line_reached",
    "expected_over",
    "nobody_signed_in",
    "nobody_at_work",
    "nobody_ready",
    "closed",
]


class QueueOverflowStep(Schema):
    """A step of the chain: taken once where the condition holds, at arrival or later.

    ``threshold``: seconds waited, callers before it, or the P90 of the expected wait in seconds. ``queue`` for
    ``add_queue`` and ``move``, ``prompt`` for ``play`` and ``end``.
    """

    condition: OverflowCondition
    threshold: Annotated[int, Field(ge=0, le=86_400)] = 0
    action: Literal["add_queue", "move", "play", "end", "leave"]
    queue: int | None = None
    prompt: Annotated[str, StringConstraints(max_length=40)] = ""


Overflow = Annotated[list[QueueOverflowStep], Field(max_length=8)]
#: Those that need nothing which an engine forgets when it ends.
QueueAgentChoice = Literal["longest_idle", "round_robin", "most_skilled", "least_skilled", "random"]


class QueueOut(Schema):
    id: int
    name: str
    name_en: str
    members: list[int]
    skills: dict[str, int]
    offer_timeout_s: int
    wrap_up_s: int
    service_level_s: int
    announce_every_s: int
    max_wait_s: int
    is_recorded: bool
    extension: str
    agent_choice: QueueAgentChoice
    rings: list[QueueRing]
    announces_place: bool
    announces_wait: bool
    hours_id: int | None
    overflow: list[QueueOverflowStep]


class QueuePage(Page[QueueOut]):
    pass


class QueueIn(Schema):
    name: Name
    name_en: OptionalName = ""
    members: list[int] = []
    skills: Skills = {}
    offer_timeout_s: OfferTimeout = 20
    wrap_up_s: WrapUp = 60
    service_level_s: ServiceLevel = 20
    announce_every_s: AnnounceEvery = 30
    max_wait_s: MaxWait = 1800
    is_recorded: bool = True
    extension: Extension = ""
    agent_choice: QueueAgentChoice = "longest_idle"
    rings: Rings = []
    announces_place: bool = True
    announces_wait: bool = True
    hours_id: int | None = None
    overflow: Overflow = []


class QueuePatchIn(Schema):
    """``hours_id`` null takes the calendar away; left out, it stays."""

    name: Name | None = None
    name_en: OptionalName | None = None
    members: list[int] | None = None
    skills: Skills | None = None
    offer_timeout_s: OfferTimeout | None = None
    wrap_up_s: WrapUp | None = None
    service_level_s: ServiceLevel | None = None
    announce_every_s: AnnounceEvery | None = None
    max_wait_s: MaxWait | None = None
    is_recorded: bool | None = None
    extension: Extension | None = None
    agent_choice: QueueAgentChoice | None = None
    rings: Rings | None = None
    announces_place: bool | None = None
    announces_wait: bool | None = None
    hours_id: int | None = None
    overflow: Overflow | None = None


QUEUE_COLUMNS = {
    "name": ("技能组", "Queue"),
    "name_en": ("英文名", "English name"),
    "extension": ("内部号码", "Extension"),
    "agent_choice": ("派单规则", "Agent choice"),
    "offer_timeout_s": ("振铃秒数", "Offer timeout (s)"),
    "wrap_up_s": ("话后整理秒数", "Wrap-up (s)"),
    "service_level_s": ("服务水平秒数", "Service level (s)"),
    "max_wait_s": ("最长等待秒数", "Longest wait (s)"),
    "is_recorded": ("录音", "Recorded"),
}


def _shape_queues(rows: Sequence[Queue]) -> list[QueueOut]:
    members = queries.members_of(tenant_id=rows[0].tenant_id, queue_ids=[row.pk for row in rows]) if rows else {}
    names = [name for name in QueueOut.model_fields if name != "members"]
    return [QueueOut(members=members.get(row.pk, []), **{name: getattr(row, name) for name in names}) for row in rows]


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
    queue = services.create_queue(actor=request.actor, fields=body.dict(exclude={"members"}), members=body.members)
    return Status(201, _shape_queues([queue])[0])


@router.get("/{int:queue_id}", operation_id="getQueue", auth=AT_DESK, response={200: QueueOut, **problems(404)})
def get_queue(request: TenantRequest, queue_id: int) -> Any:
    """One queue."""
    return _shape_queues([services.get_queue(tenant=request.actor.tenant, queue_id=queue_id)])[0]


@router.patch("/{int:queue_id}", operation_id="updateQueue", response={200: QueueOut, **problems(400, 404, 409)})
def update_queue(request: TenantRequest, queue_id: int, body: QueuePatchIn) -> Any:
    """Change what is named of a queue."""
    given = body.dict(exclude={"members"})
    emptied = body.model_fields_set & {"hours_id"}
    fields = {name: value for name, value in given.items() if value is not None or name in emptied}
    queue = services.update_queue(actor=request.actor, queue_id=queue_id, fields=fields, members=body.members)
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
    position: int


class ReasonPage(Page[ReasonOut]):
    pass


class ReasonIn(Schema):
    code: ReasonCode
    name: Name
    name_en: OptionalName = ""
    is_rest: bool = False
    position: int = Field(default=0, ge=0, le=1000)


class ReasonPatchIn(Schema):
    name: Name | None = None
    name_en: OptionalName | None = None
    is_rest: bool | None = None
    position: int | None = Field(default=None, ge=0, le=1000)


REASON_COLUMNS = {
    "code": ("代码", "Code"),
    "name": ("示忙原因", "Reason"),
    "name_en": ("英文名", "English name"),
    "is_rest": ("小休", "Rest"),
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
