"""Finding customers who may be one: while somebody types a new one, and in bulk.

Not every pair is compared: only those that share a number, a mail address, or how the name sounds together with
something else. What too many share (a common name, a switchboard) says nothing and is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers import queries
from zhiyin.apps.customers.custom_fields import SUBJECT
from zhiyin.apps.customers.models import Customer
from zhiyin.apps.customers.models.merging import DuplicatePair, DuplicateSearch
from zhiyin.apps.customers.pinyin import search_keys
from zhiyin.apps.customers.visibility import sees_all, visible_customers, visible_ids
from zhiyin.apps.refusals import NotFound
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.field_rights import may_find_by
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.scope import inside
from zhiyin.contracts.numbers import BadNumber, normalise_number
from zhiyin.domain.customers.duplicates import Likeness, Profile, compare, is_candidate
from zhiyin.domain.permissions import Access

#: a sign that more customers than this share tells nothing
_LARGEST_BLOCK = 20
_MAX_PAIRS = 300_000
_AT_ONCE = 500
_SIMILAR_SHOWN = 5
_COMPARED_ON_ENTRY = 100

_SHARED = """
    SELECT DISTINCT a.customer_id, b.customer_id FROM {table} a JOIN {table} b
      ON b.tenant_id = a.tenant_id AND b.{column} = a.{column} AND a.customer_id < b.customer_id
    WHERE a.tenant_id = %(tenant)s AND a.{column} IN (
        SELECT {column} FROM {table} WHERE tenant_id = %(tenant)s
        GROUP BY {column} HAVING count(*) BETWEEN 2 AND %(most)s)
    LIMIT %(limit)s
"""
_SOUNDING = """
    WITH blocks AS (
        SELECT array_agg(id ORDER BY id) AS ids FROM customers_customer
        WHERE tenant_id = %(tenant)s AND pinyin <> '' AND {condition}
        GROUP BY pinyin, {key} HAVING count(*) BETWEEN 2 AND %(most)s)
    SELECT a, b FROM blocks, unnest(ids) a, unnest(ids) b WHERE a < b LIMIT %(limit)s
"""
#: what is put in are our own names of tables and columns
_BLOCKS = (
    _SHARED.format(table="customers_customernumber", column="number"),
    _SHARED.format(table="customers_customeremail", column="email"),
    _SOUNDING.format(key="lower(company)", condition="company <> ''"),
    _SOUNDING.format(key="birth_month, birth_day", condition="birth_month IS NOT NULL"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far of a new customer. ``customer_id``: the one that is being edited."""

    name: str = ""
    kind: str = "person"
    company: str = ""
    numbers: Sequence[str] = ()
    emails: Sequence[str] = ()
    address: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    customer: Customer
    likeness: Likeness


def find_similar(*, actor: Actor, draft: Draft) -> tuple[list[Similar], int]:
    """Return who may be meant by what is typed, the likeliest first, and how many more the actor may not see."""
    tenant = actor.tenant
    draft = _told_by_what_is_seen(actor, draft)
    numbers = [number for number in (_canonical(text, tenant) for text in draft.numbers) if number]
    emails = [text.strip().lower() for text in draft.emails if text.strip()]
    found = queries.known_by(tenant=tenant, numbers=numbers, emails=emails, limit=_COMPARED_ON_ENTRY)
    found += _sounding_like(actor, draft)
    typed = Profile(
        name=draft.name,
        readings=_readings(search_keys(draft.name), draft.name),
        kind=draft.kind,
        company=draft.company,
        numbers=frozenset(numbers),
        emails=frozenset(emails),
        address=draft.address,
    )
    others = {row.pk: row for row in found if row.pk != draft.customer_id}
    profiles = _profiles(tenant, others.values())
    compared = [Similar(row, compare(typed, profiles[key])) for key, row in others.items()]
    shown = [each for each in compared if is_candidate(each.likeness)]
    seen = visible_ids(actor, [each.customer.pk for each in shown])
    ordered = sorted(shown, key=lambda each: (-each.likeness.score, each.customer.pk))
    return [each for each in ordered if each.customer.pk in seen][:_SIMILAR_SHOWN], len(shown) - len(seen)


def _told_by_what_is_seen(actor: Actor, draft: Draft) -> Draft:
    """Leave out what the actor's role does not show, so that nobody finds out by typing who has it."""
    return replace(
        draft,
        numbers=() if actor.field_access(SUBJECT, "numbers") is Access.HIDE else draft.numbers,
        emails=draft.emails if may_find_by(actor, SUBJECT, "emails") else (),
        company=draft.company if may_find_by(actor, SUBJECT, "company") else "",
        address=draft.address if may_find_by(actor, SUBJECT, "addresses") else "",
    )


def _sounding_like(actor: Actor, draft: Draft) -> list[Customer]:
    name = draft.name.strip()
    if len(name) < 2 or not (draft.company.strip() or draft.address.strip()):
        return []
    readings = sorted(_readings(search_keys(name), name))
    found: list[Customer] = []
    for text in dict.fromkeys([name, *readings[:2]]):
        found += queries.search_customers(actor=actor, search=text).order_by("pk")[:_COMPARED_ON_ENTRY]
    return found


def list_pairs(*, actor: Actor, state: str = "open", at_least: int = 0, search: str = "") -> QuerySet[DuplicatePair]:
    """Return the pairs of whom the actor may see both."""
    rows: QuerySet[DuplicatePair] = DuplicatePair.objects.of(actor.tenant).filter(state=state, score__gte=at_least)
    if not sees_all(actor):
        seen = visible_customers(actor).values("pk")
        rows = rows.filter(low_id__in=seen, high_id__in=seen)
    if search:
        named = visible_customers(actor).filter(name__icontains=search)
        keys = named.values("pk")
        rows = rows.filter(Q(low_id__in=keys) | Q(high_id__in=keys))
    return rows


