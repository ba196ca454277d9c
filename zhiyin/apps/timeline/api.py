"""HTTP of the timeline."""

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.customers import services as customers
from zhiyin.apps.followups.schemas import FollowUpOut, NoteOut
from zhiyin.apps.interactions.schemas import InteractionOut
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import Instant, problems
from zhiyin.apps.timeline.merging import Wanted, merge, read_cursor
from zhiyin.apps.timeline.sources import SOURCES
from zhiyin.apps.timeline.sources.changes import ChangeOut

router = Router(tags=["customers"], auth=Needs("customers.read"))

Kind = Literal["contact", "note", "follow_up", "change"]


class TimelineEntryOut(Schema):
    """One entry; of ``contact``, ``note``, ``follow_up`` and ``change`` the one is set that ``kind`` names."""

    kind: Kind
    id: str
    at: datetime
    contact: InteractionOut | None = None
    note: NoteOut | None = None
    follow_up: FollowUpOut | None = None
    change: ChangeOut | None = None


class TimelineOut(Schema):
    """Newest first; ``next`` is the cursor of the next page, null at the end."""

    items: list[TimelineEntryOut]
    next: str | None


class TimelineIn(Schema):
    """``kind`` may be named several times; ``channel`` leaves contacts of that channel alone."""

    kind: list[Kind] = []
    channel: Literal["", "voice"] = ""
    person: int | None = None
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    before: str = Field(default="", max_length=300)
    page_size: int = Field(default=20, ge=1, le=100)


@router.get(
    "/{int:customer_id}/timeline", operation_id="getTimeline", response={200: TimelineOut, **problems(400, 404)}
)
def get_timeline(request: TenantRequest, customer_id: int, narrowed: Query[TimelineIn]) -> Any:
    """Everything between a customer and us: contacts, notes, follow-ups, changes of the record."""
    customers.get_customer(actor=request.actor, customer_id=customer_id)
    wanted = Wanted(customer_id, narrowed.person, narrowed.channel, narrowed.since, narrowed.until)
    sources = [source for source in SOURCES if not narrowed.kind or source.kind in narrowed.kind]
    before = read_cursor(narrowed.before) if narrowed.before else None
    page, following = merge(sources, request.actor, wanted, before=before, limit=narrowed.page_size)
    return {
        "items": [{"kind": head.kind, "id": head.id, "at": head.at, head.kind: entry} for head, entry in page],
        "next": following.to_text() if following else None,
    }
