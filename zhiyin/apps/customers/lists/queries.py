"""Asking the lists. An entry counts until it is ended or its time is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from zhiyin.apps.customers.known import Badge, Known, Tone
from zhiyin.apps.customers.models import CustomerNumber, ListEntry
from zhiyin.apps.customers.visibility import sees_all, visible_customers
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.contracts.snapshots import ListedNumber

_ENTRIES = RowsAsJson(ListEntry)
#: the words and the tone of each list's badge: Chinese, English
BADGES: Mapping[str, tuple[str, str, Tone]] = {
    ListEntry.List.VIP: ("VIP", "VIP", "good"),
    ListEntry.List.BLOCK: ("黑名单", "Blocked", "danger"),
    ListEntry.List.DO_NOT_CALL: ("免打扰", "Do not call", "warning"),
}


def is_on(tenant: Tenant, list: str, number: str) -> bool:  # noqa: A002 - the word of the field
    """Return whether a canonical number stands on a list now: itself, or as a number of a customer who does."""
    return list in lists_of_number(tenant=tenant, number=number)


def lists_of_number(*, tenant: Tenant, number: str) -> set[str]:
    """Return the lists on which a canonical number stands now. One statement."""
    owners = CustomerNumber.objects.of(tenant).filter(number=number, customer_id=OuterRef("customer_id"))
    rows = active(tenant).filter(Q(number=number) | Q(Exists(owners)))
    return set(rows.values_list("list", flat=True))


def entries_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[ListEntry]]]:
    """Ask for the entries that count for each customer now: its own, and those of its numbers."""
    return Question(_entries(), (tenant.pk, tuple(customer_ids)), _read_entries)


@cache
def _entries() -> str:
    return f"""
        SELECT json_agg(json_build_array(of.customer_id, {_ENTRIES.row}) ORDER BY t.list, t.id)
        FROM (
            SELECT own.id, own.customer_id FROM customers_listentry own
            WHERE own.tenant_id = $1 AND own.customer_id = ANY($2)
            UNION
            SELECT entry.id, has.customer_id FROM customers_customernumber has
            JOIN customers_listentry entry ON entry.tenant_id = has.tenant_id AND entry.number = has.number
            WHERE has.tenant_id = $1 AND has.customer_id = ANY($2)
        ) of JOIN customers_listentry t ON t.id = of.id
        WHERE t.ended_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > statement_timestamp())
    """  # noqa: S608 - of our own words


def _read_entries(text: str | None) -> dict[int, list[ListEntry]]:
    found: dict[int, list[ListEntry]] = defaultdict(list)
    for customer_id, entry in _ENTRIES.read_keyed(text):
        found[customer_id].append(entry)
    return found


def lists_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return on which lists each customer stands now."""
    return listed(answer(entries_asked(tenant=tenant, customer_ids=customer_ids)))


def listed(entries: Mapping[int, Sequence[ListEntry]]) -> dict[int, list[str]]:
    """Return the lists that these entries stand on."""
    return {customer: sorted({entry.list for entry in of}) for customer, of in entries.items()}


def known_lists(actor: Actor, customer_ids: Sequence[int]) -> dict[int, Known]:
    """Tell on which lists customers stand: a source of ``customers.known``."""
    return {
        customer: Known(badges=tuple(_badge(actor, entry) for entry in {one.list: one for one in entries}.values()))
        for customer, entries in answer(entries_asked(tenant=actor.tenant, customer_ids=customer_ids)).items()
    }


def _badge(actor: Actor, entry: ListEntry) -> Badge:
    chinese, english, tone = BADGES[entry.list]
    return Badge(entry.list, chinese if actor.language.startswith("zh") else english, tone, hint=entry.reason)


def active(tenant: Tenant, now: datetime | None = None) -> QuerySet[ListEntry]:
    """Return the entries that count now."""
    at = now or timezone.now()
    rows: QuerySet[ListEntry] = ListEntry.objects.of(tenant).filter(ended_at__isnull=True)
    return rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))


def list_entries(
    *,
    actor: Actor,
    list_code: str = "",
    state: str = "",
    customer_id: int | None = None,
    search: str = "",
) -> QuerySet[ListEntry]:
    """Return entries, past ones too; ``state``: active, expired, ended. A customer's include its numbers'."""
    tenant, now = actor.tenant, timezone.now()
    rows: QuerySet[ListEntry] = active(tenant, now) if state == "active" else ListEntry.objects.of(tenant)
    if state == "expired":
        rows = rows.filter(ended_at__isnull=True, expires_at__lte=now)
    if state == "ended":
        rows = rows.filter(ended_at__isnull=False)
    if list_code:
        rows = rows.filter(list=list_code)
    if customer_id is not None:
        own = CustomerNumber.objects.of(tenant).filter(customer_id=customer_id)
        rows = rows.filter(Q(customer_id=customer_id) | Q(number__in=own.values("number")))
    if not sees_all(actor):
        rows = rows.filter(Q(customer__isnull=True) | Q(customer_id__in=visible_customers(actor).values("pk")))
    if search:
        rows = rows.filter(_fits(actor, search.strip()))
    return rows


def _fits(actor: Actor, text: str) -> Q:
    names = visible_customers(actor).filter(name__icontains=text).values("pk")
    fits = Q(reason__icontains=text) | Q(customer_id__in=names)
    with suppress(BadNumber):
        fits |= Q(number=normalise_number(text, actor.tenant.region))
    digits = "".join(sign for sign in text if sign.isdigit())
    return fits | Q(number__contains=digits) if digits and actor.sees_numbers else fits


def engine_section(tenant: Tenant) -> dict[str, Any]:
    """Return every number on a list, with its end: the engine asks the clock itself."""
    rows = active(tenant)
    own = rows.exclude(number="").values_list("number", "list", "expires_at")
    owners = CustomerNumber.objects.of(tenant).filter(
        customer_id__in=rows.filter(customer__isnull=False).values("customer_id")
    )
    by_customer: dict[int, list[str]] = defaultdict(list)
    for customer_id, number in owners.values_list("customer_id", "number"):
        by_customer[customer_id].append(number)
    of_customers = rows.filter(customer__isnull=False).values_list("customer_id", "list", "expires_at")
    every = {
        ListedNumber(number, code, until)
        for number, code, until in (
            *own,
            *((number, code, until) for customer, code, until in of_customers for number in by_customer[customer]),
        )
    }
    return {"listed": tuple(sorted(every, key=lambda one: (one.number, one.list, str(one.until))))}


def has_entries(*, tenant: Tenant, customer_id: int) -> bool:
    """Return whether the engine knows numbers by this customer."""
    return active(tenant).filter(customer_id=customer_id).exists()
