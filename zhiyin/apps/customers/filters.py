"""What a list of customers can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhiyin.apps.customers.lists import queries as lists
from zhiyin.apps.customers.models import Customer, CustomerAddress, CustomerNumber, CustomerTag, OwnedProduct
from zhiyin.apps.tenancy.actors import Actor

#: in place of an id: the asker, and nobody
ME, NOBODY = "me", "none"


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Empty and None: not narrowed. ``owner``: an id, "me", or "none" for the public pool."""

    kind: str = ""
    level: str = ""
    type: str = ""
    owner: str = ""
    tags: tuple[int, ...] = field(default=())
    customer_class: int | None = None
    is_key_account: bool | None = None
    list: str = ""
    product: int | None = None
    province: str = ""
    city: str = ""
    birth_month: int | None = None
    min_value: Decimal | None = None
    in_arrears: bool | None = None


def narrowed(rows: QuerySet[Customer], *, actor: Actor, wanted: CustomerFilter) -> QuerySet[Customer]:
    """Return the rows that fit all that is wanted."""
    for name in ("kind", "level", "type", "birth_month", "is_key_account"):
        if (value := getattr(wanted, name)) not in ("", None):
            rows = rows.filter(**{name: value})
    if wanted.owner == NOBODY:
        rows = rows.filter(owner__isnull=True)
    elif wanted.owner:
        rows = rows.filter(owner_id=actor.user_id if wanted.owner == ME else int(wanted.owner))
    if wanted.customer_class is not None:
        by_rule = Q(class_by_hand__isnull=True, class_by_rule_id=wanted.customer_class)
        rows = rows.filter(Q(class_by_hand_id=wanted.customer_class) | by_rule)
    if wanted.min_value is not None:
        rows = rows.filter(monthly_value__gte=wanted.min_value)
    if wanted.in_arrears is not None:
        owing = Q(arrears__gt=0)
        rows = rows.filter(owing) if wanted.in_arrears else rows.exclude(owing)
    return _attached(rows, actor=actor, wanted=wanted)


def _attached(rows: QuerySet[Customer], *, actor: Actor, wanted: CustomerFilter) -> QuerySet[Customer]:
    tenant, of = actor.tenant, OuterRef("pk")
    for tag in wanted.tags:
        rows = rows.filter(Exists(CustomerTag.objects.of(tenant).filter(customer_id=of, tag_id=tag)))
    if wanted.product is not None:
        rows = rows.filter(Exists(OwnedProduct.objects.of(tenant).filter(customer_id=of, product_id=wanted.product)))
    if wanted.province or wanted.city:
        places = CustomerAddress.objects.of(tenant).filter(customer_id=of)
        for name, value in (("province", wanted.province), ("city", wanted.city)):
            places = places.filter(**{f"{name}__startswith": value}) if value else places
        rows = rows.filter(Exists(places))
    if wanted.list:
        entries = lists.active(tenant).filter(list=wanted.list)
        listed_numbers = CustomerNumber.objects.of(tenant).filter(
            number__in=entries.exclude(number="").values("number")
        )
        rows = rows.filter(
            Q(pk__in=entries.filter(customer__isnull=False).values("customer_id"))
            | Q(pk__in=listed_numbers.values("customer_id"))
        )
    return rows
