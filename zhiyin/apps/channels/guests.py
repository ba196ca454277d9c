"""The public pages: what a company can be called on, a line for one call, and the limit by address that they share."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from zhiyin.apps.channels import queries
from zhiyin.apps.channels.models import GuestCall
from zhiyin.apps.engine_client import EngineRefused, ask_engine
from zhiyin.apps.refusals import NotFound, TooMany
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import enter_tenant
from zhiyin.contracts.commands import OpenGuestLine
from zhiyin.contracts.frames import TelephoneIdentity

WINDOW = timedelta(minutes=10)
MAX_CALLS = 10


class TooManyGuestCalls(TooMany):
    """``wait_s``: seconds until this address may call again."""

    code = "too_many_calls"

    def __init__(self, wait_s: int) -> None:
        super().__init__(title=f"Too many calls from here. Try again in {wait_s} seconds.", facts={"wait_s": wait_s})


def find_company(code: str) -> Tenant:
    """Return the company of a public page, and let the transaction see it. Raises ``NotFound``."""
    tenant = Tenant.objects.filter(code=code).first()
    if tenant is None:
        raise NotFound
    enter_tenant(tenant.pk)
    return tenant


def open_line(*, tenant: Tenant, entry: str, address: str, now: datetime) -> TelephoneIdentity:
    """Return a SIP identity for one call to ``entry``.

    Raises ``NotFound`` (no such entry), ``TooManyGuestCalls``, ``EngineRefused`` and ``EngineAway``.
    """
    if not tenant.is_guest_calling_on:
        raise EngineRefused("guest_calling_off", title="This company cannot be called from here.")
    if entry not in {number for number, _ in queries.entries(tenant=tenant)}:
        raise NotFound
    check_address(address, now)
    command = OpenGuestLine(entry=entry, remote=address)
    identity = ask_engine(command, tenant_id=tenant.pk, actor_id=None, result=TelephoneIdentity)
    count_address(address, now)
    return identity


def count_address(address: str, now: datetime) -> None:
    """Something that costs us was done for the address: ``check_address`` counts it."""
    GuestCall.objects.create(address=address, at=now)


def check_address(address: str, now: datetime) -> None:
    """Raise ``TooManyGuestCalls`` where the address asked too often just now.

    Those of one address wait for each other, so that many at once are counted one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"guest:{address}"])
    calls = GuestCall.objects.filter(address=address, at__gt=now - WINDOW).order_by("-at")
    latest = list(calls.values_list("at", flat=True)[:MAX_CALLS])
    if len(latest) == MAX_CALLS:
        raise TooManyGuestCalls(wait_s=max(1, round((latest[-1] + WINDOW - now).total_seconds())))


def forget_old_calls(*, now: datetime) -> int:
    """Delete what no longer counts; return how many."""
    deleted, _ = GuestCall.objects.filter(at__lt=now - WINDOW).delete()
    return deleted