def judge_pair(*, actor: Actor, pair_id: int, is_same: bool) -> DuplicatePair:
    """Remember that two customers are not one (or take it back). Raises ``NotFound``."""
    pair = DuplicatePair.objects.of(actor.tenant).filter(pk=pair_id).first()
    if pair is None or len(visible_ids(actor, (pair.low_id, pair.high_id))) < 2:
        raise NotFound
    before = pair.state
    pair.state = DuplicatePair.State.OPEN if is_same else DuplicatePair.State.NOT_SAME
    pair.save(update_fields=["state"])
    audit.record(
        actor=actor, action="duplicate.judged", kind="duplicate", subject=pair.pk,
        before={"state": before}, after={"state": pair.state},
    )  # fmt: skip
    return pair


def begin_search(*, actor: Actor, now: datetime) -> DuplicateSearch:
    """Begin a search through all customers, or return the one that is at work."""
    running = DuplicateSearch.objects.of(actor.tenant).filter(state=DuplicateSearch.State.RUNNING).first()
    if running is not None:
        return running
    made = DuplicateSearch.objects.of(actor.tenant).create(by_name=actor.name, began_at=now, moved_at=now)
    audit.record(actor=actor, action="duplicate.search_started", kind="duplicate", subject=made.pk)
    return made


def last_search(*, tenant: Tenant) -> DuplicateSearch | None:
    return DuplicateSearch.objects.of(tenant).order_by("-began_at").first()


def search_all(*, tenant: Tenant, search_id: int, now: Callable[[], datetime]) -> None:
    """Do a search that was begun: find pairs by what they share, compare them, remember the candidates. Repeatable."""
    with inside(tenant):
        searches = DuplicateSearch.objects.of(tenant).filter(pk=search_id, state=DuplicateSearch.State.RUNNING)
        if not searches.exists():
            return
        pairs = iter(sorted(_pairs(tenant)))
    pairs_left = list(pairs)
    with inside(tenant):
        searches.update(total=len(pairs_left), finished=0, found=0, moved_at=now())
    finished = found = 0
    waiting = iter(pairs_left)
    while batch := list(islice(waiting, _AT_ONCE)):
        with inside(tenant):
            found += _compare_batch(tenant, batch, now())
            finished += len(batch)
            searches.update(finished=finished, found=found, moved_at=now())
    with inside(tenant):
        _drop_gone(tenant, searches.get().began_at)
        searches.update(state=DuplicateSearch.State.DONE, ended_at=now())


def _pairs(tenant: Tenant) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    with connection.cursor() as cursor:
        for statement in _BLOCKS:
            cursor.execute(statement, {"tenant": tenant.pk, "most": _LARGEST_BLOCK, "limit": _MAX_PAIRS})
            found.update(cursor.fetchall())
    return found


def _compare_batch(tenant: Tenant, batch: Sequence[tuple[int, int]], now: datetime) -> int:
    rows = Customer.objects.of(tenant).filter(pk__in={key for pair in batch for key in pair})
    profiles = _profiles(tenant, rows)
    made = []
    for low, high in batch:
        if low not in profiles or high not in profiles:
            continue
        likeness = compare(profiles[low], profiles[high])
        if is_candidate(likeness):
            made.append(
                DuplicatePair(
                    tenant=tenant, low_id=low, high_id=high, score=likeness.score,
                    reasons=list(likeness.reasons), found_at=now,
                )
            )  # fmt: skip
    DuplicatePair.objects.of(tenant).bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["low_id", "high_id"],
        update_fields=["score", "reasons", "found_at"],
    )
    return len(made)


def _drop_gone(tenant: Tenant, began_at: datetime) -> None:
    """Pairs that this search did not find again are none any more; judged ones stay remembered."""
    DuplicatePair.objects.of(tenant).filter(state=DuplicatePair.State.OPEN, found_at__lt=began_at).delete()


def _profiles(tenant: Tenant, rows: Iterable[Customer]) -> dict[int, Profile]:
    """Return what is compared of these customers, each list read in one statement."""
    known = {row.pk: row for row in rows}
    numbers = queries.numbers_of(tenant=tenant, customer_ids=known)
    emails = queries.emails_of(tenant=tenant, customer_ids=known)
    addresses = queries.addresses_of(tenant=tenant, customer_ids=known)
    return {
        key: Profile(
            name=row.name,
            readings=_readings(row.pinyin, row.name),
            kind=row.kind,
            company=row.company,
            numbers=frozenset(each.number for each in numbers.get(key, [])),
            emails=frozenset(emails.get(key, [])),
            address=next((str(each) for each in addresses.get(key, [])), ""),
            gender=row.gender,
            birthday=_birthday(row),
        )
        for key, row in known.items()
    }


def _birthday(row: Customer) -> tuple[int | None, int, int] | None:
    if row.birth_month is None or row.birth_day is None:
        return None
    return (row.birth_year, row.birth_month, row.birth_day)


def _readings(pinyin: str, name: str) -> frozenset[str]:
    """Return the whole readings among the search keys of a name: initials are as long as the name itself."""
    return frozenset(key for key in pinyin.split() if len(key) > len(name))


def _canonical(text: str, tenant: Tenant) -> str | None:
    try:
        return normalise_number(text, tenant.region)
    except BadNumber:
        return None


def names_of(*, tenant: Tenant, customer_ids: Iterable[int]) -> dict[int, Any]:
    """Return the customers of a page of pairs by id."""
    return {row.pk: row for row in Customer.objects.of(tenant).filter(pk__in=set(customer_ids))}
