"""HTTP of the API keys. A key cannot make, change or see keys: only people do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.integrations import keys
from zhiyin.apps.integrations.models import ApiKey
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems

MANAGE = NeedsPerson("integrations.manage", why="Keys are made and ended by administrators, not by other keys.")
router = Router(tags=["keys"], auth=MANAGE)

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Right = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)*$", max_length=60)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
CallsPerMinute = Annotated[int, Field(ge=1, le=60_000)]

COLUMNS = {
    "name": ("名称", "Name"),
    "prefix": ("前缀", "Prefix"),
    "rights": ("权限", "Rights"),
    "addresses": ("允许的地址", "Allowed addresses"),
    "calls_per_minute": ("每分钟请求数", "Calls per minute"),
    "made_by_name": ("创建人", "Made by"),
    "created_at": ("创建时间", "Made at"),
    "expires_at": ("到期时间", "Expires at"),
    "last_used_at": ("最近使用", "Last used"),
    "revoked_at": ("吊销时间", "Revoked at"),
}


class ApiKeyOut(Schema):
    id: int
    name: str
    #: how the key begins, to tell it from others
    prefix: str
    rights: list[str]
    addresses: list[str]
    calls_per_minute: int
    made_by_name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_address: str
    revoked_at: datetime | None


class ApiKeyMadeOut(ApiKeyOut):
    #: the whole key; it is not shown again
    key: str


class ApiKeyPage(Page[ApiKeyOut]):
    pass


class ApiKeyListIn(ListIn):
    state: Literal["", "active", "revoked"] = ""


class ApiKeyIn(Schema):
    name: Name
    rights: list[Right] = Field(min_length=1, max_length=200)
    addresses: list[Address] = Field(default=[], max_length=50)
    calls_per_minute: CallsPerMinute = 600
    expires_at: Instant | None = None


class ApiKeyPatchIn(Schema):
    name: Name | None = None
    rights: list[Right] | None = Field(default=None, min_length=1, max_length=200)
    addresses: list[Address] | None = Field(default=None, max_length=50)
    calls_per_minute: CallsPerMinute | None = None
    #: null: it does not expire
    expires_at: Instant | None = None


def _shape(rows: Sequence[ApiKey]) -> list[ApiKeyOut]:
    return [ApiKeyOut.from_orm(row) for row in rows]


@router.get("", operation_id="listApiKeys", response={200: ApiKeyPage, **problems()})
def list_api_keys(request: TenantRequest, listing: Query[ApiKeyListIn]) -> Any:
    """The company's API keys, without their secrets."""
    is_revoked = {"": None, "active": False, "revoked": True}[listing.state]
    rows = keys.list_keys(tenant=request.actor.tenant, search=listing.search, is_revoked=is_revoked)
    sortable = {name: name for name in ("name", "created_at", "expires_at", "last_used_at", "revoked_at")}
    return answer_list(
        request, rows, listing, sortable=sortable, default_sort="-created_at", shape=_shape, columns=COLUMNS
    )


@router.post("", operation_id="createApiKey", response={201: ApiKeyMadeOut, **problems(400, 409)})
def create_api_key(request: TenantRequest, body: ApiKeyIn) -> Any:
    """Make a key. The answer is the only one that holds it whole."""
    key, text = keys.create_key(actor=request.actor, fields=body.dict())
    return Status(201, ApiKeyMadeOut(key=text, **_shape([key])[0].dict()))


@router.get("/{int:api_key_id}", operation_id="getApiKey", response={200: ApiKeyOut, **problems(404)})
def get_api_key(request: TenantRequest, api_key_id: int) -> Any:
    """One key."""
    return keys.get_key(tenant=request.actor.tenant, key_id=api_key_id)


@router.patch("/{int:api_key_id}", operation_id="updateApiKey", response={200: ApiKeyOut, **problems(400, 404, 409)})
def update_api_key(request: TenantRequest, api_key_id: int, body: ApiKeyPatchIn) -> Any:
    """Change what is named of a key; its secret stays."""
    named = body.dict(exclude_unset=True)
    fields = {name: value for name, value in named.items() if value is not None or name == "expires_at"}
    return keys.update_key(actor=request.actor, key_id=api_key_id, fields=fields)


@router.post("/{int:api_key_id}/revoke", operation_id="revokeApiKey", response={200: ApiKeyOut, **problems(404)})
def revoke_api_key(request: TenantRequest, api_key_id: int) -> Any:
    """End a key at once and for good."""
    return keys.revoke_key(actor=request.actor, key_id=api_key_id, now=timezone.now())
