"""HTTP of saved views. Everybody keeps their own; sharing with all needs ``views.share``."""

from typing import Annotated, Any, Literal

from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.accounts import queries as accounts
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.views import queries, services
from zhiyin.apps.views.models import SavedView

router = Router(tags=["views"], auth=NeedsPerson(why="Views are kept by people, each for themselves."))

ListCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_-]{0,39}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Query = Annotated[str, StringConstraints(pattern=r"^[^#\s\x00-\x1f]*$", max_length=2000)]
Sharing = Literal["me", "team", "all"]


class ViewOut(Schema):
    """``query``: what follows the "?" in the list's address."""

    id: int
    list_code: str
    name: str
    query: str
    sharing: Sharing
    owner_id: int
    owner_name: str
    is_mine: bool


class ShelfOut(Schema):
    """A list's views in the user's own order; ``default_id``: the one that the list opens with."""

    items: list[ViewOut]
    default_id: int | None


class ViewIn(Schema):
    list_code: ListCode
    name: Name
    query: Query = ""
    sharing: Sharing = "me"


class ViewPatchIn(Schema):
    name: Name | None = None
    query: Query | None = None
    sharing: Sharing | None = None


class ViewOrderIn(Schema):
    list_code: ListCode
    ids: list[int] = Field(max_length=1000)


class DefaultViewIn(Schema):
    list_code: ListCode
    view_id: int | None


def _shape(actor: Actor, views: list[SavedView]) -> list[ViewOut]:
    owners = accounts.names_of(tenant=actor.tenant, user_ids=[view.owner_id for view in views])
    return [
        ViewOut(
            id=view.pk,
            list_code=view.list_code,
            name=view.name,
            query=view.query,
            sharing=view.sharing,  # type: ignore[arg-type] # one of the model's choices
            owner_id=view.owner_id,
            owner_name=owners.get(view.owner_id, ""),
            is_mine=view.owner_id == actor.user_id,
        )
        for view in views
    ]


@router.get("", operation_id="getViews", response={200: ShelfOut, **problems()})
def get_views(request: TenantRequest, list_code: ListCode) -> Any:
    """The views of one list: one's own, and those that others share."""
    shelf = queries.shelf_of(actor=request.actor, list_code=list_code)
    return {"items": _shape(request.actor, shelf.views), "default_id": shelf.default_id}


@router.post("", operation_id="createView", response={201: ViewOut, **problems(400, 409)})
def create_view(request: TenantRequest, body: ViewIn) -> Any:
    """Save a list as it stands."""
    view = services.create_view(
        actor=request.actor, list_code=body.list_code, name=body.name, query=body.query, sharing=body.sharing
    )
    return Status(201, _shape(request.actor, [view])[0])


@router.put("/order", operation_id="orderViews", response={204: None, **problems()})
def order_views(request: TenantRequest, body: ViewOrderIn) -> Any:
    """Keep the views of a list in an order of one's own."""
    services.order_views(actor=request.actor, list_code=body.list_code, ids=body.ids)
    return Status(204, None)


@router.put("/default", operation_id="chooseDefaultView", response={204: None, **problems(404)})
def choose_default_view(request: TenantRequest, body: DefaultViewIn) -> Any:
    """Let a list open with a view; null: with everything."""
    services.choose_default(actor=request.actor, list_code=body.list_code, view_id=body.view_id)
    return Status(204, None)


@router.patch("/{int:view_id}", operation_id="updateView", response={200: ViewOut, **problems(400, 404, 409)})
def update_view(request: TenantRequest, view_id: int, body: ViewPatchIn) -> Any:
    """Rename a view, let it show what the list shows now, or share it otherwise."""
    view = services.update_view(actor=request.actor, view_id=view_id, fields=body.dict(exclude_none=True))
    return _shape(request.actor, [view])[0]


@router.delete("/{int:view_id}", operation_id="removeView", response={204: None, **problems(404)})
def remove_view(request: TenantRequest, view_id: int) -> Any:
    """Remove a view; who used it sees the list as it is."""
    services.remove_view(actor=request.actor, view_id=view_id)
    return Status(204, None)
