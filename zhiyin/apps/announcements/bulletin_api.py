"""HTTP of the bulletin."""

from typing import Any

from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.announcements import bulletins, queries
from zhiyin.apps.announcements.schemas import (
    BulletinIn,
    BulletinListIn,
    BulletinOut,
    BulletinPage,
    BulletinPatchIn,
    CategoriesOut,
    shape_bulletins,
)
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["bulletin"], auth=Needs("announcements.read"))
WRITE = "bulletin.write"
COLUMNS = {
    "title": ("标题", "Title"),
    "category": ("分类", "Category"),
    "author.name": ("发布人", "Author"),
    "published_at": ("发布时间", "Published at"),
    "reads": ("阅读人数", "Readers"),
}


@router.get("", operation_id="listBulletins", response={200: BulletinPage, **problems()})
def list_bulletins(request: TenantRequest, listing: Query[BulletinListIn]) -> Any:
    """The bulletin, pinned posts first."""
    actor = request.actor
    rows = queries.list_bulletins(actor=actor, category=listing.category, search=listing.search, unread=listing.unread)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("stands_at", "published_at", "title", "reads")},
        default_sort="-stands_at",
        shape=lambda page: shape_bulletins(actor, page),
        columns=COLUMNS,
    )


@router.get("/categories", operation_id="getBulletinCategories", response={200: CategoriesOut, **problems()})
def get_categories(request: TenantRequest) -> Any:
    """The categories that posts have."""
    return {"items": queries.bulletin_categories(tenant=request.actor.tenant)}


@router.post("", operation_id="createBulletin", auth=Needs(WRITE), response={201: BulletinOut, **problems(400)})
def create_bulletin(request: TenantRequest, body: BulletinIn) -> Any:
    """Put something on the bulletin."""
    row = bulletins.create_bulletin(actor=request.actor, fields=body.dict(), now=timezone.now())
    return Status(201, shape_bulletins(request.actor, [row])[0])


@router.get("/{int:bulletin_id}", operation_id="getBulletin", response={200: BulletinOut, **problems(404)})
def get_bulletin(request: TenantRequest, bulletin_id: int) -> Any:
    """One of them."""
    return shape_bulletins(request.actor, [bulletins.get_bulletin(actor=request.actor, bulletin_id=bulletin_id)])[0]


@router.patch(
    "/{int:bulletin_id}",
    operation_id="changeBulletin",
    auth=Needs(WRITE),
    response={200: BulletinOut, **problems(400, 404)},
)
def change_bulletin(request: TenantRequest, bulletin_id: int, body: BulletinPatchIn) -> Any:
    """Change it, or pin it."""
    fields = {name: value for name, value in body.dict(exclude_unset=True).items() if value is not None}
    bulletins.change_bulletin(actor=request.actor, bulletin_id=bulletin_id, fields=fields, now=timezone.now())
    return shape_bulletins(request.actor, [bulletins.get_bulletin(actor=request.actor, bulletin_id=bulletin_id)])[0]


@router.delete(
    "/{int:bulletin_id}", operation_id="removeBulletin", auth=Needs(WRITE), response={204: None, **problems(404)}
)
def remove_bulletin(request: TenantRequest, bulletin_id: int) -> Any:
    """Take it off the bulletin."""
    bulletins.remove_bulletin(actor=request.actor, bulletin_id=bulletin_id)
    return Status(204, None)


@router.post(
    "/{int:bulletin_id}/read",
    operation_id="readBulletin",
    auth=NeedsPerson("announcements.read", why="People are counted as readers."),
    response={204: None, **problems(404)},
)
def mark_read(request: TenantRequest, bulletin_id: int) -> Any:
    """Be counted as a reader."""
    bulletins.mark_read(actor=request.actor, bulletin_id=bulletin_id, now=timezone.now())
    return Status(204, None)
