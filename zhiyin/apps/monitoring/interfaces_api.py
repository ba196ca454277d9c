"""HTTP of the health of all interfaces: what other systems give us and get from us, on one page."""

from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.utils.module_loading import import_string
from ninja import Router, Schema

from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.domain.interface_health import Interface, worst_first

router = Router(tags=["interfaces"], auth=Needs("integrations.manage"))


class InterfaceOut(Schema):
    """``reason``: the code of what went wrong last."""

    kind: Literal[
        "webhook", "inbound", "connector", "file_plan", "screen_pop", "provider", "trunk", "synthesis", "recognition"
    ]
    id: int
    name: str
    condition: Literal["works", "unproven", "failing", "stopped", "off"]
    succeeded_at: datetime | None
    failed_at: datetime | None
    reason: str


class InterfacesOut(Schema):
    items: list[InterfaceOut]


@router.get("", operation_id="getInterfaces", response={200: InterfacesOut, **problems()})
def get_interfaces(request: TenantRequest) -> Any:
    """How it stands with every interface, what has to be mended first."""
    found: list[Interface] = []
    for path in settings.INTERFACES:
        found += import_string(path)(request.actor.tenant)
    return InterfacesOut(items=[InterfaceOut.from_orm(each) for each in worst_first(found)])
