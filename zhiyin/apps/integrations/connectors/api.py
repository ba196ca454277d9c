"""HTTP of the connectors and of their log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.integrations.api import Name
from zhiyin.apps.integrations.connectors import services
from zhiyin.apps.integrations.connectors.kinds import KINDS
from zhiyin.apps.integrations.inbound_api import PairIn
from zhiyin.apps.integrations.models import Connector, ConnectorTask
from zhiyin.apps.integrations.webhooks_api import Url
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

READ = Needs("integrations.manage")
MANAGE = NeedsPerson("integrations.manage", why="Where a company's data go is decided by its administrators.")
router = Router(tags=["connectors"], auth=MANAGE)

KindCode = Literal["espocrm"]
Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=5, le=1440)]
TaskState = Literal["waiting", "done", "failed"]

COLUMNS = {
    "name": ("名称", "Name"),
    "kind": ("系统", "System"),
    "url": ("地址", "Address"),
    "is_enabled": ("启用", "Enabled"),
    "succeeded_at": ("最近成功", "Last success"),
    "failing_since": ("自何时失败", "Failing since"),
    "last_fault": ("最近故障", "Last fault"),
    "created_at": ("创建时间", "Made at"),
}
TASK_COLUMNS = {
    "at": ("时间", "Time"),
    "connector_name": ("连接器", "Connector"),
    "kind": ("任务", "Task"),
    "contact_id": ("联络", "Contact"),
    "state": ("状态", "State"),
    "last_fault": ("故障", "Fault"),
    "remote_id": ("对方编号", "Id over there"),
    "ended_at": ("完成时间", "Ended at"),
}


class PairOut(Schema):
    pointer: str
    field: str


class ConnectorKindOut(Schema):
    code: str
    name: str
    #: what customers' fields are filled from where nothing else is said
    mapping: list[PairOut]


class ConnectorKindsOut(Schema):
    items: list[ConnectorKindOut]


class ConnectorOut(Schema):
    id: int
    name: str
    kind: str
    url: str
    pushes_contacts: bool
    pulls_customers: bool
    mapping: list[PairOut]
    pull_every_min: int
    pull_due_at: datetime | None
    is_enabled: bool
    #: why it was switched off by itself: the other system refused us, or did nothing for days
    disabled_why: Literal["", "refused", "failing"]
    failing_since: datetime | None
    #: "" or why the last try did not succeed
    last_fault: str
    succeeded_at: datetime | None
    rests_until: datetime | None
    created_at: datetime


class ConnectorPage(Page[ConnectorOut]):
    pass


class ConnectorIn(Schema):
    name: Name
    kind: KindCode
    url: Url
    #: what opens the other system; it is never shown again
    secret: Secret
    pushes_contacts: bool = True
    pulls_customers: bool = False
    #: empty: the kind's own
    mapping: list[PairIn] = Field(default=[], max_length=60)
    pull_every_min: Minutes = 15
    is_enabled: bool = True


class ConnectorPatchIn(Schema):
    name: Name | None = None
    url: Url | None = None
    #: left out: as it was
    secret: Secret | None = None
    pushes_contacts: bool | None = None
    pulls_customers: bool | None = None
    mapping: list[PairIn] | None = Field(default=None, min_length=1, max_length=60)
    pull_every_min: Minutes | None = None
    is_enabled: bool | None = None


class ConnectorTestIn(Schema):
    #: a telephone number whose customer is looked for
    number: str = Field(default="", max_length=40)


class ConnectorTriedOut(Schema):
    #: "" or why it does not work
    fault: str
    status: int | None
    #: the customer with the number over there
    remote_id: str | None


class ConnectorTryOut(Schema):
    at: datetime
    fault: str
    status: int | None


class ConnectorProblemOut(Schema):
    remote_id: str
    code: str
    fields: dict[str, str]


class ConnectorTaskOut(Schema):
    id: int
    connector: int
    connector_name: str
    kind: Literal["push", "pull"]
    contact_id: str
    state: TaskState
    last_fault: str
    remote_id: str
    #: of a pull: made, changed, refused
    counts: dict[str, int]
    problems: list[ConnectorProblemOut]
    tries: list[ConnectorTryOut]
    at: datetime
    due_at: datetime | None
    ended_at: datetime | None


class ConnectorTaskPage(Page[ConnectorTaskOut]):
    pass


class ConnectorTaskListIn(ListIn):
    connector: int | None = None
    state: TaskState | Literal[""] = ""


def _shape(rows: Sequence[Connector]) -> list[ConnectorOut]:
    return [ConnectorOut.from_orm(row) for row in rows]


_TASK_FIELDS = ("id", "kind", "contact_id", "state", "remote_id", "counts", "problems", "tries")
_TASK_INSTANTS = ("at", "due_at", "ended_at")


def _shape_tasks(rows: Sequence[ConnectorTask]) -> list[ConnectorTaskOut]:
    return [
        ConnectorTaskOut(
            **{name: getattr(row, name) for name in (*_TASK_FIELDS, *_TASK_INSTANTS)},
            connector=row.connector_id,
            connector_name=row.connector.name,
            last_fault=row.tries[-1]["fault"] if row.tries else "",
        )
        for row in rows
    ]


@router.get("/kinds", operation_id="getConnectorKinds", auth=READ, response={200: ConnectorKindsOut, **problems()})
def get_connector_kinds(request: TenantRequest) -> Any:
    """Which systems can be connected."""
    return {"items": [{"code": each.code, "name": each.name, "mapping": each.mapping} for each in KINDS.values()]}


@router.get("/tasks", operation_id="listConnectorTasks", auth=READ, response={200: ConnectorTaskPage, **problems()})
def list_connector_tasks(request: TenantRequest, listing: Query[ConnectorTaskListIn]) -> Any:
    """What was told and asked, and what came of it, newest first."""
    rows = services.list_tasks(tenant=request.actor.tenant, connector_id=listing.connector, state=listing.state).filter(
        contact_id__startswith=listing.search
    )
    sortable = {"at": "at", "id": "pk", "state": "state", "kind": "kind", "ended_at": "ended_at"}
    return answer_list(
        request,
        rows,
        listing,
        sortable=sortable,
        default_sort="-id",
        shape=_shape_tasks,
        columns=TASK_COLUMNS,
    )


@router.post(
    "/tasks/{int:connector_task_id}/again",
    operation_id="doConnectorTaskAgain",
    response={200: ConnectorTaskOut, **problems(404)},
)
def do_connector_task_again(request: TenantRequest, connector_task_id: int) -> Any:
    """Try it now; a contact that was told already is told as it is now."""
    task = services.do_again(actor=request.actor, task_id=connector_task_id, now=timezone.now())
    return _shape_tasks([task])[0]


@router.get("", operation_id="listConnectors", auth=READ, response={200: ConnectorPage, **problems()})
def list_connectors(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """The company's connectors, without what opens the other systems."""
    rows = services.list_connectors(tenant=request.actor.tenant, search=listing.search)
    sortable = {name: name for name in ("name", "kind", "url", "is_enabled", "succeeded_at", "failing_since")}
    return answer_list(request, rows, listing, sortable=sortable, default_sort="name", shape=_shape, columns=COLUMNS)


