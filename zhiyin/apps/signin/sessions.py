"""Listing and ending the sessions in which users are logged in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhiyin.apps.accounts import login_sessions
from zhiyin.apps.accounts import services as accounts
from zhiyin.apps.audit import services as audit
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.domain.security.devices import read_device

#: in a session: the path of the provider by which it was opened
SIGNED_IN_BY = "signed_in_by"


def list_sessions(*, actor: Actor, user_id: int) -> list[dict[str, Any]]:
    """Return where a user is logged in, the latest used first."""
    rows = login_sessions.open_sessions(tenant=actor.tenant, user_id=user_id, now=timezone.now())[:200]
    return [
        {
            "id": row.pk,
            **read_device(row.device)._asdict(),
            "address": row.address,
            "began_at": row.began_at,
            "seen_at": row.seen_at,
            "is_this": row.key == actor.session,
        }
        for row in rows
    ]


@transaction.atomic
def end_session(*, actor: Actor, user_id: int, session_id: int) -> None:
    """End one session of a user. Raises ``NotFound``, also for one that ended."""
    user = accounts.get_user(actor=actor, user_id=user_id)
    if not login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user_id], session_id=session_id):
        raise NotFound
    audit.record(actor=actor, action="session.ended", kind="user", subject=user_id, name=user.name)


@transaction.atomic
def end_all(*, actor: Actor, user_id: int, except_key: str = "") -> int:
    """End a user's sessions, one perhaps excepted; return how many."""
    user = accounts.get_user(actor=actor, user_id=user_id)
    ended = login_sessions.end_sessions(tenant=actor.tenant, user_ids=[user_id], except_key=except_key)
    if ended:
        after = {"sessions": ended}
        audit.record(actor=actor, action="session.ended", kind="user", subject=user_id, name=user.name, after=after)
    return ended
