"""Looking at the product with another user's or role's eyes (view as): to see, never to act.

The session remembers whose eyes. While it does, the actor is that user with ``viewed_by`` set to the administrator;
``rest/access.py`` refuses whatever is no mere reading, and the ticket for the socket names no agent.
"""

from __future__ import annotations

from dataclasses import replace

from django.contrib.sessions.backends.base import SessionBase

from zhiyin.apps.accounts.actors import actor_of
from zhiyin.apps.accounts.errors import NothingToView
from zhiyin.apps.accounts.models import Role
from zhiyin.apps.audit import services as audit
from zhiyin.apps.tenancy.actors import Actor

_KEY = "view_as"


def begin_view(*, actor: Actor, session: SessionBase, user_id: int | None, role: str | None) -> Actor:
    """Look with a user's eyes, or with the own ones and the rights of a role. Raises ``NothingToView``.

    ``actor`` is an administrator; beginning and ending are audited.
    """
    viewed = _look(actor, {"user": user_id} if user_id is not None else {"role": role})
    if viewed is None:
        raise NothingToView
    session[_KEY] = {"user": user_id} if user_id is not None else {"role": role}
    audit.record(
        actor=actor,
        action="view_as.began",
        kind="user" if user_id is not None else "role",
        subject=user_id if user_id is not None else role,
        name=viewed.name if user_id is not None else viewed.role_name,
    )
    return viewed


def end_view(*, administrator: Actor, session: SessionBase) -> None:
    """Look with the own eyes again; nothing happens where that is so already."""
    if session.pop(_KEY, None) is not None:
        audit.record(actor=administrator, action="view_as.ended", kind="user", subject=administrator.user_id)


def with_other_eyes(actor: Actor, session: SessionBase) -> Actor:
    """Return who the session looks as. An administrator who is none any more looks with the own eyes again."""
    chosen = session.get(_KEY)
    if chosen is None or not actor.may("admin"):
        return actor
    return _look(actor, chosen) or actor


def _look(actor: Actor, chosen: dict[str, object]) -> Actor | None:
    user_id, role = chosen.get("user"), chosen.get("role")
    if isinstance(user_id, int):
        if user_id == actor.user_id:
            return None
        seen = actor_of(tenant=actor.tenant, user_id=user_id, address=actor.address, session=actor.session)
    else:
        row = Role.objects.of(actor.tenant).filter(code=str(role)).first()
        seen = (
            replace(actor, role=row.code, role_name=row.name, role_name_en=row.name_en, permissions=row.permissions)
            if row is not None
            else None
        )
    if seen is None:
        return None
    return replace(seen, language=actor.language, viewed_by=actor.user_id, viewer_name=actor.name)
