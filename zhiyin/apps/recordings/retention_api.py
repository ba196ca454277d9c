"""HTTP of retention: for how long recordings are kept, what a change would delete, and what is held."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from zhiyin.apps.recordings import holds, retention
from zhiyin.apps.recordings.api import HoldOut, describe_hold
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.schemas import problems
from zhiyin.apps.tenancy.models import Tenant

retention_router = Router(tags=["retention"], auth=Needs("admin"))
holds_router = Router(tags=["recordings"], auth=Needs("admin"))
contact_holds_router = Router(tags=["interactions"], auth=Needs("admin"))

_LONGEST_DAYS = 36_500
Days = Annotated[int, Field(ge=1, le=_LONGEST_DAYS)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class RetentionRunOut(Schema):
    """``ended_at`` null: it goes on."""

    began_at: datetime
    ended_at: datetime | None
    keep_days: int
    recordings: int
    size_bytes: int


class RetentionOut(Schema):
    """``keep_days`` null: for ever. ``bytes_a_day``: how recordings grew in the last week."""

    keep_days: int | None
    recordings: int
    size_bytes: int
    bytes_a_day: float
    held: int
    last_run: RetentionRunOut | None


class RetentionIn(Schema):
    keep_days: Days | None


class RetentionPreviewIn(Schema):
    keep_days: Days


class RetentionPreviewOut(Schema):
    """What the next run would delete; ``held`` are those that it would pass over."""

    recordings: int
    size_bytes: int
    held: int


class HoldIn(Schema):
    reason: Reason


@retention_router.get("", operation_id="getRetention", response={200: RetentionOut, **problems()})
def get_retention(request: TenantRequest) -> Any:
    """For how long recordings are kept, and what is stored."""
    return _describe(request.actor.tenant)


@retention_router.put("", operation_id="saveRetention", response={200: RetentionOut, **problems()})
def save_retention(request: TenantRequest, body: RetentionIn) -> Any:
    """Keep recordings for so many days, or (null) for ever; the hourly run follows it from now on."""
    retention.save_policy(actor=request.actor, keep_days=body.keep_days)
    return _describe(request.actor.tenant)


def _describe(tenant: Tenant) -> RetentionOut:
    stock = retention.take_stock(tenant=tenant, now=timezone.now())
    return RetentionOut(
        keep_days=retention.keep_days_of(tenant=tenant),
        recordings=stock.recordings,
        size_bytes=stock.size_bytes,
        bytes_a_day=stock.bytes_a_day,
        held=stock.held,
        last_run=RetentionRunOut.from_orm(stock.last_run) if stock.last_run else None,
    )


@retention_router.get("/preview", operation_id="previewRetention", response={200: RetentionPreviewOut, **problems()})
def preview_retention(request: TenantRequest, wanted: Query[RetentionPreviewIn]) -> Any:
    """What would be deleted if recordings were kept for so many days."""
    return retention.preview(tenant=request.actor.tenant, keep_days=wanted.keep_days, now=timezone.now())


@holds_router.put("/{recording_id}/hold", operation_id="holdRecording", response={200: HoldOut, **problems(404, 409)})
def hold_recording(request: TenantRequest, recording_id: str, body: HoldIn) -> Any:
    """Hold one recording: it is kept until it is released, whatever the period."""
    hold = holds.hold_recording(actor=request.actor, recording_id=recording_id, reason=body.reason, now=timezone.now())
    return describe_hold(hold)


@holds_router.delete("/{recording_id}/hold", operation_id="releaseRecording", response={204: None, **problems(404)})
def release_recording(request: TenantRequest, recording_id: str) -> Any:
    """Release a recording that is held by itself."""
    holds.release_recording(actor=request.actor, recording_id=recording_id)
    return Status(204, None)


@contact_holds_router.put(
    "/{interaction_id}/hold", operation_id="holdContact", response={200: HoldOut, **problems(404)}
)
def hold_contact(request: TenantRequest, interaction_id: str, body: HoldIn) -> Any:
    """Hold all recordings of a contact."""
    hold = holds.hold_contact(
        actor=request.actor, interaction_id=interaction_id, reason=body.reason, now=timezone.now()
    )
    return describe_hold(hold)


@contact_holds_router.delete(
    "/{interaction_id}/hold", operation_id="releaseContact", response={204: None, **problems(404)}
)
def release_contact(request: TenantRequest, interaction_id: str) -> Any:
    """Release a contact's recordings; those held by themselves stay held."""
    holds.release_contact(actor=request.actor, interaction_id=interaction_id)
    return Status(204, None)
