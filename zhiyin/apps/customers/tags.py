"""Tags: made, renamed, merged, removed, and put on customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import UnknownReference
from zhiyin.apps.customers.models import Customer, CustomerTag, Tag
from zhiyin.apps.customers.visibility import WRITE, visible_customers
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson

_TAGS = RowsAsJson(Tag)


def list_tags(*, tenant: Tenant, search: str = "") -> QuerySet[Tag]:
    """Return the tags, each with how many customers have it (``customers``)."""
    used = CustomerTag.objects.of(tenant).filter(tag=OuterRef("pk")).order_by().values("tag").annotate(n=Count("pk"))
    rows = Tag.objects.of(tenant).annotate(customers=Coalesce(Subquery(used.values("n")), 0))
    return rows.filter(name__icontains=search) if search else rows


def create_tag(*, actor: Actor, fields: Mapping[str, Any]) -> Tag:
    tag = Tag.objects.of(actor.tenant).create(**fields)
    audit.record(
        actor=actor, action="tag.created", kind="tag", subject=tag.pk, name=tag.name, after=audit.fields_of(tag)
    )
    return tag


def update_tag(*, actor: Actor, tag_id: int, fields: Mapping[str, Any]) -> Tag:
    """Raises ``NotFound``; a taken name violates the table's constraint (merge the two instead)."""
    tag = get_tag(tenant=actor.tenant, tag_id=tag_id)
    before = audit.fields_of(tag)
    for name, value in fields.items():
        setattr(tag, name, value)
    tag.save()
    after = audit.fields_of(tag)
    audit.record(
        actor=actor, action="tag.changed", kind="tag", subject=tag.pk, name=tag.name, before=before, after=after
    )
    return tag


@transaction.atomic
def merge_tag(*, actor: Actor, tag_id: int, into_id: int) -> Tag:
    """Give every customer of one tag the other, and remove the first. Raises ``NotFound`` and ``Invalid``."""
    tag = get_tag(tenant=actor.tenant, tag_id=tag_id)
    into = Tag.objects.of(actor.tenant).filter(pk=into_id).first()
    if into is None or into == tag:
        raise UnknownReference("into_id")
    have = CustomerTag.objects.of(actor.tenant)
    have.filter(tag=tag, customer_id__in=have.filter(tag=into).values("customer_id")).delete()
    moved = have.filter(tag=tag).update(tag=into)
    _remove(actor, tag, "tag.merged", {"into": into.name, "customers": moved})
    return into


@transaction.atomic
def remove_tag(*, actor: Actor, tag_id: int) -> None:
    """Take the tag off every customer. Raises ``NotFound``."""
    tag = get_tag(tenant=actor.tenant, tag_id=tag_id)
    customers = CustomerTag.objects.of(actor.tenant).filter(tag=tag).count()
    _remove(actor, tag, "tag.removed", {"customers": customers})


def _remove(actor: Actor, tag: Tag, action: str, after: Mapping[str, Any]) -> None:
    before, key = audit.fields_of(tag), tag.pk
    tag.delete()
    audit.record(actor=actor, action=action, kind="tag", subject=key, name=tag.name, before=before, after=after)


def get_tag(*, tenant: Tenant, tag_id: int) -> Tag:
    """Raises ``NotFound``."""
    tag = Tag.objects.of(tenant).filter(pk=tag_id).first()
    if tag is None:
        raise NotFound
    return tag


def set_tags(*, tenant: Tenant, customer: Customer, tag_ids: Sequence[int]) -> None:
    """Let a customer have these tags and no others. Raises ``UnknownReference``."""
    wanted = set(tag_ids)
    have = CustomerTag.objects.of(tenant).filter(customer=customer)
    present = set(have.values_list("tag_id", flat=True))
    have.filter(tag_id__in=present - wanted).delete()
    add_tags(tenant=tenant, customer_ids=[customer.pk], tag_ids=wanted - present)


def add_tags(*, tenant: Tenant, customer_ids: Iterable[int], tag_ids: Iterable[int]) -> None:
    """Give customers tags; who has one keeps it. Raises ``UnknownReference``."""
    wanted = set(tag_ids)
    if not wanted:
        return
    if Tag.objects.of(tenant).filter(pk__in=wanted).count() != len(wanted):
        raise UnknownReference("tag_ids")
    rows = [
        CustomerTag(tenant=tenant, customer_id=customer_id, tag_id=tag_id)
        for customer_id in customer_ids
        for tag_id in wanted
    ]
    CustomerTag.objects.of(tenant).bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def take_tags(*, tenant: Tenant, customer_ids: Iterable[int], tag_ids: Iterable[int]) -> None:
    CustomerTag.objects.of(tenant).filter(customer_id__in=list(customer_ids), tag_id__in=list(tag_ids)).delete()


def tag_many(*, actor: Actor, customer_ids: Sequence[int], add: Sequence[int], take: Sequence[int]) -> list[int]:
    """Put tags on customers and take others off; return whose they are. Raises ``UnknownReference``."""
    tenant = actor.tenant
    known = dict(visible_customers(actor, WRITE).filter(pk__in=customer_ids).order_by("pk").values_list("pk", "name"))
    take_tags(tenant=tenant, customer_ids=known, tag_ids=take)
    add_tags(tenant=tenant, customer_ids=known, tag_ids=add)
    names = dict(Tag.objects.of(tenant).filter(pk__in=[*add, *take]).values_list("pk", "name"))
    Customer.objects.of(tenant).filter(pk__in=known).update(version=F("version") + 1, changed_at=timezone.now())
    for pk, name in known.items():
        audit.record(
            actor=actor,
            action="customer.tagged",
            kind="customer",
            subject=pk,
            name=name,
            before={"tags": [names[tag] for tag in take if tag in names]},
            after={"tags": [names[tag] for tag in add if tag in names]},
        )
    return list(known)


def tags_asked(*, tenant: Tenant, customer_ids: Iterable[int]) -> Question[dict[int, list[Tag]]]:
    """Ask for each customer's tags by name."""
    return Question(_tags(), (tenant.pk, tuple(customer_ids)), _read_tags)


def tags_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, list[Tag]]:
    return answer(tags_asked(tenant=tenant, customer_ids=customer_ids))


@cache
def _tags() -> str:
    return f"""
        SELECT json_agg(json_build_array(has.customer_id, {_TAGS.row}) ORDER BY t.name)
        FROM customers_customertag has JOIN customers_tag t ON t.id = has.tag_id
        WHERE has.tenant_id = $1 AND has.customer_id = ANY($2)
    """  # noqa: S608 - of our own words


def _read_tags(text: str | None) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = {}
    for customer_id, tag in _TAGS.read_keyed(text):
        found.setdefault(customer_id, []).append(tag)
    return found
