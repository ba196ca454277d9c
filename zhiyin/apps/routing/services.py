"""Changing the company's rules of the router: each change is audited, live at once, and can be put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhiyin.apps.audit import services as audit
from zhiyin.apps.audit import settings_changes
from zhiyin.apps.customers.classes import classes_by_id
from zhiyin.apps.routing import queries
from zhiyin.apps.routing.errors import CodeTwice, UnknownReference
from zhiyin.apps.routing.models import ContactClass, RoutingPolicy
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.publication import publish_settings

CLASSES = "contact_classes"
#: What of a class its form says; the code is said once.
CLASS_FIELDS = (
    "code",
    "name",
    "name_en",
    "points",
    "per_minute",
    "at_most",
    "target_s",
    "target_pct",
    "is_hard",
    "is_for_vips",
    "customer_classes",
    "entries",
)


@transaction.atomic
def save_classes(*, actor: Actor, drafts: Sequence[Mapping[str, Any]]) -> list[ContactClass]:
    """Let these be the classes, tried in this order; a class is known by its code, one left out is removed.

    Raises ``CodeTwice`` and ``UnknownReference``.
    """
    tenant = actor.tenant
    known = classes_by_id(tenant=tenant)
    seen: set[str] = set()
    for index, draft in enumerate(drafts):
        if draft["code"] in seen:
            raise CodeTwice(f"classes.{index}.code")
        seen.add(draft["code"])
        if set(draft["customer_classes"]) - known.keys():
            raise UnknownReference(f"classes.{index}.customer_classes")
    present = {row.code: row for row in queries.list_classes(tenant=tenant)}
    before = [shown(row) for row in present.values()]
    ContactClass.objects.of(tenant).filter(code__in=present.keys() - seen).delete()
    rows = []
    for position, draft in enumerate(drafts):
        row = present.get(draft["code"]) or ContactClass(tenant=tenant)
        for name in CLASS_FIELDS:
            if name in draft:  # an older change knows fewer
                setattr(row, name, draft[name])
        row.position = position
        row.save()
        rows.append(row)
    audit.record(
        actor=actor,
        action=f"{CLASSES}.changed",
        kind=CLASSES,
        before={"classes": before},
        after={"classes": [shown(row) for row in rows]},
    )
    publish_settings(tenant=tenant)
    return rows


def shown(row: ContactClass) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CLASS_FIELDS}


@transaction.atomic
def save_policy(*, actor: Actor, fields: Mapping[str, Any]) -> RoutingPolicy:
    """Change what is named of the company's rules."""
    if "channels" in fields:
        fields = {**fields, "channels": queries.all_channels(fields["channels"])}
    row, _ = RoutingPolicy.objects.of(actor.tenant).get_or_create(tenant=actor.tenant)
    return settings_changes.update(actor=actor, row=row, fields=fields)
