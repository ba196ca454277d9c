"""Putting back a change of an entry rule, or of the order in which they are tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from zhiyin.apps.audit.queries import Entry
from zhiyin.apps.audit.services import fields_of
from zhiyin.apps.customers.classes import classes_by_id
from zhiyin.apps.entries import queries, services
from zhiyin.apps.flows import queries as flows
from zhiyin.apps.routing.errors import NotPutBack
from zhiyin.apps.routing.history import check_unchanged
from zhiyin.apps.tenancy.actors import Actor
from zhiyin.apps.tenancy.models import Tenant

#: What is a change of an entry rule in the audit, besides its making and its end.
ACTS = ("changed", "ordered", "switched_off")
#: What follows from a change and is none of its own: results begin anew, and the place is given by the order.
_FOLLOWS = frozenset({"counted_since", "breach", "position"})
_BY_ID = {"flow": "flow_id", "hours": "hours_id"}


def put_back(actor: Actor, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Make the rule, or the order, what it was before the change.

    Raises ``NotFound``, ``NotPutBack`` where somebody changed the same since, and ``UnknownReference`` where a flow or
    a class that it names is there no more.
    """
    if "order" in before:
        _put_back_order(actor, before["order"], after["order"])
        return
    row = queries.get_rule(tenant=actor.tenant, rule_id=int(entry.subject_id))
    check_unchanged(fields_of(row), _own(after))
    fields = {_BY_ID.get(name, name): value for name, value in _own(before).items()}
    services.update_rule(actor=actor, rule_id=row.pk, fields=fields, now=timezone.now())


def shown(tenant: Tenant, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change's fields as a person sees them: names for ids, and nothing that only follows."""
    told = _own(fields)
    if "flow" in told:
        told["flow"] = flows.flow_names(tenant=tenant, flow_ids=[told["flow"]]).get(told["flow"], "")
    if told.get("hours") is not None:
        hours = dict(flows.list_hours(tenant=tenant).values_list("pk", "name"))
        told["hours"] = hours.get(told["hours"], "")
    if "customer_classes" in told:
        classes = classes_by_id(tenant=tenant)
        told["customer_classes"] = ", ".join(classes[one].name for one in told["customer_classes"] if one in classes)
    return told


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _FOLLOWS}


def _put_back_order(actor: Actor, before: list[str], after: list[str]) -> None:
    rows = queries.list_rules(tenant=actor.tenant).order_by("position", "pk")
    ids = {row.name: row.pk for row in rows}
    if list(ids) != after:
        raise NotPutBack(["order"])
    services.order_rules(actor=actor, rule_ids=[ids[name] for name in before])
