"""HTTP of the bans: whose SIP requests are refused now, and letting them in again. Administration alone.

The engine keeps them; what is shown is what is in force.
"""

from datetime import datetime
from typing import Any, Literal

from ninja import Router, Schema, Status

from zhiyin.apps.channels import bans
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["bans"], auth=Needs("admin"))


class BanOut(Schema):
    """``account`` null: every request from the address is refused."""

    id: str
    address: str
    account: str | None
    offence: Literal["wrong_password", "unknown_account", "unknown_number"]
    began_at: datetime
    ends_at: datetime
    times: int


class BanList(Schema):
    items: list[BanOut]
    total: int


@router.get("", operation_id="listBans", response={200: BanList, **problems(409, 503)})
def list_bans(request: TenantRequest) -> Any:
    """Whose SIP requests are refused now, newest first."""
    rows = bans.list_bans(actor=request.actor)
    return {"items": rows, "total": len(rows)}


@router.delete("/{ban_id}", operation_id="liftBan", response={204: None, **problems(404, 409, 503)})
def lift_ban(request: TenantRequest, ban_id: str) -> Any:
    """Let an address in again before its time."""
    bans.lift_ban(actor=request.actor, ban_id=ban_id)
    return Status(204, None)
