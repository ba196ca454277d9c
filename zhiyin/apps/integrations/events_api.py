"""HTTP of the event stream: a page of events after a place. The front makes server-sent events of it."""

from datetime import datetime
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.integrations.event_stream import Place, read_events
from zhiyin.apps.integrations.payloads import build_payloads
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems

router = Router(tags=["events"], auth=Needs("events.read"))


class EventSubjectOut(Schema):
    kind: str
    id: int | str


class EventOut(Schema):
    #: the place after this event
    cursor: str
    #: the same wherever the event is told: in the stream and by webhooks
    id: str
    type: str
    version: int
    timestamp: datetime
    subject: EventSubjectOut
    data: dict[str, Any]


class EventsOut(Schema):
    items: list[EventOut]
    #: where to go on
    cursor: str


class EventsIn(Schema):
    #: a place that the stream gave; left out: from now on. Events are kept for a week.
    after: str = Field(default="", max_length=40)
    #: only these types, separated by commas
    types: str = Field(default="", max_length=1000)
    limit: int = Field(default=100, ge=1, le=200)


@router.get("", operation_id="readEvents", response={200: EventsOut, **problems(400)})
def read(request: TenantRequest, wanted: Query[EventsIn]) -> Any:
    """Events after a place, oldest first. With `Accept: text/event-stream` they come as server-sent events as they
    happen, and `Last-Event-ID` resumes."""
    actor = request.actor
    types = frozenset(each.strip() for each in wanted.types.split(",") if each.strip())
    rows, place = read_events(actor=actor, after=wanted.after, types=types, limit=wanted.limit)
    payloads = build_payloads(actor=actor, events=rows)
    items = [payload | {"cursor": str(Place(row.txid, row.pk))} for row, payload in zip(rows, payloads, strict=True)]
    return {"items": items, "cursor": str(place)}
