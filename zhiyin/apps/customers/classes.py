"""Classes of customers: rules kept, tried on everybody, and carried out; key accounts found anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from zhiyin.apps.audit import services as audit
from zhiyin.apps.customers.errors import BadRule, ClassInUse, UnknownReference
from zhiyin.apps.customers.models import Customer, CustomerClass, CustomerPolicy
from zhiyin.apps.customers.visibility import locked_for_change
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.asking import Question, answer
from zhiyin.apps.tenancy.models import Tenant
from zhiyin.apps.tenancy.rows_as_json import RowsAsJson
from zhiyin.domain.customers.classes import (
    AMOUNTS,
    BadCondition,
    Comparison,
    Condition,
    Field,
    Profile,
    Rule,
    check_condition,
    choose_class,
    key_account_count,
)

_NOBODY = 0
_CLASSES = RowsAsJson(CustomerClass)
#: (tenant, ids of classes) -> the names of what names one of them
Users = Callable[[Tenant, Collection[int]], Iterable[str]]
_users: dict[str, Users] = {}


def register_users(kind: str, users: Users) -> None:
    """Keep classes that an app's settings name from being removed."""
    _users[kind] = users


def list_classes(*, tenant: Tenant) -> QuerySet[CustomerClass]:
    """Return the classes in the order in which their rules are tried."""
    return CustomerClass.objects.of(tenant).order_by("position", "pk")


def names_of_classes(tenant: Tenant) -> dict[int, tuple[str, str]]:
    """Return the classes' names in Chinese and English by their ids, in the order in which they are tried."""
    return {row.pk: (row.name, row.name_en) for row in list_classes(tenant=tenant)}


@dataclass(frozen=True, slots=True)
class ClassDraft:
    """A class as somebody wants it to be; ``id`` None: a new one."""

    id: int | None
    name: str
    name_en: str
    colour: str
    conditions: Sequence[Mapping[str, Any]]


@transaction.atomic
def save_classes(*, actor: Actor, drafts: Sequence[ClassDraft]) -> list[CustomerClass]:
    """Let these be the classes, in this order; customers are sorted into them anew at once.

    A class left out is removed, and with it the choices made by hand.
    Raises ``BadRule``, ``UnknownReference``, and ``ClassInUse`` while other settings name a class left out.
    """
    tenant = actor.tenant
    present = {row.pk: row for row in list_classes(tenant=tenant)}
    before = [_shown(row) for row in present.values()]
    for index, draft in enumerate(drafts):
        if draft.id is not None and draft.id not in present:
            raise UnknownReference(f"classes.{index}.id")
        read_conditions(draft.conditions, index)
    removed = present.keys() - {draft.id for draft in drafts}
    if removed and (users := [name for named_by in _users.values() for name in named_by(tenant, removed)]):
        raise ClassInUse(users)
    CustomerClass.objects.of(tenant).filter(pk__in=removed).delete()
    rows = []
    for position, draft in enumerate(drafts):
        row = present.get(draft.id or 0) or CustomerClass(tenant=tenant)
        row.name, row.name_en, row.colour = draft.name, draft.name_en, draft.colour
        row.position, row.conditions = position, list(draft.conditions)
        row.save()
        rows.append(row)
    audit.record(
        actor=actor,
        action="customer_class.changed",
        kind="customer_class",
        before={"classes": before},
        after={"classes": [_shown(row) for row in rows]},
    )
    sort_into_classes(tenant=tenant)
    return rows


def read_conditions(given: Iterable[Mapping[str, Any]], index: int) -> tuple[Condition, ...]:
    """Raises ``BadRule`` that names the class at ``index``."""
    found = []
    for number, one in enumerate(given):
        condition = _condition(one)
        try:
            check_condition(condition)
        except BadCondition as error:
            raise BadRule(f"classes.{index}.conditions.{number}", error.why) from error
        found.append(condition)
    return tuple(found)


def _condition(one: Mapping[str, Any]) -> Condition:
    return Condition(
        Field(one["field"]),
        Comparison(one["test"]),
        values=tuple(one.get("values") or ()),
        amount=Decimal(str(one.get("amount") or 0)),
    )


def _rules(rows: Iterable[CustomerClass]) -> list[Rule]:
    return [Rule(row.pk, tuple(_condition(one) for one in row.conditions)) for row in rows]


def class_of(*, tenant: Tenant, customer: Customer) -> int | None:
    """Return the class that the rules give to a customer as it stands now."""
    profile = Profile(
        kind=customer.kind,
        type=customer.type,
        service=customer.service,
        credit_rating=customer.credit_rating,
        monthly_value=customer.monthly_value,
        credit_limit=customer.credit_limit,
        arrears=customer.arrears,
    )
    return choose_class(_rules(list_classes(tenant=tenant)), profile)


