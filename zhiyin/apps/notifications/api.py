"""HTTP of notifications: everybody's own, nobody else's."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Literal

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.notifications import queries, services
from zhiyin.apps.notifications.models import Notification
from zhiyin.apps.rest.access import NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems

router = Router(tags=["notifications"], auth=NeedsPerson(why="It is told to a person."))

CategoryName = Literal["mention", "reminder", "task", "notice", "system"]
COLUMNS = {
    "created_at": ("时间", "At"),
    "category": ("类别", "Category"),
    "code": ("内容", "What"),
    "link": ("页面", "Page"),
    "read_at": ("已读时间", "Read at"),
}


class NotificationOut(Schema):
    """``code`` and ``facts`` make the sentence; ``link`` is a page of the product or empty."""

    id: int
    category: CategoryName
    code: str
    facts: dict[str, Any]
    link: str
    created_at: datetime
    read_at: datetime | None


class NotificationPage(Page[NotificationOut]):
    pass


class NotificationListIn(ListIn):
    category: CategoryName | Literal[""] = ""
    unread: bool = False


class UnreadOut(Schema):
    """``fresh``: what came since and may draw attention, newest first."""

    total: int
    by_category: dict[str, int]
    newest_id: int
    fresh: list[NotificationOut]


class MarkReadIn(Schema):
    """Those of ``ids``; without them all, of a category where one is named, up to the id ``up_to``."""

    ids: list[int] | None = Field(default=None, max_length=200)
    category: CategoryName | Literal[""] = ""
    up_to: int | None = None


class MarkReadOut(Schema):
    count: int


class PreferenceOut(Schema):
    """Quiet hours are of the company's clock, over midnight where the end is the earlier."""

    muted: list[CategoryName]
    quiet_from: time | None
    quiet_until: time | None
    has_sound: bool
    on_desktop: bool


class PreferenceIn(PreferenceOut):
    muted: list[CategoryName] = Field(default=[], max_length=5)
    quiet_from: time | None = None
    quiet_until: time | None = None
    has_sound: bool = False
    on_desktop: bool = False


def _shape(rows: Sequence[Notification]) -> list[NotificationOut]:
    return [NotificationOut.from_orm(row) for row in rows]


@router.get("", operation_id="listNotifications", response={200: NotificationPage, **problems()})
def list_notifications(request: TenantRequest, listing: Query[NotificationListIn]) -> Any:
    """One's own notifications, newest first."""
    rows = queries.list_notifications(actor=request.actor, category=listing.category, is_unread=listing.unread)
    return answer_list(
        request,
        rows,
        listing,
        sortable={"created_at": "created_at"},
        default_sort="-created_at",
        shape=_shape,
        columns=COLUMNS,
    )


@router.get("/unread", operation_id="countUnread", response={200: UnreadOut, **problems()})
def count_unread(request: TenantRequest, after: int | None = None) -> Any:
    """How many are unread. ``after`` is the ``newest_id`` of the answer before."""
    return queries.count_unread(actor=request.actor, after=after)


@router.post("/read", operation_id="markNotificationsRead", response={200: MarkReadOut, **problems()})
def mark_read(request: TenantRequest, body: MarkReadIn) -> Any:
    """Mark some or all of one's own as read."""
    return {"count": services.mark_read(actor=request.actor, now=timezone.now(), **body.dict())}


@router.get("/preferences", operation_id="getNotificationPreferences", response={200: PreferenceOut, **problems()})
def get_preferences(request: TenantRequest) -> Any:
    """How one wants to be told."""
    return queries.get_preference(actor=request.actor)


@router.put("/preferences", operation_id="saveNotificationPreferences", response={200: PreferenceOut, **problems(400)})
def save_preferences(request: TenantRequest, body: PreferenceIn) -> Any:
    """Mute categories, set quiet hours, turn on sound and desktop notifications."""
    return services.save_preference(actor=request.actor, **body.dict())
