"""HTTP of who edits a flow."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from zhiyin.apps.flows import editing, services
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems

editing_router = Router(tags=["flows"], auth=NeedsPerson("admin", why="A page that a person has open holds a draft."))


class FlowEditingIn(Schema):
    """``page``: any text that is the page's own. ``is_takeover``: even though another edits."""

    page: str = Field(min_length=1, max_length=40)
    is_takeover: bool = False


class FlowEditingOut(Schema):
    is_mine: bool
    #: who edits
    name: str
    since: datetime


@editing_router.put("/{int:flow_id}/editing", operation_id="holdFlow", response={200: FlowEditingOut, **problems(404)})
def hold_flow(request: TenantRequest, flow_id: int, body: FlowEditingIn) -> Any:
    """Say that this page edits the flow, every 15 s; the answer says who really does."""
    return editing.hold(
        actor=request.actor,
        flow_id=flow_id,
        page=body.page,
        is_takeover=body.is_takeover,
        now=timezone.now(),
    )


@editing_router.delete("/{int:flow_id}/editing", operation_id="releaseFlow", response={204: None, **problems(404)})
def release_flow(request: TenantRequest, flow_id: int, page: str = "") -> Any:
    """The page was left: others may edit at once."""
    services.get_flow(tenant=request.actor.tenant, flow_id=flow_id)
    editing.release(actor=request.actor, flow_id=flow_id, page=page)
    return Status(204, None)
