"""Finding recordings to listen to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zhiyin.apps.interactions import queries as interactions
from zhiyin.apps.interactions.queries import ContactFilter, RecordingRows
from zhiyin.apps.recordings.holds import is_held
from zhiyin.apps.recordings.models import File
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.permissions import Scope


@dataclass(frozen=True, slots=True)
class RecordingFilter:
    """What a list of recordings is narrowed to. ``search``: number, customer's name or contact."""

    search: str = ""
    agent: int | None = None
    queue: int | None = None
    direction: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None
    state: str = ""
    min_s: float | None = None
    held: bool | None = None


READ = "recordings.read"


def sees_holds(actor: Actor) -> bool:
    """Return whether the actor is told what is held back from deletion, and why: not who hears only the own ones."""
    return actor.scope_of(READ) not in (None, Scope.OWN)


def list_recordings(*, actor: Actor, wanted: RecordingFilter) -> RecordingRows:
    """Return the recordings that the actor may listen to: agents those of their own conversations."""
    contacts = interactions.list_contacts(
        actor=actor,
        wanted=ContactFilter(
            search=wanted.search,
            agent=wanted.agent,
            queue=wanted.queue,
            direction=wanted.direction,
            result=wanted.result,
            since=wanted.since,
            until=wanted.until,
        ),
        right=READ,
    )
    rows = interactions.recordings_in(tenant=actor.tenant, contacts=contacts)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.min_s is not None:
        files = File.objects.of(actor.tenant).filter(duration_s__gte=wanted.min_s)
        rows = rows.filter(pk__in=files.values("recording_id"))
    if wanted.held is not None and sees_holds(actor):
        condition = is_held(actor.tenant)
        rows = rows.filter(condition if wanted.held else ~condition)
    return rows


def durations_of(*, tenant: Tenant, recording_ids: Iterable[str]) -> dict[str, float]:
    """Return the length in seconds of each recording that has its file."""
    rows = File.objects.of(tenant).filter(recording_id__in=list(recording_ids))
    return dict(rows.values_list("recording_id", "duration_s"))