def count_fitting(*, tenant: Tenant, rules: Sequence[Sequence[Condition]]) -> tuple[list[int], int]:
    """Return how many customers the first-that-fits order gives to each rule, and how many to none."""
    chosen = _first_that_fits([Rule(number, tuple(conditions)) for number, conditions in enumerate(rules, start=1)])
    rows = Customer.objects.of(tenant).annotate(rule=chosen).order_by().values_list("rule").annotate(n=Count("pk"))
    counts = dict(rows)
    return [counts.get(number, 0) for number in range(1, len(rules) + 1)], counts.get(_NOBODY, 0)


def sort_into_classes(*, tenant: Tenant) -> int:
    """Write everybody's class by rule; return how many changed. Repeatable."""
    chosen = _first_that_fits(_rules(list_classes(tenant=tenant)))
    rows = Customer.objects.of(tenant).annotate(chosen=chosen)
    changed = rows.filter(~Q(chosen=F("class_by_rule")) | Q(class_by_rule__isnull=True, chosen__gt=_NOBODY))
    return sum(
        changed.filter(chosen=class_id).update(class_by_rule=class_id or None)
        for class_id in [_NOBODY, *list_classes(tenant=tenant).values_list("pk", flat=True)]
    )


def _first_that_fits(rules: Sequence[Rule]) -> Case | Value:
    """Return the same decision as ``choose_class`` in SQL; ``_NOBODY`` where no rule fits."""
    whens = [When(_where(rule), then=Value(rule.class_id)) for rule in rules]
    if not whens:
        return Value(_NOBODY, output_field=IntegerField())
    return Case(*whens, default=Value(_NOBODY), output_field=IntegerField())


def _where(rule: Rule) -> Q:
    fits = Q(pk__isnull=False)
    for one in rule.conditions:
        if one.field in AMOUNTS:
            compared = "gte" if one.test is Comparison.AT_LEAST else "lte"
            fits &= Q(**{f"{one.field.value}__{compared}": one.amount})
        else:
            fits &= Q(**{f"{one.field.value}__in": one.values})
    return fits


@transaction.atomic
def override_class(*, actor: Actor, customer_id: int, class_id: int | None, reason: str) -> Customer:
    """Choose a customer's class by hand, or (None) leave it to the rules again.

    Raises ``NotFound``, ``SomebodyElsesCustomer`` and ``UnknownReference``.
    """
    customer = locked_for_change(actor, [customer_id])[customer_id]
    if class_id is not None and not CustomerClass.objects.of(actor.tenant).filter(pk=class_id).exists():
        raise UnknownReference("class_id")
    before = {"class_by_hand": customer.class_by_hand_id, "reason": customer.class_reason}
    customer.class_by_hand_id, customer.class_reason = class_id, reason if class_id else ""
    customer.version += 1
    customer.save()
    audit.record(
        actor=actor,
        action="customer.changed",
        kind="customer",
        subject=customer.pk,
        name=customer.name,
        before=before,
        after={"class_by_hand": class_id, "reason": customer.class_reason, "version": customer.version},
    )
    return customer


def find_key_accounts(*, tenant: Tenant) -> int:
    """Mark the customers of the highest monthly value, as many of a hundred as the policy says; return how many."""
    policy = CustomerPolicy.objects.of(tenant).first() or CustomerPolicy()
    worth = Customer.objects.of(tenant).filter(monthly_value__gt=0)
    count = worth.count()
    everybody = Customer.objects.of(tenant)
    if count == 0:
        everybody.filter(is_key_account=True).update(is_key_account=False)
        return 0
    last = key_account_count(count, share_pct=policy.key_share_pct) - 1
    threshold = worth.order_by("-monthly_value").values_list("monthly_value", flat=True)[last]
    everybody.filter(Q(monthly_value__lt=threshold) | Q(monthly_value__isnull=True), is_key_account=True).update(
        is_key_account=False
    )
    everybody.filter(monthly_value__gte=threshold, is_key_account=False).update(is_key_account=True)
    return everybody.filter(is_key_account=True).count()


def _shown(row: CustomerClass) -> dict[str, Any]:
    return {"name": row.name, "conditions": row.conditions}


def classes_asked(*, tenant: Tenant) -> Question[dict[int, CustomerClass]]:
    """Ask for the classes by their ids."""
    return Question(_classes(), (tenant.pk,), _by_id)


def classes_by_id(*, tenant: Tenant) -> dict[int, CustomerClass]:
    return answer(classes_asked(tenant=tenant))


@cache
def _classes() -> str:
    return _CLASSES.select("t.tenant_id = $1", order="t.position, t.id")


def _by_id(text: str | None) -> dict[int, CustomerClass]:
    return {row.pk: row for row in _CLASSES.read(text)}
