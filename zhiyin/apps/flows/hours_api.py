"""HTTP of calendars: opening hours, holidays and make-up workdays. Administration alone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import StringConstraints

from zhiyin.apps.flows import calendars, queries, services
from zhiyin.apps.flows.models import Hours
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import ListIn, Page, problems
from zhiyin.apps.tenancy.models import Tenant

hours_router = Router(tags=["hours"], auth=Needs("admin"))

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
DayName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Zone = Annotated[str, StringConstraints(max_length=64)]
Spans = list[tuple[Clock, Clock]]


class HoursOut(Schema):
    id: int
    name: str
    weekly: list[list[tuple[str, str]]]
    dates: dict[str, list[tuple[str, str]]]
    #: what such a day is called
    names: dict[str, str]
    #: "": the company's own
    time_zone: str
    is_open: bool
    #: when it opens or closes next; null: not within a year
    next_change_at: datetime | None


class HoursPage(Page[HoursOut]):
    pass


class HoursIn(Schema):
    """``weekly``: seven lists of spans, Monday first. ``dates`` replace their weekday; no spans: closed all day."""

    name: Name
    weekly: list[Spans] = Field(min_length=7, max_length=7)
    dates: dict[Day, Spans] = {}
    names: dict[Day, DayName] = {}
    time_zone: Zone = ""


class HoursPatchIn(Schema):
    name: Name | None = None
    weekly: list[Spans] | None = Field(default=None, min_length=7, max_length=7)
    dates: dict[Day, Spans] | None = None
    names: dict[Day, DayName] | None = None
    time_zone: Zone | None = None


def _shape_hours(rows: Sequence[Hours]) -> list[HoursOut]:
    now = timezone.now()
    return [_shape(row, row.tenant, now) for row in rows]


def _shape(row: Hours, tenant: Tenant, now: datetime) -> HoursOut:
    present = calendars.now_of(row, tenant=tenant, now=now)
    names = ("id", "name", "weekly", "dates", "names", "time_zone")
    return HoursOut(
        is_open=present.is_open,
        next_change_at=present.next_change_at,
        **{name: getattr(row, name) for name in names},
    )


@hours_router.get("", operation_id="listHours", response={200: HoursPage, **problems()})
def list_hours(request: TenantRequest, listing: Query[ListIn]) -> Any:
    """Calendars: opening hours, holidays, and what they say of this moment."""
    rows = queries.list_hours(tenant=request.actor.tenant, search=listing.search).select_related("tenant")
    columns = {"name": ("工作时间", "Hours")}
    return answer_list(
        request, rows, listing, sortable={"name": "name"}, default_sort="name", shape=_shape_hours, columns=columns
    )


@hours_router.post("", operation_id="createHours", response={201: HoursOut, **problems(400, 409)})
def create_hours(request: TenantRequest, body: HoursIn) -> Any:
    """Make opening hours."""
    row = services.create_hours(actor=request.actor, fields=body.dict())
    return Status(201, _shape_hours([row])[0])


@hours_router.get("/{int:hours_id}", operation_id="getHours", response={200: HoursOut, **problems(404)})
def get_hours(request: TenantRequest, hours_id: int) -> Any:
    """One set of opening hours."""
    return _shape_hours([services.get_hours(tenant=request.actor.tenant, hours_id=hours_id)])[0]


@hours_router.patch("/{int:hours_id}", operation_id="updateHours", response={200: HoursOut, **problems(400, 404, 409)})
def update_hours(request: TenantRequest, hours_id: int, body: HoursPatchIn) -> Any:
    """Change opening hours; the next call obeys them."""
    row = services.update_hours(actor=request.actor, hours_id=hours_id, fields=body.dict(exclude_none=True))
    return _shape_hours([row])[0]


@hours_router.delete("/{int:hours_id}", operation_id="removeHours", response={204: None, **problems(404, 409)})
def remove_hours(request: TenantRequest, hours_id: int) -> Any:
    """Remove opening hours that no flow in force and no queue asks for."""
    services.remove_hours(actor=request.actor, hours_id=hours_id)
    return Status(204, None)


class HoursDaysIn(Schema):
    """A table, one row a day: date, holiday or workday (节假日, 调休), a name, and for a workday its hours."""

    csv: Annotated[str, StringConstraints(max_length=calendars.MAX_TABLE)]


@hours_router.post(
    "/{int:hours_id}/days", operation_id="importHoursDays", response={200: HoursOut, **problems(400, 404)}
)
def import_days(request: TenantRequest, hours_id: int, body: HoursDaysIn) -> Any:
    """Take a year's holidays and make-up workdays from a table; days that it does not name stay as they are."""
    row = services.get_hours(tenant=request.actor.tenant, hours_id=hours_id)
    return _shape_hours([calendars.import_days(actor=request.actor, row=row, table=body.csv)])[0]
