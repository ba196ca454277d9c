"""HTTP of recordings: the list, the sound by range, the waveform."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.schemas import InteractionCustomerOut, RecordingState, Result
from zhiyin.apps.interactions.shaping import shape_interactions
from zhiyin.apps.recordings import holds, queries, services
from zhiyin.apps.recordings.models import Hold
from zhiyin.apps.recordings.queries import RecordingFilter
from zhiyin.apps.rest.access import Needs, TenantRequest
from zhiyin.apps.rest.listing import answer_list
from zhiyin.apps.rest.schemas import Instant, ListIn, Page, problems
from zhiyin.apps.tenancy.actors import Actor

router = Router(tags=["recordings"], auth=Needs("recordings.read"))

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
#: a browser asks for "from here on"; it gets the file in parts, so that seeking does not decrypt all of it
_MAX_PART_BYTES = 4 * 1024 * 1024


class HoldOut(Schema):
    """Why retention passes over it; ``scope`` "interaction": over all recordings of its contact."""

    scope: Literal["recording", "interaction"]
    reason: str
    held_by_name: str
    held_at: datetime


class RecordingOut(Schema):
    id: str
    state: RecordingState
    started_at: datetime
    duration_s: float | None
    interaction: str
    direction: Literal["inbound", "outbound", "internal"]
    number: str | None
    masked: str
    customer: InteractionCustomerOut | None
    queue: int | None
    queue_name: str
    agent: int | None
    agent_name: str
    disposition: str
    #: shown to whoever may hear more than the own recordings
    hold: HoldOut | None


class RecordingPage(Page[RecordingOut]):
    pass


_OF_CONTACT = RecordingOut.model_fields.keys() - {*("id", "state", "started_at", "duration_s", "interaction", "hold")}


class RecordingListIn(ListIn):
    agent: int | None = None
    queue: int | None = None
    direction: Literal["", "inbound", "outbound", "internal"] = ""
    result: Result = ""
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    state: RecordingState | Literal[""] = ""
    #: at least so many seconds long
    min_s: float | None = Field(default=None, ge=0)
    held: bool | None = None


class WaveformOut(Schema):
    """``peaks``: left (customer) and right (agent), 0 to 255, one per ``peak_ms``."""

    peaks: list[list[int]]
    peak_ms: int
    duration_s: float


COLUMNS = {
    "started_at": ("开始时间", "Started"),
    "duration_s": ("时长(秒)", "Duration (s)"),
    "direction": ("方向", "Direction"),
    "masked": ("号码", "Number"),
    "customer.name": ("客户", "Customer"),
    "queue_name": ("技能组", "Queue"),
    "agent_name": ("座席", "Agent"),
    "disposition": ("业务分类", "Disposition"),
    "state": ("状态", "State"),
    "hold.reason": ("保全原因", "Held because"),
}


@router.get("", operation_id="listRecordings", response={200: RecordingPage, **problems()})
def list_recordings(request: TenantRequest, listing: Query[RecordingListIn]) -> Any:
    """Recordings, newest first; agents see those of their own conversations."""
    actor = request.actor
    names = ("search", "agent", "queue", "direction", "result", "since", "until", "state", "min_s", "held")
    wanted = RecordingFilter(**{name: getattr(listing, name) for name in names})

    def shape(rows: Sequence[Any]) -> list[RecordingOut]:
        ids = [row.interaction_id for row in rows]
        found = interactions.contacts_by_id(tenant=actor.tenant, interaction_ids=ids)
        contacts = {contact.id: contact for contact in shape_interactions(actor, found)}
        durations = queries.durations_of(tenant=actor.tenant, recording_ids=[row.pk for row in rows])
        held = _holds(actor, rows)
        return [
            RecordingOut(
                id=row.pk,
                state=row.state,
                started_at=row.started_at,
                duration_s=durations.get(row.pk),
                interaction=row.interaction_id,
                hold=held.get(row.pk),
                **{name: getattr(contacts[row.interaction_id], name) for name in _OF_CONTACT},
            )
            for row in rows
            if row.interaction_id in contacts
        ]

    rows = queries.list_recordings(actor=actor, wanted=wanted)
    return answer_list(
        request,
        rows,
        listing,
        sortable={"started_at": "started_at", "state": "state"},
        default_sort="-started_at",
        shape=shape,
        columns=COLUMNS,
        export_right="interactions.export",
    )


def _holds(actor: Actor, rows: Sequence[Any]) -> dict[str, HoldOut]:
    if not queries.sees_holds(actor):
        return {}
    found = holds.holds_of(tenant=actor.tenant, recordings=[(row.pk, row.interaction_id) for row in rows])
    return {recording: describe_hold(hold) for recording, hold in found.items()}


def describe_hold(hold: Hold) -> HoldOut:
    return HoldOut(
        scope="recording" if hold.recording_id else "interaction",
        reason=hold.reason,
        held_by_name=hold.held_by_name,
        held_at=hold.held_at,
    )


_AUDIO = {"description": "WAV", "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}


@router.get(
    "/{recording_id}/audio",
    operation_id="getRecordingAudio",
    response={**problems(404)},
    openapi_extra={"responses": {200: _AUDIO, 206: _AUDIO, 416: {"description": "Range beyond the end"}}},
)
def get_audio(request: TenantRequest, recording_id: str) -> Any:
    """The stereo sound, whole or by ``Range``; listening is audited once per start."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    begins = not asked or asked[1] in ("", "0")
    sound = services.open_sound(actor=request.actor, recording_id=recording_id, is_beginning=begins, now=timezone.now())
    size = sound.file.size_bytes
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, no-store", "Content-Type": "audio/wav"}
    if asked is None:
        answer = StreamingHttpResponse(sound.read(0, size), headers=headers)
        answer["Content-Length"] = str(size)
        return answer
    start, end = _limits(asked, size)
    if start >= end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = b"".join(sound.read(start, end))
    return HttpResponse(part, status=206, headers=headers | {"Content-Range": f"bytes {start}-{end - 1}/{size}"})


def _limits(asked: re.Match[str], size: int) -> tuple[int, int]:
    """Return the first byte and the one after the last; "-500" asks for the last 500."""
    first, last = asked[1], asked[2]
    if not first:
        return (max(0, size - int(last)), size) if last and int(last) else (size, size)
    start = int(first)
    end = min(size, int(last) + 1) if last else size
    return start, min(end, start + _MAX_PART_BYTES)


@router.get("/{recording_id}/waveform", operation_id="getWaveform", response={200: WaveformOut, **problems(404)})
def get_waveform(request: TenantRequest, recording_id: str) -> Any:
    """The waveform of both channels."""
    file = services.get_file(actor=request.actor, recording_id=recording_id)
    return {"peaks": [file.peaks_left, file.peaks_right], "peak_ms": file.peak_ms, "duration_s": file.duration_s}
