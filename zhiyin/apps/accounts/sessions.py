"""The session of a logged-in user: what it holds, and when it no longer counts."""

from __future__ import annotations

import uuid

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from zhiyin.apps.accounts.actors import actor_from, with_place
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.viewing import with_other_eyes
from zhiyin.apps.rest.access import remote_address
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import enter_tenant


def open_session(request: HttpRequest, user: User) -> None:
    """Make the browser's session the user's, under a new key, so that a planted one is worthless."""
    request.session.flush()
    request.session["tenant"] = user.tenant_id
    request.session["user"] = user.pk
    request.session["hash"] = user.get_session_auth_hash()
    request.session["id"] = uuid.uuid4().hex
    rotate_token(request)
    found = with_place(User.objects.of(user.tenant)).get(pk=user.pk)
    request.actor = _actor(found, request)  # type: ignore[attr-defined] # TenantRequest


def close_session(request: HttpRequest) -> None:
    request.session.flush()
    rotate_token(request)
    request.actor = None  # type: ignore[attr-defined] # TenantRequest


def renew_session(request: HttpRequest, user: User) -> None:
    """Keep this session through its own change of password; all the user's others end."""
    request.session.cycle_key()
    request.session["hash"] = user.get_session_auth_hash()


def resume_session(request: HttpRequest) -> Actor | None:
    """Return as whom the session looks now, inside the company's transaction; mostly its own user.

    None: nobody logged in, or the user was removed, switched off, or changed the password elsewhere.
    """
    own = resume_own(request)
    return None if own is None else with_other_eyes(own, request.session)


def resume_own(request: HttpRequest) -> Actor | None:
    """Return who the session's user is, whosever eyes it looks with."""
    session: SessionBase = request.session
    tenant_id, user_id = session.get("tenant"), session.get("user")
    enter_tenant(tenant_id)
    if tenant_id is None or user_id is None:
        return None
    user = with_place(User._base_manager.filter(pk=user_id, tenant_id=tenant_id)).first()
    if user is None or not user.is_active or user.removed_at is not None:
        return None
    if not constant_time_compare(session.get("hash", ""), user.get_session_auth_hash()):
        return None
    return _actor(user, request)


def _actor(user: User, request: HttpRequest) -> Actor:
    return actor_from(user, address=remote_address(request), session=request.session.get("id", ""))