@router.post("", operation_id="createConnector", response={201: ConnectorOut, **problems(400, 409)})
def create_connector(request: TenantRequest, body: ConnectorIn) -> Any:
    """Connect another system."""
    made = services.create_connector(actor=request.actor, fields=body.dict(), now=timezone.now())
    return Status(201, _shape([made])[0])


@router.get(
    "/{int:connector_id}", operation_id="getConnector", auth=READ, response={200: ConnectorOut, **problems(404)}
)
def get_connector(request: TenantRequest, connector_id: int) -> Any:
    """One connector."""
    return services.get_connector(tenant=request.actor.tenant, connector_id=connector_id)


@router.patch(
    "/{int:connector_id}", operation_id="updateConnector", response={200: ConnectorOut, **problems(400, 404, 409)}
)
def update_connector(request: TenantRequest, connector_id: int, body: ConnectorPatchIn) -> Any:
    """Change what is named; what waits is tried at once. A new address needs the key again."""
    fields = body.dict(exclude_none=True)
    return services.update_connector(actor=request.actor, connector_id=connector_id, fields=fields, now=timezone.now())


@router.delete("/{int:connector_id}", operation_id="removeConnector", response={204: None, **problems(404)})
def remove_connector(request: TenantRequest, connector_id: int) -> Any:
    """Disconnect with its log; customers stay on both sides."""
    services.remove_connector(actor=request.actor, connector_id=connector_id)
    return Status(204, None)


@router.post(
    "/{int:connector_id}/test", operation_id="testConnector", response={200: ConnectorTriedOut, **problems(400, 404)}
)
def try_connector(request: TenantRequest, connector_id: int, body: ConnectorTestIn) -> Any:
    """Ask the other system now, perhaps for the customer with a number."""
    return services.try_connector(actor=request.actor, connector_id=connector_id, number=body.number)


@router.post(
    "/{int:connector_id}/read-anew", operation_id="readConnectorAnew", response={200: ConnectorOut, **problems(404)}
)
def read_connector_anew(request: TenantRequest, connector_id: int) -> Any:
    """Ask for all customers from the beginning, not only for those changed since."""
    return services.read_anew(actor=request.actor, connector_id=connector_id, now=timezone.now())
