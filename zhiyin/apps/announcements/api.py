"""HTTP of notices."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Router, Status

from zhiyin.apps.announcements import notices, queries
from zhiyin.apps.announcements.schemas import (
    NoticeIn,
    NoticeListIn,
    NoticeOut,
    NoticePage,
    NoticePatchIn,
    NoticeReaderOut,
    NoticeReaderPage,
    NoticeReadersIn,
    RemindedOut,
    UnreadNoticesOut,
    shape_notices,
    shape_unread,
)
from zhiyin.apps.rest.access import Needs, NeedsPerson, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["notices"], auth=Needs("announcements.read"))
WRITE = "notices.write"
#: a bar shows no more at once
_MOST_ON_BAR = 20
COLUMNS = {
    "title": ("标题", "Title"),
    "state": ("状态", "State"),
    "starts_at": ("开始", "From"),
    "ends_at": ("结束", "Until"),
    "author.name": ("发布人", "Author"),
    "told": ("应读", "Readers"),
    "acknowledged": ("已确认", "Acknowledged"),
}
READER_COLUMNS = {
    "name": ("姓名", "Name"),
    "team": ("班组", "Team"),
    "acknowledged_at": ("确认时间", "Acknowledged at"),
}


@router.get("", operation_id="listNotices", response={200: NoticePage, **problems()})
def list_notices(request: TenantRequest, listing: Query[NoticeListIn]) -> Any:
    """One's own notices that have begun; with ``all`` (writers) everybody's, drafts too."""
    actor, now = request.actor, timezone.now()
    sees_all = listing.is_all and actor.may(WRITE)
    rows = queries.list_notices(actor=actor, sees_all=sees_all, state=listing.state, search=listing.search, now=now)
    return answer_list(
        request,
        rows,
        listing,
        sortable={name: name for name in ("starts_at", "ends_at", "title", "acknowledged")},
        default_sort="-starts_at",
        shape=lambda page: shape_notices(actor, page, now=now),
        columns=COLUMNS,
    )


@router.get(
    "/unread",
    operation_id="getUnreadNotices",
    auth=NeedsPerson("announcements.read", why="They stand on the bar of the person who is logged in."),
    response={200: UnreadNoticesOut, **problems()},
)
def get_unread(request: TenantRequest) -> Any:
    """What stands on one's bar: running and not acknowledged, urgent ones first."""
    rows = queries.unread_notices(actor=request.actor, now=timezone.now())
    return {"items": shape_unread(request.actor, list(rows[:_MOST_ON_BAR]))}


@router.post("", operation_id="createNotice", auth=Needs(WRITE), response={201: NoticeOut, **problems(400)})
def create_notice(request: TenantRequest, body: NoticeIn) -> Any:
    """Write a draft; nobody is told before it is published."""
    now = timezone.now()
    row = notices.create_notice(actor=request.actor, fields=body.dict(), now=now)
    return Status(201, shape_notices(request.actor, [row], now=now)[0])


@router.get("/{int:notice_id}", operation_id="getNotice", response={200: NoticeOut, **problems(404)})
def get_notice(request: TenantRequest, notice_id: int) -> Any:
    """One that is meant for the asker; writers any."""
    now = timezone.now()
    row = notices.get_notice(actor=request.actor, notice_id=notice_id, now=now)
    return shape_notices(request.actor, [row], now=now)[0]


@router.patch(
    "/{int:notice_id}",
    operation_id="changeNotice",
    auth=Needs(WRITE),
    response={200: NoticeOut, **problems(400, 404, 409)},
)
def change_notice(request: TenantRequest, notice_id: int, body: NoticePatchIn) -> Any:
    """Change a draft."""
    given = body.dict(exclude_unset=True)
    fields = {name: value for name, value in given.items() if value is not None or name == "remind_every_h"}
    row = notices.change_notice(actor=request.actor, notice_id=notice_id, fields=fields)
    return shape_notices(request.actor, [row], now=timezone.now())[0]


@router.delete(
    "/{int:notice_id}", operation_id="removeNotice", auth=Needs(WRITE), response={204: None, **problems(404, 409)}
)
def remove_notice(request: TenantRequest, notice_id: int) -> Any:
    """Throw a draft away."""
    notices.remove_notice(actor=request.actor, notice_id=notice_id)
    return Status(204, None)


@router.post(
    "/{int:notice_id}/publish",
    operation_id="publishNotice",
    auth=Needs(WRITE),
    response={200: NoticeOut, **problems(400, 404)},
)
def publish_notice(request: TenantRequest, notice_id: int) -> Any:
    """Let it run; its readers are told as it begins."""
    now = timezone.now()
    row = notices.publish_notice(actor=request.actor, notice_id=notice_id, now=now)
    return shape_notices(request.actor, [row], now=now)[0]


@router.post(
    "/{int:notice_id}/withdraw",
    operation_id="withdrawNotice",
    auth=Needs(WRITE),
    response={200: NoticeOut, **problems(404, 409)},
)
def withdraw_notice(request: TenantRequest, notice_id: int) -> Any:
    """Take it off every bar."""
    now = timezone.now()
    row = notices.withdraw_notice(actor=request.actor, notice_id=notice_id, now=now)
    return shape_notices(request.actor, [row], now=now)[0]


@router.post(
    "/{int:notice_id}/acknowledge",
    operation_id="acknowledgeNotice",
    auth=NeedsPerson("announcements.read", why="A person says that they have read it."),
    response={204: None, **problems(404)},
)
def acknowledge(request: TenantRequest, notice_id: int) -> Any:
    """Say that one has read it."""
    notices.acknowledge(actor=request.actor, notice_id=notice_id, now=timezone.now())
    return Status(204, None)


@router.post(
    "/{int:notice_id}/remind",
    operation_id="remindOfNotice",
    auth=Needs(WRITE),
    response={200: RemindedOut, **problems(404, 409)},
)
def remind(request: TenantRequest, notice_id: int) -> Any:
    """Remind who has not acknowledged."""
    return {"count": notices.remind(actor=request.actor, notice_id=notice_id, now=timezone.now())}


@router.get(
    "/{int:notice_id}/readers",
    operation_id="listNoticeReaders",
    auth=Needs(WRITE),
    response={200: NoticeReaderPage, **problems(404)},
)
def list_readers(request: TenantRequest, notice_id: int, listing: Query[NoticeReadersIn]) -> Any:
    """Who shall read it, and who has acknowledged when."""
    actor = request.actor
    notice = notices.get_notice(actor=actor, notice_id=notice_id, now=timezone.now())
    receipts = queries.receipts_of(tenant=actor.tenant, notice=notice)
    rows: QuerySet[Any] = queries.readers_of(notice)
    if listing.acknowledged is not None:
        rows = rows.filter(pk__in=receipts) if listing.acknowledged else rows.exclude(pk__in=receipts)
    if listing.search:
        rows = rows.filter(name__icontains=listing.search)

    def shape(page: Sequence[Any]) -> list[NoticeReaderOut]:
        return [
            NoticeReaderOut(
                id=row.pk,
                name=row.name,
                team=row.team.name if row.team else "",
                acknowledged_at=receipts.get(row.pk),
            )
            for row in page
        ]

    return answer_list(
        request,
        rows,
        listing,
        sortable={"name": "name"},
        default_sort="name",
        shape=shape,
        columns=READER_COLUMNS,
    )
