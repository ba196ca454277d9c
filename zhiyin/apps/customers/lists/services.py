"""Putting numbers and customers on a list and taking them off, each time with who and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import UnknownReference
from zhiyin.apps.customers.lists.errors import AlreadyListed, BadListedNumber, ExpiryPassed
from zhiyin.apps.customers.models import CustomerNumber, ListEntry
from zhiyin.apps.customers.visibility import visible_ids
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.publication import postponed_publication, publish_settings
from zhiyin.contracts.numbers import BadNumber, mask_number, normalise_number

__all__ = ["ListEntry", "add_customers", "add_entry", "add_numbers", "end_entry"]


@transaction.atomic
def add_entry(
    *,
    actor: Actor,
    list_code: str,
    reason: str,
    now: datetime,
    number: str = "",
    customer_id: int | None = None,
    customer_number_id: int | None = None,
    expires_at: datetime | None = None,
) -> ListEntry:
    """Put a number (typed, or one of a customer's by its id) or a customer on a list; the engine knows it at once.

    Raises ``BadListedNumber``, ``UnknownReference``, ``ExpiryPassed`` and ``AlreadyListed``.
    """
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    subject = _subject(actor, number, customer_id, customer_number_id)
    same = ListEntry.objects.of(actor.tenant).filter(list=list_code, ended_at__isnull=True, **subject)
    same.filter(expires_at__lte=now).update(ended_at=now, ended_reason="expired")
    if same.exists():
        raise AlreadyListed(list_code)
    entry = ListEntry.objects.of(actor.tenant).create(
        list=list_code, reason=reason, author_id=actor.user_id, created_at=now, expires_at=expires_at, **subject
    )
    _record_added(actor, entry)
    publish_settings(tenant=actor.tenant)
    return entry


@dataclass(frozen=True, slots=True)
class AddedNumbers:
    """What came of a pasted list: how many were added; as typed, those listed already and those that are no numbers."""

    added: int
    already: tuple[str, ...]
    wrong: tuple[str, ...]


@transaction.atomic
def add_numbers(
    *, actor: Actor, list_code: str, numbers: Sequence[str], reason: str, now: datetime, expires_at: datetime | None
) -> AddedNumbers:
    """Put many typed numbers on a list for one reason; the engine is told once. Raises ``ExpiryPassed``."""
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed
    typed: dict[str, str] = {}
    wrong: list[str] = []
    for text in numbers:
        try:
            typed.setdefault(normalise_number(text, actor.tenant.region), text)
        except BadNumber:
            wrong.append(text)
    same = ListEntry.objects.of(actor.tenant).filter(list=list_code, ended_at__isnull=True, number__in=typed)
    same.filter(expires_at__lte=now).update(ended_at=now, ended_reason="expired")
    listed = set(same.values_list("number", flat=True))
    entries = ListEntry.objects.of(actor.tenant).bulk_create(
        ListEntry(
            tenant=actor.tenant, list=list_code, number=number, reason=reason,
            author_id=actor.user_id, created_at=now, expires_at=expires_at,
        )
        for number in typed
        if number not in listed
    )  # fmt: skip
    for entry in entries:
        _record_added(actor, entry)
    if entries:
        publish_settings(tenant=actor.tenant)
    return AddedNumbers(len(entries), tuple(typed[number] for number in typed if number in listed), tuple(wrong))


@transaction.atomic
def end_entry(*, actor: Actor, entry_id: int, reason: str, now: datetime) -> ListEntry:
    """Take it off the list; repeated, the first end stands. Raises ``NotFound``."""
    entry = ListEntry.objects.of(actor.tenant).select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    if entry.ended_at is not None:
        return entry
    entry.ended_at, entry.ended_by_id, entry.ended_reason = now, actor.user_id, reason
    entry.save()
    _record(actor, entry, "list_entry.ended", {"reason": reason})
    publish_settings(tenant=actor.tenant)
    return entry


def end_doubled(*, tenant: Tenant, customer_id: int, beside_id: int, now: datetime) -> None:
    """End a customer's entries on lists on which another stands too: the two become one, who stands there once."""
    open_entries = ListEntry.objects.of(tenant).filter(ended_at__isnull=True)
    twice = open_entries.filter(customer_id=beside_id).values_list("list", flat=True)
    open_entries.filter(customer_id=customer_id, list__in=list(twice)).update(ended_at=now, ended_reason="merged")


@transaction.atomic
def add_customers(
    *, actor: Actor, list_code: str, customer_ids: list[int], reason: str, now: datetime, expires_at: datetime | None
) -> list[int]:
    """Put many customers on a list; who stands on it already is left as is. The engine is told once.

    Returns who was added.
    """
    listed = ListEntry.objects.of(actor.tenant).filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), list=list_code, ended_at__isnull=True
    )
    present = set(listed.filter(customer_id__in=customer_ids).values_list("customer_id", flat=True))
    wanted = sorted(visible_ids(actor, customer_ids) - present)
    with postponed_publication():
        for customer_id in wanted:
            add_entry(
                actor=actor, list_code=list_code, reason=reason, now=now, customer_id=customer_id, expires_at=expires_at
            )
    if wanted:
        publish_settings(tenant=actor.tenant)
    return wanted


def _subject(
    actor: Actor, number: str, customer_id: int | None, customer_number_id: int | None
) -> dict[str, str | int | None]:
    tenant = actor.tenant
    if customer_id is not None:
        if not visible_ids(actor, [customer_id]):
            raise UnknownReference("customer_id")
        return {"customer_id": customer_id}
    if customer_number_id is not None:
        row = CustomerNumber.objects.of(tenant).filter(pk=customer_number_id).first()
        if row is None or not visible_ids(actor, [row.customer_id]):
            raise UnknownReference("customer_number_id")
        return {"number": row.number}
    try:
        return {"number": normalise_number(number, tenant.region)}
    except BadNumber as error:
        raise BadListedNumber from error


def _record_added(actor: Actor, entry: ListEntry) -> None:
    expires_at = entry.expires_at and entry.expires_at.isoformat()
    _record(actor, entry, "list_entry.added", {"reason": entry.reason, "expires_at": expires_at})


def _record(actor: Actor, entry: ListEntry, action: str, after: Mapping[str, Any]) -> None:
    audit.record(
        actor=actor,
        action=action,
        kind="customer" if entry.customer_id else "list_entry",
        subject=entry.customer_id or entry.pk,
        name=mask_number(entry.number) if entry.number else entry.customer.name if entry.customer else "",
        after={"list": entry.list, **after},
    )
