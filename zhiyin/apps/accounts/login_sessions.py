"""The sessions that users have open: each login in a browser is a row, so that it can be listed and ended.

A session counts while its row says so (``accounts/sessions.py``). Which ones ended is told to the front with the
answer to the request that ended them, so that their sockets close at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from zhiyin.apps.accounts.models import LoginSession, User
from zhiyin.apps.tenancy.models import Tenant

#: how old "last seen" may be: not every request writes
SEEN_EVERY = timedelta(minutes=1)
#: how long a session that is over can be looked up
KEPT_FOR = timedelta(days=30)
#: more than fit into one header are found by the front's own question, within a minute
MOST_TOLD = 400

_ended: ContextVar[list[str] | None] = ContextVar("ended_sessions", default=None)


@contextmanager
def collected_endings() -> Iterator[list[str]]:
    """Collect which sessions end within a block."""
    ended: list[str] = []
    token = _ended.set(ended)
    try:
        yield ended
    finally:
        _ended.reset(token)


def begin(*, user: User, key: str, address: str, device: str, now: datetime) -> LoginSession:
    """Write down that a user is logged in with the session ``key``."""
    return LoginSession.objects.of(user.tenant).create(
        user=user, key=key, address=address[:64], device=device[:300], began_at=now, seen_at=now
    )


def touch(*, key: str, address: str, now: datetime) -> None:
    """Write down that the session is in use, unless another request of it is just doing that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_loginsession SET seen_at = %s, address = %s WHERE id IN"
            " (SELECT id FROM accounts_loginsession WHERE key = %s AND ended_at IS NULL FOR UPDATE SKIP LOCKED)",
            [now, address[:64], key],
        )


def open_sessions(*, tenant: Tenant, user_id: int, now: datetime) -> QuerySet[LoginSession]:
    """Return the sessions in which a user is logged in now, the latest used first."""
    still = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rows = LoginSession.objects.of(tenant).filter(user_id=user_id, ended_at__isnull=True, seen_at__gt=still)
    return rows.order_by("-seen_at", "-pk")


def end_sessions(
    *,
    tenant: Tenant,
    user_ids: Iterable[int],
    session_id: int | None = None,
    key: str | None = None,
    except_key: str = "",
    now: datetime | None = None,
) -> int:
    """End the open sessions of users, or one of them; return how many ended. Repeatable."""
    rows = LoginSession.objects.of(tenant).filter(user_id__in=list(user_ids), ended_at__isnull=True)
    if session_id is not None:
        rows = rows.filter(pk=session_id)
    if key is not None:
        rows = rows.filter(key=key)
    keys = list(rows.exclude(key=except_key).values_list("key", flat=True))
    if not keys:
        return 0
    LoginSession.objects.of(tenant).filter(key__in=keys).update(ended_at=now or timezone.now())
    told = _ended.get()
    if told is not None:
        told.extend(keys)
    return len(keys)


def forget_old_sessions(*, now: datetime) -> int:
    """Delete what is over for long; return how many."""
    deleted, _ = LoginSession._base_manager.filter(seen_at__lt=now - KEPT_FOR).delete()
    return deleted
