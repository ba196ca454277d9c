"""The session of a logged-in user: what it holds, and when it no longer counts.

Between the password and the last step of logging in (a code, setting up the second factor) the session holds who is
on the way in, and opens nothing else.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from zhiyin.apps.accounts import login_sessions
from zhiyin.apps.accounts.actors import actor_from, with_place
from zhiyin.apps.accounts.models import User
from zhiyin.apps.accounts.session_user import read_session_user
from zhiyin.apps.accounts.viewing import with_other_eyes
from zhiyin.apps.rest.access import remote_address
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.scope import enter_tenant

#: what is left to do after the password
Step = Literal["code", "set_up"]

#: for so long the password that was given counts
STEP_LIFE = timedelta(minutes=10)
_STEP = "step"
LANGUAGE_HEADER = "X-Zhiyin-Language"
LANGUAGES = frozenset({"zh", "en"})


def open_session(request: HttpRequest, user: User) -> None:
    """Make the browser's session the user's, under a new key, so that a planted one is worthless."""
    request.session.flush()
    request.session["tenant"] = user.tenant_id
    request.session["user"] = user.pk
    request.session["hash"] = user.get_session_auth_hash()
    request.session["id"] = uuid.uuid4().hex
    login_sessions.begin(
        user=user,
        key=request.session["id"],
        address=remote_address(request),
        device=request.headers.get("User-Agent", ""),
        now=timezone.now(),
    )
    rotate_token(request)
    found = with_place(User.objects.of(user.tenant)).get(pk=user.pk)
    request.actor = _actor(found, request)  # type: ignore[attr-defined] # TenantRequest


def await_step(request: HttpRequest, user: User, step: Step) -> None:
    """Make the browser's session that of somebody who gave the right password and is not in yet."""
    request.session.flush()
    request.session[_STEP] = {
        "name": step,
        "tenant": user.tenant_id,
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": (timezone.now() + STEP_LIFE).isoformat(),
    }
    rotate_token(request)
    request.actor = None  # type: ignore[attr-defined] # TenantRequest


def awaited_step(request: HttpRequest) -> Step | None:
    """Return what the browser's session still has to do; ``None``: nothing, or the password was given too long ago."""
    kept = request.session.get(_STEP)
    if kept is None or datetime.fromisoformat(kept["until"]) <= timezone.now():
        return None
    step: Step = kept["name"]
    return step


def user_on_the_way(request: HttpRequest, step: Step) -> User | None:
    """Return who has this step to do, and enter the company; ``None``: nobody, or the account changed meanwhile."""
    if awaited_step(request) != step:
        return None
    kept = request.session[_STEP]
    enter_tenant(kept["tenant"])
    rows = User._base_manager.select_related("tenant", "role").filter(pk=kept["user"], tenant_id=kept["tenant"])
    user = rows.filter(is_active=True, removed_at__isnull=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return user


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

    None: nobody logged in, the session was ended, or the user was removed, switched off, or changed the password
    elsewhere.
    """
    own = resume_own(request)
    return None if own is None else with_other_eyes(own, request.session)


def resume_own(request: HttpRequest) -> Actor | None:
    """Return who the session's user is, whosever eyes it looks with."""
    session: SessionBase = request.session
    tenant_id, user_id = session.get("tenant"), session.get("user")
    if tenant_id is None or getattr(session, "entered", None) != tenant_id:
        enter_tenant(tenant_id)
    if tenant_id is None or user_id is None:
        return None
    key = session.get("id", "")
    found = read_session_user(tenant_id=tenant_id, user_id=user_id, key=key)
    if found is None:
        return None
    user, seen_at = found
    if not user.is_active or user.removed_at is not None:
        return None
    if not constant_time_compare(session.get("hash", ""), user.get_session_auth_hash()):
        return None
    now = timezone.now()
    if now - seen_at > login_sessions.SEEN_EVERY:
        login_sessions.touch(key=key, address=remote_address(request), now=now)
    return _actor(user, request)


def _actor(user: User, request: HttpRequest) -> Actor:
    """Return the actor, who is answered in the language that the page shows; else in the one that is remembered."""
    actor = actor_from(user, address=remote_address(request), session=request.session.get("id", ""))
    shown = request.headers.get(LANGUAGE_HEADER, "")
    return replace(actor, language=shown) if shown in LANGUAGES else actor
