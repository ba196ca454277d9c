"""Whose day it is: birthdays, dates of the record, dates of products; and who does not want to be contacted.

Told to other apps as plain values, narrowed in the database to the days that are looked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Substr

from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.lists import queries as lists
from zhiyin.apps.customers.models import Consent, Customer, CustomerTag, ListEntry, OwnedProduct
from zhiyin.apps.fields import queries as fields
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.domain.care import Days, days_of_year
from zhiyin.domain.fields.definitions import Kind

BIRTHDAY = "birthday"
ANNIVERSARY_FIELD = "anniversary_on"
PRODUCT_FIELDS = ("purchased_on", "warranty_until")
_CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class Who:
    """Which customers; empty: not narrowed. Of each list one must fit, and all that is named."""

    kind: str = ""
    levels: tuple[str, ...] = ()
    classes: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    owners: tuple[int, ...] = ()
    #: teams of the owner
    teams: tuple[int, ...] = ()
    #: "vip"
    list: str = ""
    is_key_account: bool | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Told:
    """A date of a customer, by ``year`` None where people do not tell the year."""

    customer_id: int
    owner_id: int | None
    year: int | None
    month: int
    day: int


def fitting(*, tenant: Tenant, who: Who) -> QuerySet[Customer]:
    """Return the customers that are meant."""
    rows: QuerySet[Customer] = Customer.objects.of(tenant).filter(erased_at__isnull=True)
    if who.kind:
        rows = rows.filter(kind=who.kind)
    if who.levels:
        rows = rows.filter(level__in=who.levels)
    if who.classes:
        by_rule = Q(class_by_hand__isnull=True, class_by_rule_id__in=who.classes)
        rows = rows.filter(Q(class_by_hand_id__in=who.classes) | by_rule)
    if who.tags:
        rows = rows.filter(Exists(CustomerTag.objects.of(tenant).filter(customer_id=OuterRef("pk"), tag__in=who.tags)))
    if who.owners:
        rows = rows.filter(owner_id__in=who.owners)
    if who.teams:
        rows = rows.filter(owner__team_id__in=who.teams)
    if who.list:
        rows = rows.filter(pk__in=lists.active(tenant).filter(list=who.list).values("customer_id"))
    return rows if who.is_key_account is None else rows.filter(is_key_account=who.is_key_account)


def date_fields(*, tenant: Tenant) -> list[tuple[str, str, str]]:
    """Return by which dates rules can go: code, Chinese and English name, the company's own fields too."""
    own = [
        (f"{_CUSTOM}{one.code}", one.name, one.name_en or one.name)
        for one in fields.definitions(tenant, SUBJECT)
        if one.kind is Kind.DATE
    ]
    return [
        (ANNIVERSARY_FIELD, "纪念日", "Anniversary"),
        ("purchased_on", "产品购买日", "Purchase of a product"),
        ("warranty_until", "产品保修到期日", "End of a product's warranty"),
        *own,
    ]


def dates_within(*, tenant: Tenant, who: Who, source: str, days: Days, is_yearly: bool) -> list[Told]:
    """Return the dates of ``source`` that lie within ``days``; yearly ones whatever their year.

    ``source``: "birthday", or a code of ``date_fields``.
    """
    rows = fitting(tenant=tenant, who=who)
    if source == BIRTHDAY:
        born = rows.filter(_on_days("birth_month", "birth_day", days))
        found = born.values_list("pk", "owner_id", "birth_year", "birth_month", "birth_day")
        return [Told(pk, owner, year, month or 1, day or 1) for pk, owner, year, month, day in found]
    if source in PRODUCT_FIELDS:
        owned = OwnedProduct.objects.of(tenant).filter(customer__in=rows.values("pk"))
        owned = owned.filter(_dated(source, days, is_yearly=is_yearly))
        return _told(owned.values_list("customer_id", "customer__owner_id", source))
    if source.startswith(_CUSTOM):
        text = KeyTextTransform(source.removeprefix(_CUSTOM), "custom")
        own = rows.annotate(told=text, told_day=Substr(KeyTextTransform(source.removeprefix(_CUSTOM), "custom"), 6, 5))
        wanted = (
            Q(told_day__in=[f"{month:02d}-{day:02d}" for month, day in days_of_year(days)])
            if is_yearly
            else Q(told__gte=days.first.isoformat(), told__lte=days.last.isoformat())
        )
        dated = own.filter(wanted, told__regex=r"^\d{4}-\d\d-\d\d$").values_list("pk", "owner_id", "told")
        return _told((pk, owner, date.fromisoformat(told)) for pk, owner, told in dated)
    marked = rows.filter(_dated(ANNIVERSARY_FIELD, days, is_yearly=is_yearly))
    return _told(marked.values_list("pk", "owner_id", ANNIVERSARY_FIELD))


def _told(rows: Iterable[tuple[Any, ...]]) -> list[Told]:
    return [Told(pk, owner, day.year, day.month, day.day) for pk, owner, day in rows]


def _dated(name: str, days: Days, *, is_yearly: bool) -> Q:
    if is_yearly:
        return _on_days(f"{name}__month", f"{name}__day", days)
    return Q(**{f"{name}__range": (days.first, days.last)})


def _on_days(month_name: str, day_name: str, days: Days) -> Q:
    by_month: dict[int, list[int]] = defaultdict(list)
    for month, day in days_of_year(days):
        by_month[month].append(day)
    wanted = Q()
    for month, of_month in by_month.items():
        wanted |= Q(**{month_name: month, f"{day_name}__in": of_month})
    return wanted


def owners_of(*, tenant: Tenant, who: Who, customer_ids: Sequence[int]) -> dict[int, int | None]:
    """Return of these customers those that are meant, with their owners."""
    rows = fitting(tenant=tenant, who=who).filter(pk__in=customer_ids)
    return dict(rows.values_list("pk", "owner_id"))


@dataclass(frozen=True, slots=True)
class Contacting:
    """How customers would be contacted: ``channel`` is a consent's, "" where none is asked for."""

    channel: str
    purpose: str
    #: only who said yes; else also who was never asked
    needs_consent: bool
    is_call: bool


def unwilling(*, tenant: Tenant, customer_ids: Sequence[int], contacting: Contacting, now: datetime) -> dict[int, str]:
    """Return who shall not be contacted so, and why: "listed" (blocked, not to be called) or "consent"."""
    hindering = {ListEntry.List.BLOCK.value} | ({ListEntry.List.DO_NOT_CALL.value} if contacting.is_call else set())
    listed = lists.lists_of(tenant=tenant, customer_ids=customer_ids)
    found = {customer: "listed" for customer in customer_ids if hindering & set(listed.get(customer, ()))}
    if not contacting.channel:
        return found
    last = (
        Consent.objects.of(tenant)
        .filter(customer_id__in=customer_ids, channel=contacting.channel, purpose=contacting.purpose)
        .filter(at__lte=now)
        .order_by("customer_id", "-at", "-pk")
        .distinct("customer_id")
    )
    said = {row.customer_id: row.is_given for row in last if row.valid_until is None or row.valid_until > now}
    for customer in customer_ids:
        if said.get(customer, not contacting.needs_consent) is False:
            found.setdefault(customer, "consent")
    return found
