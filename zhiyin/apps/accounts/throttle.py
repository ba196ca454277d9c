"""How many failed logins are allowed, counted in the database so that every web process agrees."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from zhiyin.apps.accounts.errors import TooManyLogins
from zhiyin.apps.accounts.models import LoginFailure

WINDOW = timedelta(minutes=15)
MAX_PER_USER = 5
MAX_PER_ADDRESS = 30


def check_attempt(*, company: str, username: str, address: str, now: datetime) -> None:
    """Raise ``TooManyLogins`` where this user or this address failed too often lately.

    Attempts at one user name wait for each other (until the end of the transaction), so that many at once
    cannot slip through before the first is counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"login:{company}:{username}"])
    _check(LoginFailure.objects.filter(company=company, username=username), limit=MAX_PER_USER, now=now)
    _check(LoginFailure.objects.filter(address=address), limit=MAX_PER_ADDRESS, now=now)


def _check(failures: QuerySet[LoginFailure], *, limit: int, now: datetime) -> None:
    latest = list(failures.filter(at__gt=now - WINDOW).order_by("-at").values_list("at", flat=True)[:limit])
    if len(latest) == limit:
        raise TooManyLogins(wait_s=max(1, round((latest[-1] + WINDOW - now).total_seconds())))


def count_failure(*, company: str, username: str, address: str, now: datetime) -> None:
    LoginFailure.objects.create(company=company[:64], username=username[:64], address=address[:64], at=now)


def forget_failures(*, company: str, username: str) -> None:
    """A successful login clears the user's count; the address keeps its own."""
    LoginFailure.objects.filter(company=company, username=username).delete()


def forget_old_failures(*, now: datetime) -> int:
    """Delete what no longer counts; return how many."""
    deleted, _ = LoginFailure.objects.filter(at__lt=now - WINDOW).delete()
    return deleted
