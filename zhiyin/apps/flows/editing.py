"""Who edits a flow's draft: one page at a time, for as long as it says so. Another may take it over.

That nothing is overwritten is ensured by the draft's version; this spares people the work that would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.flows.errors import EditedByAnother
from zhiyin.apps.flows.models import Flow, FlowEditing
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor

#: a page says every 15 s that it is still there
LEASE = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Editing:
    """``name``: of who edits; ``is_mine``: the page that asked may."""

    is_mine: bool
    name: str
    since: datetime


@transaction.atomic
def hold(*, actor: Actor, flow_id: int, page: str, is_takeover: bool, now: datetime) -> Editing:
    """Let ``page`` edit the flow if nobody else does, or ``is_takeover``. Safe to repeat; a repeat keeps the hold.

    Raises ``NotFound``.
    """
    flow = Flow.objects.of(actor.tenant).select_for_update().filter(pk=flow_id).first()
    if flow is None or actor.user_id is None:
        raise NotFound
    held = FlowEditing.objects.of(actor.tenant).filter(flow=flow).first()
    if held is not None and held.page == page and held.user_id == actor.user_id:
        held.seen_at = now
        held.save(update_fields=["seen_at"])
        return Editing(is_mine=True, name=actor.name, since=held.began_at)
    if held is not None and held.seen_at > now - LEASE:
        if not is_takeover:
            return Editing(is_mine=False, name=held.name, since=held.began_at)
        audit.record(
            actor=actor,
            action="flow.editing_taken_over",
            kind="flow",
            subject=flow.pk,
            name=flow.name,
            before={"edited_by": held.name},
            after={"edited_by": actor.name},
        )
    FlowEditing.objects.of(actor.tenant).update_or_create(
        flow=flow,
        defaults={
            "tenant": actor.tenant,
            "user_id": actor.user_id,
            "name": actor.name,
            "page": page,
            "began_at": now,
            "seen_at": now,
        },
    )
    return Editing(is_mine=True, name=actor.name, since=now)


def release(*, actor: Actor, flow_id: int, page: str) -> None:
    """The page was left. Safe to repeat; who does not hold the flow changes nothing."""
    if actor.user_id is not None:
        FlowEditing.objects.of(actor.tenant).filter(flow_id=flow_id, user_id=actor.user_id, page=page).delete()


def check_free(*, actor: Actor, flow_id: int, now: datetime) -> None:
    """Raises ``EditedByAnother`` while another user (or, for a key, anybody) edits the flow."""
    held = FlowEditing.objects.of(actor.tenant).filter(flow_id=flow_id, seen_at__gt=now - LEASE).first()
    if held is not None and held.user_id != actor.user_id:
        raise EditedByAnother(name=held.name)
